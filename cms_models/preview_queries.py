"""What a preview shows, read from the `api` views in a session that cannot write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from cms_models.db import Connection, connect, target_errors
from cms_models.rows import REFERENCE_COLUMNS, Status

PER_PAGE = 24
PATIENCE = "SET default_transaction_read_only = on; SET statement_timeout = '20s'"
UNLISTED = ["content_html", "content_text", "blocks", "search"]  # long, and not shown in lists


class Kind(StrEnum):
    """The views that a preview shows."""

    ARTICLES = "articles"
    PAGES = "pages"
    PORTFOLIOS = "portfolios"
    PRODUCTS = "products"


CATEGORIES = {"category": Kind.ARTICLES, "product_cat": Kind.PRODUCTS, "portfolio_category": Kind.PORTFOLIOS}
"""Taxonomies whose terms are categories, and what they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which items of a kind are asked for; what is None does not matter."""

    kind: Kind
    words: str | None = None  # of title, excerpt or text; with a leading slash: how addresses begin
    language: str | None = None
    category: UUID | None = None
    status: Status | None = None
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of a selection."""

    items: Sequence[dict[str, Any]]  # rows of the view, without their bodies
    total: int
    page: int

    @property
    def pages(self) -> int:
        """Return how many pages there are; an empty selection has one."""
        return max(1, -(-self.total // PER_PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site that is shown."""

    id: int
    key: str
    name: str
    url: str
    default_language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """So many items of one kind, language and status."""

    kind: Kind
    language: str | None
    status: Status
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category that items of one kind are filed under."""

    id: UUID
    name: str
    language: str | None
    number: int


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Yield a connection that cannot write and gives up on a question after a while."""
    with connect(url) as connection, target_errors():
        connection.execute(PATIENCE)
        yield connection


def read_site(connection: Connection, key: str) -> Site | None:
    """Return a site; None when it was never migrated into this database."""
    statement = "SELECT id, key, name, url, default_language FROM cms.sites WHERE key = %s"
    with connection.cursor(row_factory=class_row(Site)) as cursor:
        return cursor.execute(statement, (key,)).fetchone()


def read_counts(connection: Connection, site: Site) -> list[Count]:
    """Return what there is, by kind, language and status."""
    statement = " UNION ALL ".join(
        f"SELECT '{kind}', language, status::text, count(*) FROM cms.{kind} "  # noqa: S608 - kinds are ours
        "WHERE site_id = %(site_id)s AND deleted_at IS NULL GROUP BY language, status"
        for kind in Kind
    )
    rows = connection.execute(statement.encode(), {"site_id": site.id})
    return [
        Count(kind=Kind(kind), language=language, status=Status(status), number=number)
        for kind, language, status, number in rows
    ]


def read_categories(connection: Connection, site: Site, kind: Kind) -> list[Category]:
    """Return the categories that items of a kind are filed under, by name."""
    statement = f"""
        SELECT terms.id, terms.name, terms.language, count(*) AS number
        FROM cms.terms
        JOIN cms.term_relationships AS link ON link.term_id = terms.id
        JOIN cms.{kind} AS content ON content.id = link.{REFERENCE_COLUMNS[kind]} AND content.deleted_at IS NULL
        WHERE terms.site_id = %(site_id)s AND terms.deleted_at IS NULL
            AND taxonomy = ANY(%(taxonomies)s)
        GROUP BY terms.id ORDER BY terms.name, terms.language, terms.id
    """  # noqa: S608 - kinds are ours
    with connection.cursor(row_factory=class_row(Category)) as cursor:
        key = {"site_id": site.id, "taxonomies": list(CATEGORIES)}
        return cursor.execute(statement.encode(), key).fetchall()


def read_listing(connection: Connection, site: Site, wanted: Selection) -> Listing:
    """Return one page of a selection, the newest first.

    The items are chosen first: the view would fold in terms and pictures of all that it then leaves out.
    """
    chosen = f"""
        SELECT array_agg(id), max(total) FROM (
            SELECT id, count(*) OVER () AS total FROM cms.{wanted.kind} AS content
            WHERE site_id = %(site_id)s AND deleted_at IS NULL
                AND (%(language)s::text IS NULL OR language = %(language)s)
                AND (%(status)s::text IS NULL OR status::text = %(status)s)
                AND (%(folder)s::text IS NULL OR starts_with(path, %(folder)s))
                AND (%(words)s::text IS NULL OR search @@ websearch_to_tsquery('simple', %(words)s)
                    OR strpos(lower(title), lower(%(words)s)) > 0)
                AND (%(category)s::uuid IS NULL OR id IN (
                    SELECT {REFERENCE_COLUMNS[wanted.kind]} FROM cms.term_relationships WHERE term_id = %(category)s
                ))
            ORDER BY published_at DESC NULLS LAST, id
            LIMIT {PER_PAGE} OFFSET %(offset)s
        ) AS chosen
    """  # noqa: S608 - kinds are ours
    is_path = wanted.words is not None and wanted.words.startswith("/")
    key = {
        "site_id": site.id,
        "language": wanted.language,
        "status": wanted.status,
        "words": None if is_path else wanted.words,
        "folder": wanted.words if is_path else None,
        "category": wanted.category,
        "offset": (wanted.page - 1) * PER_PAGE,
    }
    [(ids, total)] = connection.execute(chosen.encode(), key).fetchall()
    listed = f"""
        SELECT to_jsonb(item) - %(unlisted)s::text[] FROM api.{wanted.kind} AS item WHERE id = ANY(%(ids)s)
        ORDER BY published_at DESC NULLS LAST, id
    """  # noqa: S608 - kinds are ours
    rows = connection.execute(listed.encode(), {"unlisted": UNLISTED, "ids": ids or []})
    return Listing(items=[item for (item,) in rows], total=total or 0, page=wanted.page)


def read_item(connection: Connection, site: Site, kind: Kind, item_id: UUID) -> dict[str, Any] | None:
    """Return one item as the view has it; None when it is not there."""
    statement = f"""
        SELECT to_jsonb(item) - 'search' FROM api.{kind} AS item WHERE id = %(id)s AND site = %(key)s
    """  # noqa: S608 - kinds are ours
    row = connection.execute(statement.encode(), {"id": item_id, "key": site.key}).fetchone()
    return row[0] if row else None


def find_item(connection: Connection, site: Site, path: str) -> tuple[Kind, UUID] | None:
    """Return what stands at an address, with or without its last slash; None when nothing does."""
    statement = " UNION ALL ".join(
        f"SELECT '{kind}', id FROM cms.{kind} "  # noqa: S608 - kinds are ours
        "WHERE site_id = %(site_id)s AND path = ANY(%(paths)s) AND deleted_at IS NULL"
        for kind in Kind
    )
    key = {"site_id": site.id, "paths": _spellings(path)}
    row = connection.execute(f"{statement} LIMIT 1".encode(), key).fetchone()
    return (Kind(row[0]), row[1]) if row else None


def find_category(connection: Connection, site: Site, path: str) -> Selection | None:
    """Return what is filed under the category whose archive stood at an address; None when none did."""
    statement = """
        SELECT taxonomy, id FROM cms.terms
        WHERE site_id = %s AND path = ANY(%s) AND taxonomy = ANY(%s) AND deleted_at IS NULL
        LIMIT 1
    """
    row = connection.execute(statement, (site.id, _spellings(path), list(CATEGORIES))).fetchone()
    return Selection(kind=CATEGORIES[row[0]], category=row[1]) if row else None


def find_folder(connection: Connection, site: Site, path: str) -> Selection | None:
    """Return what stands below an address, as archives of types and dates showed it; None when nothing does."""
    folder = f"{path.rstrip('/')}/"
    statement = " UNION ALL ".join(
        f"SELECT '{kind}' FROM cms.{kind} "  # noqa: S608 - kinds are ours
        "WHERE site_id = %(site_id)s AND starts_with(path, %(folder)s) AND deleted_at IS NULL"
        for kind in Kind
    )
    row = connection.execute(f"{statement} LIMIT 1".encode(), {"site_id": site.id, "folder": folder}).fetchone()
    return Selection(kind=Kind(row[0]), words=folder) if row else None


def find_redirect(connection: Connection, site: Site, path: str) -> str | None:
    """Return where an old address leads now; None when nothing is known of it."""
    statement = """
        SELECT to_path FROM cms.redirects
        WHERE site_id = %s AND from_path = ANY(%s) AND NOT is_regex AND to_path IS NOT NULL
        LIMIT 1
    """
    row = connection.execute(statement, (site.id, _spellings(path))).fetchone()
    return row[0] if row else None


def _spellings(path: str) -> list[str]:
    bare = path.rstrip("/")
    return [f"{bare}/", bare] if bare else ["/"]
