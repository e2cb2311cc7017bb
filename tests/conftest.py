"""Real servers for tests, each test with an empty database of its own."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from flows.services.mongodb import embedded_mongodb
from flows.services.postgres import embedded_postgres
from tests.servers import MariaDb, mariadb_is_installed, running_mariadb

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"
NUMBERS = itertools.count(1)


def _database_name() -> str:
    """Return a name that no other test, worker or session uses."""
    return f"wpferry_test_{os.getpid()}_{next(NUMBERS)}"


@pytest.fixture(scope="session")
def mariadb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A MariaDB server of this session."""
    if not mariadb_is_installed():
        pytest.skip("mariadbd is missing: run tests/install_servers.sh")
    with running_mariadb(tmp_path_factory.mktemp("mariadb")) as server:
        yield server


@pytest.fixture
def mariadb(mariadb_server: MariaDb) -> Iterator[str]:
    """The URL of an empty MariaDB database, dropped after the test."""
    with mariadb_server.database(_database_name()) as url:
        yield url


@pytest.fixture(scope="module")
def module_mariadb(mariadb_server: MariaDb) -> Iterator[str]:
    """The URL of an empty MariaDB database that the tests of a module share."""
    with mariadb_server.database(_database_name()) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Postgres whose user may create databases: WPFERRY_TEST_CMS_URL, or an embedded one."""
    if url := os.environ.get("WPFERRY_TEST_CMS_URL"):
        yield url
        return
    with embedded_postgres(tmp_path_factory.mktemp("postgres"), durable=False) as url:
        yield url


@contextmanager
def _postgres_database(server: str) -> Iterator[str]:
    name = sql.Identifier(database := _database_name())
    url = make_url(server)
    administration = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(administration, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield url.set(drivername="postgresql+psycopg", database=database).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    """The URL of an empty Postgres database, dropped after the test."""
    with _postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="module")
def module_postgres(postgres_server: str) -> Iterator[str]:
    """The URL of an empty Postgres database that the tests of a module share."""
    with _postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def mongodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a MongoDB-protocol server: WPFERRY_TEST_MONGODB_URL, or an embedded one of this session."""
    if url := os.environ.get("WPFERRY_TEST_MONGODB_URL"):
        yield url
        return
    with embedded_mongodb(tmp_path_factory.mktemp("mongodb")) as url:
        yield url


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of fixtures made by real WordPress installations; they belong to others and are not in the project."""
    if not SHARED.is_dir():
        pytest.skip(f"the WordPress fixtures are not there ({SHARED.name}/ beside the project)")
    return SHARED


class FixtureSite:
    """One real WordPress site: its dump, its uploads and what WordPress says about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def dump(self) -> Path:
        return self._file("*.sql.gz", "dump.sql.gz")

    @property
    def sqlite(self) -> Path:
        return self._file("*.sqlite", "site.ht.sqlite")

    @property
    def uploads(self) -> Path:
        return self._file("uploads.tar.gz", "uploads.tar.gz")

    @property
    def oracle(self) -> Path:
        return self._file("oracle.json*", "oracle.json")

    def _file(self, pattern: str, preferred: str) -> Path:
        found = sorted(self.folder.glob(pattern), key=lambda path: (path.name != preferred, path.name))
        if not found:
            pytest.skip(f"{self.folder.name} has no {pattern}")
        return found[0]


@pytest.fixture(scope="session")
def fixture_site(shared: Path) -> Callable[[str], FixtureSite]:
    """Gives a site by name: fixture_site("studio").dump; "demo" is the bundled site with its oracle."""

    def site(name: str) -> FixtureSite:
        folder = shared / "demo" if name == "demo" else shared / "fixtures" / name
        if not folder.is_dir():
            pytest.skip(f"the WordPress fixture {name} is not there")
        return FixtureSite(folder)

    return site


@pytest.fixture
def restored(mariadb: str, mariadb_server: MariaDb, fixture_site: Callable[[str], FixtureSite]) -> Callable[[str], str]:
    """Gives the URL of a MariaDB database with a fixture's dump in it: restored("studio")."""

    def restore(name: str) -> str:
        database = make_url(mariadb).database
        assert database
        mariadb_server.restore(fixture_site(name).dump, database)
        return mariadb

    return restore


@pytest.fixture
def postgres_database(postgres_server: str):
    """Returns a context manager that yields the URL of one more empty Postgres database."""
    return lambda: _postgres_database(postgres_server)
