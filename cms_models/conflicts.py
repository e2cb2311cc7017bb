"""Open conflicts: read with both versions, and resolved one by one, whole or field by field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from cms_models.changes import TITLE_COLUMNS
from cms_models.copy_sql import loaded_columns, names, table_named, target
from cms_models.db import Connection, target_errors
from cms_models.deletion import entomb
from cms_models.disputes import PUT_AWAY, field_names
from cms_models.errors import NotInConflictError, TargetRefusedError
from cms_models.merge_sql import OWNED, has_tombstone
from cms_models.rows import Json, Outcome
from cms_models.state_sql import OF_ENTITY, image_of

Cursor = psycopg.Cursor[Any]


class Side(StrEnum):
    """Whose word counts."""

    CMS = "cms"
    SOURCE = "source"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestedField:
    """One field with both its values; of `deleted_at`, whether the row is there."""

    name: str
    cms: Json
    source: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConflict:
    """One object that waits for a person to decide."""

    entity: str
    source_id: int
    row_id: UUID
    title: str
    cause: str
    fields: tuple[ContestedField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What became of a conflict."""

    rows_written: int
    still_open: tuple[str, ...]  # fields that nobody has decided on


@target_errors()
def read_conflicts(connection: Connection, site_id: int) -> list[OpenConflict]:
    """Return a site's open conflicts, with the CMS's version as it is at this moment."""
    entities = connection.execute(ENTITIES, (site_id,)).fetchall()
    cursor = connection.cursor(row_factory=dict_row)
    return [
        _open_conflict(entity, found)
        for (entity,) in entities
        for found in cursor.execute(_both_versions(entity), {"site_id": site_id, "entity": entity})
    ]


def resolve_conflict(
    connection: Connection,
    site_id: int,
    run_id: UUID,
    entity: str,
    source_id: int,
    sides: Side | Mapping[str, Side],
) -> Resolution:
    """Settle a conflict, or those of its fields that `sides` names, and write what follows from it.

    What is settled is remembered as seen, so it is not raised again until the source changes it once more. Raises
    NotInConflictError for an object or a field that is not in conflict.
    """
    key = {"site_id": site_id, "run_id": run_id, "entity": entity, "source_id": source_id}
    with target_errors(), connection.transaction(), connection.cursor() as cursor:
        found = cursor.execute(LOCK, key).fetchone()
        if found is None:
            raise NotInConflictError(f"{entity} {source_id} is not in conflict. See: wpferry conflicts")
        row_id, contested, outcome = found
        chosen = sides if isinstance(sides, Mapping) else dict.fromkeys(contested, sides)
        if unknown := chosen.keys() - set(contested):
            raise NotInConflictError(
                f"{min(unknown)!r} of {entity} {source_id} is not in conflict. In conflict: {', '.join(contested)}."
            )
        taken = [name for name, side in chosen.items() if side == Side.SOURCE]
        try:
            written = _take(cursor, {**key, "row_id": row_id, "fields": taken}, outcome) if taken else 0
        except psycopg.IntegrityError as error:
            raise TargetRefusedError(
                f"The source's version of {entity} {source_id} refers to something that is no longer in the CMS. "
                "Run wpferry migrate, then resolve it again."
            ) from error
        still_open = tuple(name for name in contested if name not in chosen)
        _remember(cursor, {**key, "settled": list(chosen), "still_open": list(still_open)}, entity)
    return Resolution(rows_written=written, still_open=still_open)


ENTITIES = "SELECT DISTINCT entity FROM migration.conflicts WHERE site_id = %s ORDER BY entity"
OF_OBJECT = "WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = %(source_id)s"
LOCK = f"""
    SELECT row_id, fields, outcome::text FROM migration.conflicts AS known {OF_OBJECT} FOR UPDATE
""".encode()  # noqa: S608 - names of ours, here and below

