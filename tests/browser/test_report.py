"""Reports of real sites in a real browser: nothing asked of the network, the data's numbers, phone, keyboard, print."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

from cms_models import schema
from flows.progress import Lines
from flows.reporting import rewrite_report
from flows.settings import read_settings
from flows.steps import run_directly, run_site
from flows.verification.steps import verify_site
from flows.wiring import open_site
from reports.evidence import ContentCount, LanguageCount
from reports.report_pages import write_report
from tests.conftest import FixtureSite
from tests.unit.reports.builders import make_evidence, make_full_report, make_rejected

SIZES = {390: 844, 1440: 900}
GRAVE = ("serious", "critical")
FOLDABLE = "document.querySelectorAll('details').forEach(each => each.open = {})"


@pytest.fixture(scope="module", params=["demo", "messy"])
def report(
    request: pytest.FixtureRequest,
    module_postgres: str,
    mongodb: str,
    tmp_path_factory: pytest.TempPathFactory,
    fixture_site: Callable[[str], FixtureSite],
) -> Path:
    """The report of a site that was migrated, verified, and migrated again."""
    name, home = request.param, tmp_path_factory.mktemp("report")
    site = fixture_site(name)
    schema.upgrade(module_postgres)
    given = {"source": str(site.dump), "uploads": str(site.uploads), "cms": module_postgres, "metrics": mongodb}
    settings = read_settings(None, (name,), given).model_copy(update={"home": home})
    run_site(settings, name, "migrate", Lines(), run_directly, workers=2, out=None)
    with open_site(settings, name) as opened:
        verify_site(opened, workers=1)
    run_site(settings, name, "resync", Lines(), run_directly, workers=2, out=None)
    return rewrite_report(settings, name, None, home / name).path


@pytest.fixture
def page(opened: Callable[[Path], Page], report: Path) -> Page:
    return opened(report)


@pytest.fixture
def document(report: Path) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads((report.parent / "report.json").read_bytes())
    return found


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)


def cells(rows: Locator) -> list[list[str]]:
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def look(page: Page, name: str, tmp_path: Path) -> None:
    """Keep a picture of a page for people to look at: in WPFERRY_TEST_SCREENSHOTS, or beside the test's other files."""
    folder = Path(os.environ.get("WPFERRY_TEST_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_the_first_screen_has_the_verdict_and_the_reasons_that_decide_it(page: Page, document: dict[str, Any]) -> None:
    decision = document["verdict"]
    for width, height in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        assert page.locator("h2#verdict").inner_text().startswith("Go" if decision["go"] else "No-go")
        reasons = page.locator("ol.reasons li")
        wanted = [one["sentence"] for one in decision["reasons"][:3]]
        assert [text.split("\n")[-1] for text in reasons.all_inner_texts()] == wanted
        last = reasons.last.bounding_box()
        assert last is not None
        assert last["y"] + last["height"] < height


def test_its_numbers_are_those_of_the_data_beside_it(page: Page, document: dict[str, Any]) -> None:
    names = ("source", "loaded", "unchanged", "skipped", "rejected", "conflicts")
    shown = {row[0]: [number(text) for text in row[1:7]] for row in cells(page.locator("table.outcomes tbody tr"))}
    assert shown == {
        entity.capitalize(): [counts[name] for name in names] for entity, counts in document["entities"].items()
    }
    figures = [number(text) for text in page.locator(".figures dd:not(.note)").all_inner_texts()]
    total = document["total"]
    waiting = total["rejected"] + total["conflicts"]
    assert figures == [total["source"], total["loaded"] + total["unchanged"], total["skipped"], waiting]
    content = [(one["in_wordpress"], one["in_cms"]) for one in document["evidence"]["content"]]
    assert [(number(row[2]), number(row[3])) for row in cells(page.locator("table.counts tbody tr"))] == content
    media = [number(text) for text in page.locator(".statuses dd").all_inner_texts()]
    assert media[1:] == [document["media"][name] for name in ("images", "converted", "kept", "missing", "rejected")]


def test_every_kind_of_finding_leads_to_all_its_items(
    page: Page, report: Path, document: dict[str, Any], opened: Callable[[Path], Page]
) -> None:
    assert document["issues"]
    page.evaluate(FOLDABLE.format("true"))
    for group in document["issues"]:
        folded = page.locator(f"#kind-{group['code'].replace('.', '-')}")
        assert number(folded.locator("summary .count").inner_text()) == group["count"]
        if folded.locator(".samples li").count() == group["count"]:
            assert folded.locator(".all").count() == 0
            continue
        items = opened(report.parent / (folded.locator(".all a").get_attribute("href") or ""))
        assert items.locator("tbody tr").count() == group["count"]
        items.get_by_role("link", name="Back to the report").first.click()
        assert items.locator("h2#verdict").is_visible()


def test_every_link_leads_somewhere(page: Page, report: Path, document: dict[str, Any]) -> None:
    for address in set(page.locator("a").evaluate_all("all => all.map(each => each.getAttribute('href'))")):
        if address.startswith("#"):
            assert page.locator(address).count() == 1
        elif not address.startswith(document["url"]):
            assert (report.parent / address).is_file(), address


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1440, "light")])
def test_people_who_cannot_see_or_point_can_use_it(
    page: Page, width: int, scheme: str, report: Path, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    page.emulate_media(color_scheme=scheme)
    look(page, f"{report.parent.name}-{width}-{scheme}", tmp_path)
    page.evaluate(FOLDABLE.format("true"))
    found = Axe().run(page)
    grave = [one["id"] for one in found.response["violations"] if one["impact"] in GRAVE]
    assert grave == [], found.generate_report()
    for items in sorted((report.parent / "items").iterdir())[:1]:
        page.goto(items.as_uri())
        found = Axe().run(page)
        assert found.response["violations"] == [], found.generate_report()


def test_nothing_is_wider_than_the_window_or_too_small_to_read(page: Page) -> None:
    page.evaluate(FOLDABLE.format("true"))
    for width in (360, 390, 768, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        cut = "all => all.filter(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1).length"
        assert page.locator("td, th, dd, li").evaluate_all(cut) == 0
        heights = page.locator("svg text").evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
        assert min(height for height in heights if height) > 10


def test_texts_unfold_by_keyboard(page: Page) -> None:
    folded = page.locator("#comparisons ~ details").last
    folded.locator("summary").focus()
    page.keyboard.press("Enter")
    assert folded.get_attribute("open") is not None
    assert folded.get_by_role("heading", name="In the CMS").is_visible()


def test_it_prints_on_several_pages_with_all_that_was_folded_and_room_to_sign(page: Page) -> None:
    page.evaluate(FOLDABLE.format("false"))
    page.emulate_media(media="print")
    for shown in (page.locator("#findings ~ details li").last, page.get_by_text("Signature", exact=True).last):
        box = shown.bounding_box()
        assert box is not None
        assert box["height"] > 0
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 3


def test_many_languages_and_long_names_stay_within_the_window(opened: Callable[[Path], Page], tmp_path: Path) -> None:
    languages = tuple(
        LanguageCount(kind=kind, language=f"l{number}", source=1_000, machine=900, missing=12_000, stale=7)
        for kind in ("articles", "a_type_with_a_long_name")
        for number in range(14)
    )
    content = tuple(ContentCount(kind="x" * 20, language=f"l{number}", in_wordpress=123_456) for number in range(30))
    page = opened(
        write_report(make_full_report(evidence=make_evidence(languages=languages, content=content)), tmp_path)
    )
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_a_title_says_is_never_run(opened: Callable[[Path], Page], tmp_path: Path) -> None:
    attack = make_rejected(title="<script>document.title = 'owned'</script>", reason="<img src=x onerror=alert(1)>")
    page = opened(write_report(make_full_report(rejected=(attack,)), tmp_path))
    assert page.title() == "Harbour & Stone: migration report"
    assert page.get_by_text("<script>document.title = 'owned'</script>").is_visible()


def test_a_page_is_small_enough_to_be_mailed(report: Path) -> None:
    assert report.stat().st_size < 400_000
    assert 'src="http' not in report.read_text()
