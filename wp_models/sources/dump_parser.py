"""Parses dumps of mysqldump, mariadb-dump, phpMyAdmin and their like as a stream: tables, and their rows in portions.

Memory holds one portion and the longest row, never the dump. Regular expressions do the work; their possessive
quantifiers keep them linear on any input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import BinaryIO

from wp_models.errors import DumpDamagedError
from wp_models.sources.dump_tables import (
    ADD_PRIMARY_KEY,
    BACKTICKED,
    CREATE_TABLE,
    DOUBLE_QUOTED,
    NAME,
    STRING,
    TABLE,
    VIEW,
    Column,
    CreateTable,
    UseDatabase,
    name_of,
)
from wp_models.sources.dump_values import CONVERTERS, Decoder, Stored, decoder

READ_BYTES = 1 << 20
HEADER_BYTES = 1 << 16  # room for the longest beginning of an INSERT, with its list of columns
LONGEST_STATEMENT_BYTES = 64 << 20  # of others than INSERT
PORTION_BYTES = 4 << 20  # rows that are handed on together

VALUE = (
    rb"(?:_\w++\s*+)?(?:[bBnNxX]?" + STRING + rb"|" + DOUBLE_QUOTED + rb"""|[^\s'"(),;]++)"""
)  # 'text', _binary 'bytes', x'ff', 0xff, b'1', NULL, -1.5e3

INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*(?:INTO\s+)?" + TABLE
    + rb"\s*(?:\((?P<columns>[^()]*)\)\s*)?VALUES?\s*(?=\()",
    re.IGNORECASE,
)  # fmt: skip
USE = re.compile(rb"USE\s+(" + NAME + rb")", re.IGNORECASE)
SET_NAMES = re.compile(rb"SET\s+(?:NAMES|CHARACTER\s+SET|CHARSET)\s+['\"]?(\w+)", re.IGNORECASE)
DELIMITER = re.compile(rb"DELIMITER[ \t]+(\S+)", re.IGNORECASE)
DELIMITER_BACK = re.compile(rb"^[ \t]*DELIMITER[ \t]+;", re.IGNORECASE | re.MULTILINE)
BLANK = re.compile(rb"[\s;]*+")
WORD = re.compile(rb"[A-Za-z]+")
LINE_COMMENT = re.compile(rb"--(?=\s)|#|(?:mysqldump|mariadb-dump|mysql|mariadb): |Warning: ")
STATEMENT = re.compile(
    rb"(?:[^;'\"`#/\-]++|" + STRING + rb"|" + DOUBLE_QUOTED + rb"|" + BACKTICKED
    + rb"|--\s[^\n]*+|#[^\n]*+|/\*.*?\*/|[/\-])*+;",
    re.DOTALL,
)  # fmt: skip
COLUMN_NAME = re.compile(NAME)
ANY_VALUE = re.compile(VALUE, re.DOTALL)
FIRST_ROW = re.compile(rb"\s*\((" + VALUE + rb"(?:\s*,\s*" + VALUE + rb")*+)\s*\)", re.DOTALL)
# What a row looks like when only the end of it has not been read yet.
CUT_ROW = re.compile(
    rb"\s*(?:\(\s*(?:" + VALUE + rb"\s*,\s*)*+(?:" + VALUE + rb"|(?:_\w*+\s*+)?(?:[bBnNxX]?'(?:[^'\\]++|\\.|'')*+\\?"
    + rb'|"(?:[^"\\]++|\\.|"")*+\\?))?\s*(?:\)\s*)?)?\Z',
    re.DOTALL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InsertRows:
    """Some rows of a table."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[Stored, ...]]


class DumpParser:
    """Reads one dump; iterate over `statements()` once."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self.views: set[str] = set()  # found so far
        self.keyed: set[str] = set()  # tables with a primary key, found so far
        self._name = name
        self._data = b""
        self._position = 0
        self._offset = 0  # of the data's first byte in the stream
        self._at_end = False
        self._decode: Decoder = lambda raw: raw.decode("utf-8", "replace")
        self._tables: dict[str, CreateTable] = {}
        self._promised: bytes | None = None  # the last line that the dump's first lines promise

    def statements(self) -> Iterator[CreateTable | InsertRows | UseDatabase]:
        """Return tables and rows in the order of the dump. Raises DumpDamagedError at what is cut or not understood."""
        while self._skip_blank():
            if self._skip_comment():
                continue
            word = WORD.match(self._data, self._position)
            keyword = word[0].upper() if word else b""
            if keyword in (b"INSERT", b"REPLACE"):
                yield from self._rows()
            elif keyword == b"DELIMITER":
                self._skip_routine()
            else:
                found = self._read_statement(keyword, self._statement())
                if found is not None:
                    yield found
        if self._promised is not None:
            raise self._damaged(
                f"its end is missing: no line {self._promised.decode()!r}, so the export did not finish"
            )

    def _read_statement(self, keyword: bytes, statement: bytes) -> CreateTable | UseDatabase | None:
        if keyword == b"CREATE" and (created := CREATE_TABLE.match(statement)):
            table = CreateTable.parsed(created, statement)
            self._tables[table.name] = table
            if table.has_primary_key:
                self.keyed.add(table.name)
            return table
        if keyword == b"CREATE":
            self._note_view(statement)
        if keyword == b"ALTER" and (altered := ADD_PRIMARY_KEY.match(statement)):
            self.keyed.add(name_of(altered["table"]))
        if keyword == b"USE" and (used := USE.match(statement)):
            self._tables.clear()
            return UseDatabase(name_of(used[1]))
        if keyword == b"SET":
            self._set_charset(statement)
        elif keyword == b"START":  # phpMyAdmin wraps all in one transaction and has no last line
            self._promised = b"COMMIT;"
        elif keyword == b"COMMIT" and self._promised == b"COMMIT;":
            self._promised = None
        return None

    def _fill(self) -> bool:
        """Read on; return whether there was more. Reads ever larger portions while nothing is used up."""
        if self._at_end:
            return False
        rest = self._data[self._position :]
        more = self._stream.read(max(READ_BYTES, len(rest)))
        if not more:
            self._at_end = True
            more = b"\n"  # the last line may be a comment without one
        elif not self._offset and not self._position and not rest:
            more = more.removeprefix(b"\xef\xbb\xbf")
        self._offset += self._position
        self._data, self._position = rest + more, 0
        return True

    def _skip_blank(self) -> bool:
        while True:
            blank = BLANK.match(self._data, self._position)
            self._position = blank.end() if blank else self._position
            if len(self._data) - self._position >= HEADER_BYTES:
                return True
            if not self._fill():
                return self._position < len(self._data)

    def _skip_comment(self) -> bool:
        if LINE_COMMENT.match(self._data, self._position):
            line = self._upto(b"\n")
            if re.match(rb"-- (MySQL|MariaDB) dump ", line):
                if self._promised is not None:
                    raise self._damaged("one export ends before the next begins: it did not finish")
                self._promised = b"-- Dump completed"
            elif line.startswith(b"-- Dump completed"):
                self._promised = None
            return True
        if self._data.startswith(b"/*", self._position):
            comment = self._upto(b"*/")
            if comment.startswith(b"/*!"):  # what only newer servers are to execute
                self._set_charset(comment)
                self._note_view(comment)
            return True
        return False

    def _note_view(self, statement: bytes) -> None:
        if view := VIEW.search(statement, 0, HEADER_BYTES):
            self.views.add(name_of(view["table"]))

    def _upto(self, end: bytes) -> bytes:
        start = 2
        while (found := self._data.find(end, self._position + start)) < 0:
            start = max(2, len(self._data) - self._position - len(end))
            if not self._fill():
                raise self._damaged("it ends within a comment: the export was cut")
        passed = self._data[self._position : found + len(end)]
        self._position = found + len(end)
        return passed

    def _set_charset(self, statement: bytes) -> None:
        """Take note of SET NAMES, which may stand in a comment for certain versions."""
        if named := SET_NAMES.search(statement):
            charset = named[1].decode("ascii", "replace").lower()
            if charset == "default":
                return
            decode = decoder(charset)
            if decode is None:
                raise self._damaged(
                    f"it is written in the charset {charset}, which cannot be read safely; "
                    "dump again with --default-character-set=utf8mb4"
                )
            self._decode = decode

    def _skip_routine(self) -> None:
        """Pass over triggers and procedures, whose statements end by another delimiter."""
        named = DELIMITER.match(self._data, self._position)
        self._position += len(named[0]) if named else len(b"DELIMITER")
        if named and named[1] == b";":
            return
        while not (back := DELIMITER_BACK.search(self._data, self._position)):
            if len(self._data) - self._position > LONGEST_STATEMENT_BYTES or not self._fill():
                raise self._damaged("it ends within a trigger or procedure: the export was cut")
        self._position = back.end()

    def _statement(self) -> bytes:
        while not (statement := STATEMENT.match(self._data, self._position)):
            if len(self._data) - self._position > LONGEST_STATEMENT_BYTES:
                raise self._damaged("a statement does not end: a quote is missing")
            if not self._fill():
                rest = self._data[self._position :].strip()
                if rest.upper() == b"COMMIT":
                    self._position = len(self._data)
                    return rest
                raise self._damaged("it ends within a statement: the export was cut")
        self._position = statement.end()
        return statement[0]

    def _rows(self) -> Iterator[InsertRows]:
        header = INSERT.match(self._data, self._position)
        if not header:
            raise self._damaged("it has an INSERT without a list of VALUES, which cannot be read; use mysqldump")
        table = name_of(header["table"])
        listed = header["columns"]
        self._position = header.end()
        columns = self._columns_of(table, listed)
        names = tuple(column.name for column in columns)
        converters = [CONVERTERS[column.affinity](self._decode) for column in columns]
        row_pattern = _row_pattern(len(columns))
        rows: list[tuple[Stored, ...]] = []
        size = 0
        while True:
            row = row_pattern.match(self._data, self._position)
            if row is None:
                if not CUT_ROW.match(self._data, self._position):
                    raise self._damaged(f"a row of {table} cannot be understood")
                if not self._fill():
                    raise self._damaged(f"it ends within the rows of {table}: the export was cut")
                continue
            try:
                rows.append(tuple([convert(raw) for convert, raw in zip(converters, row.groups(), strict=False)]))
            except ValueError:
                raise self._damaged(f"a value of {table} cannot be understood") from None
            size += row.end() - self._position
            self._position = row.end()
            if row.group(row.lastindex or 0) != b",":
                break
            if size > PORTION_BYTES:
                yield InsertRows(table, names, rows)
                rows, size = [], 0
        yield InsertRows(table, names, rows)

    def _columns_of(self, table: str, listed: bytes | None) -> tuple[Column, ...]:
        created = self._tables.get(table)
        if created is None:
            raise self._damaged(f"it has rows of {table} but no CREATE TABLE before them; dump structure and data")
        if listed is not None:
            by_name = {column.name: column for column in created.columns}
            try:
                return tuple(by_name[name_of(name)] for name in COLUMN_NAME.findall(listed))
            except KeyError as error:
                raise self._damaged(f"it has rows of {table} with an unknown column {error}") from None
        count = self._count_of_values(table)
        stored = tuple(column for column in created.columns if not column.is_generated)
        for columns in (created.columns, stored):
            if len(columns) == count:
                return columns
        raise self._damaged(f"a row of {table} has {count} values for {len(created.columns)} columns")

    def _count_of_values(self, table: str) -> int:
        while not (row := FIRST_ROW.match(self._data, self._position)):
            if not CUT_ROW.match(self._data, self._position):
                raise self._damaged(f"a row of {table} cannot be understood")
            if not self._fill():
                raise self._damaged(f"it ends within the rows of {table}: the export was cut")
        return sum(1 for _ in ANY_VALUE.finditer(row[1]))

    def _damaged(self, reason: str) -> DumpDamagedError:
        return DumpDamagedError(
            f"The dump {self._name} cannot be read: {reason} (near byte {self._offset + self._position:,}). "
            "Make the dump again, and check that it is copied whole."
        )


@lru_cache(maxsize=64)
def _row_pattern(count: int) -> re.Pattern[bytes]:
    """Return what matches one row of so many values, a group each, and the sign after it as the last group."""
    values = rb"\s*,\s*".join([rb"(" + VALUE + rb")"] * count)
    return re.compile(rb"\s*\(\s*" + values + rb"\s*\)\s*(,|;|(?i:ON\s+DUPLICATE\s+KEY|AS)\s[^;]*;)", re.DOTALL)
