"""A run's report: made from what Postgres keeps, stored with the run, and written again from there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from cms_models import db, queries, report_queries
from cms_models.conflicts import ContestedField, read_conflicts
from cms_models.media_queries import read_media
from cms_models.queries import Run
from cms_models.report_queries import ListedIssue
from cms_models.rows import CONTENT_TABLES
from flows.differences import both_versions
from flows.evidence import gather_evidence
from flows.item_lists import write_item_lists
from flows.media_index import media_file, summary_of
from flows.migration import Migration
from flows.scopes import outline_of_site, read_scope
from flows.settings import ConfigurationError, Settings
from flows.tally import package_versions
from flows.verdicts import site_verdict
from flows.wiring import Target, open_target
from reports.item_pages import ListedSite, publish_item_pages
from reports.outcome import (
    SAMPLES,
    Accounting,
    BothVersions,
    Finding,
    InConflict,
    IssueGroup,
    Rejected,
    RunReport,
    SourceContent,
)
from reports.report_pages import FullReport, write_report
from reports.scope_document import ScopeDifference, scope_difference
from reports.since import JudgedRun, Since, compare_runs
from reports.verdict import Verdict
from transforms.placement import entity_of, place

SHOWN = 400  # characters of each version of a field in conflict
STORED = TypeAdapter(RunReport)


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report that was written again."""

    site: str
    path: Path
    accounting: Accounting
    since: Since | None = None

    @property
    def exit_code(self) -> int:
        """Return 1 when the run needs a person."""
        return 0 if self.accounting == Accounting.COMPLETE else 1

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        document: dict[str, Any] = {"site": self.site, "report": str(self.path), "outcome": str(self.accounting)}
        return document if self.since is None else {**document, "since": self.since.document()}

    def lines(self) -> Iterator[str]:
        """Yield the same for people."""
        if self.since is not None:
            yield from self.since.lines()
        yield f"Report: {self.path}"


def report_of_run(run: Migration, finished_at: datetime) -> RunReport:
    """Return the report of a run that has just ended."""
    site = run.listed
    return RunReport(
        site=site.key,
        run_id=str(run.id),
        started_at=run.started_at,
        finished_at=finished_at,
        flow=run.flow,
        name=site.name,
        url=site.url,
        entities=run.tally.counts,
        content=content_of_source(run),
        media=summary_of(map(media_file, read_media(run.connection, run.site_id))),
        stages=run.tally.stages(),
        issues=issue_groups(run.connection, run.site_id),
        rejected=rejected_of_site(run.connection, run.site_id),
        conflicts=conflicts_of_site(run.connection, run.site_id),
        scope=_scope_of_run(run),
        versions=package_versions(),
    )


def _scope_of_run(run: Migration) -> ScopeDifference | None:
    signed = run.site.target.settings.signed_scope
    return scope_difference(read_scope(signed), outline_of_site(run.wordpress, run.rules)) if signed else None


def content_of_source(run: Migration) -> tuple[SourceContent, ...]:
    """Return the content that WordPress had, by kind and language, without what is left out on purpose."""
    languages = run.languages
    default = languages.default if len(languages.codes) == 1 else None
    found: Counter[tuple[str, str, str | None]] = Counter(
        (post.type, post.status, languages.of_post.get(post.id) or default) for post in run.wordpress.posts.values()
    )
    counts: Counter[tuple[str, str, str | None]] = Counter()
    for (post_type, status, language), count in found.items():
        entity = entity_of(post_type, run.rules)
        if entity in CONTENT_TABLES and place(post_type, status, run.rules).skip_reason is None:
            counts[entity, post_type if entity == "entries" else entity, language] += count
    return tuple(
        SourceContent(entity=entity, kind=kind, language=language, count=count)
        for (entity, kind, language), count in counts.items()
    )


def write_full_report(
    connection: db.Connection,
    target: Target,
    report: RunReport,
    verdict: Verdict,
    folder: Path,
    *,
    in_detail: bool,
    since: Since | None = None,
) -> Path:
    """Write a run's report with the site as it stands, and return the page's path.

    Only one in detail has what takes long on a large site: pictures and compared texts.
    """
    site_id = queries.find_site(connection, target.key)
    assert site_id is not None  # noqa: S101 - it has a run
    evidence = gather_evidence(connection, target, site_id, report, in_detail=in_detail)
    return write_report(FullReport(report, verdict, evidence, since), folder.absolute())


def stored_report(report: RunReport) -> dict[str, Any]:
    """Return the report as JSON values, to be kept with its run."""
    document: dict[str, Any] = STORED.dump_python(report, mode="json")
    return document


