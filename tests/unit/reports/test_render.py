from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from lxml import html

from reports.outcome import BothVersions, Finding, InConflict, IssueGroup, MediaSummary, OutcomeCounts, Verdict
from reports.render import MAX_SHOWN, ReportUnwritableError, render_html, report_json, write_report
from tests.unit.reports.builders import STARTED, make_rejected, make_report

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--></style>"


def text_of(page: str) -> str:
    return " ".join(" ".join(html.fromstring(page).xpath("//main//text()")).split())


def test_every_text_of_the_source_is_escaped() -> None:
    report = make_report(
        site=ATTACK,
        name=ATTACK,
        url=f"javascript:{ATTACK}",
        flow=ATTACK,
        run_id=ATTACK,
        entities={ATTACK: OutcomeCounts(source=1, skipped=1, skipped_for={ATTACK: 1})},
        issues=(
            IssueGroup(
                code=ATTACK, count=1, samples=(Finding(entity=ATTACK, source_id=1, title=ATTACK, detail=ATTACK),)
            ),
        ),
        rejected=(make_rejected(entity=ATTACK, title=ATTACK, code=ATTACK, reason=ATTACK, advice=ATTACK),),
        conflicts=(
            InConflict(
                entity=ATTACK,
                source_id=1,
                title=ATTACK,
                cause=ATTACK,
                fields=(BothVersions(name=ATTACK, cms=ATTACK, source=ATTACK),),
            ),
        ),
        versions={ATTACK: ATTACK},
    )
    page = html.fromstring(render_html(report))
    assert not page.xpath("//script | //img | //*[@onerror]")
    assert len(page.xpath("//style")) == 1
    assert {link.get("href") for link in page.xpath("//a")} == {
        "#conflicts",
        "#rejected",
        "report.json",
        "outcomes.csv",
        "issues.csv",
        "rejected.csv",
    } - ({"#rejected"} if not report.total.rejected else set())


def test_what_is_in_conflict_is_shown_with_both_versions_and_needs_somebody() -> None:
    title = BothVersions(name="title", cms="Pier & quay", source="The pier")
    conflict = InConflict(
        entity="articles",
        source_id=12,
        title="Pier & quay",
        cause="changed in WordPress and in the CMS",
        fields=(title,),
    )
    report = make_report(rejected=(), entities={}, conflicts=(conflict,))
    assert report.verdict == Verdict.ATTENTION
    shown = text_of(render_html(report))
    assert "1 in conflict" in shown
    assert "studio-articles-12 Changed in WordPress and in the CMS." in shown
    assert "In the CMS In WordPress Title Pier & quay The pier" in shown
    assert orjson.loads(report_json(report))["conflicts"][0]["fields"][0]["source"] == "The pier"


def test_the_page_loads_nothing_from_anywhere() -> None:
    page = html.fromstring(render_html(make_report()))
    assert not page.xpath("//script | //link[not(starts-with(@href, 'data:'))] | //*[@src]")
    assert "url(" not in page.xpath("//style")[0].text
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_the_table_shows_each_number_and_whether_the_sums_add_up() -> None:
    entities = {
        "articles": OutcomeCounts(source=1240, loaded=1200, skipped=30),
        "pages": OutcomeCounts(source=1, loaded=1),
    }
    page = html.fromstring(render_html(make_report(entities=entities)))
    rows = {
        row.xpath("string(th)").strip(): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in page.xpath("//table[@class='outcomes']//tr[td]")
    }
    assert rows["Articles"] == ["1,240", "1,200", "0", "30", "0", "0", "✕", "0"]
    assert rows["Pages"] == ["1", "1", "0", "0", "0", "0", "✓", "0"]
    assert rows["All"][0] == "1,241"


