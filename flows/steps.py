"""The story of a migration, the same with Prefect and without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from cms_models import bulk, db, queries, schema
from flows.ending import fail, finish
from flows.execution import Execution, expect_workers, look_for_cycles_seldom, opened
from flows.migration import Migration
from flows.progress import Reporter
from flows.retries import through_outages, with_retries
from flows.settings import ConfigurationError, Settings
from flows.summary import MigrationSummary
from flows.wiring import OpenSite, open_site
from flows.worker import BatchResult, BatchSpec
from transforms.contract import Entity
from transforms.registry import LOAD_ORDER

RunBatches = Callable[[Execution, Iterable[BatchSpec]], Iterator[BatchResult]]
"""Runs batches, several at once, each with retries; yields results as they come."""


MIGRATE, RESYNC = "migrate", "resync"


def run_site(
    settings: Settings,
    key: str,
    flow: str,
    reporter: Reporter,
    run_batches: RunBatches,
    *,
    workers: int,
    out: Path | None,
) -> MigrationSummary:
    """Open a site and migrate it; an embedded CMS gets its schemas without asking."""
    look_for_cycles_seldom()
    with open_site(settings, key) as site:
        if settings.sites[key].cms is None:
            schema.upgrade(site.target.cms_url)
        return migrate_site(site, run_batches, reporter, flow=flow, workers=workers, out=out)


def migrate_site(
    site: OpenSite, run_batches: RunBatches, reporter: Reporter, *, flow: str, workers: int, out: Path | None = None
) -> MigrationSummary:
    """Bring one site's CMS up to date with its source and account for every object.

    What is wrong from the start is told at once. When a server goes away later, the run begins again as soon as it is
    back, and takes up what is left to do.
    """
    with _locked(site) as connection:
        schema.require_current_schema(connection)
        if flow == RESYNC:
            require_migrated(connection, site.target.key)
        elif workers > 1 and not queries.read_runs(connection, site.target.key, limit=1):
            expect_workers()
    return through_outages(partial(_run, site, run_batches, reporter, flow=flow, workers=workers, out=out))


def _run(
    site: OpenSite, run_batches: RunBatches, reporter: Reporter, *, flow: str, workers: int, out: Path | None
) -> MigrationSummary:
    with _locked(site) as connection, _begun(site, connection, flow) as run:
        bulk.defer_indexes(connection)
        spec = run.worker_spec(threads=workers)
        with opened(spec, workers=workers, objects=run.expected_changes()) as execution:
            for entities in LOAD_ORDER:
                _load(run, entities, execution, run_batches, reporter)
            return finish(run, out, execution)


def _load(
    run: Migration, entities: Iterable[Entity], execution: Execution, run_batches: RunBatches, reporter: Reporter
) -> None:
    """Bring entities up to date that do not refer to each other: their batches run side by side."""
    plans = [run.plan(entity) for entity in entities]
    with ExitStack() as opened_stages:
        stages = {
            plan.entity: opened_stages.enter_context(reporter.stage(plan.entity, len(plan.changed))) for plan in plans
        }
        specs = (spec for plan in plans for spec in run.batches(plan, execution.workers))
        for done in run_batches(execution, specs):
            run.note(done)
            stages[done.spec.entity].advance(len(done.spec.keys))
    for plan in plans:
        run.remove(plan)


@contextmanager
def _locked(site: OpenSite) -> Iterator[db.Connection]:
    """Yield a connection to the CMS that holds the site's lock."""
    with db.target_errors(), db.connect(site.target.cms_url) as connection, db.site_lock(connection, site.target.key):
        yield connection


@contextmanager
def _begun(site: OpenSite, connection: db.Connection, flow: str) -> Iterator[Migration]:
    """Yield a run that is known to have begun, and to have failed when it does."""
    run = Migration.begin(site, connection, flow=flow)
    try:
        yield run
    except BaseException as error:
        fail(run, error)
        raise


def require_migrated(connection: db.Connection, site_key: str) -> None:
    """Raise ConfigurationError unless a migration of the site has ended before: a schedule must not start one."""
    if not queries.read_runs(connection, site_key):
        raise ConfigurationError(f"The site {site_key!r} was never migrated into this CMS. Run first: wpferry migrate")


def run_directly(execution: Execution, specs: Iterable[BatchSpec]) -> Iterator[BatchResult]:
    """Run batches without Prefect."""
    with ThreadPoolExecutor(execution.workers) as threads:
        batches = [threads.submit(with_retries, execution.run, spec) for spec in specs]
        try:
            for batch in as_completed(batches):
                yield batch.result()
        finally:
            threads.shutdown(cancel_futures=True)
