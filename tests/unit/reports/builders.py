"""Reports for tests, with every kind of content."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from reports.evidence import (
    AddressCounts,
    ContentCount,
    Evidence,
    LastVerification,
    PictureSample,
    RunPoint,
    SearchCount,
)
from reports.outcome import Finding, IssueGroup, MediaSummary, OutcomeCounts, Rejected, RunReport, StageTime
from reports.report_pages import FullReport
from reports.side_by_side import Comparison, compare_texts
from reports.verdict import Facts, Verdict, judge
from reports.verification import Difference, LayerResult

STARTED = datetime(2026, 11, 20, 20, 3, 11, tzinfo=UTC)


def make_rejected(**changes: Any) -> Rejected:
    values: dict[str, Any] = {
        "entity": "articles",
        "source_id": 903,
        "title": "Summer & winter",
        "code": "articles.bad_date",
        "reason": "Its date 2021-13-45 does not exist.",
        "advice": "Give the post a date in WordPress and run wpferry migrate again.",
    }
    return Rejected(**{**values, **changes})


def make_report(**changes: Any) -> RunReport:
    values: dict[str, Any] = {
        "site": "studio",
        "name": "Harbour & Stone",
        "url": "https://studio.test",
        "run_id": "0199f3c2-7d1e",
        "started_at": STARTED,
        "finished_at": STARTED + timedelta(seconds=83),
        "entities": {
            "articles": OutcomeCounts(source=1234, loaded=1203, skipped=30, rejected=1, skipped_for={"revision": 30}),
            "pages": OutcomeCounts(source=64, loaded=1, unchanged=63, deleted=2),
        },
        "media": MediaSummary(images=9, converted=7, kept=2, missing=1, bytes_before=8_000_000, bytes_after=2_000_000),
        "stages": (StageTime("transform", 5.6, 1298), StageTime("load", 2.5, 1298)),
        "issues": (
            IssueGroup(code="links.broken", count=1, samples=(Finding(entity="pages", source_id=7, detail="/gone/"),)),
            IssueGroup(
                code="body.unknown_shortcode",
                count=12,
                samples=(
                    Finding(
                        entity="articles", source_id=12, title="Pier", path="/pier/", detail="[timeline] kept as text"
                    ),
                ),
            ),
        ),
        "rejected": (make_rejected(),),
        "versions": {"wpferry": "0.1.0"},
    }
    return RunReport(**{**values, **changes})


def make_verdict(**changes: Any) -> Verdict:
    facts: dict[str, Any] = {"asked_at": STARTED, "objects": 1298, "rejected": 1}
    return judge(Facts(**{**facts, **changes}))


def make_comparison(before: str = "The old pier.", after: str = "The new pier.", **changes: Any) -> Comparison:
    alike, passages = compare_texts(before, after)
    values: dict[str, Any] = {
        "kind": "articles", "language": "en", "title": "Pier", "address": "https://studio.test/pier/", "alike": alike,
        "is_sample": False, "passages": passages,
    }  # fmt: skip
    return Comparison(**{**values, **changes})


def make_difference(**changes: Any) -> Difference:
    values: dict[str, Any] = {
        "layer": "addresses", "entity": "articles", "source_id": 12, "title": "Pier", "field": "path",
        "source_value": "/pier", "target_value": "/quay", "sentence": "articles 12 'Pier': path is different.",
    }  # fmt: skip
    return Difference(**{**values, **changes})


def make_verification(**changes: Any) -> LastVerification:
    values: dict[str, Any] = {
        "finished_at": STARTED + timedelta(minutes=9), "is_outdated": False, "difference_count": 1,
        "layers": (
            LayerResult(name="addresses", checked=60, differences=1),
            LayerResult(name="seo", checked=60, differences=0),
        ),
        "differences": (make_difference(),), "addresses": 60, "answered": 59, "hits": 0,
        "hits_percent": None,
    }  # fmt: skip
    return LastVerification(**{**values, **changes})


def make_run_point(day: int = 0, **changes: Any) -> RunPoint:
    values: dict[str, Any] = {
        "flow": "resync", "started_at": STARTED + timedelta(days=day), "seconds": 2.5 + day, "outcome": "complete",
        "changed": 40 - day, "waiting": 1,
    }  # fmt: skip
    return RunPoint(**{**values, **changes})


def make_evidence(**changes: Any) -> Evidence:
    values: dict[str, Any] = {
        "seen_at": STARTED + timedelta(seconds=84),
        "content": (
            ContentCount(kind="articles", language="en", in_wordpress=1000, in_cms=999),
            ContentCount(kind="articles", language="es", in_wordpress=204, in_cms=204, made_in_cms=12),
            ContentCount(kind="pages", language=None, in_wordpress=64, in_cms=64),
        ),
        "search": (SearchCount(kind="articles", published=1100, titled=90, described=800, canonical=3, hidden=2),),
        "addresses": AddressCounts(content=1263, terms=31, redirects={"old_slug": 5, "plugin": 17}),
        "verification": make_verification(),
        "pictures": (
            PictureSample(
                title="The pier at dawn", bytes_before=900_000, bytes_after=120_000, width=1600, height=900,
                thumbnail="data:image/webp;base64,UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==",
            ),
        ),
        "comparisons": (make_comparison(), make_comparison("The same.", "The same.", is_sample=True)),
        "trend": tuple(make_run_point(day) for day in range(6)),
        "resyncs": (make_run_point(5), make_run_point(4, outcome="failed")),
        "lists_items": True,
    }  # fmt: skip
    return Evidence(**{**values, **changes})


def make_full_report(verdict: Verdict | None = None, evidence: Evidence | None = None, **changes: Any) -> FullReport:
    """Return a report; the changes are those of its run."""
    return FullReport(make_report(**changes), verdict or make_verdict(), evidence or make_evidence())
