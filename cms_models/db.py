"""Connections to the CMS database, and its errors in words for people."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import sqlalchemy.exc
from psycopg import errors as pg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cms_models.errors import (
    SiteBusyError,
    TargetFullError,
    TargetRefusedError,
    TargetUnavailableError,
)
from cms_models.patience import NETWORK, SESSION, PatientConnection

Connection = psycopg.Connection[Any]

LOCK_GRACE_S = 5  # a killed run's session ends, and with it its lock, when its last statement does
STAGING_MEMORY = "64MB"  # a batch stays in memory between COPY and upsert; 8 MB, the default, spills to disk


def connect(url: str) -> Connection:
    """Return a connection in autocommit mode: transactions are opened where they belong.

    Takes postgresql:// and postgresql+psycopg:// URLs. Raises TargetUnavailableError or TargetRefusedError.
    """
    given = parts(url)
    patience = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    options = f"{patience} {given.pop('options', '')} -c temp_buffers={STAGING_MEMORY} -c timezone=UTC -c jit=off"
    address = make_conninfo(**{**NETWORK, **given}, options=options, application_name="wpferry")
    with target_errors(where=where(url)):
        return PatientConnection.connect(address, autocommit=True)


def libpq_url(url: str) -> str:
    """Return the URL as libpq takes it."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.partition("+")[0] not in {"postgres", "postgresql"}:
        raise TargetRefusedError("The CMS database must be given as postgresql://user@host/database.")
    return f"postgresql://{rest}"


def sqlalchemy_url(url: str) -> str:
    """Return the URL as SQLAlchemy takes it, with psycopg as its driver."""
    return libpq_url(url).replace("postgresql://", "postgresql+psycopg://", 1)


def where(url: str) -> str:
    """Return what the URL leads to, without user and password."""
    given = parts(url)
    address = ":".join(given[name] for name in ("host", "port") if name in given)
    return f"The database {given.get('dbname', 'of this user')} on {address or 'this machine'}"


def parts(url: str) -> dict[str, str]:
    """Return the URL's parts under libpq's names. Raises TargetRefusedError, without quoting the URL."""
    try:
        found = conninfo_to_dict(libpq_url(url))
    except psycopg.ProgrammingError:
        raise TargetRefusedError(UNREADABLE) from None
    if "@" in str(found.get("host")):  # the rest of a password
        raise TargetRefusedError(UNREADABLE)
    return {name: str(value) for name, value in found.items() if value is not None}


UNREADABLE = (
    "The URL of the CMS database cannot be read; write postgresql://user@host/database, "
    "with the special characters of a password percent-encoded (%40 for @)."
)


@contextmanager
def target_errors(*, where: str = "The CMS database") -> Iterator[None]:
    """Turn the driver's errors into TargetUnavailableError and TargetRefusedError; others pass."""
    try:
        yield
    except sqlalchemy.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise explained(error.orig, where) from error
        raise
    except psycopg.Error as error:
        raise explained(error, where) from error


AWAY = (
    pg.AdminShutdown,
    pg.CrashShutdown,
    pg.CannotConnectNow,
    pg.TooManyConnections,
    pg.DeadlockDetected,
    pg.SerializationFailure,
    pg.LockNotAvailable,
    pg.QueryCanceled,
    pg.IdleInTransactionSessionTimeout,
)
REFUSALS: Sequence[tuple[type[psycopg.Error], str]] = (
    (pg.ReadOnlySqlTransaction, "accepts no writes; give the URL of the primary server"),
    (pg.InsufficientPrivilege, "does not let this user do that; grant CREATE on the database, or use its owner"),
    (pg.InvalidSchemaName, "has no wpferry schemas yet; run: wpferry db up"),
    (pg.UndefinedTable, "has no wpferry tables yet, or old ones; run: wpferry db up"),
    (pg.UndefinedColumn, "has the tables of another wpferry version; run: wpferry db up"),
)
FULL = (pg.DiskFull, pg.OutOfMemory)
REFUSED_AT_THE_DOOR = (
    ("password authentication failed", "refused the user name or the password"),
    ("no password supplied", "wants a password; set it in the URL as ${VARIABLE}"),
    ("no pg_hba.conf entry", "does not let this user in from here (pg_hba.conf)"),
    ("authentication failed", "refused the user"),
    ("does not exist", "has no such database or user"),
    ("not resolve host name", "cannot be found: there is no host of that name"),
    ("translate host name", "cannot be found: there is no host of that name"),
    ("name or service not known", "cannot be found: there is no host of that name"),
    ("invalid integer value", "cannot be reached with that port or timeout; check the numbers in the URL"),
    ("server does not support ssl", "offers no TLS; check sslmode in the URL"),
)


