"""A run's report for tests, with every kind of content."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from reports.outcome import Finding, IssueGroup, MediaSummary, OutcomeCounts, Rejected, RunReport, StageTime

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
                samples=(Finding(entity="articles", source_id=12, title="Pier", detail="[timeline] kept as text"),),
            ),
        ),
        "rejected": (make_rejected(),),
        "versions": {"wpferry": "0.1.0"},
    }
    return RunReport(**{**values, **changes})
