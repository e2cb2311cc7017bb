"""Others at work at the same time: locks, deadlocks, a second run, a worker process that is killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from cms_models import db, schema
from cms_models.errors import TargetUnavailableError
from flows import execution, retries
from flows.execution import WorkerDiedError
from flows.failures import exit_code_of
from tests.faults.ferries import Disturbed, Ferry
from tests.faults.runs import NOTHING, When, ferry_over
from tests.faults.sites import differences, everything
from tests.faults.victims import Victims

pytestmark = pytest.mark.faults

UNFINISHED = 3


@pytest.fixture
def resync(ferry: dict[str, Ferry], victims: Victims, tmp_path: Path) -> Iterator[Disturbed]:
    """A resync of a site that was edited, about to begin."""
    with ferry["resync"].disturbed("contended", victims, tmp_path) as run:
        yield run


def resynced(
    run: Disturbed, ferry: dict[str, Ferry], *, cms: str = "", reporter: When = NOTHING, workers: int = 1
) -> None:
    ferry_over(
        ferry["resync"].source, cms or run.cms, run.folder,
        reporter=reporter, workers=workers, uploads=str(ferry["resync"].uploads),
    )  # fmt: skip


@contextmanager
def session(cms: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        yield connection


def is_waiting(cms: str) -> bool:
    """Tell whether wpferry waits for somebody's lock."""
    statement = """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'wpferry' AND wait_event_type = 'Lock'
    """
    with session(cms) as connection:
        return connection.execute(statement).fetchone() != (0,)


def test_a_deadlock_with_an_editor_is_retried(resync: Disturbed, ferry: dict[str, Ferry]) -> None:
    deadlocked: list[str] = []

    def editor() -> None:
        with session(resync.cms) as other:
            # The run writes rows first and their state last; the editor takes them the other way round.
            other.execute("SELECT FROM migration.entity_state WHERE entity = 'articles' FOR UPDATE")
            ready.set()
            give_up_at = time.monotonic() + 30
            while not is_waiting(resync.cms) and time.monotonic() < give_up_at:
                time.sleep(0.02)
            try:
                other.execute("UPDATE cms.articles SET slug = slug")
            except psycopg.errors.DeadlockDetected:
                deadlocked.append("editor")
            other.rollback()

    def meet() -> None:
        thread.start()
        assert ready.wait(10)

    ready, thread = threading.Event(), threading.Thread(target=editor)
    before = deadlocks(resync.cms)
    resynced(resync, ferry, reporter=When("articles", meet))
    thread.join()
    assert deadlocks(resync.cms) > before
    assert not deadlocked, "the editor lost, so that nothing was shown"
    assert not differences(everything(resync.cms), resync.expected)


def deadlocks(cms: str) -> int:
    with session(cms) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        time.sleep(0.5)
        [(number,)] = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchall()
    return int(number)


def test_a_lock_that_is_held_too_long_is_waited_out(resync: Disturbed, ferry: dict[str, Ferry]) -> None:
    impatient = f"{resync.cms}{'&' if '?' in resync.cms else '?'}options=-c%20lock_timeout%3D300"
    with session(resync.cms) as other:

        def lock() -> None:
            other.execute("LOCK TABLE cms.articles IN EXCLUSIVE MODE")
            threading.Timer(2, other.rollback).start()

        resynced(resync, ferry, cms=impatient, reporter=When("articles", lock))
    assert not differences(everything(resync.cms), resync.expected)


