"""What is known of tags is kept, but never more than memory should hold."""

from __future__ import annotations

from transforms.body.remembered import Remembered


def asked_of(*tags: str) -> tuple[list[str], Remembered[str]]:
    """Return which of these tags had to be looked into, in their order, and the memory that asked."""
    looked_into: list[str] = []

    def find(tag: str) -> str:
        looked_into.append(tag)
        return tag.upper()

    remembered = Remembered(find)
    assert [remembered[tag] for tag in tags] == [tag.upper() for tag in tags]
    return looked_into, remembered


def test_a_tag_that_repeats_is_looked_into_once() -> None:
    assert asked_of("<p>", "</p>", "<p>", "</p>")[0] == ["<p>", "</p>"]


def test_a_long_tag_is_answered_but_not_kept() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 50_000}">'
    looked_into, remembered = asked_of("<p>", picture, picture)
    assert looked_into == ["<p>", picture, picture]
    assert list(remembered) == ["<p>"]


def test_tags_without_end_do_not_fill_the_memory() -> None:
    remembered = asked_of(*[f'<a href="/{number}">' for number in range(20_000)])[1]
    assert 0 < len(remembered) <= 4_096
