"""The embedded servers: shared, restarted after kill -9, and clear about what is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pymongo
import pytest

from flows.services.errors import ServiceUnavailableError
from flows.services.mongodb import embedded_mongodb
from flows.services.postgres import embedded_postgres
from reports.metrics import answers
from tests.conftest import PROJECT

HOLD_UNTIL_KILLED = """
import sys, time
from pathlib import Path
from flows.services.{module} import {function}
with {function}(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(600)
"""


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def is_up(url: str) -> bool:
    try:
        connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def first_number(path: Path) -> int:
    return int(path.read_text().split("\n", 1)[0])


def wait_for(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


@contextmanager
def other_process(function: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A wpferry process that uses the server until it is killed, and the URL it got."""
    module = function.removeprefix("embedded_")
    script = HOLD_UNTIL_KILLED.format(module=module, function=function)
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


class TestPostgres:
    def test_it_keeps_its_data_and_stops_with_its_last_user(self, tmp_path: Path) -> None:
        with embedded_postgres(tmp_path / "pg") as url, connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'ü' AS letter")
        assert not is_up(url)
        with embedded_postgres(tmp_path / "pg") as url, connect(url) as connection:
            assert connection.execute("SELECT letter FROM kept").fetchone() == ("ü",)
            assert connection.info.server_version // 10000 == 18

    def test_two_users_share_it_and_the_first_to_leave_does_not_stop_it(self, tmp_path: Path) -> None:
        with embedded_postgres(tmp_path / "pg") as outer:
            with embedded_postgres(tmp_path / "pg") as inner:
                assert inner == outer
            assert is_up(outer)
        assert not is_up(outer)

    def test_it_starts_again_after_kill_9_of_the_server(self, tmp_path: Path) -> None:
        with embedded_postgres(tmp_path / "pg") as url:
            with connect(url) as connection:
                connection.execute("CREATE TABLE kept (number int)")
                connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
            os.kill(first_number(tmp_path / "pg/data/postmaster.pid"), signal.SIGKILL)
            wait_for(lambda: not is_up(url))
        assert (tmp_path / "pg/data/postmaster.pid").exists()
        with embedded_postgres(tmp_path / "pg") as url, connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)

    def test_it_waits_for_a_query_that_survives_its_killed_server(self, tmp_path: Path) -> None:
        busy = "SELECT count(*) FROM generate_series(1, 2000000) a WHERE md5(a::text) = 'x'"
        with embedded_postgres(tmp_path / "pg") as url:
            script = f"import psycopg; psycopg.connect({url.replace('+psycopg', '')!r}).execute({busy!r})"
            running = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%md5(a%' AND pid <> pg_backend_pid()"
            with (
                subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.DEVNULL) as client,
                connect(url) as connection,
            ):
                wait_for(lambda: connection.execute(running).fetchone() == (1,))
                os.kill(first_number(tmp_path / "pg/data/postmaster.pid"), signal.SIGKILL)
                with embedded_postgres(tmp_path / "pg") as again:
                    assert is_up(again)
                client.kill()

    def test_a_server_left_behind_by_kill_9_of_wpferry_is_used_again_and_then_stopped(self, tmp_path: Path) -> None:
        with other_process("embedded_postgres", tmp_path / "pg") as (process, left_behind):
            process.kill()
            process.wait()
            pid = first_number(tmp_path / "pg/data/postmaster.pid")
            with embedded_postgres(tmp_path / "pg") as url:
                assert url == left_behind
                assert first_number(tmp_path / "pg/data/postmaster.pid") == pid
            assert not is_up(url)

    def test_another_process_keeps_it_running(self, tmp_path: Path) -> None:
        with other_process("embedded_postgres", tmp_path / "pg") as (_, theirs):
            with embedded_postgres(tmp_path / "pg") as ours:
                assert ours == theirs
            assert is_up(theirs)
        with embedded_postgres(tmp_path / "pg"):
            pass  # stops what the killed process left behind

    def test_a_pid_file_that_names_another_program_by_now_is_no_obstacle(self, tmp_path: Path) -> None:
        with embedded_postgres(tmp_path / "pg"):
            pass
        stale = tmp_path / "pg/data/postmaster.pid"
        stale.write_text(f"{os.getpid()}\n{tmp_path}/pg/data\n1\n5432\n{tmp_path}/pg/socket\n\n1 1\nready\n")
        with embedded_postgres(tmp_path / "pg") as url:
            assert is_up(url)

    def test_an_interrupted_first_start_leaves_nothing_half_made(self, tmp_path: Path) -> None:
        unfinished = tmp_path / "pg/data.unfinished"
        unfinished.mkdir(parents=True)
        (unfinished / "PG_VERSION").write_text("18\n")
        with embedded_postgres(tmp_path / "pg") as url:
            assert is_up(url)

    def test_a_path_too_long_for_a_socket_works_all_the_same(self, tmp_path: Path) -> None:
        with embedded_postgres(tmp_path / ("a quite long folder's name " * 4).strip() / "pg") as url:
            assert is_up(url)

    def test_data_of_another_version_are_refused_with_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "pg/data").mkdir(parents=True)
        (tmp_path / "pg/data/PG_VERSION").write_text("16\n")
        with pytest.raises(ServiceUnavailableError, match=r"was made by Postgres 16, .* dump it"):
            embedded_postgres(tmp_path / "pg").__enter__()

    def test_damaged_data_are_reported_with_postgres_own_words(self, tmp_path: Path) -> None:
        with embedded_postgres(tmp_path / "pg"):
            pass
        (tmp_path / "pg/data/global/pg_control").unlink()
        with pytest.raises(ServiceUnavailableError, match=r"pg_control.*server\.log"):
            embedded_postgres(tmp_path / "pg").__enter__()


