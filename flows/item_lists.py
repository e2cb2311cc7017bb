"""The lists of every item in which something was found; a worker may write them while a run comes to its end."""

from __future__ import annotations

from pathlib import Path

from cms_models import db, report_queries
from reports.item_pages import ListedSite, write_item_pages


def write_item_lists(cms_url: str, site_id: int, site: ListedSite, folder: Path) -> None:
    """Write the lists of a site, to be published. Raises ReportUnwritableError."""
    with db.target_errors(), db.connect(cms_url) as connection:
        write_item_pages(report_queries.read_issues(connection, site_id), site, folder)
