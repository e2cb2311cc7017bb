"""Columns and indexes that several tables of the schema `cms` have alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from cms_models.rows import REFERENCE_COLUMNS

SCHEMA = "cms"

TIMESTAMPTZ = TIMESTAMP(timezone=True)


def required(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    """Return a column that is never NULL."""
    return Column(name, kind, *more, nullable=False, **options)


def texts(*names: str) -> list[Column[Any]]:
    """Return text columns that are empty rather than NULL."""
    return [required(name, Text, server_default="") for name in names]


def key() -> Column[Any]:
    """Return the primary key, computed by `rows.row_id`."""
    return Column("id", Uuid, primary_key=True)


def site() -> Column[Any]:
    """Return the reference to the site that a row belongs to."""
    return required("site_id", SmallInteger, ForeignKey(f"{SCHEMA}.sites.id", deferrable=True))


def reference(name: str, table: str, *, on_delete: str, nullable: bool = True) -> Column[Any]:
    """Return an enforced reference; checks wait for the commit when a rollback asks for it."""
    return Column(
        name, Uuid, ForeignKey(f"{SCHEMA}.{table}.id", ondelete=on_delete, deferrable=True), nullable=nullable
    )


def references(tables: Sequence[str], *, on_delete: str) -> list[Column[Any]]:
    """Return one nullable reference for each table."""
    return [reference(REFERENCE_COLUMNS[table], table, on_delete=on_delete) for table in tables]


def reference_indexes(table: str, columns: Sequence[str]) -> list[Index]:
    """Return an index for each reference, of the rows that have one."""
    return [Index(f"{table}_{name}_idx", name, postgresql_where=text(f"{name} IS NOT NULL")) for name in columns]


def json_object(name: str) -> Column[Any]:
    """Return a JSON column that is an empty object when nothing is known."""
    return required(name, JSONB, server_default=text("'{}'::jsonb"))


def tombstone() -> Column[Any]:
    """Return the time at which the object was gone from the source."""
    return Column("deleted_at", TIMESTAMPTZ)
