"""Many keys in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam

KEYS_PER_STATEMENT = 1_000


def chunks(keys: Sequence[int]) -> Iterator[list[int]]:
    """Return the keys in portions that one statement takes."""
    for start in range(0, len(keys), KEYS_PER_STATEMENT):
        yield list(keys[start : start + KEYS_PER_STATEMENT])


def among(column: ColumnElement[Any], keys: Iterable[int]) -> ColumnElement[bool]:
    """Return the condition that a column has one of these numbers; written out, so no limit of parameters applies."""
    return column.in_(bindparam(None, list(keys), expanding=True, literal_execute=True))
