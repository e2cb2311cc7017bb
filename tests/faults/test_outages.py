"""Servers that restart, crash, hang or refuse in the middle of a run: it goes on when they are back, or says so."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pymongo
import pytest

from cms_models import patience, schema
from cms_models.errors import TargetUnavailableError
from flows import retries
from flows.services.mongodb import embedded_mongodb
from tests.faults.daemons import Daemon, own_mariadb, own_postgres
from tests.faults.ferries import Ferry
from tests.faults.runs import When, ferry_over
from tests.faults.sites import BUNDLED, EditedSite, differences, everything, unfinished_runs
from tests.servers import MariaDb, mariadb_is_installed
from wp_models.errors import SourceUnavailableError

pytestmark = pytest.mark.faults

MIDDLE = "articles"  # by then every connection is in use
AWAY_S = 2.0
HANGING_S = 6.0
Fault = Callable[[Daemon], None]


def restarted(daemon: Daemon) -> None:
    daemon.end(signal.SIGTERM if "mariadb" in daemon.process.name() else signal.SIGINT)
    daemon.later(AWAY_S, daemon.start)


def crashed(daemon: Daemon) -> None:
    daemon.end(signal.SIGKILL if "mariadb" in daemon.process.name() else signal.SIGQUIT)
    daemon.later(AWAY_S, daemon.start)


def hanging(daemon: Daemon) -> None:
    daemon.freeze()
    daemon.later(HANGING_S, daemon.thaw)


FAULTS: tuple[Fault, ...] = (restarted, hanging, *([crashed] if os.environ.get("WPFERRY_TEST_KILLS") else []))


@pytest.fixture
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing for two seconds hangs, so that a test need not wait for a quarter of an hour."""
    monkeypatch.setattr(patience, "SILENCE_S", 2)


@pytest.fixture
def give_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "OUTAGE_S", 1)
    monkeypatch.setattr(retries, "RETRIES", 1)


@pytest.fixture(scope="module")
def source_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MariaDb, Daemon]]:
    if not mariadb_is_installed():
        pytest.skip("mariadbd is missing: run tests/install_servers.sh")
    with own_mariadb(tmp_path_factory.mktemp("source")) as (server, daemon):
        server.execute("CREATE DATABASE wp CHARACTER SET utf8mb4")
        server.restore(BUNDLED, "wp")
        yield server, daemon


@pytest.fixture
def cms(postgres: str) -> str:
    schema.upgrade(postgres)
    return postgres


@pytest.mark.parametrize("fault", FAULTS)
def test_a_source_that_comes_back_does_not_end_the_run(
    fault: Fault, source_server: tuple[MariaDb, Daemon], ferry: dict[str, Ferry], cms: str, tmp_path: Path
) -> None:
    server, daemon = source_server
    url = f"{server.url('wp')}?read_timeout=2&connect_timeout=2"
    started = time.monotonic()
    try:
        done = ferry_over(
            url, cms, tmp_path, reporter=When(MIDDLE, lambda: fault(daemon)), uploads=str(ferry["first"].uploads)
        )
    finally:
        daemon.settle()
    print(f"\nMariaDB {fault.__name__}: done after {time.monotonic() - started:.1f} s")  # noqa: T201
    assert not done.needs_attention
    assert not differences(everything(cms), ferry["first"].expected)


def test_a_source_that_stays_away_ends_the_run_with_a_sentence_and_the_next_one_completes_it(
    source_server: tuple[MariaDb, Daemon], ferry: dict[str, Ferry], cms: str, tmp_path: Path, give_up_soon: None
) -> None:
    server, daemon = source_server
    uploads = str(ferry["first"].uploads)
    gone = When(MIDDLE, lambda: daemon.end(signal.SIGTERM))
    with pytest.raises(SourceUnavailableError, match=r"(?i)connection was lost|nothing answers"):
        ferry_over(server.url("wp"), cms, tmp_path, reporter=gone, uploads=uploads)
    assert outcomes(cms)[-1][0] == "failed"
    assert "cannot be read" in outcomes(cms)[-1][1]
    daemon.start()
    ferry_over(server.url("wp"), cms, tmp_path, uploads=uploads)
    assert not differences(everything(cms), ferry["first"].expected)
    assert outcomes(cms)[-1][0] == "complete"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_cms_that_comes_back_does_not_end_the_run(
    fault: Fault, edited: EditedSite, ferry: dict[str, Ferry], tmp_path: Path, short_patience: None
) -> None:
    with own_postgres(tmp_path / "pg") as (address, daemon):
        url = f"{address}&connect_timeout=2"
        schema.upgrade(url)
        started = time.monotonic()
        try:
            done = ferry_over(
                edited.before, url, tmp_path,
                reporter=When(MIDDLE, lambda: fault(daemon)), uploads=str(edited.uploads),
            )  # fmt: skip
        finally:
            daemon.settle()
        print(f"\nPostgres {fault.__name__}: done after {time.monotonic() - started:.1f} s")  # noqa: T201
        assert not done.needs_attention
        assert not differences(everything(url), ferry["first"].expected)
        assert not unfinished_runs(url)
        assert outcomes(url)[-1][0] == "complete"


