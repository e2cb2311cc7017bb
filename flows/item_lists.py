"""The lists of every item in which something was found; a worker may write them while the rest is made."""

from __future__ import annotations

from pathlib import Path

from cms_models import db, queries, report_queries
from reports.item_pages import write_item_pages
from reports.outcome import RunReport


def write_item_lists(cms_url: str, report: RunReport, folder: Path) -> None:
    """Write the lists that belong to a report into its folder. Raises ReportUnwritableError."""
    with db.target_errors(), db.connect(cms_url) as connection:
        site_id = queries.find_site(connection, report.site)
        assert site_id is not None  # noqa: S101 - it has a run
        write_item_pages(report_queries.read_issues(connection, site_id), report, folder.absolute())
