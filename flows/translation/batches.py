"""One batch of translations: rows read, words found, rows made, loaded in one transaction with what is remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from uuid import UUID

from cms_models import db
from cms_models.loader import load_batch
from cms_models.rows import (
    REFERENCE_COLUMNS,
    ConflictPolicy,
    IssueRow,
    LoadBatch,
    Outcome,
    Row,
    StateRow,
    Status,
    TermRelationshipRow,
    TermRow,
    TranslationGroupRow,
    TranslationOrigin,
)
from cms_models.translation_queries import entity_of, read_rows, read_term_links
from cms_models.translation_upkeep import assign_groups, forget_disputes
from cms_models.translation_values import Original
from flows.translation.suggestions import Suggestions
from flows.translation.words import Pair, Words
from transforms.translated_places import TranslatedPlaces
from transforms.translated_rows import (
    linked_paths,
    translated_content,
    translated_relationships,
    translated_term,
)
from transforms.translation.contract import FieldRules, Provenance, Segment, Terms, Translation
from transforms.translation.documents import RowDocuments, cut_row

VERSION = 1
"""Raise it when translated rows come out otherwise: each is made again, from the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What all translations of one run into one language share."""

    site_id: int
    site_key: str
    run_id: UUID
    language: str
    terms: Callable[[str, str], Terms]
    rules: FieldRules
    status: Status  # of new translations
    places: TranslatedPlaces

    def terms_from(self, source_language: str) -> Terms:
        """Return the glossary for what is translated from a language."""
        return self.terms(source_language, self.language)


@dataclass(frozen=True, slots=True)
class _Cut:
    """An original with its texts cut into segments."""

    original: Original
    documents: RowDocuments[Any]
    segments: tuple[Segment, ...]

    @classmethod
    def of(cls, original: Original, documents: RowDocuments[Any]) -> _Cut:
        return cls(original, documents, documents.segments)

    def origin(self, found: Mapping[str, Translation]) -> TranslationOrigin:
        """Return who wrote the translation: people, when all its words are theirs."""
        provenances = {found[segment.hash].provenance for segment in self.segments}
        return TranslationOrigin.HUMAN if provenances == {Provenance.HUMAN} else TranslationOrigin.MACHINE


@dataclass(slots=True)
class Made:
    """What became of the originals of a run, by language and table."""

    rows: Counter[tuple[str, str]] = field(default_factory=Counter)  # made, or made again
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)  # for words that could not be asked for
    rows_written: int = 0


class TranslationBatches:
    """Makes the translations of originals, batch by batch."""

    def __init__(self, connection: db.Connection, words: Words, target: Target, made: Made) -> None:
        self._connection = connection
        self._words = words
        self._target = target
        self._made = made
        self._suggestions = Suggestions(connection)

    def is_due(self, original: Original) -> bool:
        """Return whether a translation is missing, or would come out otherwise than it was made."""
        if self._target.places.of(original) is None:
            return False
        known = original.made
        if known is None or known.row is None:
            return True
        return known.fingerprint != self._fingerprint(original, known.facts)

    def make(self, table: str, source_language: str, originals: Sequence[Original]) -> bool:
        """Make the translations of originals of one table and language; return whether there were words for any."""
        rows = read_rows(self._connection, table, [one.id for one in originals])
        links = read_term_links(self._connection, table, list(rows)) if table != "terms" else {}
        pair = Pair(source_language, self._target.language, self._target.terms_from(source_language))
        cut = [
            _Cut.of(one, cut_row(rows[one.id], pair.terms, self._target.rules)) for one in originals if one.id in rows
        ]
        found = self._words.find((segment for one in cut for segment in one.segments), pair)
        ready = [one for one in cut if all(segment.hash in found for segment in one.segments)]
        batch_rows: list[Row] = []
        states: list[StateRow] = []
        issues: list[IssueRow] = []
        for one in ready:
            original, own_links = one.original, links.get(one.original.id, ())
            done = one.documents.put_back({segment.hash: found[segment.hash].text for segment in one.segments})
            batch_rows += self._rows(original, done.row, own_links, one.origin(found))
            states.append(self._state(original, _facts(one.documents.row, own_links)))
            unusable = (segment for segment in one.segments if found[segment.hash].provenance is Provenance.NONE)
            findings = (*done.issues, *self._suggestions.of(unusable, pair.source, pair.target))
            issues += (
                IssueRow(source_id=original.source_id, code=issue.code, detail=issue.detail) for issue in findings
            )
        if ready:
            self._load(table, [one.original for one in ready], batch_rows, states, issues)
        self._made.rows[self._target.language, table] += len(ready)
        self._made.waiting[self._target.language, table] += len(cut) - len(ready)
        return bool(ready)

    def _rows(
        self, original: Original, worded: Any, links: Sequence[TermRelationshipRow], origin: TranslationOrigin
    ) -> list[Row]:
        place = self._target.places.of(original)
        assert place is not None  # noqa: S101 - only what is due is made
        places = self._target.places
        kind = "term" if original.table == "terms" else "post"
        group = TranslationGroupRow(id=place.group_id, site_id=self._target.site_id, kind=kind)
        if isinstance(worded, TermRow):
            return [translated_term(worded, place, origin=origin), group]
        row = translated_content(
            worded, place, origin=origin, status=self._target.status, paths=places.paths, terms=places.rows
        )
        owner = REFERENCE_COLUMNS[original.table]
        return [row, group, *translated_relationships(links, owner, row.id, self._target.site_key, places.rows)]

    def _state(self, original: Original, facts: tuple[str, ...]) -> StateRow:
        place = self._target.places.of(original)
        return StateRow(
            source_id=original.source_id,
            fingerprint=self._fingerprint(original, facts),
            transform_version=VERSION,
            row_id=place.id if place else None,
            outcome=Outcome.LOADED,
            facts=facts,
        )

    def _load(
        self,
        table: str,
        originals: Sequence[Original],
        rows: Sequence[Row],
        states: Sequence[StateRow],
        issues: Sequence[IssueRow],
    ) -> None:
        target = self._target
        key = {"site_id": target.site_id, "run_id": target.run_id, "entity": table}
        places = ((one, target.places.of(one)) for one in originals if one.group_id is None)
        alone = [(one.id, place.group_id) for one, place in places if place is not None]
        batch = LoadBatch(
            site_id=target.site_id,
            run_id=target.run_id,
            entity=entity_of(table, target.language),
            rows=tuple(rows),
            states=tuple(states),
            issues=tuple(issues),
        )
        with db.target_errors(), self._connection.transaction(), self._connection.cursor() as cursor:
            if alone:
                self._made.rows_written += assign_groups(cursor, table, key, alone)
            result = load_batch(self._connection, batch, ConflictPolicy.MERGE)
            if result.conflicts:
                forget_disputes(cursor, {**key, "entity": batch.entity})
        self._made.rows_written += result.rows_written

    def _fingerprint(self, original: Original, facts: Sequence[str]) -> str:
        """Return the hash of the original's words, and that of all else that its translation is made from."""
        target, place = self._target, self._target.places.of(original)
        made_from = (
            VERSION, original.carried_hash, place, target.terms_from(original.language).version, target.rules,
            target.status, [self._answer(fact) for fact in facts],
        )  # fmt: skip
        digest = blake2b(repr(made_from).encode(), digest_size=12).hexdigest()
        return f"{original.words_hash & 0xFFFFFFFFFFFFFFFF:016x}.{digest}"

    def _answer(self, fact: str) -> object:
        kind, _, name = fact.partition(":")
        places = self._target.places
        return places.paths.get(name) if kind == "path" else places.rows.get(UUID(name))


def _facts(row: Any, links: Sequence[TermRelationshipRow]) -> tuple[str, ...]:
    """Return what of its language a translation is made from: where its links lead, and its terms."""
    paths = () if isinstance(row, TermRow) else linked_paths(row.content_html)
    return (*(f"path:{path}" for path in paths), *(f"term:{link.term_id}" for link in links))
