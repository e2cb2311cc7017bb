"""The site's own row: its name and address."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reports.checks.contract import About, Field
from reports.checks.texts import same_text
from reports.verification import Difference


def check_site(row: Mapping[str, Any], option: Callable[[str], str]) -> Iterator[Difference]:
    """Yield what of the site itself differs from its options."""
    pairs = (
        (Field("name", same_text), option("blogname"), row["name"]),
        (Field("url"), option("home") or option("siteurl"), row["url"]),
    )
    yield from About("fields", "sites", None, row["key"]).compare(pairs)
