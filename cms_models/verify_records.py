"""What `verify` reads of the CMS's small records: users, terms, comments, settings, menus, as plain mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cms_models.db import Connection, target_errors
from cms_models.rows import CONTENT_TABLES, REFERENCE_COLUMNS


@target_errors()
def read_rows(connection: Connection, site_id: int, entity: str) -> dict[int, Mapping[str, Any]]:
    """Return the live rows of a small table by WordPress id; references are WordPress ids, too."""
    with connection.cursor() as cursor:
        cursor.execute(SMALL_TABLES[entity], (site_id,))
        names = [column.name for column in cursor.description or ()]
        return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in cursor}


@target_errors()
def read_comment_rows(connection: Connection, site_id: int, first: int, last: int) -> dict[int, Mapping[str, Any]]:
    """Return the live comments whose WordPress ids lie in a range, likewise."""
    posts = ", ".join(f"{table}.wp_post_id" for table in (*CONTENT_TABLES, "media"))
    joins = " ".join(
        f"LEFT JOIN cms.{table} ON {table}.id = comment.{REFERENCE_COLUMNS[table]}"
        for table in (*CONTENT_TABLES, "media")
    )
    statement = f"""
        SELECT comment.wp_comment_id, coalesce({posts}) AS post, parent.wp_comment_id AS parent,
            users.wp_user_id AS user, comment.author_name, comment.author_email, comment.author_url,
            comment.content_html AS content, comment.status::text, comment.type, comment.created_at
        FROM cms.comments AS comment {joins}
        LEFT JOIN cms.comments AS parent ON parent.id = comment.parent_id
        LEFT JOIN cms.users ON users.id = comment.user_id
        WHERE comment.site_id = %s AND comment.wp_comment_id BETWEEN %s AND %s AND comment.deleted_at IS NULL
    """  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(statement.encode(), (site_id, first, last))
        names = [column.name for column in cursor.description or ()]
        return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in cursor}


SMALL_TABLES: Mapping[str, str] = {
    "users": """
        SELECT wp_user_id, login, email, display_name, first_name, last_name, bio, url, roles, password_hash,
            registered_at
        FROM cms.users WHERE site_id = %s AND deleted_at IS NULL
    """,
    "terms": """
        SELECT term.wp_term_taxonomy_id, term.wp_term_id AS term_id, term.taxonomy, term.slug, term.name,
            term.description, parent.wp_term_id AS parent, term.path
        FROM cms.terms AS term LEFT JOIN cms.terms AS parent ON parent.id = term.parent_id
        WHERE term.site_id = %s AND term.deleted_at IS NULL AND term.wp_term_taxonomy_id IS NOT NULL
    """,
    "settings": """
        SELECT state.source_id, setting.key AS name, setting.value, setting.autoload
        FROM cms.settings AS setting
        JOIN migration.entity_state AS state ON state.site_id = setting.site_id AND state.entity = 'settings'
            AND state.row_id = setting.id
        WHERE setting.site_id = %s
    """,
    "menus": """
        SELECT state.source_id, menu.name, menu.slug, menu.id AS row_id
        FROM cms.menus AS menu
        JOIN migration.entity_state AS state ON state.site_id = menu.site_id AND state.entity = 'menus'
            AND state.row_id = menu.id
        WHERE menu.site_id = %s AND menu.deleted_at IS NULL
    """,
}


@target_errors()
def read_menu_items(connection: Connection, site_id: int) -> dict[UUID, Mapping[str, Any]]:
    """Return every menu item by row id; what it refers to is a WordPress id, with title and path of that row."""
    posts = ", ".join(f"{table}.wp_post_id" for table in CONTENT_TABLES)
    titles = ", ".join(f"{table}.title" for table in CONTENT_TABLES)
    paths = ", ".join(f"{table}.path" for table in CONTENT_TABLES)
    joins = " ".join(
        f"LEFT JOIN cms.{table} ON {table}.id = item.{REFERENCE_COLUMNS[table]}" for table in CONTENT_TABLES
    )
    statement = f"""
        SELECT item.id, item.menu_id, item.parent_id, item.position, item.label, item.url,
            coalesce({posts}) AS post, coalesce({titles}, '') AS title, coalesce({paths}) AS path,
            terms.wp_term_id AS term
        FROM cms.menu_items AS item {joins} LEFT JOIN cms.terms ON terms.id = item.term_id
        WHERE item.site_id = %s
    """  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(statement.encode(), (site_id,))
        names = [column.name for column in cursor.description or ()]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor}
