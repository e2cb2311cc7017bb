"""The preview of the migrated demo in a real browser: no errors, nothing run, phone, dark, keyboard, screen reader."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from flows.preview.app import create_app
from flows.settings import read_settings
from flows.wiring import open_target
from tests.migrations import UNREACHABLE, migrate
from tests.servers import free_port

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo"
ARTICLE = "/2024/03/cork-and-other-quiet-materials/"
PAGES = ("/-/", "/-/articles", ARTICLE, "/-/portfolios?q=nothing+like+it")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, module_postgres: str) -> Iterator[str]:
    """Where the preview of the migrated demo is served."""
    home, port = tmp_path_factory.mktemp("preview"), free_port()
    source = BUNDLED / "northlight.sql.gz"
    migrate(source, cms=module_postgres, home=home, uploads=BUNDLED / "uploads.tar.gz")
    given = {"source": str(source), "cms": module_postgres, "metrics": UNREACHABLE, "media": str(home / "media")}
    with open_target(read_settings(None, ("site",), given), "site") as target:
        server = uvicorn.Server(uvicorn.Config(create_app(target), port=port, log_level="error"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that may neither complain nor ask anybody else."""
    page, problems = browser.new_page(), []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith((address, "data:")) else problems.append(asked.url))
    page.on("response", lambda answer: None if answer.ok else problems.append(f"{answer.status} {answer.url}"))
    yield page
    page.close()
    assert problems == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_without_errors_and_fits_every_window(page: Page, address: str, path: str) -> None:
    page.goto(address + path)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_to_complain_of(page: Page, address: str, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address + path)
    found = Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []


def test_somebody_finds_an_article_reads_it_and_goes_to_its_translation(page: Page, address: str) -> None:
    page.goto(f"{address}/-/")
    page.get_by_role("link", name="Articles").first.click()
    page.get_by_label("Words or path").fill("cork")
    page.get_by_label("Language").select_option("en")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Cork and other quiet materials").click()
    assert page.url == address + ARTICLE
    pictures = page.locator("article img")
    pictures.first.wait_for()
    assert pictures.count() >= 3
    for place in range(pictures.count()):
        pictures.nth(place).scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert pictures.evaluate_all("all => all.filter(each => !each.complete || !each.naturalWidth).length") == 0
    page.get_by_role("link", name="El corcho").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "El corcho y otros materiales silenciosos"


def test_the_keyboard_gets_past_the_menu(page: Page, address: str) -> None:
    page.goto(address + ARTICLE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_what_somebody_planted_in_a_body_does_not_run(browser: Browser, address: str, module_postgres: str) -> None:
    attack = (
        "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\">"
        "<a href=\"javascript:document.title = 'owned'\" id=lure>x</a>"
        "<iframe srcdoc='<script>top.document.title=1'></iframe>"
    )
    with psycopg.connect(module_postgres.replace("+psycopg", ""), autocommit=True) as cms:
        cms.execute("UPDATE cms.pages SET content_html = %s WHERE path = '/contact/'", (attack,))
    page = browser.new_page()
    page.goto(f"{address}/contact/")
    page.locator("#lure").click()
    page.wait_for_load_state("networkidle")
    assert page.title().startswith("Contact")
    page.close()
