"""SQLite files: those of WordPress's SQLite integration, and those that dumps are read into."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from wp_models.errors import SourceRefusedError, SourceUnavailableError
from wp_models.hashing import add_hash_functions

SQLITE_MAGIC = b"SQLite format 3\0"
BUSY_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True)
class SqliteAccess:
    """A file of an SQLite database."""

    dialect: ClassVar[str] = "sqlite"
    description: str
    uri: str

    @classmethod
    def at(cls, path: Path, cache: Path, description: str | None = None) -> SqliteAccess:
        """Return the way into an SQLite file, also one in a folder that is not writable."""
        description = description or f"SQLite database {path}"
        try:
            return cls(description, _readable_uri(path, cache))
        except sqlite3.Error as error:
            raise SourceRefusedError(f"{description} cannot be opened: {error}. Copy it again, or repair it.") from None

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Return a read-only connection in one consistent snapshot, closed on leaving."""
        try:
            with _engine(self.uri).connect() as connection:
                connection.exec_driver_sql("BEGIN")
                yield connection
        except DBAPIError as error:
            cause = str(error.orig)
            if "locked" in cause or "busy" in cause:
                raise SourceUnavailableError(
                    f"{self.description} is locked by a program that writes to it. Run again when it is done."
                ) from error
            raise SourceRefusedError(
                f"{self.description} cannot be read: {cause}. Check that the file is there and complete."
            ) from error


def _readable_uri(path: Path, cache: Path) -> str:
    """Return the URI that opens the file, tried out.

    A database in write-ahead mode needs its -shm file, which cannot be made in a folder that is not writable. Without
    pending writes the file may then be taken as it is; with some, a copy of both is read, or the newest posts are lost.
    """
    uri = f"file:{quote(str(path))}?mode=ro"
    try:
        _try_out(uri)
    except sqlite3.OperationalError:
        log = path.with_name(path.name + "-wal")
        if not log.exists() or log.stat().st_size == 0:
            uri += "&immutable=1"
        else:
            copy = cache / f"sqlite-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}" / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            shutil.copyfile(log, copy.with_name(log.name))
            uri = f"file:{quote(str(copy))}?mode=ro"
        _try_out(uri)
    return uri


def _try_out(uri: str) -> None:
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    finally:
        connection.close()


@lru_cache(maxsize=8)
def _engine(uri: str) -> Engine:
    """Return the engine of this process; it keeps compiled statements, not connections."""

    def opened() -> sqlite3.Connection:
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        # PHP writes what bytes it has; the driver's default would fail on the first one that is no UTF-8.
        connection.text_factory = _decoded
        add_hash_functions(connection)
        return connection

    return create_engine("sqlite://", creator=opened, poolclass=NullPool)


def _decoded(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
