"""Writes a run's report: one self-contained page for people, the pages it leads to, JSON and CSV for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from reports import report_charts
from reports.assessment_findings import Level, level_of
from reports.evidence import Evidence
from reports.item_pages import page_name
from reports.outcome import OutcomeCounts, RunReport
from reports.render import ADVICE, csv_table, environment, plain, write_files
from reports.since import Since
from reports.verdict import Verdict

MAX_SHOWN = 200  # objects of a list on the page; its table has all of them
DECISIVE = 3  # reasons of the verdict that everybody sees
COLUMNS = ("source", "loaded", "unchanged", "skipped", "rejected", "conflicts", "deleted")
SHOWN_FIRST = ("articles", "pages", "portfolios", "products", "entries", "media", "terms", "comments", "users", "menus")


@dataclass(frozen=True, slots=True)
class FullReport:
    """All that a report shows."""

    run: RunReport
    verdict: Verdict
    evidence: Evidence
    since: Since | None = None  # an earlier run, when somebody asked for the difference


def write_report(report: FullReport, folder: Path) -> Path:
    """Write index.html and what stands beside it, replacing earlier ones; return the page's path."""
    document = report_json(report)
    files = {
        "report.json": document,
        "outcomes.csv": csv_table(("entity", *COLUMNS, "adds_up"), _outcome_lines(report.run.entities)),
        "rejected.csv": csv_table(
            ("entity", "source_id", "title", "stage", "code", "reason", "advice"),
            [(r.entity, r.source_id, r.title, r.stage, r.code, r.reason, r.advice) for r in report.run.rejected],
        ),
        "conflicts.csv": csv_table(
            ("conflict", "title", "cause", "field", "cms", "source"), _conflict_lines(report.run)
        ),
        "index.html": render_html(report, sha256(document).hexdigest()).encode(errors="replace"),
    }
    write_files(files, folder, ADVICE)
    return folder / "index.html"


def render_html(report: FullReport, fingerprint: str) -> str:
    """Return the page; every text from the source is escaped. `fingerprint` is what people sign."""
    page = environment().get_template("report.html")
    return page.render(
        report=report.run,
        entities=_in_order(report.run.entities),
        total=report.run.total,
        verdict=report.verdict,
        decisive=report.verdict.reasons[:DECISIVE],
        further=report.verdict.reasons[DECISIVE:],
        evidence=report.evidence,
        since=report.since,
        findings=_by_level(report.run),
        charts=report_charts,
        page_name=page_name,
        fingerprint=fingerprint,
        max_shown=MAX_SHOWN,
    )


def report_json(report: FullReport) -> bytes:
    """Return the report as JSON, with what it concludes beside what it was given.

    The time at which the site was looked at is not in it: what people sign stays the same while nothing changes.
    """
    run = report.run
    concluded = {"accounting": run.accounting, "seconds": run.seconds, "total": run.total}
    fields = {field.name: getattr(run, field.name) for field in dataclasses.fields(run)}
    evidence = plain(report.evidence)
    del evidence["seen_at"]
    document = {**fields, **concluded, "verdict": report.verdict.document(), "evidence": evidence}
    if report.since is not None:
        document["since"] = report.since.document()
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(plain(document), option=options)


def _in_order(entities: Mapping[str, OutcomeCounts]) -> Mapping[str, OutcomeCounts]:
    """Return the counts as people look for them: what they wrote first, what holds it together last."""
    return {name: entities[name] for name in dict.fromkeys((*SHOWN_FIRST, *entities)) if name in entities}


def _by_level(run: RunReport) -> Mapping[str, list[Any]]:
    """Return the findings of the run by how much they matter, the most frequent first."""
    groups = sorted(run.issues, key=lambda group: (-group.count, group.code))
    return {level: [group for group in groups if level_of(group.code) is level] for level in Level}


def _outcome_lines(entities: Mapping[str, OutcomeCounts]) -> Iterator[Sequence[object]]:
    for entity, counts in entities.items():
        yield entity, *(getattr(counts, column) for column in COLUMNS), "yes" if counts.adds_up else "no"


def _conflict_lines(run: RunReport) -> Iterator[Sequence[object]]:
    for one in run.conflicts:
        name = f"{run.site}-{one.entity}-{one.source_id}"  # as `wpferry conflicts resolve` takes it
        for field in one.fields:
            yield name, one.title, one.cause, field.name, field.cms, field.source
