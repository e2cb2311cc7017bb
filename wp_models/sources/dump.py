"""Reads a dump into an SQLite file, once for each content; runs and their worker processes work on that file."""

from __future__ import annotations

import gzip
import hashlib
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from wp_models.errors import DumpDamagedError, SourceUnavailableError
from wp_models.sources.dump_parser import DumpParser, InsertRows
from wp_models.sources.dump_tables import CreateTable, UseDatabase
from wp_models.sources.sqlite import SqliteAccess

FORMAT = 2  # raise it when the file made of a dump changes: dumps are read again
TABLES_OF_DUMP = "wpferry_tables_of_dump"
SYSTEM_DATABASES = frozenset({"mysql", "sys", "performance_schema", "information_schema"})

# What a WordPress table is looked up by. Made after the rows, which is faster; plugins' tables are read as a whole.
INDEXES = {
    # Columns behind post_content cost SQLite a walk over its pages, so the site index gets them from here.
    "posts": "ID, post_type, post_status, post_name, post_parent, post_author, post_date, menu_order, post_mime_type, "
    "guid",
    "postmeta": "post_id, meta_id",
    "term_relationships": "object_id, term_taxonomy_id",
    "term_taxonomy": "term_taxonomy_id",
    "terms": "term_id",
    "termmeta": "term_id, meta_id",
    "users": "ID",
    "usermeta": "user_id, umeta_id",
    "comments": "comment_ID",
    "options": "option_id",
}


def import_dump(path: Path, cache: Path) -> SqliteAccess:
    """Return the way into the SQLite file made of a dump, which is made unless it is there already.

    Raises DumpDamagedError when the dump is cut or cannot be understood, SourceUnavailableError when there is no room.
    """
    description = f"dump {path}"
    folder = cache / "dumps"
    name = f"{path.name.partition('.')[0]}-{hashlib.sha256(str(path).encode()).hexdigest()[:12]}"
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()[:24]
        imported = folder / f"{name}-{content}-{FORMAT}.sqlite"
        if not imported.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make(path, imported)
            for older in folder.glob(f"{name}-*.sqlite"):
                if older != imported:
                    older.unlink(missing_ok=True)
    except (OSError, sqlite3.OperationalError) as error:
        raise SourceUnavailableError(
            f"The {description} cannot be read into {folder}: {error}. It takes about the dump's uncompressed size "
            "there: make room or choose another folder, then run again."
        ) from error
    return SqliteAccess.at(imported, cache, description)


def _make(dump: Path, target: Path) -> None:
    """Read the dump into a file beside the target and move it there, so that a target is always complete."""
    handle, name = tempfile.mkstemp(prefix=target.stem, suffix=".part", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            with _readable(dump) as stream:
                _load(stream, connection, dump)
        finally:
            connection.close()
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _readable(dump: Path) -> Iterator[BinaryIO]:
    """Return the uncompressed dump."""
    with dump.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        if not compressed:
            yield file
            return
        try:
            with gzip.GzipFile(fileobj=file) as uncompressed:
                yield cast("BinaryIO", uncompressed)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DumpDamagedError(
                f"The dump {dump} is cut or corrupt: its gzip data end too early or do not match ({error}). "
                "Copy it again, or make it again."
            ) from error


def _load(stream: BinaryIO, connection: sqlite3.Connection, dump: Path) -> None:
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN")
    tables: dict[str, CreateTable] = {}
    database: str | None = None
    parser = DumpParser(stream, str(dump))
    for statement in parser.statements():
        match statement:
            case UseDatabase(name):
                database = name
            case _ if database in SYSTEM_DATABASES:
                continue
            case CreateTable(name):
                if name in tables:
                    raise DumpDamagedError(
                        f"The dump {dump} has the table {name} twice. Dump one database alone, and once."
                    )
                tables[name] = statement
                connection.execute(_create_sql(statement))
            case InsertRows(table, columns, rows):
                names = ", ".join(map(_quoted, columns))
                marks = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})", rows)  # noqa: S608 - quoted
    for created in tables.values():
        own = {column.name for column in created.columns}
        for ending, indexed in INDEXES.items():
            if created.name.endswith(ending) and set(indexed.split(", ")) <= own:
                index = _quoted(f"{created.name}__{ending}")
                connection.execute(f"CREATE INDEX {index} ON {_quoted(created.name)} ({indexed})")
    _note_tables(connection, parser, tables)
    connection.execute("COMMIT")


def _note_tables(connection: sqlite3.Connection, parser: DumpParser, tables: Mapping[str, CreateTable]) -> None:
    """Keep what the tables were on their server; SQLite has no place of its own for it."""
    connection.execute(f"CREATE TABLE {TABLES_OF_DUMP} (name, engine, charset, has_primary_key, is_view)")
    noted = [(table.name, table.engine, table.charset, table.name in parser.keyed, False) for table in tables.values()]
    noted += [(view, None, None, False, True) for view in sorted(parser.views - tables.keys())]
    connection.executemany(f"INSERT INTO {TABLES_OF_DUMP} VALUES (?, ?, ?, ?, ?)", noted)  # noqa: S608 - a constant


def _create_sql(table: CreateTable) -> str:
    columns = ", ".join(f"{_quoted(column.name)} {column.affinity}" for column in table.columns)
    return f"CREATE TABLE {_quoted(table.name)} ({columns})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