class TestMongodb:
    def test_it_keeps_its_documents_and_stops_with_its_last_user(self, tmp_path: Path) -> None:
        with embedded_mongodb(tmp_path / "mongo") as outer:
            with embedded_mongodb(tmp_path / "mongo") as inner:
                assert inner == outer
            with pymongo.MongoClient(outer) as client:
                client["wpferry_a"]["runs"].insert_one({"_id": "kept"})
        assert not answers(outer)
        with embedded_mongodb(tmp_path / "mongo") as url, pymongo.MongoClient(url) as client:
            assert client["wpferry_a"]["runs"].find_one() == {"_id": "kept"}

    def test_it_starts_again_after_kill_9_of_the_server(self, tmp_path: Path) -> None:
        with embedded_mongodb(tmp_path / "mongo") as url:
            with pymongo.MongoClient(url) as client:
                client["wpferry_a"]["runs"].insert_one({"_id": "kept"})
            os.kill(first_number(tmp_path / "mongo/server.pid"), signal.SIGKILL)
            wait_for(lambda: not answers(url))
            assert (tmp_path / "mongo/server.pid").exists()
            with embedded_mongodb(tmp_path / "mongo") as again, pymongo.MongoClient(again) as client:
                assert client["wpferry_a"]["runs"].count_documents({}) == 1

    def test_a_server_left_behind_by_kill_9_of_wpferry_is_used_again_and_then_stopped(self, tmp_path: Path) -> None:
        with other_process("embedded_mongodb", tmp_path / "mongo") as (process, left_behind):
            process.kill()
            process.wait()
            with embedded_mongodb(tmp_path / "mongo") as url:
                assert url == left_behind
            assert not answers(url)

    def test_a_pid_file_that_names_another_program_by_now_is_no_obstacle_and_does_not_kill_it(
        self, tmp_path: Path
    ) -> None:
        with subprocess.Popen(["sleep", "60"]) as bystander:
            (tmp_path / "mongo").mkdir()
            (tmp_path / "mongo/server.pid").write_text(str(bystander.pid))
            (tmp_path / "mongo/server.port").write_text("1")
            with embedded_mongodb(tmp_path / "mongo") as url:
                assert answers(url)
            assert bystander.poll() is None
            bystander.kill()

    def test_a_folder_it_cannot_use_is_reported_with_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "mongo").mkdir()
        (tmp_path / "mongo/server.pid").mkdir()
        with pytest.raises(ServiceUnavailableError, match=r"cannot use .*mongo"):
            embedded_mongodb(tmp_path / "mongo").__enter__()
