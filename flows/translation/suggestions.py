"""Translations of nearly the same sentence, for segments that have none: for a person to see, never used as such."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice

from cms_models import db
from cms_models.translation_memory import read_memory
from transforms.contract import Issue
from transforms.translation.contract import Segment
from transforms.translation.memory import Suggestion, suggest
from transforms.translation.placeholders import readable

MOST_TEXTS = 50_000  # of a memory are looked at: 0.1 s a segment
MOST_SEGMENTS = 500  # of a run; nobody reads more
_SHOWN = 160  # characters of a sentence


class Suggestions:
    """Looks into the memory, which is read when the first suggestion is wanted."""

    def __init__(self, connection: db.Connection) -> None:
        self._connection = connection
        self._known = cache(self._read)
        self._unasked = MOST_SEGMENTS

    def of(self, segments: Iterable[Segment], source: str, target: str) -> list[Issue]:
        """Return the nearest translation of each segment that has one, as a finding."""
        asked = list(islice(segments, self._unasked))
        self._unasked -= len(asked)
        return [
            _finding(segment, best)
            for segment in asked
            for best in suggest(segment, self._known(source, target), limit=1)
        ]

    def _read(self, source: str, target: str) -> Mapping[str, str]:
        known = islice(read_memory(self._connection, source=source, target=target), MOST_TEXTS)
        return {one.source_text: one.target_text for one in known}


def _finding(segment: Segment, best: Suggestion) -> Issue:
    text = readable(segment.text, segment.placeholders)[:_SHOWN]
    like, translation = readable(best.source_text)[:_SHOWN], readable(best.text)[:_SHOWN]
    detail = f"“{text}” is like “{like}” ({best.likeness:.0f} %), which is “{translation}”."
    return Issue("translation.suggestion", detail)
