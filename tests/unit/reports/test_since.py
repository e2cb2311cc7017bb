"""What has become better and what worse between two runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from lxml import html

from reports.outcome import IssueGroup, OutcomeCounts
from reports.report_pages import FullReport, render_html
from reports.since import Direction, JudgedRun, Since, compare_runs
from tests.unit.reports.assessments import ATTACK
from tests.unit.reports.builders import STARTED, make_full_report, make_rejected, make_report

BEFORE = make_report(run_id="before", rejected=(make_rejected(source_id=1), make_rejected(source_id=2)))
LATER = {"run_id": "after", "finished_at": STARTED + timedelta(days=1)}


def compared(**changes: object) -> Since:
    values = {"rejected": BEFORE.rejected, **LATER, **changes}
    return compare_runs(JudgedRun(BEFORE, "amber"), JudgedRun(make_report(**values), "amber"))


def meanings(since: Since) -> dict[str, tuple[object, object, Direction]]:
    return {one.what: (one.before, one.after, one.direction) for one in since.changes}


def test_two_runs_alike_differ_in_nothing() -> None:
    since = compared()
    assert since.changes == ()
    assert list(since.lines())[-1] == "  nothing has changed"


def test_rejected_objects_are_told_apart_by_what_they_are_and_not_by_how_many() -> None:
    since = compared(rejected=(make_rejected(source_id=2), make_rejected(source_id=3)))
    assert [one.source_id for one in since.newly_rejected] == [3]
    assert [one.source_id for one in since.no_longer_rejected] == [1]
    assert "rejected" not in meanings(since)


def test_fewer_rejected_are_better_and_more_missing_files_worse() -> None:
    media = replace(BEFORE.media, missing=5) if BEFORE.media else None
    found = meanings(compared(rejected=(), media=media))
    assert found["rejected"] == (2, 0, Direction.BETTER)
    assert found["files missing"] == (1, 5, Direction.WORSE)


def test_kinds_of_findings_come_and_go() -> None:
    issues = (IssueGroup(code="body.lost_words", count=4), IssueGroup(code="users.no_role", count=1))
    found = meanings(compared(issues=issues))
    assert found["Words that get lost"] == (0, 4, Direction.WORSE)
    assert found["Shortcodes of unknown plugins"] == (12, 0, Direction.BETTER)
    assert found["Users without a role"] == (0, 1, Direction.NEUTRAL), "a remark"


def test_what_a_run_has_loaded_again_is_no_change_of_what_is_there() -> None:
    pages = OutcomeCounts(source=64, unchanged=64)
    found = meanings(compared(entities={**BEFORE.entities, "pages": pages}))
    assert found == {}
    entries = OutcomeCounts(source=3, loaded=2, skipped=1)
    found = meanings(compared(entities={**BEFORE.entities, "entries": entries}))
    assert {what: numbers[1] for what, numbers in found.items()} == {
        "entries in WordPress": 3, "entries in the CMS": 2, "entries left out on purpose": 1,
    }  # fmt: skip


def test_a_verdict_that_changed_has_a_direction_and_one_that_nobody_kept_has_none() -> None:
    worse = compare_runs(JudgedRun(BEFORE, "green"), JudgedRun(BEFORE, "red"))
    assert meanings(worse) == {"verdict": ("green", "red", Direction.WORSE)}
    better = compare_runs(JudgedRun(BEFORE, "red"), JudgedRun(BEFORE, "amber"))
    assert meanings(better) == {"verdict": ("red", "amber", Direction.BETTER)}
    assert compare_runs(JudgedRun(BEFORE, None), JudgedRun(BEFORE, "red")).changes == ()


def test_the_page_has_a_section_of_it_only_when_somebody_asked() -> None:
    plain: FullReport = make_full_report()
    assert "Since the run of" not in render_html(plain, "0" * 64)
    since = compared(rejected=(make_rejected(source_id=3, title=ATTACK),))
    text = render_html(replace(plain, since=since), "0" * 64)
    document = html.document_fromstring(text)
    assert document.xpath("//script") == []
    section = document.xpath("//section[.//*[@id='since']]")[0].text_content()
    assert "Rejected" in section
    assert "better" in section
    assert ATTACK[:20] in section
