"""Text search: each piece of content is found by its own title."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.checks.contract import About
from reports.verification import Difference

LAYER = "search"


def check_search(unsearchable: Iterable[tuple[str, int, str]]) -> Iterator[Difference]:
    """Yield the content that a search for its title does not find."""
    for table, number, title in unsearchable:
        says = "does not find it by its title."
        yield About(LAYER, table, number, title).differs("search", source=title, target=None, sentence=says)
