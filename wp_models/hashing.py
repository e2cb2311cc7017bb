"""SHA-256 of rows, computed inside the source; the same value from MySQL, MariaDB and SQLite.

A row is encoded as its values' byte lengths and bytes ("5:hello", NULL is "N"), so that no two rows encode alike:
CONCAT_WS would skip NULL, and a separator could move from one value into the next.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Any

from sqlalchemy import ColumnElement, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from wp_models.tables import Installation


class row_hash(FunctionElement[str]):  # noqa: N801 - named as the SQL function it is
    """The hash of some columns of a row, as hexadecimal text."""

    type = String()
    inherit_cache = True


class ordered_hash(FunctionElement[str]):  # noqa: N801 - named as the SQL function it is
    """Aggregate: the hash of the row hashes of a group; the first argument is their order, the others are columns."""

    type = String()
    inherit_cache = True


class combined_hash(FunctionElement[str]):  # noqa: N801 - named as the SQL function it is
    """The hash of some hashes, which may be NULL: what a record's parts make together."""

    type = String()
    inherit_cache = True


class as_utf8(FunctionElement[str]):  # noqa: N801 - named as the SQL function it is
    """A text column of another charset, as UTF-8."""

    type = String()
    inherit_cache = True


def hash_of(site: Installation, table: str, columns: str) -> row_hash:
    """Return the hash of a table's columns, which are named with blanks between them."""
    own = site.table(table).c
    return row_hash(*(as_utf8(own[name]) if (table, name) in site.recoded else own[name] for name in columns.split()))


def _arguments(element: FunctionElement[Any]) -> list[ColumnElement[Any]]:
    return list(element.clauses)


@compiles(row_hash, "mysql")
def _row_hash_in_mysql(element: row_hash, compiler: SQLCompiler, **options: Any) -> str:
    values = (compiler.process(argument, **options) for argument in _arguments(element))
    encoded = ", ".join(f"IFNULL(CONCAT(LENGTH({value}), ':', {value}), 'N')" for value in values)
    return f"SHA2(CONCAT({encoded}), 256)"


@compiles(ordered_hash, "mysql")
def _ordered_hash_in_mysql(element: ordered_hash, compiler: SQLCompiler, **options: Any) -> str:
    order, *columns = _arguments(element)
    value = compiler.process(row_hash(*columns), **options)
    return f"SHA2(GROUP_CONCAT({value} ORDER BY {compiler.process(order, **options)} SEPARATOR ''), 256)"


@compiles(combined_hash, "mysql")
def _combined_hash_in_mysql(element: combined_hash, compiler: SQLCompiler, **options: Any) -> str:
    hashes = (f"IFNULL({compiler.process(argument, **options)}, '')" for argument in _arguments(element))
    return f"SHA2(CONCAT_WS('\n', {', '.join(hashes)}), 256)"


@compiles(as_utf8, "mysql")
def _as_utf8_in_mysql(element: as_utf8, compiler: SQLCompiler, **options: Any) -> str:
    (value,) = (compiler.process(argument, **options) for argument in _arguments(element))
    return f"CONVERT({value} USING utf8mb4)"


@compiles(row_hash, "sqlite")
def _row_hash_in_sqlite(element: row_hash, compiler: SQLCompiler, **options: Any) -> str:
    return f"wpferry_row_hash({_as_blobs(_arguments(element), compiler, **options)})"


@compiles(ordered_hash, "sqlite")
def _ordered_hash_in_sqlite(element: ordered_hash, compiler: SQLCompiler, **options: Any) -> str:
    order, *columns = _arguments(element)
    return f"wpferry_ordered_hash({compiler.process(order, **options)}, {_as_blobs(columns, compiler, **options)})"


@compiles(combined_hash, "sqlite")
def _combined_hash_in_sqlite(element: combined_hash, compiler: SQLCompiler, **options: Any) -> str:
    hashes = (compiler.process(argument, **options) for argument in _arguments(element))
    return f"wpferry_combined_hash({', '.join(hashes)})"


def _as_blobs(columns: list[ColumnElement[Any]], compiler: SQLCompiler, **options: Any) -> str:
    """Return arguments by which texts reach Python as their bytes, valid UTF-8 or not, and numbers as their digits."""
    return ", ".join(f"CAST({compiler.process(column, **options)} AS BLOB)" for column in columns)


def _row_hash(*values: bytes | None) -> str:
    encoded = b"".join(b"N" if value is None else b"%d:%b" % (len(value), value) for value in values)
    return hashlib.sha256(encoded).hexdigest()


def combined(*hashes: str | None) -> str:
    """Return what `combined_hash` returns."""
    return hashlib.sha256("\n".join(value or "" for value in hashes).encode()).hexdigest()


class _OrderedHash:
    def __init__(self) -> None:
        self._hashes: list[tuple[int, str]] = []

    def step(self, order: int, *values: Any) -> None:
        self._hashes.append((order, _row_hash(*values)))

    def finalize(self) -> Any:  # typeshed knows only aggregates that give numbers
        self._hashes.sort()
        return hashlib.sha256("".join(value for _, value in self._hashes).encode()).hexdigest()


def add_hash_functions(connection: sqlite3.Connection) -> None:
    """Give SQLite what MySQL has built in."""
    connection.create_function("wpferry_row_hash", -1, _row_hash, deterministic=True)
    connection.create_function("wpferry_combined_hash", -1, combined, deterministic=True)
    connection.create_aggregate("wpferry_ordered_hash", -1, _OrderedHash)
