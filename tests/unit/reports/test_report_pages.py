from __future__ import annotations

import csv
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import orjson
import pytest
from lxml import html

from cms_models.report_queries import ListedIssue
from reports.evidence import ContentCount, Evidence, LastVerification, PictureSample, SearchCount
from reports.item_pages import ListedSite, publish_item_pages, write_item_pages
from reports.outcome import (
    Accounting,
    BothVersions,
    Finding,
    InConflict,
    IssueGroup,
    MediaSummary,
    OutcomeCounts,
    SourceContent,
)
from reports.render import ReportUnwritableError
from reports.report_pages import MAX_SHOWN, FullReport, report_json, write_report
from reports.report_pages import render_html as render
from reports.verdict import VerificationFacts
from tests.unit.reports.builders import (
    STARTED,
    make_comparison,
    make_difference,
    make_evidence,
    make_full_report,
    make_rejected,
    make_run_point,
    make_verdict,
    make_verification,
)

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'--></style>"


def render_html(report: FullReport) -> str:
    return render(report, "0f" * 32)


def text_of(page: str) -> str:
    return " ".join(" ".join(html.fromstring(page).xpath("//main//text()")).split())


def test_every_text_of_the_source_is_escaped() -> None:
    report = make_full_report(
        verdict=make_verdict(failure=ATTACK),
        evidence=make_evidence(
            content=(ContentCount(kind=ATTACK, language=ATTACK, in_wordpress=1),),
            search=(SearchCount(kind=ATTACK, published=1, titled=1, described=1, canonical=1, hidden=1),),
            verification=make_verification(
                differences=tuple(
                    make_difference(layer=layer, title=ATTACK, field=ATTACK, source_value=ATTACK, target_value=ATTACK)
                    for layer in ("addresses", "seo", "translations")
                )
            ),
            pictures=(
                PictureSample(
                    title=ATTACK, bytes_before=2, bytes_after=1, width=1, height=1, thumbnail="data:image/webp;base64,"
                ),
            ),
            comparisons=(make_comparison(ATTACK, ATTACK[::-1], kind=ATTACK, language=ATTACK, title=ATTACK),),
            resyncs=(make_run_point(outcome=ATTACK),),
        ),
        site=ATTACK,
        name=ATTACK,
        url=f"javascript:{ATTACK}",
        flow=ATTACK,
        run_id=ATTACK,
        entities={ATTACK: OutcomeCounts(source=1, skipped=1, skipped_for={ATTACK: 1})},
        content=(SourceContent(entity=ATTACK, kind=ATTACK, language=ATTACK, count=1),),
        issues=(
            IssueGroup(
                code=ATTACK,
                count=1,
                samples=(Finding(entity=ATTACK, source_id=1, title=ATTACK, detail=ATTACK, path=ATTACK),),
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
    assert not page.xpath("//script | //*[@onerror] | //img[not(starts-with(@src, 'data:image/webp'))]")
    assert len(page.xpath("//style")) == 1
    links = {link.get("href") for link in page.xpath("//a")}
    assert not {link for link in links if link.startswith(("javascript:", "http"))} - {"https://studio.test/pier/"}


def test_what_is_in_conflict_is_shown_with_both_versions_and_needs_somebody() -> None:
    title = BothVersions(name="title", cms="Pier & quay", source="The pier")
    conflict = InConflict(
        entity="articles",
        source_id=12,
        title="Pier & quay",
        cause="changed in WordPress and in the CMS",
        fields=(title,),
    )
    report = make_full_report(rejected=(), entities={}, conflicts=(conflict,))
    assert report.run.accounting == Accounting.ATTENTION
    shown = text_of(render_html(report))
    assert "Needs a person 1" in shown
    assert "Pier & quay Articles · open in WordPress Changed in WordPress and in the CMS." in shown
    assert "In the CMS In WordPress Title Pier & quay The pier" in shown
    assert orjson.loads(report_json(report))["conflicts"][0]["fields"][0]["source"] == "The pier"


def test_the_page_loads_nothing_from_anywhere() -> None:
    page = html.fromstring(render_html(make_full_report()))
    assert not page.xpath(
        "//script | //link[not(starts-with(@href, 'data:'))] | //*[@src][not(starts-with(@src, 'data:'))]"
    )
    assert "url(" not in page.xpath("//style")[0].text
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]


def test_the_table_shows_each_number_and_whether_the_sums_add_up() -> None:
    entities = {
        "articles": OutcomeCounts(source=1240, loaded=1200, skipped=30),
        "pages": OutcomeCounts(source=1, loaded=1),
    }
    page = html.fromstring(render_html(make_full_report(entities=entities)))
    rows = {
        row.xpath("string(th)").strip(): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in page.xpath("//table[@class='outcomes']//tr[td]")
    }
    assert rows["Articles"] == ["1,240", "1,200", "0", "30", "0", "0", "✕", "0"]
    assert rows["Pages"] == ["1", "1", "0", "0", "0", "0", "✓", "0"]
    assert rows["All"][0] == "1,241"


def test_the_first_words_are_the_verdict_and_the_three_reasons_that_decide_it() -> None:
    rejected = make_verdict(rejected=200, losses=3)
    page = html.fromstring(render_html(make_full_report(verdict=rejected)))
    assert page.xpath("string(//h2[1])").strip() == "No-go: not ready to switch over"
    reasons = [" ".join(item.text_content().split()) for item in page.xpath("//ol[@class='reasons']/li")]
    assert len(reasons) == 3
    assert reasons[0] == "✕Not acceptable: 200 of 1,298 objects were rejected."


def test_a_go_says_so_with_and_without_reservations() -> None:
    compared = VerificationFacts(finished_at=STARTED, is_outdated=False, differences=0, addresses=9, answered=9)
    fine = text_of(render_html(make_full_report(verdict=make_verdict(rejected=0, verification=compared))))
    assert "Go: ready to switch over" in fine
    almost = text_of(render_html(make_full_report(verdict=make_verdict(losses=1, rejected=0, verification=compared))))
    assert "Go, with something to look at" in almost


def test_rejected_objects_say_why_and_what_to_do() -> None:
    text = text_of(render_html(make_full_report()))
    assert "Its date 2021-13-45 does not exist." in text
    assert "What to do Give the post a date in WordPress" in text


def test_a_long_list_of_rejected_objects_points_to_the_whole_one() -> None:
    rejected = tuple(make_rejected(source_id=number) for number in range(MAX_SHOWN + 5))
    assert "And 5 more, all of them in rejected.csv" in text_of(render_html(make_full_report(rejected=rejected)))


def test_findings_are_ordered_by_how_much_they_matter_and_lead_to_all_their_items() -> None:
    page = render_html(make_full_report())
    text = text_of(page).partition("Quality of the data 13")[2]
    assert text.index("Did not come along") < text.index("Shortcodes of unknown plugins 12")
    assert text.index("Shortcodes of unknown plugins 12") < text.index("Links: broken")
    assert html.fromstring(page).xpath("//a[@href='items/body-unknown-shortcode-1.html']/text()") == ["All 12 items"]
    brief = text_of(render_html(make_full_report(evidence=make_evidence(lists_items=False))))
    assert "and 11 more of this kind" in brief
    assert "All 12 items" not in brief


def test_an_empty_run_and_a_run_without_files_have_a_page_too() -> None:
    nothing = Evidence(seen_at=STARTED)
    empty = make_full_report(
        evidence=nothing, entities={}, media=None, stages=(), issues=(), rejected=(), versions={}, name="", url=""
    )
    assert "This run looked at nothing." in text_of(render_html(empty))
    no_bytes = make_full_report(media=MediaSummary(missing=3))
    assert "Missing 3" in text_of(render_html(no_bytes))


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (59.94, "59.9 s"), (83, "1 min 23 s"), (7_261, "2 h 1 min")]
)
def test_times_are_written_for_people(seconds: float, words: str) -> None:
    assert words in text_of(render_html(make_full_report(finished_at=STARTED + timedelta(seconds=seconds))))


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1_500, "1.5 KB"), (834_112_933, "834 MB"), (21_500_000_000_000, "21.5 TB")],
)
def test_sizes_are_written_for_people(size: int, words: str) -> None:
    media = MediaSummary(images=1, converted=1, bytes_before=21_500_000_000_001, bytes_after=size)
    assert f"before, {words} after" in text_of(render_html(make_full_report(media=media)))


