"""Rows that were changed on both sides: told apart field by field, merged where the policy says so, kept for a person.

A field is contested when the source has changed it and the CMS holds something else there; in a merge only when
somebody has edited it in the CMS as well. What is contested stays as it is in the CMS. What rows own counts as one
field, named like its table; `deleted_at` stands for a row that one side has put away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from cms_models.copy_sql import CONFLICTS, loaded_columns, names, staging, table_named, target
from cms_models.merge_sql import OWNED, is_deleted, present_hash
from cms_models.rows import Outcome
from cms_models.staging import create_stages
from cms_models.state_sql import save_conflicts

Cursor = psycopg.Cursor[Any]

DISPUTED = "disputed"
PUT_AWAY = "deleted_at"
"""The field of a conflict in which one side has put the row away."""

ANY_DISPUTED = b"SELECT EXISTS (SELECT FROM stage_outcomes WHERE decision = 'disputed')"

COMPARE_FIELDS = b"""
    UPDATE stage_outcomes AS decided
    SET contested = compared.contested, known_hash = compared.remembered,
        kept_positions = CASE WHEN compared.is_written THEN compared.kept_positions END,
        decision = CASE
            WHEN compared.is_written THEN 'write' WHEN compared.contested IS NULL THEN 'kept' ELSE 'conflict'
        END
    FROM (
        SELECT source_id,
            CASE
                WHEN bool_or(present IS NULL) THEN ARRAY['deleted_at']
                ELSE array_agg((%(fields)s::text[])[position::int] ORDER BY position) FILTER (WHERE is_contested)
            END AS contested,
            array_agg(position) FILTER (WHERE is_contested OR NOT is_changed) AS kept_positions,
            array_agg(CASE WHEN is_contested IS NOT FALSE THEN known ELSE staged END ORDER BY position) AS remembered,
            %(merge)s AND bool_or(is_changed AND NOT is_contested AND staged <> present) IS TRUE AS is_written
        FROM stage_outcomes AS disputed
        CROSS JOIN LATERAL unnest(row_hash, known_hash, present_hash) WITH ORDINALITY
            AS field (staged, given, present, position)
        -- A column that is younger than the load was edited by nobody.
        CROSS JOIN LATERAL (SELECT coalesce(given, present, staged) AS known) AS base
        CROSS JOIN LATERAL (SELECT staged <> known AS is_changed) AS source
        CROSS JOIN LATERAL (
            SELECT is_changed AND staged <> present AND (present <> known OR NOT %(merge)s) AS is_contested
        ) AS judged
        WHERE disputed.decision = 'disputed'
        GROUP BY source_id
    ) AS compared
    WHERE compared.source_id = decided.source_id
"""

NOTE_CONFLICT = b"""
    INSERT INTO stage_outcomes (source_id, row_id, existed, decision, contested)
    SELECT source_id, row_id, true, 'conflict', ARRAY['deleted_at']
    FROM unnest(%(source_ids)s::int8[], %(row_ids)s::uuid[]) AS gone (source_id, row_id)
"""
NOTE_PUT_AWAY = b"""
    INSERT INTO stage_conflicts (source_id, row_id, fields, source_owned, outcome, reason)
    SELECT source_id, gone.row_id, ARRAY['deleted_at'], '[]', %(outcome)s::migration.outcome, state.reason
    FROM unnest(%(source_ids)s::int8[], %(row_ids)s::uuid[]) AS gone (source_id, row_id)
"""


def settle_disputes(cursor: Cursor, table: str, key: Mapping[str, Any], *, merge: bool) -> None:
    """Decide on the disputed rows of a table; merged rows are changed where they are staged."""
    if cursor.execute(ANY_DISPUTED).fetchone() != (True,):
        return
    cursor.execute(_recall_hashes(table), key)
    cursor.execute(COMPARE_FIELDS, {"fields": list(field_names(table)), "merge": merge})
    cursor.execute(_note_conflicts(table))
    if merge:
        cursor.execute(_keep_fields(table))
        if table in OWNED:
            for statement in _keep_owned(table):
                cursor.execute(statement)


def note_left_out(cursor: Cursor, conflicts: Collection[tuple[int, UUID]]) -> None:
    """Note the rows of a batch that were edited in the CMS while the source has left their objects out."""
    key = _columns(conflicts)
    cursor.execute(NOTE_CONFLICT, key)
    note = NOTE_PUT_AWAY + b" JOIN stage_states AS state USING (source_id)"
    cursor.execute(note, {**key, "outcome": Outcome.SKIPPED.value})


def save_gone(
    cursor: Cursor, key: Mapping[str, Any], source_ids: Collection[int], conflicts: Collection[tuple[int, UUID]]
) -> None:
    """Save as conflicts the rows that were edited in the CMS while their objects have gone; forget the others'."""
    create_stages(cursor, [CONFLICTS])
    note = NOTE_PUT_AWAY + b" CROSS JOIN (SELECT NULL::text AS reason) AS state"
    cursor.execute(note, {**_columns(conflicts), "outcome": Outcome.DELETED.value})
    save_conflicts(cursor, key, source_ids)


