"""How long 10,000 posts take, against pgloader moving the same database raw, the two run in turn."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from reports.metrics import MetricsStore
from tests.migrations import migrate

POSTS, ROUNDS = 10_000, 3
MOST_TIMES_PGLOADER = 2.0
MOST_MEMORY_MB = 400


def test_ten_thousand_posts_take_at_most_twice_pgloaders_time(
    mariadb: str, postgres_database, mongodb: str, shared: Path, tmp_path: Path
) -> None:
    if shutil.which("pgloader") is None:
        pytest.skip("pgloader is missing: install the package of that name")
    maker = [sys.executable, str(shared / "bench" / "make_wordpress_db.py"), "--url", mariadb, "--posts", str(POSTS)]
    subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
    ours, theirs, memory = [], [], 0
    for _ in range(ROUNDS):
        with postgres_database() as target:
            ours.append(seconds_in_a_new_process(mariadb, target, mongodb, tmp_path))
            memory = max(memory, largest_process_mb(mongodb))
        with postgres_database() as target:
            theirs.append(seconds_of(lambda target=target: load_raw(mariadb, target, tmp_path)))
    ratio = statistics.median(ours) / statistics.median(theirs)
    sys.stdout.write(f"\nwpferry {ours}, pgloader {theirs}, ratio of medians {ratio:.2f}, peak {memory} MiB\n")
    assert ratio <= MOST_TIMES_PGLOADER
    assert memory < MOST_MEMORY_MB


def seconds_in_a_new_process(source: str, target: str, metrics: str, home: Path) -> float:
    """Time one run that finds nothing warm but its own imports: no workers, no caches of the run before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(seconds_of_migration, source, target, metrics, home).result()


def seconds_of_migration(source: str, target: str, metrics: str, home: Path) -> float:
    return seconds_of(lambda: migrate(source, cms=target, home=home, metrics=metrics))


def largest_process_mb(metrics: str) -> int:
    """Return the peak that the last run has noted of its own processes."""
    with MetricsStore(metrics) as store:
        [run] = store.runs("site", limit=1)
    return run["peak_memory_bytes"] // 2**20


def seconds_of(work) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 1)


def load_raw(source: str, target: str, folder: Path) -> None:
    """Let pgloader copy the database as it is."""
    mysql, postgres = make_url(source).set(drivername="mysql"), make_url(target)
    host = f"unix:{postgres.query['host']}:5432" if "host" in postgres.query else f"{postgres.host}:{postgres.port}"
    command = folder / "raw.load"
    command.write_text(
        f"LOAD DATABASE FROM {mysql.render_as_string(hide_password=False)}\n"
        f"INTO postgresql://{postgres.username}@{host}/{postgres.database}\nWITH prefetch rows = 1000;\n"
    )
    subprocess.run(["pgloader", str(command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
