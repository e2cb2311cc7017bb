"""The pieces a text is cut into: what stays, and what is put together again around a translation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Protocol

import orjson

from cms_models.rows import Json
from transforms.contract import Issue
from transforms.translation.contract import Path, PutBack, Segment
from transforms.translation.merge import fit, left_in_source, too_long
from transforms.translation.nested_values import with_values
from transforms.translation.placeholders import MARK, has_words
from transforms.translation.texts import is_same

LONGEST = 20_000
"""Characters of a segment: six bytes each in JSON, and DeepL takes 128 KiB."""


@dataclass(slots=True)
class Rendering:
    """Translations on their way back, and what was found on it."""

    translations: Mapping[str, str]
    issues: list[Issue] = field(default_factory=list)
    left: set[str] = field(default_factory=set)


class Piece(Protocol):
    """A part of a text that holds words."""

    def segments(self) -> Iterator[Segment]:
        """Return what is to be translated, in order."""

    def render(self, rendering: Rendering) -> str:
        """Return the part in the new language."""


Pieces = tuple[str | Piece, ...]


def _render(pieces: Pieces, rendering: Rendering) -> str:
    return "".join([piece if isinstance(piece, str) else piece.render(rendering) for piece in pieces])


def _segments(pieces: Pieces) -> Iterator[Segment]:
    for piece in pieces:
        if not isinstance(piece, str):
            yield from piece.segments()


@dataclass(frozen=True, slots=True)
class Document:
    """A text and the segments in it."""

    pieces: Pieces

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Return what is to be translated, in order; equal ones as often as they stand there."""
        return tuple(_segments(self.pieces))

    def put_back(self, translations: Mapping[str, str]) -> PutBack:
        """Return the text with its segments translated, by their hash; those without translation stay as they are."""
        rendering = Rendering(translations)
        text = self.render(rendering)
        return PutBack(text, tuple(rendering.issues), frozenset(rendering.left))

    def render(self, rendering: Rendering) -> str:
        """Return the text in the new language."""
        return _render(self.pieces, rendering)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a mark stands for."""

    before: Pieces  # the opening tag, or all of it
    after: str = ""  # the closing tag


@dataclass(frozen=True, slots=True)
class Run:
    """Running text: one segment."""

    segment: Segment
    source: Pieces  # as it was written
    marks: tuple[Mark, ...]
    is_html: bool
    has_fixed_terms: bool = False  # its marks change something, whatever its words are

    def segments(self) -> Iterator[Segment]:
        """Return the segment, then those in the tags inside it."""
        if has_words(self.segment.text) and len(self.segment.text) <= LONGEST:
            yield self.segment
        yield from _segments(self.source)

    def render(self, rendering: Rendering) -> str:
        """Return the text in the new language; as it was written when there is no usable translation."""
        text = self._translation(rendering)
        if text is None:
            return _render(self.source, rendering)
        html: list[str] = []
        position = 0
        for found in MARK.finditer(text):
            html.append(self._escaped(text[position : found.start()]))
            position = found.end()
            mark = self.marks[int(found[2]) - 1]
            html.append(mark.after if found[1] else _render(mark.before, rendering))
        html.append(self._escaped(text[position:]))
        return "".join(html)

    def _translation(self, rendering: Rendering) -> str | None:
        segment = self.segment
        if not has_words(segment.text):  # fixed terms, and nothing around them
            return segment.text
        if len(segment.text) > LONGEST:
            rendering.left.add(segment.hash)
            rendering.issues.append(too_long(segment))
            return None
        text = rendering.translations.get(segment.hash)
        if text is None:
            rendering.left.add(segment.hash)
            return None
        if is_same(text, segment.text):
            return segment.text if self.has_fixed_terms else None
        fitted = fit(segment, text)
        if fitted is None:
            rendering.left.add(segment.hash)
            rendering.issues.append(left_in_source(segment))
            return None
        if fitted.issue:
            rendering.issues.append(fitted.issue)
        return fitted.text

    def _escaped(self, text: str) -> str:
        return escape(text, quote=False).replace("\xa0", "&nbsp;") if self.is_html else text


@dataclass(frozen=True, slots=True)
class Quoted:
    """The value of an attribute."""

    raw: str  # as it stands between its quotes
    value: str
    document: Document

    def segments(self) -> Iterator[Segment]:
        """Return the segments of the value."""
        return iter(self.document.segments)

    def render(self, rendering: Rendering) -> str:
        """Return the value in the new language, fit for both kinds of quotes."""
        value = self.document.render(rendering)
        return self.raw if value == self.value else escape(value)


@dataclass(frozen=True, slots=True)
class BlockAttributes:
    """A block's attributes as JSON in an attribute of the placeholder that stands for it."""

    raw: str
    value: Json
    documents: Mapping[Path, tuple[str, Document]]  # with the text as it is

    def segments(self) -> Iterator[Segment]:
        """Return the segments of all attributes."""
        for _, document in self.documents.values():
            yield from document.segments

    def render(self, rendering: Rendering) -> str:
        """Return the JSON with its words in the new language."""
        changes: dict[Path, Json] = {
            path: new for path, (old, document) in self.documents.items() if (new := document.render(rendering)) != old
        }
        return escape(orjson.dumps(with_values(self.value, changes)).decode()) if changes else self.raw