def test_the_json_holds_all_of_it_and_what_follows_from_it() -> None:
    data = orjson.loads(report_json(make_full_report(name="lone \ud800 surrogate")))
    assert data["accounting"] == "attention"
    assert data["seconds"] == 83
    assert data["total"]["source"] == 1298
    assert data["entities"]["articles"]["skipped_for"] == {"revision": 30}
    assert data["rejected"][0]["advice"].startswith("Give the post")
    assert data["started_at"] == "2026-11-20T20:03:11+00:00"


def test_the_files_stand_beside_the_page_and_replace_earlier_ones(tmp_path: Path) -> None:
    folder = tmp_path / "reports/studio/run"
    write_report(make_full_report(rejected=()), folder)
    page = write_report(make_full_report(), folder)
    assert page == folder / "index.html"
    names = {"index.html", "report.json", "outcomes.csv", "conflicts.csv", "rejected.csv"}
    assert {path.name for path in folder.iterdir()} == names
    with (folder / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["source_id"] for row in csv.DictReader(file)] == ["903"]
    with (folder / "outcomes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["adds_up"] for row in csv.DictReader(file)] == ["yes", "yes"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "\n="])
def test_no_cell_starts_a_formula(start: str, tmp_path: Path) -> None:
    attack = f"{start}HYPERLINK(A1)"
    write_report(make_full_report(rejected=(make_rejected(title=attack),)), tmp_path)
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["title"] == f"'{attack}"


def test_a_folder_that_cannot_be_written_is_reported_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportUnwritableError, match=r"could not be written to .*file.* wpferry report"):
        write_report(make_full_report(), tmp_path / "file" / "run")


