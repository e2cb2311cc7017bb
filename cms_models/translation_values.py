"""What there is to translate and what there is of it already: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Standing:
    """A row that stands in the target language already."""

    id: UUID
    slug: str
    path: str | None


@dataclass(frozen=True, slots=True)
class Twin:
    """A row in another language than the target, and its translation in it, if there is one by now."""

    id: UUID
    path: str | None
    group_id: UUID
    translation: Standing | None


@dataclass(frozen=True, slots=True)
class Made:
    """A translation that wpferry made before."""

    row: Standing | None  # None when it is a tombstone, or gone
    fingerprint: str
    facts: tuple[str, ...]
    is_edited: bool  # its words, by a person in the CMS


@dataclass(frozen=True, slots=True)
class Original:
    """A row that can be translated, without its bodies, and what there is of it in one target language."""

    table: str
    source_id: int
    id: UUID
    language: str
    group_id: UUID | None
    parent_id: UUID | None
    scope: str
    slug: str
    path: str | None
    title: str
    words_hash: int
    carried_hash: int
    human: Standing | None  # not made by wpferry: nothing to do
    made: Made | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows by people that say the same in two languages."""

    table: str
    language: str  # of the first; the second is in the target language
    id: UUID
    translation_id: UUID
