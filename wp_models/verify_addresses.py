"""Languages, groups and logged addresses of a site, read for `verify` from the plugins' own tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from sys import intern
from typing import Any

from sqlalchemy import Connection, inspect, select, table
from sqlalchemy import column as named

from wp_models.key_ranges import among, chunks
from wp_models.php_data import try_loads
from wp_models.sources.source import Source
from wp_models.tables import Installation
from wp_models.values import id_or_none, integer, text
from wp_models.verify_queries import LoggedAddress, Translation

POST_LANGUAGE, POST_GROUP = "language", "post_translations"
ROWS_AT_ONCE = 5_000
TERM_LANGUAGE, TERM_GROUP = "term_language", "term_translations"


def read_translations(connection: Connection, source: Source) -> dict[str, list[Translation]]:
    """Return what each language plugin notes, by plugin; empty where there is none."""
    site = source.installation
    found = {"polylang": list(_polylang(connection, site)), "wpml": list(_wpml(connection, site))}
    return {plugin: rows for plugin, rows in found.items() if any(row.language for row in rows)}


def read_logged_addresses(connection: Connection, source: Source) -> list[LoggedAddress]:
    """Return the addresses that Redirection and Rank Math answer, with their own counts of visits."""
    site = source.installation
    found = [
        LoggedAddress(text(url), max(integer(hits), 0), bool(integer(is_pattern)))
        for url, hits, is_pattern, status in _rules(
            connection, site, "redirection_items", "url last_count regex status"
        )
        if text(status) == "enabled"
    ]
    for sources, hits, status in _rules(connection, site, "rank_math_redirections", "sources hits status"):
        patterns = try_loads(text(sources))
        for one in patterns if isinstance(patterns, list) and text(status) == "active" else ():
            if isinstance(one, dict) and one.get("pattern"):
                is_pattern = one.get("comparison") != "exact"
                found.append(LoggedAddress(f"/{one['pattern']}", max(integer(hits), 0), is_pattern))
    return found


def _rules(connection: Connection, site: Installation, name: str, columns: str) -> Sequence[Any]:
    """Return the rows of a plugin's table; nothing where it or one of the columns is missing."""
    full_name = site.prefix + name
    if not site.has(name):
        return ()
    known = {column["name"] for column in inspect(connection).get_columns(full_name)}
    if not known.issuperset(columns.split()):
        return ()  # a version of long ago
    rows = table(full_name, *(named(one) for one in columns.split())).c
    return connection.execute(select(*rows)).all()


def _polylang(connection: Connection, site: Installation) -> Iterator[Translation]:
    """Yield Polylang's links; those of terms name term ids, which may stand in several taxonomies."""
    relations, taxonomies, terms = (site.table(name) for name in ("term_relationships", "term_taxonomy", "terms"))
    query = (
        select(relations.c.object_id, taxonomies.c.taxonomy, taxonomies.c.term_taxonomy_id, terms.c.slug)
        .join_from(relations, taxonomies, taxonomies.c.term_taxonomy_id == relations.c.term_taxonomy_id)
        .join(terms, terms.c.term_id == taxonomies.c.term_id)
        .where(taxonomies.c.taxonomy.in_((POST_LANGUAGE, POST_GROUP, TERM_LANGUAGE, TERM_GROUP)))
    )
    rows = connection.execute(query).all()
    ids: dict[int, list[int]] = defaultdict(list)
    if any(text(taxonomy).startswith("term_") for _, taxonomy, _, _ in rows):
        every = select(taxonomies.c.term_id, taxonomies.c.term_taxonomy_id)
        for term_id, number in connection.execute(
            every.where(taxonomies.c.taxonomy.not_in((POST_LANGUAGE, POST_GROUP, TERM_LANGUAGE, TERM_GROUP)))
        ):
            ids[term_id].append(number)
    for stored, taxonomy, group, slug in rows:
        is_term = text(taxonomy).startswith("term_")
        for number in ids.get(stored, ()) if is_term else (stored,):
            if text(taxonomy) in (POST_LANGUAGE, TERM_LANGUAGE):
                yield Translation(is_term, number, intern(text(slug).removeprefix("pll_")), None)
            else:
                yield Translation(is_term, number, None, intern(str(group)))


def _wpml(connection: Connection, site: Installation) -> Iterator[Translation]:
    if not site.has("icl_translations"):
        return
    rows = site.table("icl_translations").c
    query = select(rows.element_type, rows.element_id, rows.language_code, rows.trid).where(
        rows.element_id.is_not(None)
    )
    for kind, number, language, group in connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}):
        if text(kind).startswith(("post_", "tax_")) and text(language):
            yield Translation(text(kind).startswith("tax_"), number, intern(text(language)), intern(str(group)))


def read_page_tree(connection: Connection, source: Source) -> dict[int, tuple[str, int | None]]:
    """Return slug and parent of all pages and of whatever they stand under."""
    posts = source.installation.table("posts").c
    query = select(posts.ID, posts.post_name, posts.post_parent)
    found = {
        number: (text(slug), id_or_none(parent))
        for number, slug, parent in connection.execute(query.where(posts.post_type == "page"))
    }
    while missing := sorted({parent for _, parent in found.values() if parent} - found.keys()):
        above = dict.fromkeys(missing, ("", None)) | {
            number: (text(slug), id_or_none(parent))
            for some in chunks(missing)
            for number, slug, parent in connection.execute(query.where(among(posts.ID, some)))
        }
        found.update(above)
    return found


def read_nicenames(connection: Connection, source: Source) -> dict[int, str]:
    """Return how each user is called in addresses."""
    if not source.installation.has("users"):
        return {}
    users = source.installation.table("users").c
    return {number: text(name) for number, name in connection.execute(select(users.ID, users.user_nicename))}
