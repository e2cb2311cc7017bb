"""Tables as dumps define them: names and kinds of columns. Keys, defaults and engines do not matter to a reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

STRING = rb"'(?:[^'\\]++|\\.|'')*+'"
DOUBLE_QUOTED = rb'"(?:[^"\\]++|\\.|"")*+"'
BACKTICKED = rb"`(?:[^`]++|``)++`"
NAME = rb"(?:" + BACKTICKED + rb'|"[^"]++"|[\w$]++)'
TABLE = rb"(?:" + NAME + rb"\s*\.\s*)?(?P<table>" + NAME + rb")"

CREATE_TABLE = re.compile(
    rb"CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?" + TABLE + rb"\s*\(", re.IGNORECASE
)
DEFINITION_PART = re.compile(
    STRING + rb"|" + DOUBLE_QUOTED + rb"|" + BACKTICKED + rb"|/\*.*?\*/|[(),]|[^'\"`(),/]++|/", re.DOTALL
)
COLUMN = re.compile(rb"\s*(?P<name>" + NAME + rb")\s+(?P<type>[A-Za-z]+)(?P<rest>.*)", re.DOTALL)
NO_COLUMN = re.compile(
    rb"\s*(?:PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK|PERIOD)\b", re.IGNORECASE
)
GENERATED = re.compile(rb"\bGENERATED\s+ALWAYS\b|\bAS\s*\(", re.IGNORECASE)

INTEGER_TYPES = frozenset({"tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year", "bool", "boolean"})
BINARY_TYPES = frozenset({
    "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit", "geometry", "point",
    "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, SQLite's word for its kind, and whether the server computes it."""

    name: str
    affinity: str
    is_generated: bool


@dataclass(frozen=True, slots=True)
class CreateTable:
    """A table and its columns."""

    name: str
    columns: tuple[Column, ...]

    @classmethod
    def parsed(cls, created: re.Match[bytes], statement: bytes) -> CreateTable:
        """Return the table of a statement whose beginning CREATE_TABLE has matched."""
        return cls(name_of(created["table"]), tuple(_columns(statement[created.end() :])))


def name_of(quoted: bytes) -> str:
    """Return a name without its quotes."""
    if quoted[:1] in (b"`", b'"'):
        quoted = quoted[1:-1].replace(b"``", b"`")
    return quoted.decode("utf-8", "replace")


def _columns(body: bytes) -> Iterator[Column]:
    for definition in _definitions(body):
        if NO_COLUMN.match(definition):
            continue
        if column := COLUMN.match(definition):
            kind = column["type"].decode("ascii").lower()
            affinity = "INTEGER" if kind in INTEGER_TYPES else "BLOB" if kind in BINARY_TYPES else "TEXT"
            unquoted = re.sub(STRING, b"", column["rest"], flags=re.DOTALL)
            yield Column(name_of(column["name"]), affinity, bool(GENERATED.search(unquoted)))


def _definitions(body: bytes) -> Iterator[bytes]:
    """Return the parts between the commas that stand in no parentheses and no quotes, up to the closing parenthesis."""
    depth = start = 0
    for part in DEFINITION_PART.finditer(body):
        match part[0]:
            case b"(":
                depth += 1
            case b")" if depth == 0:
                yield body[start : part.start()]
                return
            case b")":
                depth -= 1
            case b"," if depth == 0:
                yield body[start : part.start()]
                start = part.end()
