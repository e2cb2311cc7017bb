"""What translation hands around: texts of rows, segments of texts, translations of segments.

The way of a text, all of it pure:

    fields.fields_of(row)                 > {path: Field(kind, text)}        what of a row is words
    segments.cut(html, terms)             > Document                         at block level, in order
    segments.cut_plain(text, terms)       > Document                         titles, alt texts, names
    Document.segments                     > tuple[Segment, ...]              what memory and engines see
    memory.harvest(row, translated_row)   > Iterator[Harvested]              what people have translated before
    merge.fit(segment, text)              > Fitted(text, issue) | None       None: unusable, not to be remembered
    Document.put_back({hash: text})       > PutBack(text, issues, left)      markup as before, words translated
    fields.with_fields(row, {path: text}) > row

`documents.cut_row(row, terms)` and its `put_back` do the first and last steps for all fields of a row at once.
Engines are `flows.services.translation.engine.Engine`; they take the texts of segments, with marks, as they are.

In the text of a segment, marks stand for what no translator may touch: `⟦1⟧bold⟦/1⟧` for a pair of tags,
`⟦2/⟧` for anything else (a picture, a URL, code, a number, a term of the glossary). Numbers start at 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from transforms.contract import Issue

Path = tuple[str | int, ...]
"""Where a text stands in a row: ("title",), ("seo", "og", "title"), ("blocks", 0, "attrs", "label")."""


class TextKind(StrEnum):
    """How a text of a row is written."""

    PLAIN = "plain"
    TITLED = "titled"  # plain, with a separator between a title and the name of the site
    HTML = "html"


class Provenance(StrEnum):
    """Who chose the words of one segment."""

    HUMAN = "human"  # harvested from translations that people wrote, or edited in the CMS
    MEMORY = "memory"  # remembered: what a machine or an imported memory gave before
    MACHINE = "machine"  # an engine, in this run
    NONE = "none"  # not translated: the source's words


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a row."""

    kind: TextKind
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest text that is translated on its own: a paragraph, a cell, a heading, a title."""

    text: str  # with marks; white space as one space
    placeholders: tuple[str, ...]  # what mark 1, 2 ... stands for: an opening tag, a URL, a number
    hash: str  # 32 hexadecimal digits; white space, typography, addresses and numbers that count nothing do not matter
    glossary_version: str = ""  # of the terms in it; they tell hashes apart, too


@dataclass(frozen=True, slots=True)
class Translation:
    """What a segment says in another language, and who said it."""

    text: str  # with the marks of the segment
    provenance: Provenance
    engine: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A translation that can be put back."""

    text: str  # every mark of the segment once
    issue: Issue | None = None  # what had to be repaired


@dataclass(frozen=True, slots=True)
class PutBack:
    """A text in its new language."""

    text: str
    issues: tuple[Issue, ...] = ()
    left: frozenset[str] = frozenset()  # hashes of segments that stay in the source language


@dataclass(frozen=True, slots=True)
class FieldRules:
    """Which custom fields are words: by name, `*` for any; all others stay as they are."""

    plain: tuple[str, ...] = ()
    html: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """A glossary for one pair of languages: term > what stands for it in the translation."""

    fixed: Mapping[str, str] = field(default_factory=dict)  # kept terms stand for themselves
    version: str = ""  # of all of them


NO_TERMS = Terms()
