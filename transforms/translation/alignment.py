"""Which paragraph of a translation says what which paragraph of its source says: by equal structure, never by guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from transforms.translation.contract import Segment, Terms
from transforms.translation.markup import Kind, tokens
from transforms.translation.merge import fit
from transforms.translation.placeholders import MARK, closing, opening, standing, without_marks
from transforms.translation.segments import cut
from transforms.translation.texts import is_same

_HEADING = re.compile("h[1-6]")
_NAME = re.compile(r"<([A-Za-z][^\s/>]*)")
_DENSE_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")  # Chinese, Japanese, Korean
LONG = 40  # characters; shorter texts are short in any language, and alike
_RELATION = 2.0  # of the lengths of a text and its translation, at most
_DENSE_RELATION = 6.0  # Chinese needs a third of the signs of English

Pair = tuple[Segment, Segment]


@dataclass(frozen=True, slots=True)
class _Line:
    """A block's edge, or the segments between two of them."""

    edge: str
    segments: tuple[Segment, ...] = ()

    @property
    def shape(self) -> tuple[str, int]:
        return self.edge, len(self.segments)


def align(source_html: str, target_html: str, terms: Terms, target_terms: Terms) -> Iterator[Pair]:
    """Return the segments of two bodies that stand in the same places.

    Bodies of one structure are paired as a whole; others from heading to heading, where the headings are the same and
    what stands between two of them has one structure. Nothing is paired where long texts stand against short ones.
    """
    source, target = _lines(source_html, terms), _lines(target_html, target_terms)
    if _shape(source) == _shape(target):
        yield from _paired(source, target)
        return
    source_sections, target_sections = _sections(source), _sections(target)
    if [level for level, _ in source_sections] != [level for level, _ in target_sections]:
        return
    for (_, one), (_, other) in zip(source_sections, target_sections, strict=True):
        if _shape(one) == _shape(other):
            yield from _paired(one, other)


def transferred(source: Segment, target: Segment, terms: Terms) -> str | None:
    """Return the words of a translation with the marks of its source; None when it is not surely one.

    Marks are told by what they stand for; tags that differ, as the address of a link does, by their name.
    """
    if is_same(source.text, target.text):
        return None
    numbers = _matching_marks(source, target, terms)
    if numbers is None:
        return None
    text = MARK.sub(lambda found: _renumbered(found, numbers), target.text)
    fitted = fit(source, text)
    return fitted.text if fitted and fitted.issue is None else None


def _lines(html: str, terms: Terms) -> list[_Line]:
    """Return edges and what is between them, without blocks that are empty."""
    lines: list[_Line] = []
    for is_edge, group in groupby(tokens(html), key=lambda token: token.kind is Kind.EDGE):
        if not is_edge:
            segments = cut("".join(token.raw for token in group), terms).segments
            lines += [_Line("", segments)] if segments else []
            continue
        for token in group:
            closes = token.raw.startswith("</")
            if closes and lines and lines[-1].edge == token.name:
                lines.pop()
            else:
                lines.append(_Line(f"/{token.name}" if closes else token.name))
    return [line for line in lines if line.edge or line.segments]


def _shape(lines: Sequence[_Line]) -> list[tuple[str, int]]:
    return [line.shape for line in lines]


def _sections(lines: Sequence[_Line]) -> list[tuple[str, list[_Line]]]:
    """Cut before each heading."""
    sections: list[tuple[str, list[_Line]]] = [("", [])]
    for line in lines:
        if _HEADING.fullmatch(line.edge):
            sections.append((line.edge, []))
        sections[-1][1].append(line)
    return sections


def _paired(source: Sequence[_Line], target: Sequence[_Line]) -> list[Pair]:
    pairs = [
        pair
        for one, other in zip(source, target, strict=True)
        for pair in zip(one.segments, other.segments, strict=True)
    ]
    return pairs if agree_in_length(pairs) else []


def agree_in_length(pairs: Sequence[Pair]) -> bool:
    """Return whether texts may be translations of one another: each about as much longer as all the others."""
    texts = [(without_marks(one.text), without_marks(other.text)) for one, other in pairs]
    relations = [len(other) / len(one) for one, other in texts if max(len(one), len(other)) >= LONG]
    if not relations:
        return True
    usual = median(relations)
    is_dense = any(_DENSE_SCRIPT.search(text) for pair in texts for text in pair)
    most = _DENSE_RELATION if is_dense else _RELATION
    return 1 / most <= usual <= most and all(
        usual / _RELATION <= relation <= usual * _RELATION for relation in relations
    )


def _matching_marks(source: Segment, target: Segment, terms: Terms) -> dict[int, int] | None:
    """Return the number in the source for each number in the translation."""
    if len(source.placeholders) != len(target.placeholders):
        return None
    wanted = {number: terms.fixed.get(words, words) for number, words in enumerate(source.placeholders, 1)}
    open_ones = dict(enumerate(target.placeholders, 1))
    numbers: dict[int, int] = {}
    for by in (str, _tag_name):
        for number, words in list(open_ones.items()):
            same = [theirs for theirs, other in wanted.items() if by(other) == by(words)]
            rivals = [mine for mine, other in open_ones.items() if by(other) == by(words)]
            is_sure = len(same) == len(rivals) and (len(same) == 1 or by is str)
            if is_sure and by(words):
                numbers[number] = same[0]
                del wanted[same[0]], open_ones[number]
    return None if open_ones else numbers


def _tag_name(placeholder: str) -> str:
    name = _NAME.match(placeholder)
    return name[1].lower() if name else ""


def _renumbered(found: re.Match[str], numbers: dict[int, int]) -> str:
    number = numbers[int(found[2])]
    return closing(number) if found[1] else standing(number) if found[3] else opening(number)
