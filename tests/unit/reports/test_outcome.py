from __future__ import annotations

import pytest

from reports.outcome import Accounting, MediaSummary, OutcomeCounts, StageTime
from reports.reconciliation import CountMismatchError, check_counts
from tests.unit.reports.builders import make_report


def test_counts_add_up_when_every_object_has_one_outcome() -> None:
    counts = OutcomeCounts(source=15, loaded=1, unchanged=2, skipped=3, rejected=4, conflicts=5, deleted=99)
    assert counts.accounted == 15
    assert counts.adds_up
    check_counts({"articles": counts})


@pytest.mark.parametrize("source", [0, 14, 16])
def test_an_object_lost_or_counted_twice_is_named_with_its_entity_and_numbers(source: int) -> None:
    counts = OutcomeCounts(source=source, loaded=9, skipped=6)
    with pytest.raises(CountMismatchError, match=rf"articles .* {source} in the source, but 15 have") as raised:
        check_counts({"pages": OutcomeCounts(), "articles": counts})
    assert raised.value.entity == "articles"


def test_a_skipped_object_without_its_reason_is_a_mismatch() -> None:
    counts = OutcomeCounts(source=2, skipped=2, skipped_for={"revision": 1})
    with pytest.raises(CountMismatchError, match="2 skipped, but 1 with a reason"):
        check_counts({"articles": counts})


def test_errors_that_cancel_out_between_entities_are_found() -> None:
    entities = {"articles": OutcomeCounts(source=2, loaded=1), "pages": OutcomeCounts(source=1, loaded=2)}
    assert sum(entities.values(), OutcomeCounts()).adds_up
    with pytest.raises(CountMismatchError):
        check_counts(entities)
    assert make_report(entities=entities).accounting is Accounting.INCONSISTENT


def test_adding_counts_merges_the_reasons() -> None:
    one = OutcomeCounts(source=3, skipped=3, skipped_for={"revision": 1, "trash": 2})
    both = one + OutcomeCounts(source=5, loaded=1, skipped=4, skipped_for={"trash": 4})
    assert both == OutcomeCounts(source=8, loaded=1, skipped=7, skipped_for={"revision": 1, "trash": 6})
    assert one.skipped_for == {"revision": 1, "trash": 2}


@pytest.mark.parametrize(
    ("counts", "accounting"),
    [
        (OutcomeCounts(source=2, loaded=1, skipped=1), Accounting.COMPLETE),
        (OutcomeCounts(), Accounting.COMPLETE),
        (OutcomeCounts(source=1, rejected=1), Accounting.ATTENTION),
        (OutcomeCounts(source=1, conflicts=1), Accounting.ATTENTION),
        (OutcomeCounts(source=2, rejected=1), Accounting.INCONSISTENT),
    ],
)
def test_a_run_is_accounted_for_as_badly_as_its_worst_counts(counts: OutcomeCounts, accounting: Accounting) -> None:
    assert make_report(entities={"articles": counts}).accounting is accounting


def test_a_stage_without_records_or_time_has_no_speed() -> None:
    assert StageTime("load", 2.0, 10).per_second == 5.0
    assert StageTime("load", 0.0, 10).per_second is None
    assert StageTime("read", 2.0).per_second is None


def test_saved_bytes_are_a_share_and_may_be_negative() -> None:
    assert MediaSummary(bytes_before=100, bytes_after=25).saved == 0.75
    assert MediaSummary(bytes_before=100, bytes_after=150).saved == -0.5
    assert MediaSummary().saved == 0
