"""What `verify` reads of the CMS, by key ranges and as plain values. It reads the tables, never what the load left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern
from typing import Any
from uuid import UUID

from psycopg import sql

from cms_models.db import Connection, stream, target_errors
from cms_models.rows import CONTENT_TABLES, REFERENCE_COLUMNS

WITH_PARENT = frozenset({"pages", "products", "entries"})
WITH_ORDER = frozenset({"pages", "entries"})


@dataclass(frozen=True, slots=True)
class ContentFacts:
    """One live row of a content table without its bodies; references are WordPress ids, not row ids."""

    table: str
    wp_id: int
    slug: str
    path: str | None
    title: str
    excerpt: str
    status: str
    is_password_protected: bool
    published_at: datetime | None
    created_at: datetime | None
    updated_at: datetime | None
    author: int | None
    featured: int | None
    comment_status: str
    seo: Mapping[str, Any]
    parent: int | None
    menu_order: int | None
    terms: Sequence[int]
    body_sha256: str  # of source_content


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """One live media row."""

    wp_id: int
    title: str
    alt_text: str
    caption: str
    description: str
    status: str
    status_reason: str | None
    store_key: str | None
    created_at: datetime | None
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """One stored file."""

    media: int | None  # WordPress's id
    title: str
    store_key: str
    mime_type: str
    width: int | None
    height: int | None
    byte_size: int
    is_converted: bool  # then it is a picture that wpferry made


@dataclass(frozen=True, slots=True)
class TranslatedFacts:
    """Language and group of a row that can be translated."""

    entity: str
    wp_id: int
    title: str
    language: str | None
    group_id: UUID | None


@dataclass(frozen=True, slots=True)
class Body:
    """The bodies of one row."""

    wp_id: int
    title: str
    source_content: str
    content_html: str
    content_text: str


@target_errors()
def read_content(connection: Connection, site_id: int, table: str, first: int, last: int) -> list[ContentFacts]:
    """Return the live rows of one content table whose WordPress ids lie in a range."""
    statement = sql.SQL("""
        SELECT {name}, content.wp_post_id, content.slug, content.path, content.title, content.excerpt,
            content.status::text, content.is_password_protected, content.published_at, content.created_at,
            content.updated_at, author.wp_user_id, featured.wp_post_id, content.comment_status, content.seo,
            {parent}, {menu_order},
            ARRAY(
                SELECT term.wp_term_taxonomy_id FROM cms.term_relationships AS link
                JOIN cms.terms AS term ON term.id = link.term_id
                WHERE link.{reference} = content.id ORDER BY 1
            ),
            encode(sha256(convert_to(content.source_content, 'UTF8')), 'hex')
        FROM {table} AS content
        LEFT JOIN cms.users AS author ON author.id = content.author_id
        LEFT JOIN cms.media AS featured ON featured.id = content.featured_media_id
        {parents}
        WHERE content.site_id = %s AND content.wp_post_id BETWEEN %s AND %s AND content.deleted_at IS NULL
    """).format(
        name=sql.Literal(table),
        table=sql.Identifier("cms", table),
        reference=sql.Identifier(REFERENCE_COLUMNS[table]),
        parent=sql.SQL("parent.wp_post_id" if table in WITH_PARENT else "NULL::bigint"),
        menu_order=sql.SQL("content.menu_order" if table in WITH_ORDER else "NULL::integer"),
        parents=sql.SQL("LEFT JOIN {} AS parent ON parent.id = content.parent_id").format(sql.Identifier("cms", table))
        if table in WITH_PARENT
        else sql.SQL(""),
    )
    rows = connection.execute(statement, (site_id, first, last))
    return [ContentFacts(*row) for row in rows]


@target_errors()
def read_bodies(connection: Connection, site_id: int, table: str, first: int, last: int) -> Iterator[Body]:
    """Yield the bodies of the live rows in a range; those of passwords and drafts, too."""
    statement = sql.SQL("""
        SELECT wp_post_id, title, source_content, content_html, content_text FROM {}
        WHERE site_id = %s AND wp_post_id BETWEEN %s AND %s AND deleted_at IS NULL
    """).format(sql.Identifier("cms", table))
    return (Body(*row) for row in stream(connection, statement, (site_id, first, last)))


@target_errors()
def read_media_facts(connection: Connection, site_id: int, first: int, last: int) -> list[MediaFacts]:
    """Return the live media whose WordPress ids lie in a range."""
    statement = """
        SELECT wp_post_id, title, alt_text, caption, description, status::text, status_reason, store_key, created_at,
            updated_at
        FROM cms.media WHERE site_id = %s AND wp_post_id BETWEEN %s AND %s AND deleted_at IS NULL
    """
    return [MediaFacts(*row) for row in connection.execute(statement, (site_id, first, last))]


@target_errors()
def read_variants(connection: Connection, site_id: int) -> list[VariantFacts]:
    """Return every file that live media rows name, each with the media that shows it."""
    statement = """
        SELECT media.wp_post_id, media.title, variant.store_key, variant.mime_type, variant.width, variant.height,
            variant.byte_size, media.status = 'converted'
        FROM cms.media_variants AS variant JOIN cms.media ON media.id = variant.media_id
        WHERE variant.site_id = %s AND media.deleted_at IS NULL ORDER BY variant.store_key, media.wp_post_id
    """
    return [VariantFacts(*row) for row in connection.execute(statement, (site_id,))]


@target_errors()
def read_translated(connection: Connection, site_id: int) -> Iterator[TranslatedFacts]:
    """Yield language and translation group of all live content, media and terms."""
    content = " UNION ALL ".join(
        f"SELECT '{table}', wp_post_id, title, language, translation_group_id "  # noqa: S608
        f"FROM cms.{table} WHERE site_id = %(site)s AND deleted_at IS NULL AND wp_post_id IS NOT NULL"
        for table in CONTENT_TABLES
    )
    statement = f"""
        {content}
        UNION ALL SELECT 'media', wp_post_id, title, language, translation_group_id
        FROM cms.media WHERE site_id = %(site)s AND deleted_at IS NULL AND wp_post_id IS NOT NULL
        UNION ALL SELECT 'terms', wp_term_taxonomy_id, name, language, translation_group_id
        FROM cms.terms WHERE site_id = %(site)s AND deleted_at IS NULL AND wp_term_taxonomy_id IS NOT NULL
    """  # noqa: S608 - table names are ours
    groups: dict[UUID, UUID] = {}  # one for all of its members
    for row in stream(connection, statement.encode(), {"site": site_id}):
        entity, number, title, language, group = row
        own = groups.setdefault(group, group) if group else None
        yield TranslatedFacts(intern(entity), number, title, intern(language) if language else None, own)


@target_errors()
def read_site_row(connection: Connection, site_id: int) -> Mapping[str, Any]:
    """Return the site's own row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, name, url, default_language, timezone FROM cms.sites WHERE id = %s", (site_id,))
        names = [column.name for column in cursor.description or ()]
        row: Sequence[Any] = cursor.fetchone() or [None] * len(names)
        return dict(zip(names, row, strict=True))


