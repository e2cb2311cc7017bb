"""Reads one batch of records: rows by key, with their metas, terms and fingerprints, each by one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from sys import intern
from typing import Any

from sqlalchemy import Connection, Select, String, cast, select

from wp_models.aioseo import read_aioseo
from wp_models.fingerprints import (
    kept_post_meta,
    kept_user_meta,
    menu_items,
    menu_targets,
    of_posts,
    read_fingerprints,
)
from wp_models.key_ranges import among, chunks
from wp_models.language_versions import source_number
from wp_models.languages.site_texts import read_site_texts
from wp_models.left_out import is_setting
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
from wp_models.records import Meta, Record, WpComment, WpMenu, WpOption, WpPost, WpTerm, WpUser
from wp_models.redirect_rules import read_redirect_keys, read_redirects
from wp_models.site_index import read_site
from wp_models.sources.source import Source
from wp_models.tables import Installation
from wp_models.values import id_or_none, integer, local_or_none, text, utc_or_none

__all__ = ["read_batch", "read_keys", "read_site"]

Fingerprints = Mapping[int, str]
AUTOLOADED = frozenset({"yes", "on", "auto", "auto-on"})  # words of WordPress before and since 6.6


def read_batch(connection: Connection, source: Source, query: Query, keys: Sequence[int]) -> tuple[Record, ...]:
    """Return the records with these keys, by key; those that are gone from the source are absent.

    A version of an object in another language is read as the object is, with its own number in place of WordPress's.
    """
    if isinstance(query, RedirectQuery):  # made of other records, and fingerprinted as they are made
        some_redirects = (read_redirects(connection, source.installation, some) for some in chunks(sorted(set(keys))))
        return tuple(record for some in some_redirects for record in some)
    versions: dict[int, list[int]] = defaultdict(list)
    for key in sorted(set(keys)):
        versions[source_number(key)].append(key)
    prints = read_fingerprints(connection, source, query, keys=sorted(versions))
    read = _READERS[type(query)]
    found = [
        record if number == record.id else replace(record, id=number)
        for some in chunks(sorted(prints))
        for record in read(connection, source.installation, some, prints)
        for number in versions[record.id]
    ]
    return tuple(sorted(found, key=attrgetter("id")))


def read_keys(connection: Connection, source: Source, query: Query) -> list[int]:
    """Return the keys of all records, ascending."""
    site = source.installation
    if isinstance(query, OptionQuery):
        options = site.table("options").c
        found = connection.execute(select(options.option_id, options.option_name))
        own = [key for key, name in found if is_setting(name)]
        return sorted([*own, *(setting.id for setting in read_site_texts(connection, site))])
    if isinstance(query, RedirectQuery):
        return read_redirect_keys(connection, site)
    keys = _key_query(site, query)
    return sorted(connection.execute(keys).scalars()) if keys is not None else []


def _key_query(site: Installation, query: Query) -> Select[Any] | None:
    match query:
        case PostQuery():
            posts = site.table("posts").c
            return select(posts.ID).where(posts.post_type != "revision")
        case TermQuery():
            return select(site.table("term_taxonomy").c.term_taxonomy_id)
        case MenuQuery():
            taxonomies = site.table("term_taxonomy").c
            return select(taxonomies.term_taxonomy_id).where(taxonomies.taxonomy == "nav_menu")
        case UserQuery() if site.has("users"):
            return select(site.table("users").c.ID)
        case CommentQuery() if site.has("comments"):
            return select(site.table("comments").c.comment_ID)
    return None


def _read_posts(connection: Connection, site: Installation, keys: Sequence[int], prints: Fingerprints) -> list[WpPost]:
    posts = site.table("posts").c
    query = (
        select(
            posts.ID, posts.post_type, posts.post_status, posts.post_title, posts.post_content, posts.post_excerpt,
            posts.post_name, posts.post_author, posts.post_parent, posts.menu_order, posts.post_mime_type, posts.guid,
            posts.post_password, posts.comment_status, cast(posts.post_date, String), cast(posts.post_date_gmt, String),
            cast(posts.post_modified, String), cast(posts.post_modified_gmt, String),
        )
        .where(among(posts.ID, keys), posts.post_type != "revision")
        .order_by(posts.ID)
    )  # fmt: skip
    metas = _read_metas(connection, site, "postmeta", "post_id", keys)
    for number, search_data in read_aioseo(connection, site, keys).items():
        metas[number] = {**metas.get(number, {}), **{key: (value,) for key, value in search_data.items()}}
    terms = _read_relations(connection, site, keys)
    return [
        WpPost(
            fingerprint=prints.get(row[0], ""),
            id=row[0],
            type=intern(text(row[1])),
            status=intern(text(row[2])),
            title=text(row[3]),
            content=text(row[4]),
            excerpt=text(row[5]),
            slug=text(row[6]),
            author_id=id_or_none(row[7]),
            parent_id=id_or_none(row[8]),
            menu_order=integer(row[9]),
            mime_type=intern(text(row[10])),
            guid=text(row[11]),
            password=text(row[12]),
            comment_status=intern(text(row[13])),
            published_local=local_or_none(row[14]),
            published_at=utc_or_none(row[15]),
            modified_local=local_or_none(row[16]),
            modified_at=utc_or_none(row[17]),
            meta=metas.get(row[0], {}),
            term_taxonomy_ids=tuple(terms.get(row[0], ())),
        )
        for row in connection.execute(query).all()
    ]


def _read_relations(connection: Connection, site: Installation, keys: Sequence[int]) -> Mapping[int, list[int]]:
    relations = site.table("term_relationships").c
    query = of_posts(site).where(among(relations.object_id, keys))
    terms: dict[int, list[int]] = defaultdict(list)
    for post, term, _ in connection.execute(
        query.order_by(relations.object_id, relations.term_order, relations.term_taxonomy_id)
    ):
        terms[post].append(term)
    return terms


def _read_terms(connection: Connection, site: Installation, keys: Sequence[int], prints: Fingerprints) -> list[WpTerm]:
    taxonomies, terms = site.table("term_taxonomy"), site.table("terms")
    query = (
        select(
            taxonomies.c.term_taxonomy_id,
            taxonomies.c.term_id,
            taxonomies.c.taxonomy,
            taxonomies.c.description,
            taxonomies.c.parent,
            terms.c.name,
            terms.c.slug,
        )
        .select_from(taxonomies.outerjoin(terms, terms.c.term_id == taxonomies.c.term_id))
        .where(among(taxonomies.c.term_taxonomy_id, keys))
        .order_by(taxonomies.c.term_taxonomy_id)
    )
    rows = connection.execute(query).all()
    metas = _read_metas(connection, site, "termmeta", "term_id", sorted({row.term_id for row in rows}))
    return [
        WpTerm(
            fingerprint=prints.get(row.term_taxonomy_id, ""),
            id=row.term_taxonomy_id,
            term_id=row.term_id,
            taxonomy=intern(text(row.taxonomy)),
            name=None if row.name is None else text(row.name),
            slug=text(row.slug),
            description=text(row.description),
            parent_term_id=id_or_none(row.parent),
            meta=metas.get(row.term_id, {}),
        )
        for row in rows
    ]


def _read_users(connection: Connection, site: Installation, keys: Sequence[int], prints: Fingerprints) -> list[WpUser]:
    if not site.has("users"):
        return []
    users = site.table("users").c
    metas = _read_metas(connection, site, "usermeta", "user_id", keys)
    query = select(
        users.ID, users.user_login, users.user_email, users.user_nicename, users.display_name, users.user_url,
        users.user_pass, cast(users.user_registered, String).label("registered"),
    )  # fmt: skip
    return [
        WpUser(
            fingerprint=prints.get(row.ID, ""),
            id=row.ID,
            login=text(row.user_login),
            email=text(row.user_email),
            nicename=text(row.user_nicename),
            display_name=text(row.display_name),
            url=text(row.user_url),
            password_hash=text(row.user_pass),
            registered_at=utc_or_none(row.registered),
            meta=metas.get(row.ID, {}),
        )
        for row in connection.execute(query.where(among(users.ID, keys)).order_by(users.ID)).all()
    ]


def _read_comments(
    connection: Connection, site: Installation, keys: Sequence[int], prints: Fingerprints
) -> list[WpComment]:
    if not site.has("comments"):
        return []
    comments = site.table("comments").c
    query = select(
        comments.comment_ID, comments.comment_post_ID, comments.comment_parent, comments.user_id,
        comments.comment_author, comments.comment_author_email, comments.comment_author_url, comments.comment_content,
        comments.comment_approved, comments.comment_type, cast(comments.comment_date, String).label("created"),
        cast(comments.comment_date_gmt, String).label("created_gmt"),
    )  # fmt: skip
    return [
        WpComment(
            fingerprint=prints.get(row.comment_ID, ""),
            id=row.comment_ID,
            post_id=row.comment_post_ID,
            parent_id=id_or_none(row.comment_parent),
            user_id=id_or_none(row.user_id),
            author=text(row.comment_author),
            author_email=text(row.comment_author_email),
            author_url=text(row.comment_author_url),
            content=text(row.comment_content),
            approved=intern(text(row.comment_approved)),
            type=intern(text(row.comment_type)),
            created_local=local_or_none(row.created),
            created_at=utc_or_none(row.created_gmt),
        )
        for row in connection.execute(query.where(among(comments.comment_ID, keys)).order_by(comments.comment_ID)).all()
    ]


def _read_menus(connection: Connection, site: Installation, keys: Sequence[int], prints: Fingerprints) -> list[WpMenu]:
    terms = [term for term in _read_terms(connection, site, keys, {}) if term.taxonomy == "nav_menu"]
    items = menu_items(connection, site, [term.id for term in terms])
    item_ids = sorted({item for found in items.values() for item in found})
    posts = {post.id: post for some in chunks(item_ids) for post in _read_posts(connection, site, some, {})}
    targets = menu_targets(connection, site, item_ids)
    titles: dict[int, str] = {}
    post = site.table("posts").c
    for some in chunks(sorted(set(targets.values()))):
        titles.update(
            (number, text(title))
            for number, title in connection.execute(select(post.ID, post.post_title).where(among(post.ID, some)))
        )
    return [
        WpMenu(
            fingerprint=prints.get(term.id, ""),
            id=term.id,
            term=term,
            items=(own := tuple(posts[item] for item in items.get(term.id, ()))),
            post_titles={to: titles[to] for item in own if (to := targets.get(item.id)) in titles},
        )
        for term in terms
    ]


def _read_options(
    connection: Connection, site: Installation, keys: Sequence[int], prints: Fingerprints
) -> list[WpOption]:
    options = site.table("options").c
    query = select(options.option_id, options.option_name, options.option_value, options.autoload)
    found = [
        WpOption(
            fingerprint=prints.get(number, ""),
            id=number,
            name=text(name),
            value=text(value),
            autoload=autoload in AUTOLOADED,
        )
        for number, name, value, autoload in connection.execute(
            query.where(among(options.option_id, keys)).order_by(options.option_id)
        )
        if is_setting(name)
    ]
    made = {setting.id: setting for setting in (read_site_texts(connection, site) if keys and keys[0] < 0 else ())}
    return [*(made[key] for key in keys if key in made), *found]


def _read_metas(
    connection: Connection, site: Installation, table: str, owner: str, keys: Sequence[int]
) -> dict[int, Meta]:
    """Return the metas of each owner; values of one key in the order of their meta ids."""
    found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
    if not keys or not site.has(table):
        return {}
    metas = site.table(table).c
    order = metas.umeta_id if table == "usermeta" else metas.meta_id
    query = select(metas[owner], metas.meta_key, metas.meta_value).where(among(metas[owner], keys))
    if table == "postmeta":
        query = query.where(kept_post_meta(metas.meta_key))
    elif table == "usermeta":
        query = query.where(kept_user_meta(metas.meta_key))
    for number, key, value in connection.execute(query.order_by(metas[owner], order)).all():
        own = found[number]
        name = intern(text(key))
        own[name] = (*own[name], text(value)) if name in own else (text(value),)
    return dict(found)


_READERS: dict[type[Query], Callable[[Connection, Installation, Sequence[int], Fingerprints], Sequence[Record]]] = {
    PostQuery: _read_posts,
    TermQuery: _read_terms,
    UserQuery: _read_users,
    CommentQuery: _read_comments,
    MenuQuery: _read_menus,
    OptionQuery: _read_options,
}
