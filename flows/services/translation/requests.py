"""Texts cut into requests that an engine takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flows.services.translation.engine import EngineLimits
from transforms.translation.contract import Segment


def requests(segments: Iterable[Segment], limits: EngineLimits) -> Iterator[list[Segment]]:
    """Yield segments in groups that keep to the limits; a segment that is longer than a request goes alone."""
    group: list[Segment] = []
    size = 0
    for segment in segments:
        length = len(segment.text.encode())
        if group and (len(group) == limits.texts or size + length > limits.bytes):
            yield group
            group, size = [], 0
        group.append(segment)
        size += length
    if group:
        yield group
