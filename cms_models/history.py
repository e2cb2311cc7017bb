"""Puts a run back: every row it touched as it was before, every row it made gone, and what was remembered of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from cms_models import state_tables, tables
from cms_models.copy_sql import loaded_columns, names, table_named, target
from cms_models.db import Connection, target_errors
from cms_models.errors import NoSuchRunError, RowsEditedError, RowsTouchedLaterError
from cms_models.merge_sql import RECORD_TABLES, has_tombstone, is_deleted, present_hash
from cms_models.state_sql import MEMORY

Cursor = psycopg.Cursor[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackResult:
    """What a rollback did."""

    runs: tuple[UUID, ...]  # in the order in which they were put back
    rows_restored: int
    rows_deleted: int  # the run had made them
    states_restored: int  # what was remembered of source objects, what is forgotten included


@dataclass(frozen=True, slots=True)
class TouchedRow:
    """A row of a run that a later one has written too."""

    table: str
    row_id: UUID
    later_run_id: UUID


# What is remembered says itself who wrote it last: a later run's image of it names this run.
TOUCHED_LATER = """
    SELECT theirs.table_name, theirs.row_id, theirs.run_id
    FROM migration.runs AS this
    JOIN migration.runs AS later ON later.site_id = this.site_id AND later.started_at > this.started_at
    JOIN migration.row_history AS theirs ON theirs.run_id = later.id
    LEFT JOIN migration.row_history AS mine
        ON mine.run_id = this.id AND mine.table_name = theirs.table_name AND mine.row_id = theirs.row_id
    WHERE this.id = %(run_id)s AND CASE
        WHEN theirs.table_name = ANY (%(memory)s) THEN theirs.before->>'run_id' = this.id::text
        ELSE mine.run_id IS NOT NULL
    END
    ORDER BY later.started_at, theirs.table_name, theirs.row_id
"""
FIND_RUN = "SELECT outcome FROM migration.runs WHERE id = %s FOR UPDATE"
NEWEST_FIRST = "SELECT id FROM migration.runs WHERE id = ANY (%s) ORDER BY started_at DESC"
ROLL_BACK = """
    UPDATE migration.runs SET outcome = %s, detail = detail || jsonb_build_object('rolled_back_at', now()) WHERE id = %s
