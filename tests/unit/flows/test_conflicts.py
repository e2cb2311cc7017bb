from __future__ import annotations

import pytest

from cms_models.conflicts import Side
from flows.conflicts import parse_id, parse_take
from flows.settings import ConfigurationError


def test_the_key_of_a_site_may_hold_hyphens() -> None:
    assert parse_id("north-light-articles-42") == ("north-light", "articles", 42)


@pytest.mark.parametrize("name", ["", "42", "articles-42", "site-articles-", "site-articles-x"])
def test_what_names_no_conflict_is_told_how_they_are_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match="SITE-ENTITY-ID"):
        parse_id(name)


def test_one_word_counts_for_the_whole_row_and_names_for_their_fields() -> None:
    assert parse_take(["source"]) == Side.SOURCE
    assert parse_take(["title=source", "excerpt=cms"]) == {"title": Side.SOURCE, "excerpt": Side.CMS}


@pytest.mark.parametrize("take", [[], ["mine"], ["title"], ["title=mine"], ["cms", "source"]])
def test_a_choice_that_is_none_is_told_what_can_be_chosen(take: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="--take"):
        parse_take(take)
