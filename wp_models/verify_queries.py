"""What `verify` reads of WordPress, by key ranges: columns as stored, by statements of its own.

The migration reads through `wp_models.reader`; whatever went wrong there must not go wrong here in the same way,
so only the door (connections, tables, the cleaning of single values) is shared.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from sys import intern

from sqlalchemy import Connection, String, cast, func, literal_column, select

from wp_models.key_ranges import among, chunks
from wp_models.languages.site_texts import read_site_texts
from wp_models.left_out import is_setting
from wp_models.queries import RedirectQuery
from wp_models.reader import read_keys
from wp_models.sources.source import Source
from wp_models.tables import Installation
from wp_models.values import id_or_none, integer, local_or_none, text, utc_or_none

_SEO = (
    "_yoast_wpseo_title _yoast_wpseo_metadesc _yoast_wpseo_canonical _yoast_wpseo_meta-robots-noindex "
    "rank_math_title rank_math_description rank_math_canonical_url rank_math_robots _seopress_titles_title "
    "_seopress_titles_desc _seopress_robots_canonical _seopress_robots_index _aioseo_title _aioseo_description "
    "_aioseop_title _aioseop_description _aioseop_noindex"
)
SEO_KEYS = tuple(_SEO.split())
POST_KEYS = (*SEO_KEYS, "_thumbnail_id", "_wp_attachment_image_alt")
NOT_OF_POSTS = frozenset({"term_language", "term_translations", "link_category"})


@dataclass(frozen=True, slots=True)
class PostFacts:
    """One row of `posts` without its content, with the metas and terms that are checked."""

    id: int
    type: str
    status: str
    title: str
    slug: str
    excerpt: str
    author: int | None
    parent: int | None
    menu_order: int
    has_password: bool
    comment_status: str
    published_local: datetime | None
    published_at: datetime | None
    modified_local: datetime | None
    modified_at: datetime | None
    meta: Mapping[str, str]  # first values
    terms: tuple[int, ...]  # term_taxonomy ids, ascending


@dataclass(frozen=True, slots=True)
class Kind:
    """Type and status of a post, all that decides whether it is loaded and where."""

    id: int
    type: str
    status: str


@dataclass(frozen=True, slots=True)
class Translation:
    """What a language plugin notes of one object; an object of old data can have several."""

    is_term: bool  # then the id is a term_taxonomy id
    id: int
    language: str | None
    group: str | None


@dataclass(frozen=True, slots=True)
class LoggedAddress:
    """An address that a redirect plugin answers, and how often it was asked for."""

    url: str
    hits: int
    is_pattern: bool


def read_kinds(connection: Connection, source: Source) -> Iterator[Kind]:
    """Yield type and status of every post but revisions, by id."""
    posts = source.installation.table("posts").c
    query = select(posts.ID, posts.post_type, posts.post_status).where(posts.post_type != "revision")
    for number, kind, status in connection.execute(query.order_by(posts.ID), execution_options={"yield_per": 5_000}):
        yield Kind(number, intern(text(kind)), intern(text(status)))


def read_source_keys(connection: Connection, source: Source, entity: str) -> list[int]:
    """Return the ids of all objects of an entity that is not made of posts."""
    site = source.installation
    if entity == "redirects":  # their numbers are made by the reader; WordPress has none
        return read_keys(connection, source, RedirectQuery())
    if entity == "settings":
        options = site.table("options").c
        found = connection.execute(select(options.option_id, options.option_name))
        own = [number for number, name in found if is_setting(text(name))]
        return sorted([*own, *(setting.id for setting in read_site_texts(connection, site))])  # of the reader's making
    if entity == "menus":
        taxonomies = site.table("term_taxonomy").c
        query = select(taxonomies.term_taxonomy_id).where(taxonomies.taxonomy == "nav_menu")
        return sorted(connection.execute(query).scalars())
    table, key = {
        "users": ("users", "ID"),
        "terms": ("term_taxonomy", "term_taxonomy_id"),
        "comments": ("comments", "comment_ID"),
    }[entity]
    return sorted(connection.execute(select(site.table(table).c[key])).scalars()) if site.has(table) else []


def read_post_titles(connection: Connection, source: Source, ids: Sequence[int]) -> dict[int, str]:
    """Return the titles of some posts."""
    posts = source.installation.table("posts").c
    query = select(posts.ID, posts.post_title)
    return {
        number: text(title)
        for some in chunks(ids)
        for number, title in connection.execute(query.where(among(posts.ID, some)))
    }


def read_posts(connection: Connection, source: Source, first: int, last: int) -> list[PostFacts]:
    """Return the posts whose ids lie in a range."""
    site = source.installation
    posts = site.table("posts").c
    query = select(
        posts.ID, posts.post_type, posts.post_status, posts.post_title, posts.post_name, posts.post_excerpt,
        posts.post_author, posts.post_parent, posts.menu_order, posts.post_password, posts.comment_status,
        cast(posts.post_date, String), cast(posts.post_date_gmt, String), cast(posts.post_modified, String),
        cast(posts.post_modified_gmt, String),
    ).where(posts.ID.between(first, last), posts.post_type != "revision")  # fmt: skip
    metas = first_metas(connection, site, "postmeta", "post_id", POST_KEYS, first, last)
    for number, search_data in _all_in_one_seo(connection, site, first, last):
        metas[number] = {**metas.get(number, {}), **search_data}
    terms = _terms_of_posts(connection, site, first, last)
    return [
        PostFacts(
            row[0], text(row[1]), text(row[2]), text(row[3]), text(row[4]), text(row[5]), id_or_none(row[6]),
            id_or_none(row[7]), integer(row[8]), bool(text(row[9])), text(row[10]), local_or_none(row[11]),
            utc_or_none(row[12]), local_or_none(row[13]), utc_or_none(row[14]),
            metas.get(row[0], {}), tuple(sorted(terms.get(row[0], ()))),
        )
        for row in connection.execute(query.order_by(posts.ID)).all()
    ]  # fmt: skip


def read_body_hashes(connection: Connection, source: Source, first: int, last: int) -> dict[int, str]:
    """Return SHA-256 of post_content by post; of MySQL only the hashes are sent, which NUL bytes may make differ."""
    posts = source.installation.table("posts").c
    where = (posts.ID.between(first, last), posts.post_type != "revision")
    if source.dialect == "mysql":
        content = func.sha2(literal_column("CONVERT(post_content USING utf8mb4)"), 256)
        return {number: text(found) for number, found in connection.execute(select(posts.ID, content).where(*where))}
    rows = connection.execute(select(posts.ID, posts.post_content).where(*where))
    return {number: hashlib.sha256(text(content).encode()).hexdigest() for number, content in rows}


def read_source_bodies(connection: Connection, source: Source, ids: Sequence[int]) -> dict[int, str]:
    """Return post_content of some posts."""
    posts = source.installation.table("posts").c
    query = select(posts.ID, posts.post_content)
    return {
        number: text(content)
        for some in chunks(ids)
        for number, content in connection.execute(query.where(among(posts.ID, some)))
    }


def first_metas(
    connection: Connection,
    site: Installation,
    table: str,
    owner: str,
    keys: Sequence[str],
    first: int | None = None,
    last: int | None = None,
) -> dict[int, dict[str, str]]:
    """Return the first value of each of these metas by owner; of all owners unless a range is given."""
    if not site.has(table):
        return {}
    metas = site.table(table).c
    order = metas.umeta_id if table == "usermeta" else metas.meta_id
    query = select(metas[owner], metas.meta_key, metas.meta_value).where(metas.meta_key.in_(keys))
    if first is not None:
        query = query.where(metas[owner].between(first, last))
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for number, key, value in connection.execute(query.order_by(order)):
        found[number].setdefault(text(key), text(value))
    return found


def _all_in_one_seo(
    connection: Connection, site: Installation, first: int, last: int
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield what version 4 keeps of posts in its own table, under the names of the metas that are checked."""
    if not site.has("aioseo_posts"):
        return
    table = site.table("aioseo_posts").c
    query = select(
        table.post_id, table.title, table.description, table.canonical_url, table.robots_default, table.robots_noindex
    ).where(table.post_id.between(first, last))
    for number, title, description, canonical, is_default, is_hidden in connection.execute(query.order_by(table.id)):
        said = {
            "_aioseo_title": text(title), "_aioseo_description": text(description),
            "_aioseo_canonical_url": text(canonical),
            "_aioseo_robots_noindex": "" if integer(is_default) else str(integer(is_hidden)),
        }  # fmt: skip
        yield number, {name: value for name, value in said.items() if value}


def _terms_of_posts(connection: Connection, site: Installation, first: int, last: int) -> dict[int, set[int]]:
    relations, taxonomies = site.table("term_relationships"), site.table("term_taxonomy")
    query = (
        select(relations.c.object_id, relations.c.term_taxonomy_id, taxonomies.c.taxonomy)
        .join_from(relations, taxonomies, taxonomies.c.term_taxonomy_id == relations.c.term_taxonomy_id)
        .where(relations.c.object_id.between(first, last))
    )
    found: dict[int, set[int]] = defaultdict(set)
    for number, term, taxonomy in connection.execute(query):
        if text(taxonomy) not in NOT_OF_POSTS:
            found[number].add(term)
    return found
