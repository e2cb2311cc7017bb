"""Texts cut into segments at block level, and put together again around translations.

Whatever is not words stays as it was written, byte for byte; a text that is not translated, too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape, unescape

from transforms.translation.attributes import BLOCK, BLOCK_ATTRIBUTES, attributes_of_words, decode_block_attributes
from transforms.translation.blocks import words_of_attributes
from transforms.translation.contract import NO_TERMS, Field, Segment, Terms, TextKind
from transforms.translation.glossary import glossary_version
from transforms.translation.lines import core_of, paragraph_breaks, space_after, space_before, tag_partners
from transforms.translation.markup import Kind, Token, tokens
from transforms.translation.pieces import BlockAttributes, Document, Mark, Piece, Pieces, Quoted, Run
from transforms.translation.placeholders import Untouched, closing, has_words, opening, standing, untouched_words
from transforms.translation.texts import segment_hash

_MOST_MARKS = 9_999
_SPACES = re.compile(r"[ \t\n\r\f]+")
_LINE_ENDS = re.compile(r"([\n\r]\s*)")
_SEPARATORS = re.compile(r"([\n\r]\s*|\s[-–—|·•*»>~⋆]\s)")  # those that SEO plugins offer


def cut(html: str, terms: Terms = NO_TERMS) -> Document:
    """Return HTML cut into its segments: paragraphs, headings, cells, the words in attributes."""
    return _cut(html, terms, in_attribute=False)


def cut_plain(text: str, terms: Terms = NO_TERMS, at: re.Pattern[str] = _LINE_ENDS) -> Document:
    """Return a plain text cut at the ends of its lines."""
    pieces: list[str | Piece] = []
    for place, part in enumerate(at.split(text)):
        pieces += (part,) if place % 2 else _line(part, terms)
    return Document(tuple(pieces))


def cut_field(field: Field, terms: Terms = NO_TERMS) -> Document:
    """Return one text of a row cut into its segments."""
    if field.kind is TextKind.HTML:
        return cut(field.text, terms)
    return cut_plain(field.text, terms, _SEPARATORS if field.kind is TextKind.TITLED else _LINE_ENDS)


def _line(line: str, terms: Terms) -> Pieces:
    words = line.strip()
    if not words:
        return (line,)
    text = _Text(terms, is_html=False)
    text.add_words(words)
    run = text.run((words,))
    if run is None:
        return (line,)
    start = line.index(words)
    return (line[:start], run, line[start + len(words) :])


def _cut(html: str, terms: Terms, *, in_attribute: bool) -> Document:
    cutter = _Cutter(terms, in_attribute=in_attribute)
    line: list[Token] = []
    for token in tokens(html):
        if token.kind is Kind.EDGE:
            cutter.add_line(line)
            cutter.add_markup(token)
            line = []
        else:
            line.append(token)
    cutter.add_line(line)
    return Document(tuple(cutter.pieces))


class _Text:
    """The text of one segment as it grows."""

    def __init__(self, terms: Terms, *, is_html: bool) -> None:
        self.terms = terms
        self.is_html = is_html
        self.text: list[str] = []
        self.marks: list[Mark] = []
        self.placeholders: list[str] = []
        self.tell_apart: list[str] = []
        self.terms_used: list[tuple[str, str]] = []

    def add_words(self, words: str) -> None:
        """Add running text."""
        if "  " in words or not words.isprintable():
            words = _SPACES.sub(" ", words)
        for part in untouched_words(words, self.terms):
            if isinstance(part, str):
                self.text.append(part)
                continue
            self._add_untouched(part)

    def _add_untouched(self, part: Untouched) -> None:
        self.add_mark((escape(part.replacement, quote=False) if self.is_html else part.replacement,), part.words)
        if part.tells_apart:
            self.tell_apart.append(part.words)
        if part.is_term:
            self.terms_used.append((part.words, part.replacement))

    def add_mark(self, before: Pieces, placeholder: str, after: str | None = None) -> int:
        """Add the mark of a thing, or the opening one of a pair; return its number."""
        self.marks.append(Mark(before, after or ""))
        self.placeholders.append(placeholder)
        number = len(self.marks)
        self.text.append(standing(number) if after is None else opening(number))
        return number

    def run(self, source: Pieces) -> Run | None:
        """Return the finished segment; None when there is nothing to translate in it."""
        text = "".join(self.text)
        has_fixed_terms = any(term != fixed for term, fixed in self.terms_used)
        if not (has_words(text) or has_fixed_terms) or len(self.marks) > _MOST_MARKS:
            return None
        version = glossary_version(self.terms_used)
        tell_apart = (*self.tell_apart, version) if version else self.tell_apart
        segment = Segment(text, tuple(self.placeholders), segment_hash(text, tell_apart), version)
        return Run(segment, source, tuple(self.marks), self.is_html, has_fixed_terms)


class _Cutter:
    """The pieces of one HTML text as they are found."""

    def __init__(self, terms: Terms, *, in_attribute: bool) -> None:
        self.terms = terms
        self.in_attribute = in_attribute
        self.pieces: list[str | Piece] = []

    def add_markup(self, token: Token) -> None:
        """Add what is not running text."""
        self.pieces += self._pieces_of(token)

    def add_line(self, line: Sequence[Token]) -> None:
        """Add what stands between two edges: text and inline tags."""
        if not any(token.kind is Kind.TEXT for token in line):
            self._add_all_markup(line)
            return
        if len(line) == 1:
            if line[0].raw.isspace():  # between two blocks
                self.pieces.append(line[0].raw)
            else:
                self._add_run(line, {})
            return
        partners = tag_partners(line)
        if partners is None:  # tags that are not nested: each text is on its own
            for token in line:
                self._add_run([token], {})
            return
        start = 0
        for first, end in paragraph_breaks(line, partners):
            self._add_run(line[start:first])
            self._add_all_markup(line[first:end])
            start = end
        self._add_run(line[start:], None if start else partners)

    def _add_all_markup(self, line: Sequence[Token]) -> None:
        for token in line:
            self.add_markup(token)

    def _add_run(self, run: Sequence[Token], partners: Mapping[int, int] | None = None) -> None:
        if partners is None:
            partners = tag_partners(run) or {}
        first, end = core_of(run, partners)
        made = self._run(run, range(first, end), partners) if end > first else None
        if made is None:
            self._add_all_markup(run)
            return
        self._add_all_markup(run[:first])
        self.pieces += made
        self._add_all_markup(run[end:])

    def _run(self, run: Sequence[Token], core: range, partners: Mapping[int, int]) -> tuple[str, Run, str] | None:
        """Return running text as a segment, with the white space around it."""
        before, after = space_before(run[core[0]]), space_after(run[core[-1]])
        text = _Text(self.terms, is_html=True)
        source: list[str | Piece] = []
        open_numbers: list[int] = []
        for at in core:
            token = run[at]
            if token.kind is Kind.TEXT:
                start, end = len(before) if at == core[0] else 0, len(after) if at == core[-1] else 0
                raw = token.raw[start : len(token.raw) - end]
                text.add_words(unescape(raw) if "&" in raw else raw)
                source.append(raw)
                continue
            pieces = self._pieces_of(token)
            source += pieces
            if token.kind is Kind.STANDING:
                text.add_mark(pieces, token.raw)
            elif token.kind is Kind.OPEN:
                open_numbers.append(text.add_mark(pieces, token.raw, after=run[partners[at]].raw))
            else:
                text.text.append(closing(open_numbers.pop()))
        made = text.run(tuple(source))
        return (before, made, after) if made else None

    def _pieces_of(self, token: Token) -> Pieces:
        """Return markup with the words in its attributes."""
        found = list(attributes_of_words(token.start_tag)) if token.start_tag else []
        if not found:
            return (token.raw,)
        block = next((attribute.value for attribute in found if attribute.name == BLOCK), None)
        pieces: list[str | Piece] = []
        position = 0
        for attribute in found:
            raw = token.raw[attribute.start : attribute.end]
            piece: Piece | None = None
            if attribute.name == BLOCK_ATTRIBUTES and block is not None and not self.in_attribute:
                piece = _block_attributes(raw, attribute.value, block, self.terms)
            elif attribute.name not in (BLOCK, BLOCK_ATTRIBUTES):
                piece = Quoted(raw, attribute.value, cut_plain(attribute.value, self.terms))
            if piece is not None:
                pieces += (token.raw[position : attribute.start], piece)
                position = attribute.end
        return (*pieces, token.raw[position:])


def _block_attributes(raw: str, value: str, name: str, terms: Terms) -> BlockAttributes | None:
    attributes = decode_block_attributes(value)
    if attributes is None:
        return None
    documents = {
        path: (
            field.text,
            _cut(field.text, terms, in_attribute=True) if field.kind is TextKind.HTML else cut_plain(field.text, terms),
        )
        for path, field in words_of_attributes(name, attributes)
    }
    return BlockAttributes(raw, attributes, documents)
