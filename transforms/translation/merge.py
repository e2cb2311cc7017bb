"""Whether a translation can take the place of its segment, and what can be mended when it cannot.

An engine may move marks, but neither drop, double, cross nor translate them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from transforms.contract import Issue
from transforms.translation.contract import Fitted, Segment
from transforms.translation.placeholders import (
    BRACKETS,
    MARK,
    closing,
    has_words,
    opening,
    readable,
    standing,
    without_marks,
)

_LOOSE_MARK = re.compile(r"⟦\s*(/?)\s*([1-9][0-9]{0,3})\s*(/?)\s*⟧")
_PAIR_MARK = re.compile(r"⟦/?([1-9][0-9]{0,3})⟧")
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # what no database takes
_TAGS = re.compile("<[^>]*>")
_LINK = re.compile("(?i)<a[ \t\n>]")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the marks of a text stand."""

    parents: dict[int, int]  # mark > the pair around it; 0: none
    pairs: frozenset[int]
    filled: frozenset[int]  # pairs with something in them


def fit(segment: Segment, text: str) -> Fitted | None:
    """Return a translation that can be put back, mended where that is possible; None when it is unusable."""
    text = (text if text.isprintable() else _NO_TEXT.sub("", text)).strip()
    if not has_words(text):
        return None
    if "⟦" not in segment.text and "⟦" not in text:
        return Fitted(text) if "⟧" not in text else None
    source = _layout(segment.text)
    if source is None:
        return None
    if _keeps_marks(source, _layout(text), segment):
        return Fitted(text)
    text = _LOOSE_MARK.sub(r"⟦\1\2\3⟧", text)
    if _keeps_marks(source, _layout(text), segment):
        return Fitted(text)
    rewrapped = _rewrapped(segment, source, text)
    if rewrapped is None:
        return None
    detail = (
        f"Tags got lost in the translation; they now stand around other words in “{_shown(text, segment)}”. Check it."
    )
    return Fitted(rewrapped, Issue("translation.markup_rewrapped", detail))


def left_in_source(segment: Segment) -> Issue:
    """Return the finding on a segment whose translation cannot be used."""
    detail = f"Its translation lost links, numbers or fixed terms; “{_shown(segment.text, segment)}” was left as it is."
    return Issue("translation.left_in_source", detail)


def too_long(segment: Segment) -> Issue:
    """Return the finding on a segment that no engine takes."""
    beginning = _shown(segment.text, segment)
    detail = f"A paragraph of {len(segment.text):,} characters, “{beginning}”, was left as it is. Divide it."
    return Issue("translation.too_long", detail)


def _shown(text: str, segment: Segment) -> str:
    return readable(text[:200], segment.placeholders)[:80].strip()


def _layout(text: str) -> _Layout | None:
    """Return where marks stand; None when they are doubled, crossed, left open or no marks at all."""
    parents: dict[int, int] = {}
    pairs: set[int] = set()
    filled: set[int] = set()
    stack = [0]
    position = 0
    for found in MARK.finditer(text):
        if text[position : found.start()].strip():
            filled.add(stack[-1])
        position = found.end()
        number = int(found[2])
        if found[1]:
            if found[3] or stack[-1] != number:
                return None
            stack.pop()
            if number in filled:
                filled.add(stack[-1])
            continue
        if number in parents:
            return None
        parents[number] = stack[-1]
        if found[3]:
            filled.add(stack[-1])
        else:
            pairs.add(number)
            stack.append(number)
    if len(stack) > 1 or BRACKETS.search(without_marks(text)):
        return None
    return _Layout(parents, frozenset(pairs), frozenset(filled - {0}))


def _keeps_marks(source: _Layout, found: _Layout | None, segment: Segment) -> bool:
    """Return whether every mark is there once, tags inside the same tags as before, and none of them empty."""
    if found is None or source.parents.keys() != found.parents.keys() or source.pairs != found.pairs:
        return False
    if source.filled - found.filled:
        return False
    return all(
        parent == found.parents[number] or not segment.placeholders[number - 1].startswith("<")
        for number, parent in source.parents.items()
    )


