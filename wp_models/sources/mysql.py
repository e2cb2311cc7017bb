"""Live MySQL and MariaDB: read-only sessions in one consistent snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from wp_models.errors import SourceError, SourceRefusedError, SourceUnavailableError

DRIVERS = {"mysql": "mysql+pymysql", "mariadb": "mysql+pymysql", "mariadb+pymysql": "mysql+pymysql"}
MYSQL_SCHEMES = ("mysql+pymysql", "mysql+mysqldb", *DRIVERS)
TIMEOUTS_S = {"connect_timeout": "10", "read_timeout": "900", "write_timeout": "60"}

SESSION = (
    # No strict mode: servers refuse to compare with zero dates in it. GROUP_CONCAT is cut in silence at its limit.
    # The versioned comments are the two engines' own names for the limit of a statement's time.
    (
        "SET SESSION /*M!100101 max_statement_time = 0, */ /*!50708 max_execution_time = 0, */ "
        "sql_mode = '', group_concat_max_len = 67108864, net_write_timeout = 900"
    ),
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET SESSION TRANSACTION READ ONLY",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)

# Error numbers of the server (1...) and the client (2...), and what to say and do about them.
REFUSED = {
    1044: "it does not let this user into the database. Grant the user SELECT on it",
    1045: "it refused the user name or password. Check both",
    1049: "it has no database of that name. Check the end of the URL",
    1103: "the name of a table is not allowed there. Check --prefix",
    1129: "it has blocked this host after too many failed connections. Have FLUSH HOSTS run there",
    1130: "it does not let this host in. Grant the user access from here",
    1142: "it does not let this user read a table. Grant the user SELECT on the whole database",
    1143: "it does not let this user read a column. Grant the user SELECT on the whole database",
    1146: "a table is missing. Check that the database is complete",
    1251: "it wants an older way to log in. Give the user a current kind of password",
    1698: "it lets this user in only without a password, through its socket. Use another user",
    1820: "the password of this user has expired. Set a new one",
    2026: "no encrypted connection could be made. Check ssl_ca, ssl_cert and ssl_key in the URL",
    2059: "it asks for a way to log in that the driver does not have. Give the user another kind of password",
}
UNAVAILABLE = {
    1040: "it has too many connections",
    1053: "it is shutting down",
    1203: "this user has too many connections",
    1205: "it waited too long for a lock",
    1213: "it met a deadlock",
    1226: "this user has used up its hourly limit",
    1317: "the query was interrupted",
    1927: "the connection was ended there",
    1969: "the query took longer than it allows",
    2002: "nothing answers at that socket",
    2003: "nothing answers at that address",
    2005: "nothing answers at that address",
    2006: "the connection was lost",
    2013: "the connection was lost",
    2055: "the connection was lost",
    3024: "the query took longer than it allows",
}


@dataclass(frozen=True, slots=True)
class MysqlAccess:
    """A database of a MySQL or MariaDB server."""

    dialect: ClassVar[str] = "mysql"
    description: str
    url: str = field(repr=False)  # with its password

    @classmethod
    def at(cls, location: str) -> MysqlAccess:
        """Return the way into the database of a URL; the query's TLS options are the driver's."""
        try:
            url = make_url(location)
        except (ArgumentError, ValueError):
            raise SourceRefusedError(
                "The source's URL cannot be read. It has the form mysql+pymysql://user:password@host:3306/database; "
                "special characters in the password are written as %40 and so on."
            ) from None
        if not url.database:
            raise SourceRefusedError(f"The source's URL names no database: add it, as in ...@{url.host}/wordpress.")
        url = url.set(drivername=DRIVERS.get(url.drivername, url.drivername))
        options = {"charset": "utf8mb4", **TIMEOUTS_S}
        url = url.update_query_dict({name: value for name, value in options.items() if name not in url.query})
        return cls(_described(url), url.render_as_string(hide_password=False))

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Return a read-only connection in one consistent snapshot, closed on leaving."""
        try:
            with self._connected() as connection:
                for statement in SESSION:
                    connection.exec_driver_sql(statement)
                yield connection
        except DBAPIError as error:
            raise _explained(error, self.description) from error

    def _connected(self) -> Connection:
        try:
            return _engine(self.url).connect()
        except (TypeError, ValueError, OSError) as error:  # an option of the URL: unknown, or a file that is not there
            raise SourceRefusedError(
                f"{self.description} cannot be opened: an option at the end of the URL cannot be used ({error}). "
                "Check them."
            ) from error


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    """Return the engine of this process; it keeps compiled statements, not connections."""
    try:
        return create_engine(url, poolclass=NullPool)
    except NoSuchModuleError:
        raise SourceRefusedError(f"The driver of {make_url(url).drivername}:// is unknown.") from None
    except ModuleNotFoundError as error:
        raise SourceRefusedError(
            f"The driver {error.name} is not installed. Install wpferry[mysqlclient], or write "
            "mysql+pymysql:// in the URL."
        ) from None


def _described(url: URL) -> str:
    place = url.host or url.query.get("unix_socket") or "this machine"
    port = f":{url.port}" if url.port else ""
    return f"MySQL database {url.database} at {place}{port}"


def _explained(error: DBAPIError, description: str) -> SourceError:
    """Return what a driver's error means for the person who started the run."""
    arguments = getattr(error.orig, "args", ())
    number = arguments[0] if arguments and isinstance(arguments[0], int) else None
    message = " ".join(str(argument) for argument in arguments[1:]) or str(error.orig)
    if number in (2003, 2005) and ("Name or service not known" in message or "Unknown" in message):
        return SourceRefusedError(f"{description} cannot be opened: no such host. Check the host name in the URL.")
    if number in UNAVAILABLE or error.connection_invalidated:
        reason = UNAVAILABLE.get(number or 0, "the connection was lost")
        return SourceUnavailableError(
            f"{description} cannot be read: {reason} ({message}). Check that it runs and can be "
            "reached, then run again."
        )
    if number in REFUSED:
        return SourceRefusedError(f"{description} cannot be read: {REFUSED[number]} ({message}).")
    return SourceRefusedError(
        f"{description} refused a query: {message} (error {number}). Check the database's health."
    )
