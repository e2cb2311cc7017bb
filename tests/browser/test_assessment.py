"""The assessment in a real browser: no errors, its document's numbers, phone, dark, keyboard and print."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from playwright.sync_api import Page

from reports.assessment_findings import FindingTally
from reports.assessment_pages import write_assessment
from tests.browser.contrast import CONTRASTS
from tests.unit.reports.assessments import make_assessment, make_example

LONG = "an-address-without-any-place-to-break-" * 8


@pytest.fixture(scope="module")
def assessment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    findings = FindingTally()
    findings.add("status.unknown", make_example(title="<script>document.title = 'owned'</script>"))
    for number in range(300):
        findings.add("body.broken_link", make_example(source_id=number, detail=LONG, url=f"https://messy.test/{LONG}/"))
    findings.add("terms.look_alike", make_example(entity="terms", source_id=4, detail="2 terms read alike."))
    found = make_assessment(findings=findings.groups(), plugins=(LONG, "akismet"), fields={LONG: 3})
    return write_assessment(found, tmp_path_factory.mktemp("assessment"))


@pytest.fixture
def page(opened: Callable[[Path], Page], assessment: Path) -> Page:
    return opened(assessment)


def test_it_opens_without_errors_and_without_running_what_a_title_says(page: Page) -> None:
    assert page.title() == "Messy & Söhne: assessment"
    assert page.get_by_text("<script>document.title = 'owned'</script>").is_visible()


def test_its_numbers_are_those_of_the_document(page: Page, assessment: Path) -> None:
    document = orjson.loads((assessment.parent / "assessment.json").read_bytes())
    for group in document["findings"]:
        summary = page.locator("summary", has=page.get_by_text(group["code"], exact=True))
        assert int(summary.locator(".count").inner_text()) == group["count"]
    lines = document["scope"]["included"] + document["scope"]["not_included"]
    shown = page.locator(".scope .n").all_inner_texts()
    assert [int(text.replace(",", "")) for text in shown] == [line["count"] for line in lines]


def test_every_link_inside_the_page_leads_somewhere(page: Page) -> None:
    for target in page.locator("a[href^='#']").evaluate_all("all => all.map(each => each.getAttribute('href'))"):
        assert page.locator(target).count() == 1


@pytest.mark.parametrize("width", [360, 390, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "all => all.filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1).length"
    assert page.locator("td, th, dd, li, p").evaluate_all(cut) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    texts = page.locator("h1, h2, h3, p, dt, dd, th, td, code, summary, a, li, .count, .chip").filter(
        has_text=re.compile(".")
    )
    ratios = texts.evaluate_all(CONTRASTS)
    assert len(ratios) > 40
    assert [found for found in ratios if found[0] < 4.5] == []


def test_findings_open_by_keyboard(page: Page) -> None:
    details = page.locator("#findings ~ details").last
    details.locator("summary").focus()
    page.keyboard.press("Enter")
    assert details.get_attribute("open") is not None


def test_it_prints_with_every_finding_and_room_to_sign(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    page.emulate_media(media="print")
    for text in ("2 terms read alike.", "Signature"):
        box = page.get_by_text(text).bounding_box()
        assert box is not None
        assert box["height"] > 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