@target_errors()
def read_paths(connection: Connection, site_id: int) -> set[str]:
    """Return every path at which a live row stands."""
    statement = " UNION ".join(
        f"SELECT path FROM cms.{table} WHERE site_id = %(site)s AND deleted_at IS NULL AND path IS NOT NULL"  # noqa: S608
        for table in (*CONTENT_TABLES, "terms")
    )
    return {path for (path,) in stream(connection, statement.encode(), {"site": site_id})}


@target_errors()
def read_redirects(connection: Connection, site_id: int) -> list[tuple[int | None, str, str | None, bool]]:
    """Return every redirect: source id, from_path, to_path and whether from_path is a pattern."""
    statement = b"""
        SELECT state.source_id, redirect.from_path, redirect.to_path, redirect.is_regex
        FROM cms.redirects AS redirect
        LEFT JOIN migration.entity_state AS state ON state.site_id = redirect.site_id AND state.entity = 'redirects'
            AND state.row_id = redirect.id
        WHERE redirect.site_id = %s
    """
    return list(stream(connection, statement, (site_id,)))


@target_errors()
def read_unsearchable(connection: Connection, site_id: int) -> list[tuple[str, int, str]]:
    """Return (table, WordPress id, title) of content that a search for its own title does not find."""
    statement = " UNION ALL ".join(
        f"""
        SELECT '{table}', wp_post_id, title FROM cms.{table}
        WHERE site_id = %(site)s AND deleted_at IS NULL AND wp_post_id IS NOT NULL
            AND numnode(plainto_tsquery('simple', left(title, 400))) > 0 AND length(title) <= 400
            AND NOT coalesce(search @@ plainto_tsquery('simple', title), false)
        """  # noqa: S608 - table names are ours
        for table in CONTENT_TABLES
    )
    return list(connection.execute(statement.encode(), {"site": site_id}))


@target_errors()
def read_issue_codes(connection: Connection, site_id: int) -> dict[tuple[str, int], frozenset[str]]:
    """Return the codes of the issues that the load declared on each object that has any."""
    statement = """
        SELECT entity, source_id, array_agg(DISTINCT code) FROM migration.issues WHERE site_id = %s GROUP BY 1, 2
    """
    shared: dict[frozenset[str], frozenset[str]] = {}  # a handful of combinations, not one set for each object
    found = {}
    for entity, source_id, codes in connection.execute(statement, (site_id,)):
        own = frozenset(codes)
        found[entity, source_id] = shared.setdefault(own, own)
    return found
