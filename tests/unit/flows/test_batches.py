"""How the changed objects of an entity are shared out."""

from __future__ import annotations

import pytest

from flows.comparison import SMALLEST_SHARE, EntityPlan


def sizes(number: int, size: int, workers: int) -> list[int]:
    plan = EntityPlan(entity="articles", changed=tuple(range(number)))
    batches = list(plan.batches(size, workers))
    assert [key for batch in batches for key in batch] == list(plan.changed)
    return [len(batch) for batch in batches]


@pytest.mark.parametrize(
    ("number", "size", "workers", "expected"),
    [
        (0, 1_000, 2, []),
        (493, 1_000, 1, [493]),
        (493, 1_000, 2, [247, 246]),
        (2_500, 1_000, 1, [834, 834, 832]),
        (2_500, 1_000, 2, [625, 625, 625, 625]),
        (150, 1_000, 4, [SMALLEST_SHARE, 50]),
        (7, 3, 2, [3, 3, 1]),
    ],
)
def test_batches_are_as_large_as_allowed_and_let_all_workers_end_together(
    number: int, size: int, workers: int, expected: list[int]
) -> None:
    assert sizes(number, size, workers) == expected
