"""Rows whose source object is gone, left out or moved: tombstones, and what they take with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from cms_models import tables
from cms_models.copy_sql import table_named, target
from cms_models.merge_sql import OWNED, has_tombstone, is_deleted, present_hash
from cms_models.state_sql import OF_ENTITY, image_of

Cursor = psycopg.Cursor[Any]
Key = Mapping[str, Any]
"""Names site_id, entity and run_id."""


@dataclass(frozen=True, slots=True)
class Entombed:
    """What became of rows that were to go."""

    conflicts: tuple[tuple[int, UUID], ...] = ()  # source id and row id of rows that were edited in the CMS and stay
    deleted: int = 0
    rows_written: int = 0


def entomb(
    cursor: Cursor, table: str, key: Key, source_ids: Collection[int], *, keep_edited: bool = True, purge: bool = False
) -> Entombed:
    """Mark the rows of source objects as deleted, or delete those of tables without tombstones, or all to purge.

    What rows own goes with them. Rows that were edited in the CMS stay if `keep_edited`. State is the caller's.
    """
    found = cursor.execute(_candidates(table), {**key, "source_ids": list(source_ids)}).fetchall()
    edited = tuple((source_id, row_id) for source_id, row_id, is_edited in found if is_edited and keep_edited)
    kept = {row_id for _, row_id in edited}
    ids = [row_id for _, row_id, _ in found if row_id not in kept]
    return Entombed(edited, len(ids), _put_away(cursor, table, key, ids, purge=purge) if ids else 0)


def remove_tombstones(cursor: Cursor, table: str, key: Key) -> int:
    """Delete the rows of a table that we have put away before, and return the number of rows written."""
    if not has_tombstone(table):
        return 0
    ids = [row_id for (row_id,) in cursor.execute(_tombstones(table), key)]
    return _put_away(cursor, table, key, ids, purge=True) if ids else 0


def _put_away(cursor: Cursor, table: str, key: Key, ids: Collection[UUID], *, purge: bool) -> int:
    """Mark rows as deleted, or delete them, with what they own; return the number of rows written."""
    of_rows = {**key, "ids": list(ids)}
    written = 0
    if purge:
        for referring, column in _referring(table):
            cursor.execute(_save_images(referring, column), of_rows)
    if table in OWNED:
        owned, column = OWNED[table]
        cursor.execute(_save_images(owned, column), of_rows)
        written += cursor.execute(_delete(owned, column), of_rows).rowcount
    cursor.execute(_save_images(table, "id"), of_rows)
    statement = _mark(table) if has_tombstone(table) and not purge else _delete(table, "id")
    return written + cursor.execute(statement, of_rows).rowcount


def remove_moved(cursor: Cursor, key: Key, tables_before: Sequence[str], source_ids: Collection[int]) -> int:
    """Entomb the rows that objects had in other tables before their type changed; return the number of rows written."""
    statement = """
        SELECT entity, array_agg(source_id) FROM migration.entity_state
        WHERE site_id = %s AND entity = ANY (%s) AND source_id = ANY (%s) GROUP BY entity ORDER BY entity
    """
    written = 0
    moved = cursor.execute(statement, (key["site_id"], list(tables_before), list(source_ids))).fetchall()
    for entity, ids in moved:
        old = {**key, "entity": entity, "source_ids": ids}
        # The record lives on elsewhere, edits or not: two rows for one object would be worse.
        written += entomb(cursor, entity, old, ids, keep_edited=False).rows_written
        for forget in FORGET:
            cursor.execute(forget.encode(), old)
    return written


OF_SOURCE_IDS = (
    "WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = ANY (%(source_ids)s)"
)

SAVE_STATE_IMAGES, SAVE_ISSUE_IMAGES, SAVE_LETTER_IMAGES, SAVE_CONFLICT_IMAGES = (
    f"{image_of(table)} WHERE {OF_ENTITY} AND known.source_id = ANY (%(source_ids)s) ON CONFLICT DO NOTHING"
    for table in ("entity_state", "issues", "dead_letters", "conflicts")
)
FORGET_ISSUES = f"DELETE FROM migration.issues AS known {OF_SOURCE_IDS}"  # noqa: S608 - names of ours, here and below
RESOLVE_DEAD_LETTERS = f"""
    UPDATE migration.dead_letters AS known SET resolved_at = now() {OF_SOURCE_IDS} AND resolved_at IS NULL