def test_the_first_words_are_the_verdict() -> None:
    assert "Everything is accounted for, 1 rejected" in text_of(render_html(make_report()))
    fine = make_report(entities={"pages": OutcomeCounts(source=3, loaded=3)}, rejected=())
    assert "Each of the 3 objects found in WordPress has exactly one outcome" in text_of(render_html(fine))
    wrong = make_report(entities={"pages": OutcomeCounts(source=4, loaded=3)})
    assert "The sums do not add up" in text_of(render_html(wrong))


def test_a_total_that_adds_up_by_chance_is_no_success() -> None:
    entities = {"articles": OutcomeCounts(source=2, loaded=1), "pages": OutcomeCounts(source=1, loaded=2)}
    assert "The sums do not add up" in text_of(render_html(make_report(entities=entities)))


def test_rejected_objects_say_why_and_what_to_do() -> None:
    text = text_of(render_html(make_report()))
    assert "Its date 2021-13-45 does not exist." in text
    assert "What to do Give the post a date in WordPress" in text


def test_a_long_list_of_rejected_objects_points_to_the_whole_one() -> None:
    rejected = tuple(make_rejected(source_id=number) for number in range(MAX_SHOWN + 5))
    assert "And 5 more, all of them in rejected.csv" in text_of(render_html(make_report(rejected=rejected)))


def test_findings_come_most_frequent_first_with_words_and_what_is_not_shown() -> None:
    text = text_of(render_html(make_report()))
    assert text.index("Unknown shortcode") < text.index("Links: broken")
    assert "and 11 more of this kind" in text


def test_an_empty_run_and_a_run_without_files_have_a_page_too() -> None:
    empty = make_report(entities={}, media=None, stages=(), issues=(), rejected=(), versions={}, name="", url="")
    assert "This run looked at nothing." in text_of(render_html(empty))
    no_bytes = make_report(media=MediaSummary(missing=3))
    assert "Missing 3" in text_of(render_html(no_bytes))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (83, "1 min 23 s"), (7_261, "2 h 1 min")]
)
def test_times_are_written_for_people(seconds: float, words: str) -> None:
    assert words in text_of(render_html(make_report(finished_at=STARTED + timedelta(seconds=seconds))))


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_500, "1.5 KB"), (834_112_933, "834 MB"), (21_500_000_000_000, "21.5 TB")],
)
def test_sizes_are_written_for_people(size: int, words: str) -> None:
    media = MediaSummary(images=1, converted=1, bytes_before=21_500_000_000_001, bytes_after=size)
    assert f"After {words}" in text_of(render_html(make_report(media=media)))


def test_the_json_holds_all_of_it_and_what_follows_from_it() -> None:
    data = orjson.loads(report_json(make_report(name="lone \ud800 surrogate")))
    assert data["verdict"] == "attention"
    assert data["seconds"] == 83
    assert data["total"]["source"] == 1298
    assert data["entities"]["articles"]["skipped_for"] == {"revision": 30}
    assert data["rejected"][0]["advice"].startswith("Give the post")
    assert data["started_at"] == "2026-11-20T20:03:11+00:00"


def test_the_files_stand_beside_the_page_and_replace_earlier_ones(tmp_path: Path) -> None:
    folder = tmp_path / "reports/studio/run"
    write_report(make_report(rejected=()), folder)
    page = write_report(make_report(), folder)
    assert page == folder / "index.html"
    names = {"index.html", "report.json", "outcomes.csv", "issues.csv", "rejected.csv"}
    assert {path.name for path in folder.iterdir()} == names
    with (folder / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["source_id"] for row in csv.DictReader(file)] == ["903"]
    with (folder / "outcomes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["adds_up"] for row in csv.DictReader(file)] == ["yes", "yes"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n="])
def test_no_cell_starts_a_formula(start: str, tmp_path: Path) -> None:
    attack = f"{start}HYPERLINK(A1)"
    write_report(make_report(rejected=(make_rejected(title=attack),)), tmp_path)
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["title"] == f"'{attack}"


def test_a_folder_that_cannot_be_written_is_reported_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportUnwritableError, match=r"could not be written to .*file.* wpferry report"):
        write_report(make_report(), tmp_path / "file" / "run")
