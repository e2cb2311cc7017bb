"""How a run ends: indexes in place, sums checked, metrics delivered, the report written."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cms_models import bulk, db, runs
from cms_models.errors import TargetError
from cms_models.groups import remove_empty_groups
from cms_models.outbox import Outbox
from cms_models.translation_upkeep import follow_originals
from flows.execution import Execution
from flows.failures import exit_code_of
from flows.item_lists import write_item_lists
from flows.migration import Migration
from flows.reporting import report_of_run, stored_report, write_full_report
from flows.summary import MigrationSummary
from flows.tally import package_versions
from flows.verdicts import site_verdict
from reports.item_pages import publish_item_pages
from reports.metrics import MetricsUnavailableError, RunMetrics
from reports.outcome import RunReport
from reports.reconciliation import check_counts


def finish(run: Migration, out: Path | None, execution: Execution) -> MigrationSummary:
    """Close the run and return what it did. Raises CountMismatchError when an object has no outcome, or two."""
    target = run.site.target
    purge = target.settings.deletions.purge
    run.tally.rows_written += follow_originals(run.connection, run.site_id, run.id, purge=purge)
    run.tally.rows_written += remove_empty_groups(run.connection, run.site_id, run.id)
    folder = (out or target.reports / str(run.id)).absolute()
    if run.flow == "resync":  # its report has nothing that takes long on a large site
        summary = _finish(run, folder, in_detail=False)
    else:
        lists = partial(write_item_lists, target.cms_url, run.site_id, run.listed, folder)
        with execution.beside(lists):
            summary = _finish(run, folder, in_detail=True)
        publish_item_pages(folder)
    check_counts(summary.report.entities)
    return summary


def _finish(run: Migration, folder: Path, *, in_detail: bool) -> MigrationSummary:
    target = run.site.target
    bulk.ensure_indexes(run.connection, target.cms_url)
    finished_at = datetime.now(UTC)
    report = report_of_run(run, finished_at)
    runs.finish_run(run.connection, run.id, str(report.accounting), {"report": stored_report(report), "told": run.told})
    verdict = site_verdict(run.connection, report.site, target.settings.thresholds, asked_at=finished_at)
    runs.note(run.connection, run.id, {"verdict": verdict.document()})
    _measure(run, report)
    return MigrationSummary(
        report=report,
        verdict=verdict,
        report_path=write_full_report(run.connection, target, report, verdict, folder, in_detail=in_detail),
        images=run.tally.images,
        images_encoded=run.tally.images_encoded,
        rows_written=run.tally.rows_written,
    )


def fail(run: Migration, error: BaseException) -> None:
    """Note that a run could not be finished; never hides the error that ended it.

    The run's own connection may be what failed, so another one is used, and a CMS that is away is left alone: the next
    run closes what is still open.
    """
    target = run.site.target
    reason = str(error) if exit_code_of(error) is not None else type(error).__name__  # others may quote content
    with suppress(TargetError), db.connect(target.cms_url) as connection:
        runs.fail_run(connection, run.id, reason)
        metrics = RunMetrics(
            run_id=str(run.id), site=target.key, flow=run.flow, outcome=runs.FAILED, started_at=run.started_at,
            finished_at=datetime.now(UTC), entities=run.tally.counts, stages=run.tally.stages(),
            peak_memory_bytes=run.tally.peak_memory_bytes, versions=package_versions(),
            settings=target.settings.shown(),
        )  # fmt: skip
        target.metrics.record([metrics], Outbox(connection))


def _measure(run: Migration, report: RunReport) -> None:
    target = run.site.target
    metrics = RunMetrics(
        run_id=report.run_id,
        site=report.site,
        flow=run.flow,
        outcome=str(report.accounting),
        started_at=report.started_at,
        finished_at=report.finished_at,
        entities=report.entities,
        stages=report.stages,
        media=report.media,
        peak_memory_bytes=run.tally.peak_memory_bytes,
        versions=report.versions,
        settings=target.settings.shown(),
    )
    target.metrics.record([metrics], run.outbox)
    target.metrics.register_site(
        report.site, name=report.name, url=report.url, seen_at=report.finished_at, outbox=run.outbox
    )
    with suppress(MetricsUnavailableError):  # they wait for the next run
        target.metrics.deliver(run.outbox)
