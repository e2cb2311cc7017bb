"""Rows, tables, enums and migrations say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import get_args

import psycopg
import pytest
from sqlalchemy import Enum

from cms_models import bulk, db, schema, state_tables, tables
from cms_models.copy_sql import loaded_columns
from cms_models.merge_sql import OWNED, RECORD_TABLES
from cms_models.rows import MediaKind, MediaStatus, Outcome, Row, Status, TranslationOrigin
from cms_models.views import PRISMA_NAMES


@pytest.fixture(scope="module")
def connection(module_postgres: str) -> Iterator[db.Connection]:
    schema.upgrade(module_postgres)
    with db.connect(module_postgres) as connection:
        yield connection


@pytest.mark.parametrize("row", get_args(Row), ids=lambda row: row.__name__)
def test_fields_of_a_row_are_columns_of_its_table(row: type) -> None:
    table = tables.metadata.tables[f"cms.{row.table}"]  # type: ignore[attr-defined]  # each row class has one
    assert {field.name for field in fields(row)} == set(loaded_columns(table))  # type: ignore[arg-type]


def test_every_table_has_a_row_class() -> None:
    names = {table.name for table in tables.metadata.sorted_tables}
    assert names - {"sites"} == {row.table for row in get_args(Row)}


def test_every_table_is_of_records_or_owned_or_shared() -> None:
    names = {table.name for table in tables.metadata.sorted_tables} - {"sites"}
    owned = {name for name, _ in OWNED.values()}
    assert names == RECORD_TABLES | owned | {"translation_groups"}


def test_every_table_has_a_view_for_prisma() -> None:
    assert {table.name for table in tables.metadata.sorted_tables} == set(PRISMA_NAMES)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (tables.articles.c.status, Status),
        (tables.articles.c.translation_origin, TranslationOrigin),
        (tables.media.c.kind, MediaKind),
        (tables.media.c.status, MediaStatus),
        (state_tables.entity_state.c.outcome, Outcome),
    ],
)
def test_enums_of_the_database_are_those_of_the_rows(connection: db.Connection, column: object, values: type) -> None:
    kind = column.type  # type: ignore[attr-defined]  # a column
    assert isinstance(kind, Enum)
    found = connection.execute(f"SELECT unnest(enum_range(NULL::{kind.schema}.{kind.name}))::text".encode())
    assert [value for (value,) in found] == [str(value) for value in values]


def test_no_revision_is_pending(connection: db.Connection, module_postgres: str) -> None:
    schema.check(module_postgres)


def test_columns_stand_in_the_order_of_the_tables_here(connection: db.Connection) -> None:
    for table in tables.metadata.sorted_tables:
        query = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum"
        found = [name for (name,) in connection.execute(query, (table.fullname,)) if "dropped" not in name]
        assert found == [column.name for column in table.columns]


def test_each_schema_keeps_its_own_version(connection: db.Connection) -> None:
    assert schema.schema_versions(connection) == {"cms": "0003", "migration": "0003"}


def test_an_upgrade_of_an_upgraded_database_changes_nothing(connection: db.Connection, module_postgres: str) -> None:
    catalog = (
        "SELECT oid, xmin, relname FROM pg_class WHERE relnamespace::regnamespace::text IN ('api', 'prisma') ORDER BY 1"
    )
    before = connection.execute(catalog).fetchall()
    assert len(before) == 4 + len(PRISMA_NAMES)
    schema.upgrade(module_postgres)
    assert connection.execute(catalog).fetchall() == before


def test_large_columns_are_not_compressed_by_pglz(connection: db.Connection) -> None:
    query = "SELECT attstorage, attcompression FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
    for (space, table), columns in bulk.LARGE_COLUMNS.items():
        for column in columns:
            [(storage, compression)] = connection.execute(query, (f"{space}.{table}", column))
            assert storage == "e" or compression == "l"


def test_no_statistics_are_gathered_of_columns_that_no_query_compares(connection: db.Connection) -> None:
    columns = {f"{space}.{table}.{name}" for (space, table), names in bulk.UNSEARCHED_COLUMNS.items() for name in names}
    query = "SELECT format('%s.%s', attrelid::regclass, attname) FROM pg_attribute WHERE attstattarget = 0"
    assert {name for (name,) in connection.execute(query)} == columns


def test_owned_rows_and_references_are_enforced(connection: db.Connection) -> None:
    orphan = "INSERT INTO cms.media_variants (id, site_id, media_id, store_key, mime_type) VALUES (%s, 1, %s, 'k', 'm')"
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute(orphan, ("00000000-0000-0000-0000-000000000001",) * 2)
