"""The main flow: everything of a site that is new or changed goes from WordPress into the CMS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from prefect import flow
from prefect.futures import PrefectFuture, as_completed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from flows.artifacts import leave_outcome
from flows.deployed_sites import for_each_site
from flows.execution import Execution
from flows.progress import Lines, Reporter
from flows.settings import Settings
from flows.steps import run_site
from flows.summary import MigrationSummary
from flows.tasks import run_batch
from flows.worker import BatchResult, BatchSpec

DEFAULT_WORKERS = 2


def _threads(workers: int) -> TaskRunner[PrefectFuture[Any]]:
    """Return a runner of as many tasks at once as there are workers: each task waits for one."""
    # Prefect's runners are invariant in their futures, its decorator asks for the general one.
    return cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=workers))


@flow(name="migrate", task_runner=_threads(DEFAULT_WORKERS))
def migrate(site: str | None = None, config: str | None = None) -> list[dict[str, Any]]:
    """Migrate one site of the settings file, or all of them; full or incremental, by what the state says."""
    return _deployed("migrate", site, config)


@flow(name="resync", task_runner=_threads(DEFAULT_WORKERS))
def resync(site: str | None = None, config: str | None = None) -> list[dict[str, Any]]:
    """Bring what changed since the last run into the CMS; refuses a site that was never migrated."""
    return _deployed("resync", site, config)


def run_under_prefect(
    settings: Settings, kind: str, reporter: Reporter, *, workers: int, out: Path | None = None
) -> list[MigrationSummary]:
    """Run the flow with settings that came from flags: secrets must not become parameters, which Prefect stores."""

    @flow(name=kind, task_runner=_threads(workers))
    def run(sites: list[str]) -> list[MigrationSummary]:
        return [_run_site(settings, site, kind, reporter, workers=workers, out=out) for site in sites]

    return run(list(settings.sites))


def _deployed(kind: str, site: str | None, config: str | None) -> list[dict[str, Any]]:
    def run(settings: Settings, key: str) -> dict[str, Any]:
        return _run_site(settings, key, kind, Lines(), workers=DEFAULT_WORKERS).document()

    return for_each_site(site, config, run)


def _run_site(
    settings: Settings, key: str, kind: str, reporter: Reporter, *, workers: int, out: Path | None = None
) -> MigrationSummary:
    summary = run_site(settings, key, kind, reporter, _run_as_tasks, workers=workers, out=out)
    leave_outcome(summary)
    return summary


def _run_as_tasks(execution: Execution, specs: Iterable[BatchSpec]) -> Iterator[BatchResult]:
    futures = [run_batch.submit(execution, spec) for spec in specs]
    for future in as_completed(futures):
        yield future.result()