def issue_groups(connection: db.Connection, site_id: int) -> tuple[IssueGroup, ...]:
    """Return all issues of a site by code, with a few examples each."""
    samples = report_queries.read_issue_samples(connection, site_id, samples=SAMPLES)
    return tuple(
        IssueGroup(code=code, count=count, samples=tuple(_finding(one) for _, one in found))
        for (code, count), found in groupby(samples, key=lambda pair: (pair[1].code, pair[0]))
    )


def _finding(one: ListedIssue) -> Finding:
    return Finding(entity=one.entity, source_id=one.source_id, detail=one.detail, title=one.title, path=one.path or "")


def rejected_of_site(connection: db.Connection, site_id: int) -> tuple[Rejected, ...]:
    """Return what could not be loaded; a dead letter's first sentence is the reason, the rest says what to do."""
    found = []
    for letter in queries.read_dead_letters(connection, site_id):
        reason, _, advice = letter.detail.partition(". ")
        found.append(
            Rejected(
                entity=letter.entity, source_id=letter.source_id, code=letter.error, reason=f"{reason.rstrip('.')}.",
                advice=advice, title=letter.title, stage=letter.stage,
            )
        )  # fmt: skip
    return tuple(found)


def conflicts_of_site(connection: db.Connection, site_id: int) -> tuple[InConflict, ...]:
    """Return what was changed on both sides and waits for a person, long texts cut to where they differ."""
    return tuple(
        InConflict(
            entity=one.entity,
            source_id=one.source_id,
            title=one.title,
            cause=one.cause,
            fields=tuple(_both_versions(field) for field in one.fields),
        )
        for one in read_conflicts(connection, site_id)
    )


def _both_versions(field: ContestedField) -> BothVersions:
    cms, source = both_versions(field.cms, field.source, limit=SHOWN)
    return BothVersions(name=field.name, cms=cms, source=source)


def rewrite_report(
    settings: Settings, key: str, run: str | None, out: Path | None, *, since: str | None = None
) -> WrittenReport:
    """Write the report of a run again, of the latest finished one when none is named.

    With `since`, the id of an earlier run, it says what differs from that one.
    """
    with open_target(settings, key) as target, db.connect(target.cms_url) as connection:
        wanted = _finished_run(connection, key, run)
        report = STORED.validate_python(wanted.detail["report"])
        difference = compare_runs(_judged(_finished_run(connection, key, since)), _judged(wanted)) if since else None
        verdict = site_verdict(connection, key, target.settings.thresholds, asked_at=datetime.now(UTC))
        folder = out or target.reports / report.run_id
        path = write_full_report(connection, target, report, verdict, folder, in_detail=True, since=difference)
        _list_items(connection, target, report, folder)
        return WrittenReport(key, path, report.accounting, difference)


def _list_items(connection: db.Connection, target: Target, report: RunReport, folder: Path) -> None:
    site_id = queries.find_site(connection, target.key)
    assert site_id is not None  # noqa: S101 - it has a run
    site = ListedSite(key=report.site, name=report.name, url=report.url)
    write_item_lists(target.cms_url, site_id, site, folder)
    publish_item_pages(folder)


def _finished_run(connection: db.Connection, key: str, run: str | None) -> Run:
    """Return a run with a report, the latest one when none is named. Raises ConfigurationError when there is none."""
    with db.target_errors():
        runs = queries.read_runs(connection, key, run_id=parse_run_id(run) if run else None, limit=50)
    finished = next((one for one in runs if "report" in one.detail), None)
    if finished is None:
        which = f"a finished run {run}" if run else "any finished run"
        raise ConfigurationError(f"The site {key!r} does not have {which}. See: wpferry status")
    return finished


def _judged(run: Run) -> JudgedRun:
    report = STORED.validate_python(run.detail["report"])
    return JudgedRun(report=report, light=run.detail.get("verdict", {}).get("level"))


def rejected_objects(settings: Settings, key: str) -> tuple[Rejected, ...]:
    """Return what of a site could not be loaded and still waits."""
    with open_target(settings, key) as target, db.connect(target.cms_url) as connection, db.target_errors():
        site_id = queries.find_site(connection, key)
        return rejected_of_site(connection, site_id) if site_id is not None else ()


def parse_run_id(run: str) -> UUID:
    """Return a run's id. Raises ConfigurationError for what is none."""
    try:
        return UUID(run)
    except ValueError:
        raise ConfigurationError(f"{run!r} is no run id. See: wpferry status") from None
