"""Trees that are none: circles of parents, and branches deeper than anybody keeps on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator


def circles(nodes: Iterable[int], parent_of: Callable[[int], int | None]) -> Iterator[tuple[int, ...]]:
    """Yield each circle of parents once, lowest number first; `parent_of` gives None for a root."""
    settled: set[int] = set()
    for node in nodes:
        path: list[int] = []
        place: dict[int, int] = {}
        at: int | None = node
        while at is not None and at not in settled and at not in place:
            place[at] = len(path)
            path.append(at)
            at = parent_of(at)
        if at is not None and at in place:
            yield tuple(sorted(path[place[at] :]))
        settled.update(path)


def depths(nodes: Iterable[int], parent_of: Callable[[int], int | None]) -> dict[int, int]:
    """Return how deep each node lies, 1 for a root; a circle counts as what hangs from its first node."""
    found: dict[int, int] = {}
    for node in nodes:
        path: dict[int, None] = {}
        at: int | None = node
        while at is not None and at not in found and at not in path:
            path[at] = None
            at = parent_of(at)
        depth = found.get(at, 0) if at is not None else 0
        for step in reversed(path):
            depth += 1
            found[step] = depth
    return found
