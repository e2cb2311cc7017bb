"""Parents that lead round in a circle: WordPress's own loops give up on them, a tree must not hold them."""

from __future__ import annotations

from collections.abc import Callable


def closes_cycle(node: int, parent_of: Callable[[int], int | None]) -> bool:
    """Return whether a node is the lowest of a circle of parents: there, and only there, it is cut.

    `parent_of` gives the parent of an existing node, and None for a root or a node that does not exist.
    """
    path = [node]
    seen = {node}
    parent = parent_of(node)
    while parent is not None and parent not in seen:
        path.append(parent)
        seen.add(parent)
        parent = parent_of(parent)
    return parent == node and node == min(path)
