"""Tables as dumps define them: what a reader needs of their columns, and what a survey wants to know of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
VIEW = re.compile(rb"\bVIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?" + TABLE + rb"\s+(?:\([^)]*\)\s*)?AS\b", re.IGNORECASE)
ADD_PRIMARY_KEY = re.compile(rb"ALTER\s+TABLE\s+" + TABLE + rb"\s.*?\bADD\s+PRIMARY\s+KEY", re.IGNORECASE | re.DOTALL)
PRIMARY_KEY = re.compile(rb"\bPRIMARY\s+KEY\b", re.IGNORECASE)
ENGINE = re.compile(rb"\bENGINE\s*=\s*(\w+)", re.IGNORECASE)
CHARSET = re.compile(rb"\b(?:CHARSET|CHARACTER\s+SET)\s*=\s*(\w+)", re.IGNORECASE)
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
    engine: str | None = None  # as the dump writes it: InnoDB, MyISAM
    charset: str | None = None
    has_primary_key: bool = False

    @classmethod
    def parsed(cls, created: re.Match[bytes], statement: bytes) -> CreateTable:
        """Return the table of a statement whose beginning CREATE_TABLE has matched."""
        definitions = list(_definitions(statement[created.end() :]))
        options = re.sub(STRING, b"", statement[created.end() + sum(map(len, definitions)) + len(definitions) :])
        return cls(
            name_of(created["table"]),
            tuple(_columns(definitions)),
            _word(ENGINE.search(options)),
            _word(CHARSET.search(options)),
            any(PRIMARY_KEY.search(re.sub(STRING, b"", definition)) for definition in definitions),
        )


@dataclass(frozen=True, slots=True)
class UseDatabase:
    """What follows belongs to this database."""

    name: str


def name_of(quoted: bytes) -> str:
    """Return a name without its quotes."""
    if quoted[:1] in (b"`", b'"'):
        quoted = quoted[1:-1].replace(b"``", b"`")
    return quoted.decode("utf-8", "replace")


def _word(found: re.Match[bytes] | None) -> str | None:
    return found[1].decode("ascii", "replace") if found else None


def _columns(definitions: Iterable[bytes]) -> Iterator[Column]:
    for definition in definitions:
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