def test_a_cms_that_stays_away_ends_the_run_with_a_sentence_and_the_next_one_completes_it(
    edited: EditedSite, ferry: dict[str, Ferry], tmp_path: Path, give_up_soon: None
) -> None:
    with own_postgres(tmp_path / "pg") as (url, daemon):
        schema.upgrade(url)
        gone = When(MIDDLE, lambda: daemon.end(signal.SIGQUIT))
        with pytest.raises(TargetUnavailableError, match=r"does not answer|broke off"):
            ferry_over(edited.before, url, tmp_path, reporter=gone, uploads=str(edited.uploads))
        daemon.start()
        assert unfinished_runs(url) == 1  # nobody could write there that it failed
        ferry_over(edited.before, url, tmp_path, uploads=str(edited.uploads))
        assert not differences(everything(url), ferry["first"].expected)
        assert [outcome for outcome, _ in outcomes(url)] == ["failed", "complete"]


def test_a_metrics_server_that_dies_stops_nothing_and_the_next_run_delivers_what_waits(
    edited: EditedSite, ferry: dict[str, Ferry], cms: str, tmp_path: Path
) -> None:
    folder = tmp_path / "mongodb"
    with embedded_mongodb(folder) as url:
        daemon = Daemon(folder / "server.pid", lambda: None)
        dies = When(MIDDLE, lambda: daemon.end(signal.SIGKILL))
        first = ferry_over(edited.before, cms, tmp_path, reporter=dies, metrics=url, uploads=str(edited.uploads))
        assert not first.needs_attention
        assert not differences(everything(cms), ferry["first"].expected)
        assert waiting(cms) > 3
    with embedded_mongodb(folder) as url:
        second = ferry_over(edited.before, cms, tmp_path, metrics=url, uploads=str(edited.uploads))
        assert waiting(cms) == 0
        with pymongo.MongoClient(url) as client:
            known = client["wpferry_site"]
            assert {run["_id"] for run in known["runs"].find()} == {first.report.run_id, second.report.run_id}
            batches = [batch["_id"] for batch in known["batches"].find({"run_id": first.report.run_id})]
    entities = {name for name, counts in first.report.entities.items() if counts.loaded}
    assert {batch.split("/")[1] for batch in batches} == entities
    assert len(batches) == len(set(batches))


def test_a_metrics_server_that_hangs_holds_a_run_up_for_seconds_only(
    edited: EditedSite, ferry: dict[str, Ferry], cms: str, tmp_path: Path
) -> None:
    folder = tmp_path / "mongodb"
    with embedded_mongodb(folder) as url:
        daemon = Daemon(folder / "server.pid", lambda: None)
        started = time.monotonic()
        try:
            done = ferry_over(
                edited.before, cms, tmp_path,
                reporter=When(MIDDLE, daemon.freeze), metrics=url, uploads=str(edited.uploads),
            )  # fmt: skip
        finally:
            daemon.thaw()
        seconds = time.monotonic() - started
        print(f"\nMongoDB hanging: done after {seconds:.1f} s")  # noqa: T201
        assert not done.needs_attention
        assert waiting(cms) > 3
        assert seconds < 45


def outcomes(cms: str) -> list[tuple[str, str]]:
    """How the runs ended, in order, and why."""
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        statement = "SELECT outcome, coalesce(detail->>'error', '') FROM migration.runs ORDER BY started_at"
        return connection.execute(statement).fetchall()


def waiting(cms: str) -> int:
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        [(number,)] = connection.execute("SELECT count(*) FROM migration.outbox").fetchall()
    return number