def _rewrapped(segment: Segment, source: _Layout, text: str) -> str | None:
    """Return the translation with its lost tags where their words are, or else around all of it."""
    for kept in (_sound_pairs(text, source), frozenset[int]()):
        made = _with_lost_marks(segment, source, text, kept)
        if made is not None:
            return made
    return None


def _sound_pairs(text: str, source: _Layout) -> frozenset[int]:
    """Return the pairs that an engine has left whole, as far as they do not cross one another."""
    spans: dict[int, tuple[int, int]] = {}
    for number in source.pairs:
        start, end = text.find(opening(number)), text.find(closing(number))
        is_once = text.count(opening(number)) == text.count(closing(number)) == 1
        crosses = any(start < one < end < other or one < start < other < end for one, other in spans.values())
        if is_once and start < end and not crosses and _is_visible(text[start + len(opening(number)) : end]):
            spans[number] = (start, end)
    return frozenset(spans)


def _with_lost_marks(segment: Segment, source: _Layout, text: str, kept: frozenset[int]) -> str | None:
    """Return the translation with every mark of the source; None when one of them is more than markup."""
    text = _PAIR_MARK.sub(lambda found: found[0] if int(found[1]) in kept else "", text)
    text = " ".join(text.split())
    standing_marks = {standing(number): number for number in source.parents.keys() - source.pairs}
    counts = Counter(found[0] for found in MARK.finditer(text) if found[3])
    if counts.keys() - standing_marks.keys():
        return None
    for mark, number in standing_marks.items():
        if counts[mark] != 1:
            if _is_visible(segment.placeholders[number - 1]):
                return None
            text = text.replace(mark, "") + mark
    around: list[int] = []
    for number in sorted(source.pairs - kept):
        placed = _around_its_words(segment, number, text)
        if placed is None:
            around.append(number)
        else:
            text = placed
    text = "".join(map(opening, around)) + text + "".join(map(closing, reversed(around)))
    return text if _is_acceptable(segment, source, text, frozenset(around)) else None


def _is_acceptable(segment: Segment, source: _Layout, text: str, around: frozenset[int]) -> bool:
    """Return whether a mended text has every mark, each tag inside those it was in, or in one that is around all."""
    layout = _layout(text)
    if layout is None or layout.parents.keys() != source.parents.keys() or not has_words(text):
        return False
    if source.filled - layout.filled or _has_link_in_link(layout, segment):
        return False
    return all(
        parent == layout.parents[number]
        or not {number, parent, layout.parents[number]}.isdisjoint(around)
        or not segment.placeholders[number - 1].startswith("<")
        for number, parent in source.parents.items()
    )


def _is_visible(placeholder: str) -> bool:
    return bool(_TAGS.sub("", placeholder).strip())


def _around_its_words(segment: Segment, number: int, text: str) -> str | None:
    """Return the text with a pair around the words it had in the source, if they are there, once: a name, a brand."""
    start = segment.text.index(opening(number)) + len(opening(number))
    words = segment.text[start : segment.text.index(closing(number))].strip()
    if not words or _PAIR_MARK.search(words):
        return None
    places = list(re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text))
    if len(places) != 1:
        return None
    place = places[0]
    return f"{text[: place.start()]}{opening(number)}{words}{closing(number)}{text[place.end() :]}"


def _has_link_in_link(layout: _Layout, segment: Segment) -> bool:
    links = {number for number in layout.pairs if _LINK.match(segment.placeholders[number - 1])}
    return any(not links.isdisjoint(_ancestors(number, layout)) for number in links)


def _ancestors(number: int, layout: _Layout) -> Iterable[int]:
    while number := layout.parents[number]:
        yield number
