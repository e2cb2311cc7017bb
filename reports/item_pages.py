"""The pages that list every item in which something was found: as many as it takes, written while they are read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice
from pathlib import Path

from cms_models.report_queries import ListedIssue
from reports.outcome import SAMPLES
from reports.render import ADVICE, environment, writable, write_csv

FOLDER, TABLE = "items", "issues.csv"
UNFINISHED = ".items.unfinished"
ITEMS_PER_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSite:
    """Whose items are listed."""

    key: str
    name: str  # empty where the site has none
    url: str


def page_name(code: str, number: int = 1) -> str:
    """Return where a page with the items of one code stands, seen from the report."""
    return f"{FOLDER}/{re.sub('[^a-z0-9]+', '-', code.lower()).strip('-')}-{number}.html"


def write_item_pages(issues: Iterable[ListedIssue], site: ListedSite, folder: Path) -> None:
    """Write the issues, which come by code, as a table, and a page for each few hundred of one code.

    A code whose issues the report shows already has no page. Nobody sees any of it before `publish_item_pages`.
    """
    unfinished = folder / UNFINISHED
    with writable(folder, ADVICE):
        shutil.rmtree(unfinished, ignore_errors=True)
        (unfinished / FOLDER).mkdir(parents=True)
        with (unfinished / TABLE).open("wb") as table:
            write_csv(table, ListedIssue._fields, _lines(issues, site, unfinished))


def publish_item_pages(folder: Path) -> None:
    """Put what `write_item_pages` has written in the place of earlier pages and their table."""
    unfinished = folder / UNFINISHED
    with writable(folder, ADVICE):
        shutil.rmtree(folder / FOLDER, ignore_errors=True)
        (unfinished / FOLDER).rename(folder / FOLDER)
        (unfinished / TABLE).replace(folder / TABLE)
        unfinished.rmdir()


def _lines(issues: Iterable[ListedIssue], site: ListedSite, folder: Path) -> Iterator[ListedIssue]:
    """Yield the lines of the table; a page is written as soon as its items are known."""
    template = environment().get_template("report_items.html")
    for code, found in groupby(issues, key=lambda one: one.code):
        rest = iter(found)
        number, items = 0, list(islice(rest, ITEMS_PER_PAGE))
        if len(items) <= SAMPLES:
            yield from items
            continue
        while items:
            number, after = number + 1, next(rest, None)
            page = template.render(
                site=site,
                code=code,
                items=items,
                first=(number - 1) * ITEMS_PER_PAGE + 1,
                before=Path(page_name(code, number - 1)).name if number > 1 else None,
                after=Path(page_name(code, number + 1)).name if after else None,
            )
            (folder / page_name(code, number)).write_bytes(page.encode(errors="replace"))
            yield from items
            items = list(islice(chain([after], rest), ITEMS_PER_PAGE)) if after else []
