"""Fingerprints, computed inside the source: what changes a record changes its fingerprint, nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, not_, null, or_, select, true

from wp_models import aioseo
from wp_models.hashing import combined, combined_hash, hash_of, ordered_hash, row_hash
from wp_models.key_ranges import among, chunks
from wp_models.languages.site_texts import read_site_texts
from wp_models.left_out import LEFT_OUT_USER_META, VOLATILE_POST_META, is_setting
from wp_models.queries import (
    CommentQuery,
    MenuQuery,
    OptionQuery,
    PostQuery,
    Query,
    RedirectQuery,
    TermQuery,
    UserQuery,
)
from wp_models.redirect_rules import read_redirect_fingerprints
from wp_models.sources.source import Source
from wp_models.tables import Installation
from wp_models.values import id_or_none, text

NOT_OF_POSTS = ("term_language", "term_translations", "link_category")  # their object ids are terms' and links'

Keys = list[int] | None
"""The keys of some records; None for all there are."""
KeyedHashes = Callable[[Installation, Keys], Select[Any]]
Fingerprints = Callable[[Connection, Installation, Keys], dict[int, str]]


def read_fingerprints(
    connection: Connection, source: Source, query: Query, *, keys: Sequence[int] | None = None
) -> dict[int, str]:
    """Return the fingerprint of each record that exists, by key; of all records unless `keys` names some."""
    site = source.installation
    if keys is None:
        return _FINGERPRINTS[type(query)](connection, site, None)
    found: dict[int, str] = {}
    for some in chunks(keys):
        found.update(_FINGERPRINTS[type(query)](connection, site, some))
    return found


def kept_post_meta(key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition for a post's metas that are read."""
    return or_(key.is_(None), key.not_in(VOLATILE_POST_META))