SAVE_MEMORY_IMAGES = tuple(
    f"{image_of(table)} WHERE {OF_ENTITY} AND known.source_id = %(source_id)s ON CONFLICT DO NOTHING".encode()
    for table in ("entity_state", "conflicts")
)
# Settled fields are remembered as the source has them, so that they are not changes any more.
ACKNOWLEDGE = f"""
    UPDATE migration.entity_state AS known
    SET run_id = %(run_id)s,
        outcome = CASE WHEN %(is_settled)s THEN conflict.outcome ELSE known.outcome END,
        reason = CASE WHEN %(is_settled)s THEN conflict.reason ELSE known.reason END,
        loaded_hash = CASE WHEN conflict.source_hash IS NULL THEN known.loaded_hash ELSE (
            SELECT array_agg(
                CASE WHEN (%(names)s::text[])[position::int] = ANY (%(settled)s) OR %(is_settled)s
                    THEN source ELSE coalesce(loaded, source) END ORDER BY position
            )
            FROM unnest(conflict.source_hash, known.loaded_hash) WITH ORDINALITY AS field (source, loaded, position)
        ) END
    FROM migration.conflicts AS conflict
    {OF_OBJECT} AND conflict.site_id = known.site_id AND conflict.entity = known.entity
        AND conflict.source_id = known.source_id
""".encode()  # noqa: S608
FORGET = f"DELETE FROM migration.conflicts AS known {OF_OBJECT}".encode()  # noqa: S608
NARROW = f"""
    UPDATE migration.conflicts AS known SET fields = %(still_open)s, run_id = %(run_id)s {OF_OBJECT}
""".encode()  # noqa: S608


def _take(cursor: Cursor, key: Mapping[str, Any], outcome: str) -> int:
    """Write what the source says about the fields, and return the rows written."""
    entity, source_id = key["entity"], key["source_id"]
    if outcome != Outcome.LOADED:  # the source has put it away
        return entomb(cursor, entity, key, [source_id], keep_edited=False).rows_written
    cursor.execute(_save_image(entity), {**key, "ids": [key["row_id"]]})
    if PUT_AWAY in key["fields"]:
        written = cursor.execute(_put_back(entity), key).rowcount
    else:
        written = cursor.execute(_take_fields(entity), key).rowcount
    if entity in OWNED and {PUT_AWAY, OWNED[entity][0]} & set(key["fields"]):
        owned, _ = OWNED[entity]
        ids = [row_id for (row_id,) in cursor.execute(_owned_ids(entity), key)]
        cursor.execute(_save_image(owned), {**key, "ids": ids})
        for statement in _replace_owned(entity):
            written += cursor.execute(statement, key).rowcount
    return written


def _remember(cursor: Cursor, key: Mapping[str, Any], entity: str) -> None:
    for statement in SAVE_MEMORY_IMAGES:
        cursor.execute(statement, key)
    is_settled = not key["still_open"]
    cursor.execute(ACKNOWLEDGE, {**key, "names": list(field_names(entity)), "is_settled": is_settled})
    cursor.execute(FORGET if is_settled else NARROW, key)


def _open_conflict(entity: str, found: Mapping[str, Any]) -> OpenConflict:
    owned = OWNED[entity][0] if entity in OWNED else None
    present, source = found["present"], found["source_row"]
    is_present = present is not None and present.get(PUT_AWAY) is None

    def field(name: str) -> ContestedField:
        if name == PUT_AWAY:
            return ContestedField(name=name, cms=_presence(is_present), source=_presence(source is not None))
        if name == owned:
            return ContestedField(name=name, cms=found["present_owned"], source=found["source_owned"])
        return ContestedField(name=name, cms=(present or {}).get(name), source=(source or {}).get(name))

    return OpenConflict(
        entity=entity,
        source_id=found["source_id"],
        row_id=found["row_id"],
        title=_title(present or source or {}),
        cause=_cause(found["fields"], found["outcome"]),
        fields=tuple(map(field, found["fields"])),
    )


def _presence(is_present: bool) -> str:
    return "present" if is_present else "deleted"


def _cause(fields: Collection[str], outcome: str) -> str:
    if outcome == Outcome.DELETED:
        return "gone from WordPress, edited in the CMS"
    if outcome == Outcome.SKIPPED:
        return "left out in WordPress, edited in the CMS"
    return "deleted in the CMS, changed in WordPress" if PUT_AWAY in fields else "changed in WordPress and in the CMS"


def _title(row: Mapping[str, Json]) -> str:
    return next((str(row[column]) for column in TITLE_COLUMNS if row.get(column)), "")


