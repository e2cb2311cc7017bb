"""What `verify` reads of WordPress's small records: users, terms, comments, options and menus."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, String, cast, select

from wp_models.key_ranges import among, chunks
from wp_models.left_out import is_setting
from wp_models.sources.source import Source
from wp_models.values import id_or_none, local_or_none, text, utc_or_none
from wp_models.verify_queries import first_metas

USER_KEYS = ("first_name", "last_name", "description")


def read_users(connection: Connection, source: Source) -> dict[int, dict[str, Any]]:
    """Return the users under the names that the CMS gives to their fields."""
    site = source.installation
    if not site.has("users"):
        return {}
    users = site.table("users").c
    keys = (*USER_KEYS, f"{site.prefix}capabilities")
    metas = first_metas(connection, site, "usermeta", "user_id", keys)
    query = select(
        users.ID, users.user_login, users.user_email, users.display_name, users.user_url, users.user_pass,
        cast(users.user_registered, String),
    )  # fmt: skip
    return {
        number: {
            "login": text(login),
            "email": text(email),
            "display_name": text(name),
            "url": text(url),
            "password_hash": text(password),
            "registered_at": utc_or_none(registered),
            "first_name": metas.get(number, {}).get("first_name", ""),
            "last_name": metas.get(number, {}).get("last_name", ""),
            "bio": metas.get(number, {}).get("description", ""),
            "capabilities": metas.get(number, {}).get(f"{site.prefix}capabilities", ""),
        }
        for number, login, email, name, url, password, registered in connection.execute(query).all()
    }


def read_terms(connection: Connection, source: Source) -> dict[int, dict[str, Any]]:
    """Return the terms of all taxonomies, likewise; a row of term_taxonomy whose term is gone has name None."""
    taxonomies, terms = source.installation.table("term_taxonomy"), source.installation.table("terms")
    query = select(
        taxonomies.c.term_taxonomy_id, taxonomies.c.term_id, taxonomies.c.taxonomy, taxonomies.c.parent,
        taxonomies.c.description, terms.c.name, terms.c.slug,
    ).select_from(taxonomies.outerjoin(terms, terms.c.term_id == taxonomies.c.term_id))  # fmt: skip
    return {
        number: {
            "term_id": term_id,
            "taxonomy": text(taxonomy),
            "parent": id_or_none(parent),
            "description": text(description),
            "name": None if name is None else text(name),
            "slug": text(slug),
        }
        for number, term_id, taxonomy, parent, description, name, slug in connection.execute(query)
    }


def read_comments(connection: Connection, source: Source, first: int, last: int) -> dict[int, dict[str, Any]]:
    """Return the comments whose ids lie in a range, likewise."""
    comments = source.installation.table("comments").c
    query = select(
        comments.comment_ID, comments.comment_post_ID, comments.comment_parent, comments.user_id,
        comments.comment_author, comments.comment_author_email, comments.comment_author_url,
        comments.comment_content, comments.comment_approved, comments.comment_type,
        cast(comments.comment_date, String), cast(comments.comment_date_gmt, String),
    ).where(comments.comment_ID.between(first, last))  # fmt: skip
    return {
        row[0]: {
            "post": row[1],
            "parent": id_or_none(row[2]),
            "user": id_or_none(row[3]),
            "author_name": text(row[4]),
            "author_email": text(row[5]),
            "author_url": text(row[6]),
            "content": text(row[7]),
            "approved": text(row[8]),
            "type": text(row[9]) or "comment",
            "created_local": local_or_none(row[10]),
            "created_at": utc_or_none(row[11]),
        }
        for row in connection.execute(query).all()
    }


def read_shown_comments(connection: Connection, source: Source) -> list[tuple[int, int]]:
    """Return id and post of every comment that visitors saw or that waits for its approval."""
    if not source.installation.has("comments"):
        return []
    comments = source.installation.table("comments").c
    query = select(comments.comment_ID, comments.comment_post_ID)
    shown = comments.comment_approved.in_(("1", "0", "approve", "hold"))
    return [(number, post) for number, post in connection.execute(query.where(shown))]


def read_options(connection: Connection, source: Source) -> dict[int, tuple[str, str]]:
    """Return name and value of every option that is a setting."""
    options = source.installation.table("options").c
    query = select(options.option_id, options.option_name, options.option_value)
    return {
        number: (text(name), text(value)) for number, name, value in connection.execute(query) if is_setting(text(name))
    }


def read_source_menu_items(connection: Connection, source: Source) -> dict[int, list[dict[str, Any]]]:
    """Return the published items of each menu in their order, by the menu's term_taxonomy id."""
    site = source.installation
    relations, posts = site.table("term_relationships"), site.table("posts")
    taxonomies = site.table("term_taxonomy")
    query = (
        select(relations.c.term_taxonomy_id, posts.c.ID, posts.c.post_title)
        .join_from(relations, posts, relations.c.object_id == posts.c.ID)
        .join(taxonomies, taxonomies.c.term_taxonomy_id == relations.c.term_taxonomy_id)
        .where(
            taxonomies.c.taxonomy == "nav_menu",
            posts.c.post_type == "nav_menu_item",
            posts.c.post_status == "publish",
        )
        .order_by(relations.c.term_taxonomy_id, posts.c.menu_order, posts.c.ID)
    )
    found = connection.execute(query).all()
    ids = sorted({item for _, item, _ in found})
    metas: dict[int, dict[str, str]] = defaultdict(dict)
    meta = site.table("postmeta").c
    for some in chunks(ids):
        rows = connection.execute(
            select(meta.post_id, meta.meta_key, meta.meta_value)
            .where(among(meta.post_id, some), meta.meta_key.startswith("_menu_item_"))
            .order_by(meta.meta_id)
        )
        for item, key, value in rows:
            metas[item].setdefault(text(key).removeprefix("_menu_item_"), text(value))
    items: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for menu, item, title in found:
        items[menu].append({"id": item, "title": text(title), **metas[item]})
    return dict(items)
