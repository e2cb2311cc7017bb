"""Deployments of prefect.yaml, served for real: a Prefect server, a process worker, a schedule that fires."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.migrations import UNREACHABLE, migrate
from tests.servers import free_port
from wp_models.sources import open_source

PROJECT = Path(__file__).resolve().parents[2]
BUNDLED = PROJECT / "flows" / "demo" / "northlight.sql.gz"
TIMEOUT_S = 180
INTERVAL_S = 4  # less than a run takes, so that runs are late
MISSED = 5


@dataclass
class Prefect:
    """A Prefect server of one test."""

    folder: Path
    port: int
    environment: dict[str, str]

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "prefect", *words]

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words), cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=TIMEOUT_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, **body: Any) -> Any:
        answer = httpx.post(f"http://127.0.0.1:{self.port}/api/{path}", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def runs(self, *states: str) -> list[dict[str, Any]]:
        """Flow runs in some of these states, by the time they began."""
        found = self.ask("flow_runs/filter", flow_runs={"state": {"name": {"any_": list(states)}}}, limit=200)
        return sorted(found, key=lambda run: str(run["start_time"]))

    @contextmanager
    def running(self, *words: str) -> Iterator[None]:
        """Run a command that does not end, as long as this lasts."""
        with (self.folder / f"{words[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(*words), cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def prefect(tmp_path: Path, postgres: str) -> Iterator[Prefect]:
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WPFERRY", "PREFECT"))}
    environment = {
        **kept,
        "PYTHONPATH": str(PROJECT),
        "WPFERRY_DIRECTORY": str(tmp_path),
        "CMS_OF_TEST": postgres,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
    }
    server = Prefect(tmp_path, port, environment)
    with server.running("server", "start", "--host", "127.0.0.1", "--port", str(port)):
        eventually(lambda: is_healthy(port), "the Prefect server answers")
        yield server


def is_healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def eventually(is_true: Callable[[], object], what: str) -> None:
    give_up_at = time.monotonic() + TIMEOUT_S
    while not is_true():
        assert time.monotonic() < give_up_at, f"still not so after {TIMEOUT_S} s: {what}"
        time.sleep(0.5)


def test_a_schedule_brings_an_edit_into_the_cms_and_late_runs_do_not_pile_up(
    prefect: Prefect, postgres: str, tmp_path: Path
) -> None:
    wordpress = tmp_path / "wp.sqlite"
    source = open_source(str(BUNDLED), cache=tmp_path / "dump")
    with source.connect() as connection:
        shutil.copy(connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2], wordpress)
    migrate(wordpress, cms=postgres, home=tmp_path / ".wpferry")
    (tmp_path / "wpferry.toml").write_text(
        f'[sites.site]\nsource = "{wordpress}"\ncms = "${{CMS_OF_TEST}}"\nmetrics = "{UNREACHABLE}"\n'
    )
    deployments = (PROJECT / "prefect.yaml").read_text().replace("interval: 900", f"interval: {INTERVAL_S}")
    assert str(INTERVAL_S) in deployments
    (tmp_path / "prefect.yaml").write_text(deployments)
    prefect("work-pool", "create", "wpferry", "--type", "process")
    prefect("deploy", "--all")
    # Nobody works for a while, as after a night without power: runs are late.
    eventually(lambda: len(prefect.runs("Late")) >= MISSED, f"{MISSED} runs are late")
    with ExitStack() as opened:
        opened.enter_context(prefect.running("worker", "start", "--pool", "wpferry"))
        eventually(lambda: prefect.runs("Completed"), "a scheduled run has ended well")
        with closing(sqlite3.connect(wordpress)) as editor:
            newest = "SELECT max(ID) FROM wp_posts WHERE post_type = 'post' AND post_status = 'publish'"
            editor.execute(f"UPDATE wp_posts SET post_title = 'Edited at night' WHERE ID = ({newest})")
            editor.commit()
        started = time.monotonic()
        eventually(lambda: "Edited at night" in titles(postgres), "the edit is in the CMS")
        print(f"\nan edit was in the CMS after {time.monotonic() - started:.1f} s")  # noqa: T201
        eventually(lambda: len(prefect.runs("Completed")) >= 2, "two scheduled runs have ended well")
    done, cancelled = prefect.runs("Completed"), prefect.runs("Cancelled")
    print(f"{len(done)} runs completed, {len(cancelled)} cancelled, {len(prefect.runs('Failed', 'Crashed'))} failed")  # noqa: T201
    assert not prefect.runs("Failed")
    assert cancelled, "late runs are left out"
    for one, next_one in pairwise(done):
        assert datetime.fromisoformat(one["end_time"]) <= datetime.fromisoformat(next_one["start_time"])
    secret = postgres.encode()
    assert not [path for path in (tmp_path / "prefect").rglob("*") if path.is_file() and secret in path.read_bytes()]


def titles(cms: str) -> set[str]:
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        return {title for (title,) in connection.execute("SELECT title FROM cms.articles")}
