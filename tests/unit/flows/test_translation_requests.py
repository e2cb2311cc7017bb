"""What one request holds, and what a budget lets through."""

from __future__ import annotations

from flows.services.translation.budget import Budget
from flows.services.translation.engine import EngineLimits
from flows.services.translation.requests import requests
from transforms.translation.contract import Segment


def groups(texts: list[str], limits: EngineLimits) -> list[list[str]]:
    segments = [Segment(text, (), str(at)) for at, text in enumerate(texts)]
    return [[segment.text for segment in group] for group in requests(segments, limits)]


def test_requests_keep_to_the_number_of_texts_and_to_their_bytes() -> None:
    assert groups(["a"] * 5, EngineLimits(texts=2, bytes=100)) == [["a", "a"], ["a", "a"], ["a"]]
    assert groups(["aa", "ää", "a"], EngineLimits(texts=9, bytes=5)) == [["aa"], ["ää", "a"]]
    assert groups([], EngineLimits(texts=9, bytes=5)) == []


def test_a_text_that_is_longer_than_a_request_goes_alone_and_in_its_place() -> None:
    assert groups(["a", "a" * 9, "b"], EngineLimits(texts=9, bytes=5)) == [["a"], ["a" * 9], ["b"]]


def test_a_budget_is_never_overdrawn() -> None:
    budget = Budget(10)
    assert [budget.take(6), budget.take(6), budget.take(4), budget.take(1)] == [True, False, True, False]
    assert budget.spent == 10
    assert Budget().take(10**12)
