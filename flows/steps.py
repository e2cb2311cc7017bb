"""The story of a migration, the same with Prefect and without."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from cms_models import bulk, db, queries, schema
from flows.ending import finish
from flows.execution import Execution, opened
from flows.migration import Migration
from flows.progress import Reporter
from flows.retries import with_retries
from flows.settings import ConfigurationError, Settings
from flows.summary import MigrationSummary
from flows.wiring import OpenSite, open_site
from flows.worker import BatchResult, BatchSpec
from transforms.registry import ENTITIES

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
    with open_site(settings, key) as site:
        if settings.sites[key].cms is None:
            schema.upgrade(site.target.cms_url)
        return migrate_site(site, run_batches, reporter, flow=flow, workers=workers, out=out)


def migrate_site(
    site: OpenSite, run_batches: RunBatches, reporter: Reporter, *, flow: str, workers: int, out: Path | None = None
) -> MigrationSummary:
    """Bring one site's CMS up to date with its source and account for every object."""
    with db.connect(site.target.cms_url) as connection, db.site_lock(connection, site.target.key):
        schema.require_current_schema(connection)
        if flow == RESYNC:
            require_migrated(connection, site.target.key)
        run = Migration.begin(site, connection, flow=flow)
        bulk.defer_indexes(connection)
        spec = run.worker_spec(threads=workers)
        with opened(spec, workers=workers, objects=run.expected_changes()) as execution:
            for entity in ENTITIES:
                plan = run.plan(entity)
                with reporter.stage(plan.entity, len(plan.changed)) as stage:
                    for done in run_batches(execution, run.batches(plan)):
                        run.note(done)
                        stage.advance(len(done.spec.keys))
                run.remove(plan)
        return finish(run, out)


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
