from __future__ import annotations

from flows.differences import NOTHING, both_versions


def test_short_values_are_shown_whole() -> None:
    assert both_versions("One", None, limit=10) == ("One", NOTHING)
    assert both_versions({"a": 1}, [True], limit=10) == ('{"a":1}', "[true]")


def test_long_texts_are_cut_to_where_they_part() -> None:
    same = "x" * 100
    old, new = both_versions(f"{same}old{same}", f"{same}new", limit=30)
    assert old == f"…{'x' * 20}old{'x' * 7}…"
    assert new == f"…{'x' * 20}new"


def test_a_text_that_goes_on_is_shown_from_its_end() -> None:
    old, new = both_versions("x" * 50, "x" * 90, limit=30)
    assert (old, new) == (f"…{'x' * 20}", f"…{'x' * 30}…")
