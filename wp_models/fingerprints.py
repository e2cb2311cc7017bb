"""Fingerprints, computed inside the source: what changes a record changes its fingerprint, nothing else does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, false, not_, or_, select

from wp_models.hashing import as_utf8, ordered_hash, row_hash
from wp_models.key_ranges import among, chunks
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
from wp_models.redirect_rules import read_redirects
from wp_models.sources.source import Source
from wp_models.tables import Installation
from wp_models.values import id_or_none, text

NOT_OF_POSTS = ("term_language", "term_translations", "link_category")  # their object ids are terms' and links'

Value = TypeVar("Value")


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


def _hash(site: Installation, table: str, columns: str) -> row_hash:
    own = site.table(table).c
    return row_hash(*(as_utf8(own[name]) if (table, name) in site.recoded else own[name] for name in columns.split()))


def _of_posts(connection: Connection, site: Installation, keys: list[int] | None) -> dict[int, str]:
    posts = site.table("posts").c
    row = _hash(
        site,
        "posts",
        "post_type post_status post_title post_content post_excerpt post_name post_author post_parent menu_order "
        "post_mime_type guid post_password comment_status post_date post_date_gmt post_modified post_modified_gmt",
    )
    rows = _hashes(connection, select(posts.ID, row).where(posts.post_type != "revision"), posts.ID, keys)
    metas = _meta_hashes(connection, site, "postmeta", "post_id", "meta_id", keys)
    related = of_posts(site).subquery()
    relations = select(
        related.c.object_id,
        ordered_hash(related.c.term_taxonomy_id, related.c.term_taxonomy_id, related.c.term_order),
    ).group_by(related.c.object_id)
    terms = _hashes(connection, relations, related.c.object_id, keys)
    return {key: _combined(value, metas.get(key), terms.get(key)) for key, value in rows.items()}


def _of_terms(connection: Connection, site: Installation, keys: list[int] | None) -> dict[int, str]:
    taxonomies, terms = site.table("term_taxonomy"), site.table("terms")
    row = row_hash(
        *_hash(site, "term_taxonomy", "term_id taxonomy description parent").clauses,
        *_hash(site, "terms", "name slug").clauses,
    )
    joined = taxonomies.outerjoin(terms, terms.c.term_id == taxonomies.c.term_id)
    key = taxonomies.c.term_taxonomy_id
    rows = _hashes(connection, select(key, row).select_from(joined), key, keys)
    owners: dict[int, int] = dict(_pairs(connection, select(key, taxonomies.c.term_id), key, keys))
    metas = _meta_hashes(connection, site, "termmeta", "term_id", "meta_id", keys and sorted(set(owners.values())))
    return {key: _combined(value, metas.get(owners[key])) for key, value in rows.items()}


def _of_users(connection: Connection, site: Installation, keys: list[int] | None) -> dict[int, str]:
    if not site.has("users"):
        return {}
    users = site.table("users").c
    row = _hash(
        site,
        "users",
        "user_login user_email user_nicename display_name user_url user_pass user_registered",
    )
    rows = _hashes(connection, select(users.ID, row), users.ID, keys)
    metas = _meta_hashes(connection, site, "usermeta", "user_id", "umeta_id", keys)
    return {key: _combined(value, metas.get(key)) for key, value in rows.items()}


def _of_comments(connection: Connection, site: Installation, keys: list[int] | None) -> dict[int, str]:
    if not site.has("comments"):
        return {}
    key = site.table("comments").c.comment_ID
    row = _hash(
        site,
        "comments",
        "comment_post_ID comment_parent user_id comment_author comment_author_email comment_author_url "
        "comment_content comment_approved comment_type comment_date comment_date_gmt",
    )
    return {key: _combined(value) for key, value in _hashes(connection, select(key, row), key, keys).items()}


def _of_menus(connection: Connection, site: Installation, keys: list[int] | None) -> dict[int, str]:
    """Return fingerprints over a menu's term, its items with their metas, and the titles that items show."""
    taxonomies = site.table("term_taxonomy").c
    menus = select(taxonomies.term_taxonomy_id).where(taxonomies.taxonomy == "nav_menu")
    if keys is not None:
        menus = menus.where(among(taxonomies.term_taxonomy_id, keys))
    numbers = sorted(connection.execute(menus).scalars())
    terms = {key: value for some in chunks(numbers) for key, value in _of_terms(connection, site, some).items()}
    items = menu_items(connection, site, numbers)
    item_ids = sorted({item for found in items.values() for item in found})
    posts = {key: value for some in chunks(item_ids) for key, value in _of_posts(connection, site, some).items()}
    targets = menu_targets(connection, site, item_ids)
    titles: dict[int, str] = {}
    post = site.table("posts").c
    for some in chunks(sorted(set(targets.values()))):
        titles.update(_hashes(connection, select(post.ID, _hash(site, "posts", "post_title")), post.ID, some))
    return {
        menu: _combined(
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


def _of_options(connection: Connection, site: Installation, keys: list[int] | None) -> dict[int, str]:
    options = site.table("options").c
    query = select(options.option_id, options.option_name, _hash(site, "options", "option_name option_value autoload"))
    if keys is not None:
        query = query.where(among(options.option_id, keys))
    return {key: _combined(value) for key, name, value in connection.execute(query) if is_setting(name)}


def _of_redirects(connection: Connection, site: Installation, keys: list[int] | None) -> dict[int, str]:
    """Return fingerprints made here: a redirect is a few short values, and lists stand in options as one value."""
    return {redirect.id: redirect.fingerprint for redirect in read_redirects(connection, site, keys)}


def _meta_hashes(
    connection: Connection, site: Installation, table: str, owner: str, order: str, keys: list[int] | None
) -> dict[int, str]:
    if not site.has(table):
        return {}
    metas = site.table(table).c
    each = ordered_hash(metas[order], *_hash(site, table, "meta_key meta_value").clauses)
    query = select(metas[owner], each).group_by(metas[owner])
    if table == "postmeta":
        query = query.where(kept_post_meta(metas.meta_key))
    elif table == "usermeta":
        query = query.where(kept_user_meta(metas.meta_key))
    return _hashes(connection, query, metas[owner], keys)


def _hashes(
    connection: Connection, query: Select[Any], key: ColumnElement[Any], keys: list[int] | None
) -> dict[int, str]:
    return dict(_pairs(connection, query, key, keys))


def _pairs(
    connection: Connection, query: Select[Any], key: ColumnElement[Any], keys: list[int] | None
) -> Iterator[tuple[int, Any]]:
    if keys is not None:
        query = query.where(among(key, keys) if keys else false())
    options = {"yield_per": 5_000} if keys is None else {}  # streamed when it is everything
    for row in connection.execute(query, execution_options=options):
        yield row[0], row[1]


def _combined(*hashes: str | None) -> str:
    return hashlib.sha256("\n".join(value or "" for value in hashes).encode()).hexdigest()


_FINGERPRINTS: dict[type[Query], Callable[[Connection, Installation, list[int] | None], dict[int, str]]] = {
    PostQuery: _of_posts,
    TermQuery: _of_terms,
    UserQuery: _of_users,
    CommentQuery: _of_comments,
    MenuQuery: _of_menus,
    OptionQuery: _of_options,
    RedirectQuery: _of_redirects,
}
