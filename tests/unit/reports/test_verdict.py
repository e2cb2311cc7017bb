"""Whether a site can be switched over: each fact has its say, and what decides comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reports.verdict import Facts, Level, Limits, Thresholds, Verdict, VerificationFacts, judge

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
EQUAL = VerificationFacts(
    finished_at=NOW - timedelta(hours=1), is_outdated=False, differences=0, addresses=200, answered=200
)
WELL = Facts(asked_at=NOW, objects=1_000, files=100, verification=EQUAL)


def verified(**changes: Any) -> Facts:
    return replace(WELL, verification=replace(EQUAL, **changes))


def reason(verdict: Verdict) -> tuple[str, Level, bool]:
    """What decides."""
    first = verdict.reasons[0]
    return first.code, first.level, first.stops


def test_a_site_that_is_well_is_green_and_says_why() -> None:
    verdict = judge(WELL)
    assert (verdict.level, verdict.go) == (Level.GREEN, True)
    assert verdict.reasons[0].sentence == "Each of 1,000 objects in WordPress is accounted for."
    assert "do not differ" in verdict.reasons[1].sentence


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(WELL, failure="The disk is full."), "unfinished"),
        (replace(WELL, unaccounted=1), "unaccounted"),
        (verified(vanishing=1), "vanishing"),
        (verified(lost=1), "lost"),
    ],
)
def test_what_no_setting_can_accept_is_red(facts: Facts, code: str) -> None:
    generous = Limits(100, 100)
    accepts_all = Thresholds(
        rejected=generous, conflicts=generous, losses=generous, missing_media=generous, differences=generous,
        unanswered=generous, needs_verification=False,
    )  # fmt: skip
    verdict = judge(facts, accepts_all)
    assert reason(verdict) == (code, Level.RED, True)
    assert (verdict.level, verdict.go) == (Level.RED, False)


@pytest.mark.parametrize(
    "facts",
    [
        replace(WELL, verification=None),
        verified(is_outdated=True),
        verified(finished_at=NOW - timedelta(days=7, seconds=1)),
    ],
    ids=["never", "outdated", "old"],
)
def test_without_a_fresh_verification_it_is_no_go_unless_nobody_asks_for_one(facts: Facts) -> None:
    verdict = judge(facts)
    assert reason(verdict) == ("unverified", Level.AMBER, True)
    assert not verdict.go
    relaxed = judge(facts, Thresholds(needs_verification=False))
    assert reason(relaxed) == ("unverified", Level.AMBER, False)
    assert relaxed.go


def test_a_verification_of_the_last_allowed_day_counts() -> None:
    assert judge(verified(finished_at=NOW - timedelta(days=7))).go


@pytest.mark.parametrize(
    ("name", "fact", "amber", "red"),
    [
        ("rejected", "rejected", 10, 11),
        ("conflicts", "conflicts", 10, 11),
        ("losses", "losses", 100, 101),
        ("missing_media", "missing_media", 5, 6),
    ],
)
def test_a_share_above_its_limit_is_red_and_one_at_it_is_not(name: str, fact: str, amber: int, red: int) -> None:
    assert reason(judge(replace(WELL, **{fact: amber}))) == (name, Level.AMBER, False)
    assert reason(judge(replace(WELL, **{fact: red}))) == (name, Level.RED, True)


def test_differences_and_addresses_of_a_verification_have_limits_too() -> None:
    assert reason(judge(verified(differences=10))) == ("differences", Level.AMBER, False)
    assert reason(judge(verified(differences=11))) == ("differences", Level.RED, True)
    assert reason(judge(verified(answered=198))) == ("unanswered", Level.AMBER, False)
    assert reason(judge(verified(answered=197))) == ("unanswered", Level.RED, True)


def test_links_that_were_broken_before_never_stop_a_switch() -> None:
    assert judge(replace(WELL, broken_links=10)).level == Level.GREEN
    assert reason(judge(replace(WELL, broken_links=900))) == ("broken_links", Level.AMBER, False)


def test_a_site_can_insist_on_green() -> None:
    verdict = judge(replace(WELL, rejected=1), Thresholds(go_with=Level.GREEN))
    assert (verdict.level, verdict.go) == (Level.AMBER, False)
    assert reason(verdict) == ("rejected", Level.AMBER, True)


def test_reasons_are_ordered_by_what_stops_then_by_level_then_by_weight() -> None:
    facts = replace(verified(vanishing=2, is_outdated=True), rejected=1, missing_media=50, conflicts=1)
    verdict = judge(facts)
    codes = [one.code for one in verdict.reasons]
    assert codes[:5] == ["vanishing", "missing_media", "unverified", "rejected", "conflicts"]
    assert [one.level for one in verdict.reasons[5:]] == [Level.GREEN] * len(verdict.reasons[5:])
    assert [one.sentence for one in verdict.reasons[1:2]] == ["50 of 100 files are missing or cannot be used."]


def test_one_is_not_spoken_of_as_many() -> None:
    assert judge(replace(WELL, rejected=1)).reasons[0].sentence == "One of 1,000 objects was rejected."


def test_a_site_without_objects_has_no_share_to_divide_by() -> None:
    assert judge(Facts(asked_at=NOW, objects=0, verification=EQUAL)).go
    assert judge(Facts(asked_at=NOW, objects=0, rejected=1, verification=EQUAL)).level == Level.RED


def test_nothing_is_left_unjudged() -> None:
    fields = {name for name in Thresholds.__annotations__ if isinstance(getattr(Thresholds(), name), Limits)}
    assert fields <= {one.code for one in judge(WELL).reasons}


@pytest.mark.parametrize("limits", [(-1, None), (None, 101), (5, 1), (float("nan"), None)])
def test_limits_that_mean_nothing_are_refused(limits: tuple[float | None, float | None]) -> None:
    with pytest.raises(ValueError, match=r"limit is a percentage|nothing would be amber"):
        Limits(*limits)


def test_thresholds_that_mean_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="red is never a go"):
        Thresholds(go_with=Level.RED)
    with pytest.raises(ValueError, match="at least 1"):
        Thresholds(verified_within_days=0)
