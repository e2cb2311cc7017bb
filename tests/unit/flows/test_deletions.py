from __future__ import annotations

import pytest

from cms_models.deletion import GONE_BUT_EDITED
from cms_models.rows import Outcome
from cms_models.state import KnownState
from flows.deletions import Departures, Vanishing, refusal
from flows.settings import DeletionSettings, SiteSettings


def state(outcome: Outcome) -> KnownState:
    return KnownState("f", 1, outcome)


def test_only_what_is_in_the_cms_can_vanish() -> None:
    known = {
        1: state(Outcome.LOADED), 2: state(Outcome.CONFLICT), 3: state(Outcome.SKIPPED), 4: state(Outcome.REJECTED),
        5: state(Outcome.LOADED), 6: KnownState("f", 1, Outcome.CONFLICT, GONE_BUT_EDITED),
    }  # fmt: skip
    departures = Departures("articles", still_there={5})
    assert dict(departures.watched(known.items())) == known
    assert departures.vanishing() == Vanishing(entity="articles", loaded=3, gone=2)


@pytest.mark.parametrize(
    ("loaded", "gone", "stops"),
    [(20, 19, False), (20, 20, True), (200, 20, False), (200, 21, True), (0, 0, False)],
)
def test_a_run_stops_at_more_than_a_tenth_and_at_least_twenty(loaded: int, gone: int, stops: bool) -> None:
    one = Vanishing(entity="articles", loaded=loaded, gone=gone)
    assert one.is_too_much(DeletionSettings()) is stops
    assert not one.is_too_much(DeletionSettings(allow=True))


def test_the_refusal_has_the_numbers_and_the_way_on() -> None:
    said = refusal([Vanishing(entity="articles", loaded=2_000, gone=1_234)], DeletionSettings())
    assert "1,234 of 2,000 articles would vanish" in said
    assert "--allow-deletions" in said


def test_policies_are_set_for_all_entities_and_for_one() -> None:
    site = SiteSettings.model_validate({"source": "x", "conflicts": {"default": "merge", "menus": "source-wins"}})
    assert (site.policies()["articles"], site.policies()["menus"]) == ("merge", "source-wins")
    with pytest.raises(ValueError, match="article is no entity"):
        SiteSettings.model_validate({"source": "x", "conflicts": {"article": "merge"}})