def _present_owned(table: str) -> sql.Composable:
    if table not in OWNED:
        return sql.SQL("'[]'::jsonb")
    name, owner = OWNED[table]
    return sql.SQL(
        "coalesce((SELECT jsonb_agg(to_jsonb(owned) ORDER BY owned.id) FROM {} AS owned"
        " WHERE owned.{} = conflict.row_id), '[]'::jsonb)"
    ).format(target(name), sql.Identifier(owner))


@cache
def _both_versions(table: str) -> bytes:
    return (
        sql.SQL("""
        SELECT conflict.source_id, conflict.row_id, conflict.fields, conflict.outcome, conflict.source_row,
            conflict.source_owned, to_jsonb(present) - 'search' AS present, {owned} AS present_owned
        FROM migration.conflicts AS conflict LEFT JOIN {table} AS present ON present.id = conflict.row_id
        WHERE conflict.site_id = %(site_id)s AND conflict.entity = %(entity)s
        ORDER BY conflict.source_id
        """)
        .format(table=target(table), owned=_present_owned(table))
        .as_bytes()
    )


@cache
def _save_image(table: str) -> bytes:
    return (
        sql.SQL("""
        INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
        SELECT %(run_id)s, {name}, wanted.id, %(site_id)s, to_jsonb(present) - 'search'
        FROM unnest(%(ids)s::uuid[]) AS wanted (id) LEFT JOIN {table} AS present ON present.id = wanted.id
        ON CONFLICT DO NOTHING
        """)
        .format(name=sql.Literal(table), table=target(table))
        .as_bytes()
    )


def _source_rows(table: str) -> sql.Composable:
    return sql.SQL("""
        migration.conflicts AS known, jsonb_populate_record(NULL::{}, known.source_row) AS source
    """).format(target(table)) + sql.SQL(OF_OBJECT)


@cache
def _take_fields(table: str) -> bytes:
    assignments = (
        sql.SQL("{0} = CASE WHEN {1} = ANY (%(fields)s) THEN source.{0} ELSE present.{0} END").format(
            sql.Identifier(name), sql.Literal(name)
        )
        for name in loaded_columns(table_named(table))
        if name != "id"
    )
    return (
        sql.SQL("UPDATE {table} AS present SET {assignments} FROM {source} AND present.id = known.row_id")
        .format(table=target(table), assignments=sql.SQL(", ").join(assignments), source=_source_rows(table))
        .as_bytes()
    )


@cache
def _put_back(table: str) -> bytes:
    columns = loaded_columns(table_named(table))
    assignments: list[sql.Composable] = [
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in columns if name != "id"
    ]
    if has_tombstone(table):
        assignments.append(sql.SQL("deleted_at = NULL"))
    return (
        sql.SQL("INSERT INTO {table} ({names}) SELECT {values} FROM {source} ON CONFLICT (id) DO UPDATE SET {assigned}")
        .format(
            table=target(table),
            names=names(columns),
            values=sql.SQL(", ").join(sql.Identifier("source", name) for name in columns),
            source=_source_rows(table),
            assigned=sql.SQL(", ").join(assignments),
        )
        .as_bytes()
    )


def _source_owned(table: str) -> sql.Composable:
    return sql.SQL("""
        migration.conflicts AS known, jsonb_populate_recordset(NULL::{}, known.source_owned) AS source
    """).format(target(OWNED[table][0])) + sql.SQL(OF_OBJECT)


@cache
def _owned_ids(table: str) -> bytes:
    name, owner = OWNED[table]
    return (
        sql.SQL("SELECT id FROM {} WHERE {} = %(row_id)s UNION SELECT source.id FROM {}")
        .format(target(name), sql.Identifier(owner), _source_owned(table))
        .as_bytes()
    )


@cache
def _replace_owned(table: str) -> tuple[bytes, bytes]:
    name, owner = OWNED[table]
    columns = loaded_columns(table_named(name))
    values = sql.SQL(", ").join(sql.Identifier("source", column) for column in columns)
    remove = sql.SQL("DELETE FROM {} WHERE {} = %(row_id)s").format(target(name), sql.Identifier(owner))
    insert = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
        target(name), names(columns), values, _source_owned(table)
    )
    return remove.as_bytes(), insert.as_bytes()
