"""What engines do to marks: dropped, doubled, moved, crossed and translated ones are caught each time."""

from __future__ import annotations

import pytest

from transforms.translation.merge import fit
from transforms.translation.segments import cut

LINKED = cut('<p>Ask <a href="/t">our team</a> in 2024 for <b>more</b><br>now</p>').segments[0]


def fitted(html: str, text: str) -> str | None:
    found = fit(cut(f"<p>{html}</p>").segments[0], text)
    return found.text if found else None


def test_the_example_has_marks_of_all_kinds() -> None:
    assert LINKED.text == "Ask ⟦1⟧our team⟦/1⟧ in ⟦2/⟧ for ⟦3⟧more⟦/3⟧⟦4/⟧now"


@pytest.mark.parametrize(
    "text",
    [
        "Frag ⟦1⟧unser Team⟦/1⟧ in ⟦2/⟧ nach ⟦3⟧mehr⟦/3⟧⟦4/⟧jetzt",
        "In ⟦2/⟧ ⟦3⟧mehr⟦/3⟧ ⟦4/⟧ ⟦1⟧Team⟦/1⟧",
        "Frag ⟦1⟧Team in ⟦2/⟧⟦/1⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧jetzt",
        "Frag ⟦ 1 ⟧Team⟦ /1⟧ in ⟦ 2/ ⟧ ⟦3⟧mehr⟦/ 3⟧⟦4 /⟧jetzt",
    ],
)
def test_marks_may_move_with_their_words(text: str) -> None:
    found = fit(LINKED, text)
    assert found is not None
    assert found.issue is None


@pytest.mark.parametrize(
    "text",
    [
        "Frag ⟦1⟧Team⟦/1⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧",  # a number lost
        "Frag ⟦1⟧Team⟦/1⟧ in ⟦2/⟧ ⟦2/⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧",  # doubled
        "Frag ⟦1⟧Team⟦/1⟧ in ⟦zwei/⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧",  # translated
        "Frag ⟦1⟧Team⟦/1⟧ in ⟦2/⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧ ⟦5/⟧",  # made up
        "Frag ⟦1⟧Team⟦/1⟧ in ⟦2/⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧ ⟦",  # taken apart
        "⟦1⟧⟦/1⟧⟦2/⟧⟦3⟧⟦/3⟧⟦4/⟧",  # no words left
        "",
        "   ",
        "2024",
    ],
)
def test_lost_words_cannot_be_mended(text: str) -> None:
    assert fit(LINKED, text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # crossed: around the words they had, if they are there, else around all
        ("⟦1⟧Team ⟦3⟧in⟦/1⟧ ⟦2/⟧⟦/3⟧⟦4/⟧", "⟦3⟧⟦1⟧Team in⟦/1⟧ ⟦2/⟧⟦4/⟧⟦/3⟧"),
        ("our team ⟦/1⟧⟦1⟧ in ⟦2/⟧ more⟦4/⟧", "⟦1⟧our team⟦/1⟧ in ⟦2/⟧ ⟦3⟧more⟦/3⟧⟦4/⟧"),
        # the pair is empty
        ("Frag ⟦1⟧⟦/1⟧ in ⟦2/⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧", "⟦1⟧Frag in ⟦2/⟧ ⟦3⟧mehr⟦/3⟧⟦4/⟧⟦/1⟧"),
        # a break lost or doubled: it goes to the end
        ("⟦1⟧Team⟦/1⟧ in ⟦2/⟧ ⟦3⟧more⟦/3⟧", "⟦1⟧Team⟦/1⟧ in ⟦2/⟧ ⟦3⟧more⟦/3⟧⟦4/⟧"),
    ],
)
def test_tags_that_got_lost_stand_around_other_words_with_an_issue(text: str, expected: str) -> None:
    found = fit(LINKED, text)
    assert found is not None
    assert found.text == expected
    assert found.issue is not None
    assert found.issue.code == "translation.markup_rewrapped"


def test_two_links_are_never_put_into_one_another() -> None:
    html = '<a href="/a">one</a> and <a href="/b">two</a>'
    assert fitted(html, "eins und zwei") is None
    assert fitted(html, "⟦1⟧eins und ⟦2⟧zwei⟦/2⟧⟦/1⟧") is None
    assert fitted(html, "eins und ⟦2⟧zwei⟦/2⟧") is None
    assert fitted(html, "one und ⟦2⟧zwei⟦/2⟧") == "⟦1⟧one⟦/1⟧ und ⟦2⟧zwei⟦/2⟧"
    assert fitted(html, "one und two") == "⟦1⟧one⟦/1⟧ und ⟦2⟧two⟦/2⟧"


def test_a_picture_stays_in_its_link() -> None:
    html = '<a href="/a">see <img src="/i"></a> there'
    assert fitted(html, "⟦1⟧sieh⟦/1⟧ da ⟦2/⟧") == "⟦1⟧sieh da ⟦2/⟧⟦/1⟧"


def test_marks_where_there_were_none_are_refused() -> None:
    assert fitted("Plain words", "Einfache ⟦1/⟧ Worte") is None
    assert fitted("Plain words", "Einfache Worte ⟧") is None
    assert fitted("Plain words", "Einfache\x00 Worte\x08\ud800") == "Einfache Worte"
