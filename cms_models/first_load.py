"""Records that the CMS has nothing of yet: by COPY straight into their table, with nothing to stage and compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import psycopg
from psycopg import sql

from cms_models.copy_sql import straight, target
from cms_models.merge_sql import staged_hash
from cms_models.rows import CONTENT_TABLES, LoadBatch, Row
from cms_models.staging import copy_rows

Cursor = psycopg.Cursor[Any]

SAVE_ADDED = b"""
    INSERT INTO migration.row_history (run_id, table_name, row_id, site_id)
    SELECT %(run_id)s, %(table)s, row_id, %(site_id)s FROM stage_outcomes ORDER BY row_id
"""


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
    """Add the records of a batch, whose states are staged, and note in `stage_outcomes` that they were written.

    The before-images say that the rows were not there. Returns the number of rows.
    """
    copy_rows(cursor, straight(table), rows)
    added = cursor.execute(_note_added(table)).rowcount
    cursor.execute(SAVE_ADDED, {**key, "table": table})
    return added


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
def _note_added(table: str) -> bytes:
    row_hash, owned = staged_hash(table)
    return (
        sql.SQL("""
        INSERT INTO stage_outcomes (source_id, row_id, existed, decision, row_hash)
        SELECT state.source_id, hashed.id, false, 'write', {hash}
        FROM stage_states AS state
        CROSS JOIN LATERAL (SELECT * FROM {table} WHERE id = state.row_id OFFSET 0) AS hashed {owned}
        """)
        .format(table=target(table), hash=row_hash, owned=owned)
        .as_bytes()
    )