def kept_user_meta(key: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition for a user's metas that are read."""
    return or_(key.is_(None), and_(*(not_(key.like(pattern, escape="!")) for pattern in LEFT_OUT_USER_META)))


def of_posts(site: Installation) -> Select[Any]:
    """Return the relations of posts to terms: (object id, term_taxonomy_id, order), those to missing terms included."""
    relations, taxonomies = site.table("term_relationships").c, site.table("term_taxonomy")
    joined = site.table("term_relationships").outerjoin(
        taxonomies, taxonomies.c.term_taxonomy_id == relations.term_taxonomy_id
    )
    return (
        select(relations.object_id, relations.term_taxonomy_id, relations.term_order)
        .select_from(joined)
        .where(or_(taxonomies.c.taxonomy.is_(None), taxonomies.c.taxonomy.not_in(NOT_OF_POSTS)))
    )


def _posts(site: Installation, keys: Keys) -> Select[Any]:
    posts, related = (
        site.table("posts"),
        of_posts(site).where(_among(site.table("term_relationships").c.object_id, keys)),
    )
    row = hash_of(
        site,
        "posts",
        "post_type post_status post_title post_content post_excerpt post_name post_author post_parent menu_order "
        "post_mime_type guid post_password comment_status post_date post_date_gmt post_modified post_modified_gmt",
    )
    relation = related.subquery().c
    relations = (
        select(
            relation.object_id,
            ordered_hash(relation.term_taxonomy_id, relation.term_taxonomy_id, relation.term_order).label("hash"),
        )
        .group_by(relation.object_id)
        .subquery()
    )
    metas = _metas(site, "postmeta", "post_id", keys)
    rows = posts.outerjoin(metas, metas.c.post_id == posts.c.ID)
    rows = rows.outerjoin(relations, relations.c.object_id == posts.c.ID)
    parts = [row, metas.c.hash, relations.c.hash]
    if site.has(aioseo.TABLE):
        search = _search_data(site, keys)
        rows = rows.outerjoin(search, search.c.post_id == posts.c.ID)
        parts.append(search.c.hash)
    return (
        select(posts.c.ID, combined_hash(*parts))
        .select_from(rows)
        .where(posts.c.post_type != "revision", _among(posts.c.ID, keys))
    )


def _search_data(site: Installation, keys: Keys) -> Subquery:
    """Return the hash of each post's rows in the table of All in One SEO."""
    table = site.table(aioseo.TABLE).c
    each = ordered_hash(table.id, *hash_of(site, aioseo.TABLE, aioseo.HASHED).clauses).label("hash")
    return select(table.post_id, each).where(_among(table.post_id, keys)).group_by(table.post_id).subquery()


def _terms(site: Installation, keys: Keys) -> Select[Any]:
    taxonomies, terms = site.table("term_taxonomy"), site.table("terms")
    row = row_hash(
        *hash_of(site, "term_taxonomy", "term_id taxonomy description parent").clauses,
        *hash_of(site, "terms", "name slug").clauses,
    )
    key = taxonomies.c.term_taxonomy_id
    rows = taxonomies.outerjoin(terms, terms.c.term_id == taxonomies.c.term_id)
    if not site.has("termmeta"):
        return select(key, combined_hash(row, null())).select_from(rows).where(_among(key, keys))
    owners = None if keys is None else select(taxonomies.c.term_id).where(among(key, keys))
    metas = _metas(site, "termmeta", "term_id", owners)
    return (
        select(key, combined_hash(row, metas.c.hash))
        .select_from(rows.outerjoin(metas, metas.c.term_id == taxonomies.c.term_id))
        .where(_among(key, keys))
    )


def _users(site: Installation, keys: Keys) -> Select[Any]:
    users = site.table("users")
    row = hash_of(site, "users", "user_login user_email user_nicename display_name user_url user_pass user_registered")
    if not site.has("usermeta"):
        return select(users.c.ID, combined_hash(row, null())).where(_among(users.c.ID, keys))
    metas = _metas(site, "usermeta", "user_id", keys)
    return (
        select(users.c.ID, combined_hash(row, metas.c.hash))
        .select_from(users.outerjoin(metas, metas.c.user_id == users.c.ID))
        .where(_among(users.c.ID, keys))
    )


def _comments(site: Installation, keys: Keys) -> Select[Any]:
    key = site.table("comments").c.comment_ID
    row = hash_of(
        site,
        "comments",
        "comment_post_ID comment_parent user_id comment_author comment_author_email comment_author_url "
        "comment_content comment_approved comment_type comment_date comment_date_gmt",
    )
    return select(key, combined_hash(row)).where(_among(key, keys))


def _of_menus(connection: Connection, site: Installation, keys: Keys) -> dict[int, str]:
    """Return fingerprints over a menu's term, its items with their metas, and the titles that items show."""
    taxonomies = site.table("term_taxonomy").c
    menus = select(taxonomies.term_taxonomy_id).where(taxonomies.taxonomy == "nav_menu")
    if keys is not None:
        menus = menus.where(among(taxonomies.term_taxonomy_id, keys))
    numbers = sorted(connection.execute(menus).scalars())
    terms = _some(connection, site, _terms, numbers)
    items = menu_items(connection, site, numbers)
    item_ids = sorted({item for found in items.values() for item in found})
    posts = _some(connection, site, _posts, item_ids)
    targets = menu_targets(connection, site, item_ids)
    titles: dict[int, str] = {}
    post = site.table("posts").c
    for some in chunks(sorted(set(targets.values()))):
        titles.update(
            _read(connection, select(post.ID, hash_of(site, "posts", "post_title")).where(among(post.ID, some)))
        )
    return {
        menu: combined(
            terms[menu], *(f"{item}{posts[item]}{titles.get(targets.get(item, 0))}" for item in items.get(menu, ()))
        )
        for menu in terms
    }


def menu_items(connection: Connection, site: Installation, menus: Sequence[int]) -> dict[int, list[int]]:
    """Return the ids of each menu's items, by the menu's term_taxonomy_id, in the order of the menu."""
    relations, posts = site.table("term_relationships"), site.table("posts")
    joined = relations.join(posts, relations.c.object_id == posts.c.ID)
    items: dict[int, list[int]] = {}
    for some in chunks(menus):
        query = (
            select(relations.c.term_taxonomy_id, posts.c.ID)
            .select_from(joined)
            .where(among(relations.c.term_taxonomy_id, some), posts.c.post_type == "nav_menu_item")
            .order_by(relations.c.term_taxonomy_id, posts.c.menu_order, posts.c.ID)
        )
        for menu, item in connection.execute(query):
            items.setdefault(menu, []).append(item)
    return items


def menu_targets(connection: Connection, site: Installation, items: Sequence[int]) -> dict[int, int]:
    """Return the id of the post that each menu item points at, by item; items that point elsewhere are absent."""
    metas = site.table("postmeta").c
    found: dict[str, dict[int, str]] = {"_menu_item_object_id": {}, "_menu_item_type": {}}
    for some in chunks(items):
        query = (
            select(metas.post_id, metas.meta_key, metas.meta_value)
            .where(among(metas.post_id, some), metas.meta_key.in_(list(found)))
            .order_by(metas.meta_id)
        )
        for item, key, value in connection.execute(query):
            found[key].setdefault(item, text(value))
    targets = {item: id_or_none(value) for item, value in found["_menu_item_object_id"].items()}
    return {item: to for item, to in targets.items() if to and found["_menu_item_type"].get(item) == "post_type"}


def _of_options(connection: Connection, site: Installation, keys: Keys) -> dict[int, str]:
    options = site.table("options").c
    query = select(
        options.option_id, options.option_name, hash_of(site, "options", "option_name option_value autoload")
    )
    found = connection.execute(query.where(_among(options.option_id, keys)))
    own = {key: combined(value) for key, name, value in found if is_setting(name)}
    if keys is not None and min(keys, default=0) >= 0:
        return own
    made = {setting.id: setting.fingerprint for setting in read_site_texts(connection, site)}
    return own | (made if keys is None else {key: made[key] for key in keys if key in made})


def _metas(site: Installation, table: str, owner: str, keys: Keys | Select[Any]) -> Subquery:
    """Return the hash of each owner's metas."""
    metas = site.table(table).c
    order = metas.umeta_id if table == "usermeta" else metas.meta_id
    each = ordered_hash(order, *hash_of(site, table, "meta_key meta_value").clauses).label("hash")
    kept = {"postmeta": kept_post_meta, "usermeta": kept_user_meta}.get(table)
    query = select(metas[owner], each).where(_among(metas[owner], keys)).group_by(metas[owner])
    return (query.where(kept(metas.meta_key)) if kept else query).subquery()


def _among(column: ColumnElement[Any], keys: Keys | Select[Any]) -> ColumnElement[bool]:
    if keys is None:
        return true()
    return column.in_(keys) if isinstance(keys, Select) else among(column, keys)


def _some(connection: Connection, site: Installation, query: KeyedHashes, keys: Sequence[int]) -> dict[int, str]:
    return {key: value for some in chunks(keys) for key, value in _read(connection, query(site, some)).items()}


def _read(connection: Connection, query: Select[Any]) -> dict[int, str]:
    rows = connection.execute(query, execution_options={"yield_per": 5_000})
    return {row[0]: row[1] for row in rows}


def _by(query: KeyedHashes, table: str) -> Fingerprints:
    """Return what reads the fingerprints of a query that the source computes; no table, no records."""

    def read(connection: Connection, site: Installation, keys: Keys) -> dict[int, str]:
        return _read(connection, query(site, keys)) if site.has(table) else {}

    return read


_FINGERPRINTS: dict[type[Query], Fingerprints] = {
    PostQuery: _by(_posts, "posts"),
    TermQuery: _by(_terms, "term_taxonomy"),
    UserQuery: _by(_users, "users"),
    CommentQuery: _by(_comments, "comments"),
    MenuQuery: _of_menus,
    OptionQuery: _of_options,
    RedirectQuery: read_redirect_fingerprints,
}
