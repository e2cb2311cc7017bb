"""Views of the schemas `api` (what a front end reads) and `prisma` (named and cased as in the legacy CMS).

They hold no data, so they have no history: they are made anew whenever their text has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table

from cms_models import tables
from cms_models.rows import REFERENCE_COLUMNS

API_CONTENT = Path(__file__).with_name("api_content.sql")
API_TABLES = (tables.articles, tables.pages, tables.portfolios, tables.products)

PRISMA_NAMES = {
    "sites": "Site",
    "articles": "Article",
    "pages": "Page",
    "portfolios": "Portfolio",
    "products": "Product",
    "entries": "Entry",
    "terms": "Term",
    "term_relationships": "TermRelationship",
    "users": "User",
    "user_metadata": "UserMetadata",
    "media": "Media",
    "media_variants": "MediaVariant",
    "comments": "Comment",
    "menus": "Menu",
    "menu_items": "MenuItem",
    "redirects": "Redirect",
    "settings": "Setting",
    "translation_groups": "TranslationGroup",
}


def refresh_views(connection: psycopg.Connection[Any]) -> bool:
    """Make the views anew if their text has changed, and return whether it had; grants on them are lost then."""
    views = [*api_views(), *prisma_views()]
    version = "wpferry views " + sha256("\0".join(text for _, text in views).encode()).hexdigest()[:16]
    found = connection.execute("SELECT obj_description(to_regnamespace('api'), 'pg_namespace')").fetchone()
    if found == (version,):
        return False
    drop_views(connection)
    for schema in ("api", "prisma"):
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    for _, text in views:
        connection.execute(text.encode())
    connection.execute(sql.SQL("COMMENT ON SCHEMA api IS {}").format(sql.Literal(version)))
    return True


def drop_views(connection: psycopg.Connection[Any]) -> None:
    """Drop our views and nothing else of their schemas."""
    if connection.execute("SELECT to_regnamespace('api') IS NOT NULL").fetchone() == (True,):
        connection.execute("COMMENT ON SCHEMA api IS NULL")
    for name, _ in [*api_views(), *prisma_views()]:
        connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(name))


def api_views() -> Iterator[tuple[sql.Identifier, str]]:
    """Yield name and statement of the views of the schema `api`."""
    template = API_CONTENT.read_text()
    shared = {column.name for column in tables.articles.columns} & {column.name for column in tables.pages.columns}
    for table in API_TABLES:
        own = ",\n    ".join(f"content.{column.name}" for column in table.columns if column.name not in shared)
        statement = template.format(table=table.name, reference=REFERENCE_COLUMNS[table.name], columns=own)
        yield sql.Identifier("api", table.name), statement


def prisma_views() -> Iterator[tuple[sql.Identifier, str]]:
    """Yield name and statement of the views of the schema `prisma`: every column, in camel case."""
    for table_name, name in PRISMA_NAMES.items():
        yield sql.Identifier("prisma", name), _prisma_view(tables.metadata.tables[f"cms.{table_name}"], name)


def camel_case(name: str) -> str:
    """Return a column's name as Prisma writes it."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _prisma_view(table: Table, name: str) -> str:
    columns = (column.name for column in table.columns if column.name not in tables.MADE_BY_THE_DATABASE)
    listed = ", ".join(f'{column} AS "{camel_case(column)}"' for column in columns)
    alive = " WHERE deleted_at IS NULL" if "deleted_at" in table.columns else ""
    return f'CREATE VIEW prisma."{name}" AS SELECT {listed} FROM cms.{table.name}{alive}'  # noqa: S608 - names of ours
