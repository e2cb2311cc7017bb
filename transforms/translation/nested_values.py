"""Reading and replacing values inside JSON, by their place."""

from __future__ import annotations

from collections.abc import Mapping

from cms_models.rows import Json
from transforms.translation.contract import Path


def with_values(value: Json, changes: Mapping[Path, Json]) -> Json:
    """Return the JSON with other values at some places; what is not on the way to them is shared, not copied."""
    if () in changes:
        return changes[()]
    by_step: dict[str | int, dict[Path, Json]] = {}
    for (step, *rest), change in changes.items():
        by_step.setdefault(step, {})[tuple(rest)] = change
    if isinstance(value, Mapping):
        return {**value, **{str(step): with_values(value[str(step)], inner) for step, inner in by_step.items()}}
    if isinstance(value, list | tuple):
        return [with_values(item, by_step[at]) if at in by_step else item for at, item in enumerate(value)]
    return value