"""  # noqa: S608
FORGET_CONFLICTS = f"DELETE FROM migration.conflicts AS known {OF_SOURCE_IDS}"  # noqa: S608
FORGET_STATES = f"DELETE FROM migration.entity_state AS known {OF_SOURCE_IDS}"  # noqa: S608
GONE_BUT_EDITED = "gone from the source, edited in the CMS"
MARK_DELETED = f"""
    UPDATE migration.entity_state AS known SET outcome = 'deleted', reason = NULL, run_id = %(run_id)s
    {OF_SOURCE_IDS} AND outcome <> 'deleted' AND source_id <> ALL (%(conflicts)s)
"""  # noqa: S608
MARK_CONFLICTS = f"""
    UPDATE migration.entity_state AS known
    SET outcome = 'conflict', reason = '{GONE_BUT_EDITED}', run_id = %(run_id)s
    {OF_SOURCE_IDS} AND outcome <> 'conflict' AND source_id = ANY (%(conflicts)s)
"""  # noqa: S608
FORGET_FINDINGS = (SAVE_ISSUE_IMAGES, FORGET_ISSUES, SAVE_LETTER_IMAGES, RESOLVE_DEAD_LETTERS)
FORGET = (SAVE_STATE_IMAGES, *FORGET_FINDINGS, SAVE_CONFLICT_IMAGES, FORGET_CONFLICTS, FORGET_STATES)
MARK = (SAVE_STATE_IMAGES, *FORGET_FINDINGS, MARK_DELETED, MARK_CONFLICTS)


def mark_deleted(cursor: Cursor, key: Key, source_ids: Collection[int], conflicts: Collection[int]) -> None:
    """Write into the state that objects are gone; those in `conflicts` are gone but their rows stay."""
    values = {**key, "source_ids": list(source_ids), "conflicts": list(conflicts)}
    for statement in MARK:
        cursor.execute(statement.encode(), values)


@cache
def _candidates(table: str) -> bytes:
    hashes, owned = present_hash(table)
    return (
        sql.SQL("""
        SELECT known.source_id, hashed.id,
            coalesce(({hashes})[:cardinality(known.loaded_hash)] <> known.loaded_hash, false) AS is_edited
        FROM migration.entity_state AS known JOIN {table} AS hashed ON hashed.id = known.row_id {owned}
        WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = ANY (%(source_ids)s)
            AND NOT {is_deleted}
        ORDER BY hashed.id
        """)
        .format(hashes=hashes, table=target(table), owned=owned, is_deleted=is_deleted(table))
        .as_bytes()
    )


@cache
def _tombstones(table: str) -> bytes:
    return (
        sql.SQL("""
        SELECT put_away.id
        FROM migration.entity_state AS known JOIN {table} AS put_away ON put_away.id = known.row_id
        WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.outcome IN ('deleted', 'skipped')
            AND put_away.deleted_at IS NOT NULL
        ORDER BY put_away.id
        """)
        .format(table=target(table))
        .as_bytes()
    )


@cache
def _save_images(table: str, column: str) -> bytes:
    return (
        sql.SQL("""
        INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
        SELECT %(run_id)s, {name}, target.id, %(site_id)s, to_jsonb(target.*) - 'search'
        FROM {table} AS target WHERE target.{column} = ANY (%(ids)s) ORDER BY target.id ON CONFLICT DO NOTHING
        """)
        .format(name=sql.Literal(table), table=target(table), column=sql.Identifier(column))
        .as_bytes()
    )


@cache
def _delete(table: str, column: str) -> bytes:
    statement = sql.SQL("DELETE FROM {} WHERE {} = ANY (%(ids)s)")
    return statement.format(target(table), sql.Identifier(column)).as_bytes()


@cache
def _mark(table: str) -> bytes:
    return sql.SQL("UPDATE {} SET deleted_at = now() WHERE id = ANY (%(ids)s)").format(target(table)).as_bytes()


def _referring(table: str) -> list[tuple[str, str]]:
    """Return the tables and columns that refer to a table: the database empties or deletes those rows."""
    return [
        (other.name, key.parent.name)
        for other in tables.metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table_named(table)
    ]
