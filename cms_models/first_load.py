"""Objects that the CMS has nothing of yet: by COPY straight into their table, with nothing to compare or to put away.

Everything here runs in the caller's transaction; nothing commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import psycopg
from psycopg import sql

from cms_models.copy_sql import loaded_columns, names, staging, straight, table_named, target
from cms_models.merge_sql import OWNED, staged_hash
from cms_models.rows import CONTENT_TABLES, LoadBatch, Row
from cms_models.staging import copy_rows
from cms_models.state_sql import STATE_COLUMNS

Cursor = psycopg.Cursor[Any]

SAVE_ADDED = """
    INSERT INTO migration.row_history (run_id, table_name, row_id, site_id)
    SELECT %(run_id)s, {name}, id, %(site_id)s FROM {source} ORDER BY id
"""
"""Before-images that say that the rows were not there."""


def is_new(cursor: Cursor, batch: LoadBatch, table: str) -> bool:
    """Return whether none of a batch's objects was seen before, as any type of content, and none has a row."""
    key = {
        "site_id": batch.site_id,
        "entities": list(CONTENT_TABLES if batch.entity in CONTENT_TABLES else [batch.entity]),
        "source_ids": [state.source_id for state in batch.states],
        "ids": [row.id for row in batch.rows if row.table == table],
    }
    return cursor.execute(_any_known(table), key).fetchone() == (False,)


def add_records(cursor: Cursor, table: str, rows: Iterable[Row], key: Mapping[str, Any]) -> int:
    """Add the records of a batch, whose states are staged, and the staged rows that they own; return the number."""
    copy_rows(cursor, straight(table), rows)
    written = cursor.execute(_save_added_records(table), key).rowcount
    if table in OWNED:
        owned, _ = OWNED[table]
        cursor.execute(_save_added_owned(owned), key)
        written += cursor.execute(_add_owned(owned)).rowcount
    return written


def add_states(cursor: Cursor, table: str, key: Mapping[str, Any]) -> None:
    """Add the staged states of a batch whose records were added; `key` names site_id, entity and run_id."""
    cursor.execute(_add_states(table), key)


@cache
def _any_known(table: str) -> bytes:
    return (
        sql.SQL("""
        SELECT EXISTS (
            SELECT FROM migration.entity_state
            WHERE site_id = %(site_id)s AND entity = ANY (%(entities)s) AND source_id = ANY (%(source_ids)s)
        ) OR EXISTS (SELECT FROM {table} WHERE id = ANY (%(ids)s))
        """)
        .format(table=target(table))
        .as_bytes()
    )


@cache
def _save_added_records(table: str) -> bytes:
    loaded = sql.SQL("(SELECT row_id AS id FROM stage_states WHERE outcome = 'loaded')")
    return sql.SQL(SAVE_ADDED).format(name=sql.Literal(table), source=loaded).as_bytes()


@cache
def _save_added_owned(table: str) -> bytes:
    return sql.SQL(SAVE_ADDED).format(name=sql.Literal(table), source=staging(table)).as_bytes()


@cache
def _add_owned(table: str) -> bytes:
    columns = names(loaded_columns(table_named(table)))
    statement = sql.SQL("INSERT INTO {table} ({columns}) SELECT {columns} FROM {stage} ORDER BY id")
    return statement.format(table=target(table), columns=columns, stage=staging(table)).as_bytes()


@cache
def _add_states(table: str) -> bytes:
    row_hash, owned = staged_hash(table)
    values = {name: sql.Identifier("state", name) for name in STATE_COLUMNS} | {
        "outcome": sql.SQL("state.outcome::migration.outcome"),
        "loaded_hash": sql.SQL("CASE WHEN hashed.id IS NOT NULL THEN {} END").format(row_hash),
    }
    return (
        sql.SQL("""
        INSERT INTO migration.entity_state (site_id, entity, source_id, run_id, {columns})
        SELECT %(site_id)s, %(entity)s, state.source_id, %(run_id)s, {values}
        FROM stage_states AS state
        LEFT JOIN LATERAL (SELECT * FROM {table} WHERE id = state.row_id OFFSET 0) AS hashed ON true {owned}
        ORDER BY state.source_id
        """)
        .format(columns=names(values), values=sql.SQL(", ").join(values.values()), table=target(table), owned=owned)
        .as_bytes()
    )