def explained(error: psycopg.Error, where: str) -> Exception:
    """Return the error for people that says what the driver's error means; the driver's own when it is none."""
    message = str(error).strip()
    if isinstance(error, FULL):
        return TargetFullError(f"{where}: the server is out of space or memory. Make room, then run the command again.")
    for kind, meaning in REFUSALS:
        if isinstance(error, kind):
            return TargetRefusedError(f"{where} {meaning}. ({first_line(message)})")
    if error.sqlstate is None and isinstance(error, psycopg.OperationalError):
        for words, meaning in REFUSED_AT_THE_DOOR:
            if words in message.lower():
                return TargetRefusedError(f"{where} {meaning}.")
        return TargetUnavailableError(f"{where} does not answer: {first_line(message)}. Is it running?")
    if isinstance(error, AWAY):
        return TargetUnavailableError(f"{where} broke off: {first_line(message)}. Run the command again.")
    return error


def first_line(message: str) -> str:
    """Return the first line of a driver's message; the others may quote data."""
    return message.partition("\n")[0].rstrip(".")


ROWS_AT_ONCE = 500


def stream(
    connection: Connection, statement: sql.Composed | bytes, values: Mapping[str, Any] | Sequence[Any]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows as they come, for questions with many: otherwise a copy of all of them waits in memory.

    The connection can be asked nothing else meanwhile.
    """
    with target_errors(), connection.cursor() as cursor:
        yield from cursor.stream(statement, values, size=ROWS_AT_ONCE)


TAKE_LOCK = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
GIVE_LOCK_BACK = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


@contextmanager
def site_lock(connection: Connection, site_key: str) -> Iterator[None]:
    """Hold the site's lock as long as the connection lives. Raises SiteBusyError when another run holds it."""
    name = (f"wpferry/{site_key}",)
    give_up_at = time.monotonic() + LOCK_GRACE_S
    with target_errors():
        while connection.execute(TAKE_LOCK, name).fetchone() != (True,):
            if time.monotonic() > give_up_at:
                raise SiteBusyError(
                    f'Another run is at work on the site "{site_key}". Wait for it to end, then run again.'
                )
            time.sleep(0.2)
    try:
        yield
    finally:
        with suppress(psycopg.Error):  # a lost connection has lost the lock, and its error is told already
            connection.execute(GIVE_LOCK_BACK, name)


def ensure_site(
    connection: Connection,
    key: str,
    *,
    name: str,
    url: str,
    default_language: str,
    languages: Sequence[str],
    timezone: str,
) -> int:
    """Return the site's number; adds the site, or updates what differs."""
    values = {
        "key": key,
        "name": name,
        "url": url,
        "default_language": default_language,
        "languages": list(languages),
        "timezone": timezone,
    }
    with target_errors(), connection.transaction():
        if not connection.execute("SELECT FROM cms.sites WHERE key = %(key)s", values).fetchall():
            # Sites may be added at one time; no sequence, so that what a killed run took back leaves no gap.
            connection.execute("LOCK TABLE cms.sites IN SHARE ROW EXCLUSIVE MODE")
            connection.execute(
                "INSERT INTO cms.sites (id, key) SELECT coalesce(max(id), 0) + 1, %(key)s FROM cms.sites "
                "ON CONFLICT DO NOTHING",
                values,
            )
        connection.execute(
            """
            UPDATE cms.sites SET name = %(name)s, url = %(url)s, default_language = %(default_language)s,
                languages = %(languages)s, timezone = %(timezone)s
            WHERE key = %(key)s AND (name, url, default_language, languages, timezone)
                IS DISTINCT FROM (%(name)s, %(url)s, %(default_language)s, %(languages)s::text[], %(timezone)s)
            """,
            values,
        )
        [(site_id,)] = connection.execute("SELECT id FROM cms.sites WHERE key = %(key)s", values)
    return int(site_id)
