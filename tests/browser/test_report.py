"""The report in a real browser: no errors, the numbers of the data beside it, phone, keyboard and print."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from playwright.sync_api import Page

from reports.render import write_report
from tests.browser.contrast import CONTRASTS
from tests.unit.reports.builders import make_rejected, make_report


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    attack = make_rejected(title="<script>document.title = 'owned'</script>", reason="<img src=x onerror=alert(1)>")
    return write_report(make_report(rejected=(attack,)), tmp_path_factory.mktemp("report"))


@pytest.fixture
def page(opened: Callable[[Path], Page], report: Path) -> Page:
    return opened(report)


def test_it_opens_without_errors_and_without_running_what_a_title_says(page: Page) -> None:
    assert page.title() == "Harbour & Stone: migration report"
    assert page.get_by_text("<script>document.title = 'owned'</script>").is_visible()


def test_its_numbers_are_those_of_the_data_beside_it(page: Page, report: Path) -> None:
    data = orjson.loads((report.parent / "report.json").read_bytes())
    for entity, counts in data["entities"].items():
        row = page.locator("table.outcomes tr", has=page.get_by_role("rowheader", name=entity.capitalize()))
        shown = [int(text.replace(",", "")) for text in row.locator("td:not(.check)").all_inner_texts()]
        names = ("source", "loaded", "unchanged", "skipped", "rejected", "conflicts", "deleted")
        assert shown == [counts[name] for name in names]


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = "all => all.filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1).length"
    assert page.locator("td, th, dd").evaluate_all(cut) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    texts = page.locator("h1, h2, p, dt, dd, th, td:not(.none), code, summary, a, .count").filter(
        has_text=re.compile(".")
    )
    ratios = texts.evaluate_all(CONTRASTS)
    assert len(ratios) > 40
    assert [found for found in ratios if found[0] < 4.5] == []


def test_findings_open_by_keyboard(page: Page) -> None:
    summary = page.locator("summary").first
    was_open = page.locator("details").first.get_attribute("open") is not None
    summary.focus()
    page.keyboard.press("Enter")
    assert (page.locator("details").first.get_attribute("open") is not None) != was_open


def test_it_prints_with_every_finding_in_it(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
    page.emulate_media(media="print")
    assert page.get_by_text("[timeline] kept as text").bounding_box()["height"] > 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
