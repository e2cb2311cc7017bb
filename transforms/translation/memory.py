"""What has been translated before: harvested from pairs of rows, and found again where texts are nearly the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import fuzz, process

from transforms.translation.alignment import LONG, Pair, agree_in_length, align, transferred
from transforms.translation.contract import NO_TERMS, Field, FieldRules, Segment, Terms, TextKind
from transforms.translation.fields import NO_CUSTOM_FIELDS, WordedRow, fields_of
from transforms.translation.segments import cut_field
from transforms.translation.texts import folded, is_same

NEAR = 80.0  # per cent; below, a person translates as fast as they correct


@dataclass(frozen=True, slots=True)
class Harvested:
    """A segment and what a person made of it."""

    segment: Segment
    text: str  # with the marks of the segment


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A translation of nearly the same text: for a person to look at, never to be used by itself."""

    source_text: str
    text: str
    likeness: float  # per cent


def harvest(
    source: WordedRow, target: WordedRow, terms: Terms = NO_TERMS, rules: FieldRules = NO_CUSTOM_FIELDS
) -> Iterator[Harvested]:
    """Return what a human translation of a row teaches; nothing from texts that are built in another way."""
    theirs = fields_of(target, rules)
    seen: set[str] = set()
    for path, field in fields_of(source, rules).items():
        if path[0] == "blocks" or path not in theirs:  # their words are those of the body
            continue
        for one in harvest_field(field, theirs[path], terms):
            if one.segment.hash not in seen:
                seen.add(one.segment.hash)
                yield one


def harvest_field(source: Field, target: Field, terms: Terms = NO_TERMS) -> Iterator[Harvested]:
    """Return what one text and its translation teach."""
    target_terms = Terms({fixed: fixed for fixed in terms.fixed.values()})
    for one, other in _pairs(source, target, terms, target_terms):
        if (text := transferred(one, other, terms)) is not None:
            yield Harvested(one, text)


def agreed(harvested: Iterable[Harvested]) -> Iterator[Harvested]:
    """Return what pairs of rows teach together, each segment once, its latest translation.

    A long text with several translations teaches nothing, nor does one that is the translation of several: their pages
    are of one structure, but do not say the same.
    """
    found: dict[str, Harvested] = {}
    translations: dict[str, set[str]] = {}
    sources: dict[str, set[str]] = {}
    for one in harvested:
        found[one.segment.hash] = one
        if len(one.segment.text) >= LONG:
            text = folded(one.text)
            translations.setdefault(one.segment.hash, set()).add(text)
            sources.setdefault(text, set()).add(one.segment.hash)
    for key, one in found.items():
        texts = translations.get(key, ())
        if len(texts) < 2 and all(len(sources[text]) < 2 for text in texts):
            yield one


def suggest(segment: Segment, known: Mapping[str, str], *, at_least: float = NEAR, limit: int = 3) -> list[Suggestion]:
    """Return translations of the most similar texts, best first; `known` gives translations by source text.

    What is known of the segment itself is none: it is either used, or of no use.
    """
    found = process.extract(
        segment.text, known.keys(), scorer=fuzz.ratio, processor=folded, score_cutoff=at_least, limit=limit + 1
    )
    others = (one for one in found if not is_same(one[0], segment.text))
    return [Suggestion(text, known[text], round(likeness, 1)) for text, likeness, _ in islice(others, limit)]


def _pairs(field: Field, theirs: Field, terms: Terms, target_terms: Terms) -> Iterator[Pair]:
    if field.kind is TextKind.HTML:
        yield from align(field.text, theirs.text, terms, target_terms)
        return
    one, other = cut_field(field, terms).segments, cut_field(theirs, target_terms).segments
    if len(one) == len(other) and agree_in_length(pairs := list(zip(one, other, strict=True))):
        yield from pairs
