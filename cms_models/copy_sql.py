"""Staging tables, made from the tables of `cms`, and the COPY that fills them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from psycopg import sql
from sqlalchemy import ARRAY, BigInteger, Boolean, Enum, Integer, Numeric, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.types import TypeEngine

from cms_models import tables


@dataclass(frozen=True, slots=True)
class Stage:
    """A temporary table and how to fill it by COPY."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]  # Postgres's names of what is sent; enums are sent as text
    create_sql: bytes
    copy_sql: bytes

    def positions(self, *types: str) -> tuple[int, ...]:
        """Return the positions of the columns that are sent as one of these types."""
        return tuple(position for position, name in enumerate(self.types) if name in types)


def plain_stage(name: str, columns: Mapping[str, str]) -> Stage:
    """Return a staging table of named columns with their types."""
    listed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(kind)) for column, kind in columns.items()
    )
    create = sql.SQL("CREATE TEMP TABLE {} ({}) ON COMMIT DELETE ROWS").format(sql.Identifier(name), listed)
    copy = copy_statement(sql.Identifier(name), columns)
    return Stage(name, tuple(columns), tuple(columns.values()), create.as_bytes(), copy)


@cache
def row_stage(name: str) -> Stage:
    """Return the staging table for rows of a `cms` table."""
    table = table_named(name)
    columns = loaded_columns(table)
    created = sql.SQL("CREATE TEMP TABLE {stage} ON COMMIT DELETE ROWS AS SELECT {columns} FROM {table} WITH NO DATA")
    # Bodies are read once from here: to compress them would cost more than all the rest.
    uncompressed = [
        sql.SQL("; ALTER TABLE {} ALTER {} SET STORAGE EXTERNAL").format(staging(name), sql.Identifier(column))
        for column in columns
        if isinstance(table.columns[column].type, (Text, JSONB))
    ]
    statement = created.format(stage=staging(name), columns=names(columns), table=target(name)) + sql.Composed(
        uncompressed
    )
    types = tuple(sent_as(table.columns[column].type) for column in columns)
    return Stage(f"stage_{name}", columns, types, statement.as_bytes(), copy_statement(staging(name), columns))


@cache
def straight(name: str) -> Stage:
    """Return how to fill a `cms` table itself by COPY, for rows that it does not have."""
    stage = row_stage(name)
    return replace(stage, name=name, create_sql=b"", copy_sql=copy_statement(target(name), stage.columns))


def table_named(name: str) -> Table:
    """Return a table of the schema `cms`."""
    return tables.metadata.tables[f"{tables.SCHEMA}.{name}"]


def loaded_columns(table: Table) -> tuple[str, ...]:
    """Return the columns that rows fill, in the order of the table."""
    return tuple(column.name for column in table.columns if column.name not in tables.MADE_BY_THE_DATABASE)


SENT_AS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Enum, "text"),
    (Text, "text"),
    (Uuid, "uuid"),
    (BigInteger, "int8"),
    (SmallInteger, "int2"),
    (Integer, "int4"),
    (Boolean, "bool"),
    (Numeric, "numeric"),
    (TIMESTAMP, "timestamptz"),
    (JSONB, "jsonb"),
)


def sent_as(kind: TypeEngine[Any]) -> str:
    """Return Postgres's name of the type in which values of a column are sent."""
    if isinstance(kind, ARRAY):
        return f"{sent_as(kind.item_type)}[]"
    return next(name for known, name in SENT_AS if isinstance(kind, known))


def copy_statement(table: sql.Identifier, columns: Iterable[str]) -> bytes:
    """Return the COPY that fills a table."""
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(table, names(columns)).as_bytes()


def names(columns: Iterable[str]) -> sql.Composable:
    """Return column names, separated by commas."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def staging(name: str) -> sql.Identifier:
    """Return the name of a table's staging table."""
    return sql.Identifier(f"stage_{name}")


def target(name: str) -> sql.Identifier:
    """Return the full name of a table of the schema `cms`."""
    return sql.Identifier(tables.SCHEMA, name)


STAGED_STATES = {
    "source_id": "int8",
    "fingerprint": "text",
    "transform_version": "int4",
    "row_id": "uuid",
    "outcome": "text",
    "reason": "text",
    "facts": "text[]",
}
STAGED_ISSUES = {"source_id": "int8", "position": "int4", "code": "text", "detail": "text"}
STAGED_DEAD_LETTERS = {"source_id": "int8", "stage": "text", "error": "text", "detail": "text", "payload": "jsonb"}
STAGED_OUTCOMES = {
    "source_id": "int8",
    "row_id": "uuid",
    "existed": "bool",
    "decision": "text",
    "row_hash": "int8[]",
    # Of disputed rows only: what to remember as loaded, what is in the CMS, what is contested, whose word counts.
    "known_hash": "int8[]",
    "present_hash": "int8[]",
    "contested": "text[]",
    "kept_positions": "int8[]",
}
STAGED_CONFLICTS = {
    "source_id": "int8",
    "row_id": "uuid",
    "fields": "text[]",
    "source_row": "jsonb",
    "source_owned": "jsonb",
    "source_hash": "int8[]",
    "outcome": "migration.outcome",
    "reason": "text",
}


STATES = plain_stage("stage_states", STAGED_STATES)
ISSUES = plain_stage("stage_issues", STAGED_ISSUES)
DEAD_LETTERS = plain_stage("stage_dead_letters", STAGED_DEAD_LETTERS)
OUTCOMES = plain_stage("stage_outcomes", STAGED_OUTCOMES)
CONFLICTS = plain_stage("stage_conflicts", STAGED_CONFLICTS)
BATCH_STAGES = (STATES, ISSUES, DEAD_LETTERS, OUTCOMES, CONFLICTS)
