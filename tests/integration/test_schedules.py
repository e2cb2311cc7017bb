"""Deployments of prefect.yaml, served for real: a Prefect server, a process worker, a schedule that fires."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from tests.migrations import UNREACHABLE, migrate
from tests.prefect_server import Prefect, eventually, running_prefect
from wp_models.sources import open_source

PROJECT = Path(__file__).resolve().parents[2]
BUNDLED = PROJECT / "flows" / "demo" / "northlight.sql.gz"
INTERVAL_S = 4  # less than a run takes, so that runs are late
MISSED = 5


@pytest.fixture
def prefect(tmp_path: Path, postgres: str) -> Iterator[Prefect]:
    with running_prefect(tmp_path, {"WPFERRY_DIRECTORY": str(tmp_path), "CMS_OF_TEST": postgres}) as server:
        yield server


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
