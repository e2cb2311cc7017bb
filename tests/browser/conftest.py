"""A headless browser, and pages that may neither complain nor ask the network for anything."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")  # not longer: while Playwright runs, Prefect takes every test for an asynchronous one
def browser() -> Iterator[Browser]:
    executable = os.environ.get("WPFERRY_TEST_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if not executable:
        pytest.skip("Chromium is missing: run `sh tests/install_servers.sh browser`")
    with sync_playwright() as playwright:
        # Chromium's sandbox does not work for root and in most containers; the page is our own.
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[Path], Page]]:
    """Opens a file; whatever its page complains of or asks for fails the test."""
    pages: list[Page] = []
    problems: list[str] = []

    def open_file(path: Path) -> Page:
        page = browser.new_page()
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("dialog", lambda dialog: problems.append(dialog.message))
        page.on("request", lambda request: None if request.url.startswith("file:") else problems.append(request.url))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_file
    for page in pages:
        page.close()
    assert [problem for problem in problems if not problem.startswith("data:")] == []