def test_who_signs_signs_the_bytes_of_the_data_beside_the_page(tmp_path: Path) -> None:
    page = write_report(make_full_report(), tmp_path)
    fingerprint = sha256((tmp_path / "report.json").read_bytes()).hexdigest()
    assert html.fromstring(page.read_text()).xpath("//code[@class='hash']/text()") == [fingerprint]
    again = write_report(make_full_report(evidence=make_evidence(seen_at=STARTED)), tmp_path / "again")
    assert (again.parent / "report.json").read_bytes() == (tmp_path / "report.json").read_bytes()


def test_content_that_is_missing_is_counted_by_kind_and_language() -> None:
    page = html.fromstring(render_html(make_full_report()))
    table = page.xpath("//table[contains(@class, 'counts')]")[0]
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.xpath("tbody/tr")]
    assert rows[:2] == [["Articles", "EN", "1,000", "999", "", "1"], ["Articles", "ES", "204", "204", "12", "✓"]]
    assert "1 is missing" in text_of(render_html(make_full_report()))


@pytest.mark.parametrize(
    ("verification", "words"),
    [(None, "have not been compared yet"), (make_verification(is_outdated=True), "the CMS has changed since")],
)
def test_without_a_fresh_verification_the_page_says_how_to_get_one(
    verification: LastVerification | None, words: str
) -> None:
    text = text_of(render_html(make_full_report(evidence=make_evidence(verification=verification))))
    assert words in text
    assert "wpferry verify" in text


def test_differences_of_addresses_are_shown_with_both_sides() -> None:
    text = text_of(render_html(make_full_report()))
    assert "98.3 %" in text
    assert "Pier Path /pier /quay" in text


def test_items_are_listed_on_pages_of_five_hundred_with_every_one_in_the_table(tmp_path: Path) -> None:
    issues = (
        ListedIssue(
            code=code, entity="articles", source_id=number, detail=f"detail {number}", title=ATTACK, path="/pier/",
            language="en",
        )
        for code, count in (("body.unknown_shortcode", 1_001), ("links.broken", 1))
        for number in range(count)
    )  # fmt: skip
    (tmp_path / "items").mkdir()
    (tmp_path / "items" / "of-an-earlier-run-1.html").touch()
    write_report(make_full_report(), tmp_path)
    write_item_pages(issues, ListedSite(key="studio", name="Studio", url="https://studio.test"), tmp_path)
    assert [path.name for path in (tmp_path / "items").iterdir()] == ["of-an-earlier-run-1.html"]
    publish_item_pages(tmp_path)
    names = [path.name for path in sorted((tmp_path / "items").iterdir())]
    assert names == [f"body-unknown-shortcode-{number}.html" for number in (1, 2, 3)]
    pages = [html.parse(tmp_path / "items" / name).getroot() for name in names]
    assert [len(page.xpath("//tbody/tr")) for page in pages] == [500, 500, 1]
    assert not any(page.xpath("//script | //*[@onerror]") for page in pages)
    for page in pages:
        for link in page.xpath("//nav/a/@href"):
            assert (tmp_path / "items" / link.partition("#")[0]).exists()
    assert pages[1].xpath("//a[@rel]/@href")[:2] == ["body-unknown-shortcode-1.html", "body-unknown-shortcode-3.html"]
    assert pages[0].xpath("string(//tbody/tr/th/a/@href)") == "https://studio.test/pier/"
    with (tmp_path / "issues.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _ in csv.DictReader(file)) == 1_002
