"""The pages that list every item in which something was found: as many as it takes, written while they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from pathlib import Path

from cms_models.report_queries import ListedIssue
from reports.outcome import RunReport
from reports.render import ADVICE, environment, replacing, writable, write_csv

FOLDER = "items"
ITEMS_PER_PAGE = 500


def page_name(code: str, number: int = 1) -> str:
    """Return where a page with the items of one code stands, seen from the report."""
    return f"{FOLDER}/{re.sub('[^a-z0-9]+', '-', code.lower()).strip('-')}-{number}.html"


def write_item_pages(issues: Iterable[ListedIssue], report: RunReport, folder: Path) -> None:
    """Write the issues, which come by code, as issues.csv, and a page for each few hundred of one code.

    A code whose issues the report shows already has no page.
    """
    with writable(folder / FOLDER, ADVICE):
        for earlier in (folder / FOLDER).glob("*.html"):
            earlier.unlink()
        with replacing(folder / "issues.csv") as table:
            write_csv(table, ListedIssue._fields, _lines(issues, report, folder))


def _lines(issues: Iterable[ListedIssue], report: RunReport, folder: Path) -> Iterator[ListedIssue]:
    """Yield the lines of the table; a page is written as soon as its items are known."""
    template = environment().get_template("report_items.html")
    paged = {group.code for group in report.issues if group.has_more}
    for code, found in groupby(issues, key=lambda one: one.code):
        if code not in paged:
            yield from found
            continue
        rest = iter(found)
        number, items = 0, list(islice(rest, ITEMS_PER_PAGE))
        while items:
            number, after = number + 1, next(rest, None)
            page = template.render(
                report=report,
                code=code,
                items=items,
                first=(number - 1) * ITEMS_PER_PAGE + 1,
                before=Path(page_name(code, number - 1)).name if number > 1 else None,
                after=Path(page_name(code, number + 1)).name if after else None,
            )
            with replacing(folder / page_name(code, number)) as file:
                file.write(page.encode(errors="replace"))
            yield from items
            items = list(islice(chain([after], rest), ITEMS_PER_PAGE)) if after else []