def test_a_lock_that_is_never_given_back_ends_the_run_with_a_sentence(
    resync: Disturbed, ferry: dict[str, Ferry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries, "OUTAGE_S", 1)
    monkeypatch.setattr(retries, "RETRIES", 1)
    impatient = f"{resync.cms}{'&' if '?' in resync.cms else '?'}options=-c%20lock_timeout%3D300"
    with session(resync.cms) as other:
        other.execute("LOCK TABLE cms.articles IN EXCLUSIVE MODE")
        with pytest.raises(TargetUnavailableError, match="lock timeout") as failed:
            resynced(resync, ferry, cms=impatient)
    assert exit_code_of(failed.value) == UNFINISHED
    assert not resync.problems()


def test_two_runs_at_once_the_second_leaves_with_a_message_and_the_first_completes(resync: Disturbed) -> None:
    first = resync.start()
    resync.victims.watch(first, until="articles")
    os.killpg(first.pid, signal.SIGSTOP)
    second = resync.victims.run(resync.folder, *resync.arguments)
    assert second.code == UNFINISHED
    assert "Another run is at work on the site" in resync.victims.said()
    os.killpg(first.pid, signal.SIGCONT)
    resync.victims.watch(first)
    assert first.code == 0
    assert not differences(everything(resync.cms), resync.expected)


def test_the_lock_of_a_killed_run_is_free_at_once(resync: Disturbed) -> None:
    victim = resync.start()
    resync.victims.watch(victim, until="articles")
    resync.victims.kill(victim)
    started = time.monotonic()
    with db.connect(resync.cms) as connection, db.site_lock(connection, "site"):
        assert time.monotonic() - started < 3


@pytest.mark.parametrize("request_to_end", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_quietly_and_is_known_to_have_failed(
    resync: Disturbed, request_to_end: signal.Signals
) -> None:
    victim = resync.start()
    resync.victims.watch(victim, until="users")  # early: the whole run takes a second
    os.kill(victim.pid, request_to_end)
    resync.victims.watch(victim)
    assert victim.code == 130
    assert "Traceback" not in resync.victims.said()
    with session(resync.cms) as connection:
        latest = "SELECT outcome, detail->>'error' FROM migration.runs ORDER BY started_at DESC LIMIT 1"
        assert connection.execute(latest).fetchone() == ("failed", "KeyboardInterrupt")
    assert not resync.problems()


def test_readers_of_the_cms_do_not_hold_up_a_run_nor_it_them(resync: Disturbed, ferry: dict[str, Ferry]) -> None:
    with session(resync.cms) as reader:
        [(before,)] = reader.execute("SELECT count(*) FROM api.articles").fetchall()  # the transaction stays open
        resynced(resync, ferry)
        reader.execute("SELECT count(*) FROM api.articles")
        assert before
        schema.upgrade(resync.cms)  # as every run on an embedded Postgres does
    with session(resync.cms) as editor:
        editor.execute("LOCK TABLE cms.articles, cms.pages, cms.media, cms.terms IN ROW EXCLUSIVE MODE")
        resynced(resync, ferry)  # finds nothing to do, and waits for nobody
    assert not differences(everything(resync.cms), resync.expected)


def workers_of(run: psutil.Process) -> list[psutil.Process]:
    begun_by = execution.PROCESSES.get_start_method()
    workers = [one for one in run.children(recursive=True) if f"multiprocessing.{begun_by}" in " ".join(one.cmdline())]
    if begun_by == "forkserver":
        workers = [one for one in workers if one.ppid() != run.pid]  # but for the server itself
    assert workers
    return workers


def test_a_worker_killed_for_want_of_memory_ends_the_run_with_a_sentence_and_the_next_one_completes_it(
    resync: Disturbed, ferry: dict[str, Ferry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "SMALL_SITE", 0)  # worker processes, as a large site has them

    def kill_one() -> None:
        workers_of(psutil.Process())[0].kill()

    with pytest.raises(WorkerDiedError, match="Nothing is lost") as died:
        resynced(resync, ferry, reporter=When("articles", kill_one), workers=2)
    assert exit_code_of(died.value) == UNFINISHED
    assert not resync.problems()


def test_worker_processes_leave_with_a_killed_run(resync: Disturbed) -> None:
    victim = resync.start(worker_processes=True)
    resync.victims.watch(victim, until="articles")
    workers = workers_of(psutil.Process(victim.pid))
    os.kill(victim.pid, signal.SIGKILL)  # not its group: nobody tells the workers
    _, alive = psutil.wait_procs(workers, timeout=20)
    resync.victims.watch(victim)
    assert not alive
    assert not resync.problems()
