"""What is known of each distinct tag or comment: most of a site repeat, so each is looked into once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Known = TypeVar("Known")

_DISTINCT = 4_096  # those that repeat are soon in mind again
_LONGEST = 1_000  # a picture in a `data:` address is no tag that repeats


class Remembered(dict[str, Known], Generic[Known]):
    """Answers `remembered[tag]` with what `find` says of the tag, from memory where it has been asked before."""

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[str], Known]) -> None:
        self._find = find

    def __missing__(self, tag: str) -> Known:
        """Find out about a tag that is new, and keep the answer unless the tag is long."""
        known = self._find(tag)
        if len(tag) <= _LONGEST:
            if len(self) >= _DISTINCT:
                self.clear()
            self[tag] = known
        return known