"""

ROLLED_BACK = "rolled_back"
LISTED = 20  # touched rows in an error's sentence


def rollback_run(
    connection: Connection, run_id: UUID, *, chain: bool = False, discard_edits: bool = False
) -> RollbackResult:
    """Bring `cms` and the state back to before a run, row for row, in one transaction.

    Raises RowsTouchedLaterError when later runs have written the same rows, unless `chain` puts these back as well,
    the newest first; RowsEditedError when people have edited them in the CMS since, unless `discard_edits` lets that
    go; NoSuchRunError for a run that is not there or was rolled back before.
    """
    with target_errors(), connection.transaction(), connection.cursor() as cursor:
        _require_run(cursor, run_id)
        touched = touched_later(connection, run_id)
        if touched and not chain:
            raise RowsTouchedLaterError(_refusal(run_id, touched))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        runs = _in_chain(connection, run_id)
        results = []
        for one in runs:
            if not discard_edits:
                _require_unedited(cursor, one)
            results.append(_put_back(cursor, one))
    return RollbackResult(
        runs=tuple(runs),
        rows_restored=sum(restored for restored, _, _ in results),
        rows_deleted=sum(deleted for _, deleted, _ in results),
        states_restored=sum(states for _, _, states in results),
    )


def touched_later(connection: Connection, run_id: UUID) -> list[TouchedRow]:
    """Return the rows of a run that later ones have written too."""
    key = {"run_id": run_id, "memory": list(MEMORY)}
    return [TouchedRow(*row) for row in connection.execute(TOUCHED_LATER, key)]


def _require_run(cursor: Cursor, run_id: UUID) -> None:
    found = cursor.execute(FIND_RUN, (run_id,)).fetchone()
    if found is None:
        raise NoSuchRunError(f"There is no run {run_id}. See: wpferry status")
    if found == (ROLLED_BACK,):
        raise NoSuchRunError(f"The run {run_id} was rolled back before. See: wpferry status")


def _require_unedited(cursor: Cursor, run_id: UUID) -> None:
    edited = [
        (name, row_id) for name in sorted(RECORD_TABLES) for (row_id,) in cursor.execute(_edited(name), (run_id,))
    ]
    if edited:
        listed = "".join(f"\n  {table} {row_id}" for table, row_id in edited[:LISTED])
        more = f"\n  and {len(edited) - LISTED} more" if len(edited) > LISTED else ""
        raise RowsEditedError(
            f"{len(edited)} of the rows of run {run_id} were edited in the CMS since:{listed}{more}\n"
            "To roll the run back would lose that; --discard-edits does it all the same."
        )


def _in_chain(connection: Connection, run_id: UUID) -> list[UUID]:
    """Return the run with all that have written its rows, and theirs, the newest first."""
    found, new = {run_id}, {run_id}
    while new:
        new = {row.later_run_id for one in new for row in touched_later(connection, one)} - found
        found |= new
    return [one for (one,) in connection.execute(NEWEST_FIRST, (list(found),))]


def _refusal(run_id: UUID, touched: Sequence[TouchedRow]) -> str:
    listed = "".join(f"\n  {row.table} {row.row_id} by run {row.later_run_id}" for row in touched[:LISTED])
    more = f"\n  and {len(touched) - LISTED} more" if len(touched) > LISTED else ""
    return (
        f"Later runs have written {len(touched)} of the rows of run {run_id}:{listed}{more}\n"
        "Roll the later runs back first, the latest one before the others, or let --force-chain do that."
    )


def _put_back(cursor: Cursor, run_id: UUID) -> tuple[int, int, int]:
    in_order = [table.name for table in tables.metadata.sorted_tables if table.name != "sites"]
    restored = sum(cursor.execute(_restore(name), (run_id,)).rowcount for name in in_order)
    deleted = sum(cursor.execute(_delete(name), (run_id,)).rowcount for name in reversed(in_order))
    # What the run found comes back under the name of the run before; what bears its own name goes.
    states = sum(
        cursor.execute(statement, (run_id,)).rowcount for name in MEMORY for statement in (_recall(name), _forget(name))
    )
    cursor.execute("DELETE FROM migration.row_history WHERE run_id = %s", (run_id,))
    cursor.execute(ROLL_BACK, (ROLLED_BACK, run_id))
    return restored, deleted, states


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


@cache
def _edited(name: str) -> bytes:
    """Return the query for a run's rows with a field that is neither as it was loaded nor as it would be again."""
    hashes, owned = present_hash(name)
    return (
        sql.SQL("""
        SELECT history.row_id
        FROM migration.row_history AS history
        JOIN migration.entity_state AS known
            ON known.site_id = history.site_id AND known.row_id = history.row_id
            AND split_part(known.entity, '/', 1) = {name}  -- "articles/es" holds translations that wpferry made
        JOIN {table} AS hashed ON hashed.id = history.row_id {owned}
        LEFT JOIN LATERAL (
            SELECT {hash} AS row_hash
            FROM jsonb_populate_record(NULL::{table}, history.before) AS hashed, (SELECT 0::bigint AS row_hash) AS owned
        ) AS old ON history.before IS NOT NULL
        WHERE history.run_id = %s AND history.table_name = {name} AND NOT {is_deleted}
            AND EXISTS (
                SELECT FROM unnest({hash}, known.loaded_hash, old.row_hash) WITH ORDINALITY
                    AS field (present, loaded, old, position)
                WHERE present <> loaded AND present IS DISTINCT FROM old
                    AND (position > 1 OR history.before IS NULL)  -- before-images of owned rows are their own
            )
        ORDER BY history.row_id
        """)
        .format(name=sql.Literal(name), table=target(name), owned=owned, hash=hashes, is_deleted=is_deleted(name))
        .as_bytes()
    )


@cache
def _recall(name: str) -> bytes:
    table = sql.Identifier(state_tables.SCHEMA, name)
    columns = state_tables.metadata.tables[f"{state_tables.SCHEMA}.{name}"].columns.keys()
    statement = sql.SQL("""
        INSERT INTO {table} ({columns})
        SELECT {values} FROM migration.row_history AS history,
            jsonb_populate_record(NULL::{table}, history.before) AS old
        WHERE history.run_id = %s AND history.table_name = {name}
        ON CONFLICT ({key}) DO UPDATE SET {assignments}
    """)
    return statement.format(
        table=table,
        columns=names(columns),
        values=sql.SQL(", ").join(sql.Identifier("old", column) for column in columns),
        name=sql.Literal(name),
        key=names(MEMORY[name]),
        assignments=sql.SQL(", ").join(
            sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in columns
        ),
    ).as_bytes()


@cache
def _forget(name: str) -> bytes:
    return sql.SQL("DELETE FROM {} WHERE run_id = %s").format(sql.Identifier(state_tables.SCHEMA, name)).as_bytes()
