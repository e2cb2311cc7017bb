"""Which files of the media store the CMS refers to, wherever their keys stand."""

from __future__ import annotations

from functools import cache

from psycopg import sql

from cms_models import tables
from cms_models.copy_sql import target
from cms_models.db import Connection, target_errors

KEY = "[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}(?:[.][a-z0-9]{1,8})?"
"""A key of the media store, in any text: a column of its own, a link in a body, a value of a custom field."""

OF_HISTORY = f"""
    SELECT DISTINCT found[1] FROM migration.row_history, regexp_matches(before::text, '{KEY}', 'g') AS found
    WHERE before IS NOT NULL
    UNION SELECT found[1] FROM migration.conflicts, regexp_matches(
        source_row::text || source_owned::text, '{KEY}', 'g'
    ) AS found
"""  # noqa: S608 - a pattern of ours


@target_errors()
def shown_keys(connection: Connection) -> set[str]:
    """Return the keys that any row of any site refers to, tombstones included."""
    names = (table.name for table in tables.metadata.sorted_tables)
    return {key for name in names for (key,) in connection.execute(_keys_of(name))}


@target_errors()
def remembered_keys(connection: Connection) -> set[str]:
    """Return the keys that before-images and open conflicts refer to: a rollback may bring them back."""
    return {key for (key,) in connection.execute(OF_HISTORY.encode())}


@target_errors()
def site_keys(connection: Connection) -> list[str]:
    """Return the keys of all sites of this database."""
    return [key for (key,) in connection.execute("SELECT key FROM cms.sites ORDER BY key")]


@cache
def _keys_of(name: str) -> bytes:
    statement = sql.SQL("""
        SELECT DISTINCT found[1]
        FROM {table} AS stored, regexp_matches((to_jsonb(stored.*) - 'search')::text, {key}, 'g') AS found
    """)
    return statement.format(table=target(name), key=sql.Literal(KEY)).as_bytes()
