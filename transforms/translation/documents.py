"""All texts of one row, cut into segments, and the row in another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from transforms.contract import Issue
from transforms.translation.contract import NO_TERMS, FieldRules, Path, Segment, Terms
from transforms.translation.fields import NO_CUSTOM_FIELDS, Worded, fields_of, with_fields
from transforms.translation.pieces import Document
from transforms.translation.segments import cut_field


@dataclass(frozen=True, slots=True)
class RowInLanguage(Generic[Worded]):
    """A row whose words are translated, as far as there were translations."""

    row: Worded
    issues: tuple[Issue, ...] = ()
    left: frozenset[str] = frozenset()  # hashes of segments that stay in the source language


@dataclass(frozen=True, slots=True)
class RowDocuments(Generic[Worded]):
    """A row and its texts."""

    row: Worded
    documents: Mapping[Path, Document]

    @property
    def segments(self) -> tuple[Segment, ...]:
        """Return what is to be translated, each once, in the order a reader meets it."""
        every: dict[str, Segment] = {}
        for document in self.documents.values():
            for segment in document.segments:
                every.setdefault(segment.hash, segment)
        return tuple(every.values())

    def put_back(self, translations: Mapping[str, str]) -> RowInLanguage[Worded]:
        """Return the row with its words translated, by the hashes of segments; equal findings count once."""
        issues: dict[Issue, None] = {}
        left: set[str] = set()
        texts: dict[Path, str] = {}
        for path, document in self.documents.items():
            done = document.put_back(translations)
            texts[path] = done.text
            issues.update(dict.fromkeys(done.issues))
            left |= done.left
        return RowInLanguage(with_fields(self.row, texts), tuple(issues), frozenset(left))


def cut_row(row: Worded, terms: Terms = NO_TERMS, rules: FieldRules = NO_CUSTOM_FIELDS) -> RowDocuments[Worded]:
    """Return the texts of a row, cut into segments."""
    return RowDocuments(row, {path: cut_field(field, terms) for path, field in fields_of(row, rules).items()})