def field_names(table: str) -> Sequence[str]:
    """Return the names of a row's fields in the order of its hashes."""
    owned = OWNED[table][0] if table in OWNED else ""
    return (owned, *loaded_columns(table_named(table)))


def _columns(conflicts: Collection[tuple[int, UUID]]) -> dict[str, Any]:
    return {"source_ids": [source_id for source_id, _ in conflicts], "row_ids": [row_id for _, row_id in conflicts]}


@cache
def _recall_hashes(table: str) -> bytes:
    hashes, owned = present_hash(table)
    return (
        sql.SQL("""
        UPDATE stage_outcomes AS decided
        SET known_hash = known.loaded_hash, present_hash = (
            SELECT {hash} FROM {table} AS hashed {owned} WHERE hashed.id = decided.row_id AND NOT {is_deleted}
        )
        FROM migration.entity_state AS known
        WHERE decided.decision = 'disputed' AND known.source_id = decided.source_id
            AND known.site_id = %(site_id)s AND known.entity = %(entity)s
        """)
        .format(hash=hashes, table=target(table), owned=owned, is_deleted=is_deleted(table))
        .as_bytes()
    )


@cache
def _note_conflicts(table: str) -> bytes:
    owned: sql.Composable = sql.SQL("'[]'::jsonb")
    if table in OWNED:
        name, owner = OWNED[table]
        owned = sql.SQL(
            "coalesce((SELECT jsonb_agg(to_jsonb(owned) ORDER BY owned.id) FROM {} AS owned WHERE {} = staged.id),"
            " '[]'::jsonb)"
        ).format(staging(name), sql.Identifier("owned", owner))
    return (
        sql.SQL("""
        INSERT INTO stage_conflicts (source_id, row_id, fields, source_row, source_owned, source_hash, outcome)
        SELECT source_id, row_id, contested, to_jsonb(staged), {owned}, row_hash, 'loaded'
        FROM stage_outcomes JOIN {stage} AS staged ON staged.id = row_id
        WHERE contested IS NOT NULL
        """)
        .format(owned=owned, stage=staging(table))
        .as_bytes()
    )


@cache
def _keep_fields(table: str) -> bytes:
    assignments = (
        sql.SQL("{0} = CASE WHEN {1} = ANY (decided.kept_positions) THEN present.{0} ELSE staged.{0} END").format(
            sql.Identifier(name), sql.Literal(position)
        )
        for position, name in enumerate(field_names(table), start=1)
        if position > 1
    )
    return (
        sql.SQL("""
        UPDATE {stage} AS staged SET {assignments}
        FROM {table} AS present, stage_outcomes AS decided
        WHERE present.id = staged.id AND decided.row_id = staged.id AND decided.kept_positions IS NOT NULL
        """)
        .format(stage=staging(table), table=target(table), assignments=sql.SQL(", ").join(assignments))
        .as_bytes()
    )


@cache
def _keep_owned(table: str) -> tuple[bytes, bytes]:
    name, owner = OWNED[table]
    keeping = sql.SQL("SELECT row_id FROM stage_outcomes WHERE 1 = ANY (kept_positions)")
    columns = names(loaded_columns(table_named(name)))
    remove = sql.SQL("DELETE FROM {} WHERE {} IN ({})").format(staging(name), sql.Identifier(owner), keeping)
    put_back = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {} WHERE {} IN ({})").format(
        staging(name), columns, columns, target(name), sql.Identifier(owner), keeping
    )
    return remove.as_bytes(), put_back.as_bytes()
