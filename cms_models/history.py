"""Puts a run back: every row it touched as it was before, every row it made gone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from cms_models import tables
from cms_models.copy_sql import loaded_columns, names, table_named, target
from cms_models.db import Connection, target_errors
from cms_models.errors import RowsTouchedLaterError
from cms_models.merge_sql import has_tombstone


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackResult:
    """What a rollback did."""

    rows_restored: int
    rows_deleted: int  # the run had made them
    states_restored: int  # states of source objects, those forgotten included


TOUCHED_LATER = """
    SELECT mine.table_name, mine.row_id
    FROM migration.row_history AS mine
    JOIN migration.runs AS this ON this.id = mine.run_id
    JOIN migration.runs AS later ON later.site_id = this.site_id AND later.started_at > this.started_at
    JOIN migration.row_history AS theirs
        ON theirs.run_id = later.id AND theirs.table_name = mine.table_name AND theirs.row_id = mine.row_id
    WHERE mine.run_id = %s AND mine.table_name <> 'entity_state'
    ORDER BY mine.table_name, mine.row_id
"""
RESTORE_STATES = """
    INSERT INTO migration.entity_state
    SELECT known.* FROM migration.row_history AS history,
        jsonb_populate_record(NULL::migration.entity_state, history.before) AS known
    WHERE history.run_id = %s AND history.table_name = 'entity_state'
    ON CONFLICT (site_id, entity, source_id) DO UPDATE SET
        fingerprint = EXCLUDED.fingerprint, transform_version = EXCLUDED.transform_version, row_id = EXCLUDED.row_id,
        loaded_hash = EXCLUDED.loaded_hash, run_id = EXCLUDED.run_id, outcome = EXCLUDED.outcome,
        reason = EXCLUDED.reason, facts = EXCLUDED.facts
"""
FORGET_STATES = "DELETE FROM migration.entity_state WHERE run_id = %s"  # restored ones have the run before again


def rollback_run(connection: Connection, site_id: int, run_id: UUID) -> RollbackResult:
    """Bring `cms` and the state back to before a run, in one transaction; issues and dead letters stay as they are.

    Raises RowsTouchedLaterError when a later run has written one of the rows: roll that one back first.
    """
    with target_errors(), connection.transaction(), connection.cursor() as cursor:
        touched = cursor.execute(TOUCHED_LATER, (run_id,)).fetchall()
        if touched:
            table, row_id = touched[0]
            raise RowsTouchedLaterError(
                f"Later runs have written {len(touched)} of the rows of run {run_id}, {row_id} of {table} among them. "
                "Roll the later runs back first, the latest one before the others."
            )
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        in_order = [table.name for table in tables.metadata.sorted_tables if table.name != "sites"]
        restored = sum(_run(cursor, _restore(name), run_id) for name in in_order)
        deleted = sum(_run(cursor, _delete(name), run_id) for name in reversed(in_order))
        states = _run(cursor, RESTORE_STATES, run_id) + _run(cursor, FORGET_STATES, run_id)
        cursor.execute("DELETE FROM migration.row_history WHERE run_id = %s AND site_id = %s", (run_id, site_id))
        cursor.execute("UPDATE migration.runs SET outcome = 'rolled_back' WHERE id = %s", (run_id,))
    return RollbackResult(rows_restored=restored, rows_deleted=deleted, states_restored=states)


def _run(cursor: psycopg.Cursor[Any], statement: str | bytes, run_id: UUID) -> int:
    return cursor.execute(statement.encode() if isinstance(statement, str) else statement, (run_id,)).rowcount


@cache
def _restore(name: str) -> bytes:
    columns = [*loaded_columns(table_named(name)), *(["deleted_at"] if has_tombstone(name) else [])]
    assignments = (sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in columns)
    statement = sql.SQL("""
        INSERT INTO {table} ({columns})
        SELECT {values} FROM migration.row_history AS history,
            jsonb_populate_record(NULL::{table}, history.before) AS old
        WHERE history.run_id = %s AND history.table_name = {name} AND history.before IS NOT NULL
        ON CONFLICT (id) DO UPDATE SET {assignments}
    """)
    return statement.format(
        table=target(name),
        columns=names(columns),
        values=sql.SQL(", ").join(sql.Identifier("old", column) for column in columns),
        name=sql.Literal(name),
        assignments=sql.SQL(", ").join(assignments),
    ).as_bytes()


@cache
def _delete(name: str) -> bytes:
    statement = sql.SQL("""
        DELETE FROM {table} AS made USING migration.row_history AS history
        WHERE history.run_id = %s AND history.table_name = {name} AND history.before IS NULL
            AND history.row_id = made.id
    """)
    return statement.format(table=target(name), name=sql.Literal(name)).as_bytes()
