"""What people have translated before teaches the memory, pair of rows by pair of rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, islice

from cms_models import db
from cms_models.translation_memory import HUMAN, Remembered, remember
from cms_models.translation_queries import read_rows
from cms_models.translation_values import Pair
from transforms.translation.contract import FieldRules, Terms
from transforms.translation.memory import agreed, harvest

PAIRS_PER_BATCH = 200


class Harvest:
    """Learns translations into one language from rows that people wrote in it and in another."""

    def __init__(
        self, connection: db.Connection, language: str, terms: Callable[[str, str], Terms], rules: FieldRules
    ) -> None:
        self._connection = connection
        self._language = language
        self._terms = terms
        self._rules = rules

    def learn(self, pairs: Sequence[Pair]) -> int:
        """Remember what pairs of rows of one table teach; return how many segments were new, or said otherwise."""
        learnt = 0
        for source, some in groupby(pairs, lambda pair: pair.language):
            while batch := list(islice(some, PAIRS_PER_BATCH)):
                learnt += remember(self._connection, list(self._segments(source, batch)))
        return learnt

    def _segments(self, source: str, pairs: Sequence[Pair]) -> Iterator[Remembered]:
        table, terms = pairs[0].table, self._terms(source, self._language)
        ids = {row_id for pair in pairs for row_id in (pair.id, pair.translation_id)}
        rows = read_rows(self._connection, table, ids)
        found = (one for pair in pairs for one in harvest(rows[pair.id], rows[pair.translation_id], terms, self._rules))
        for one in agreed(found):
            yield Remembered(
                source_language=source,
                target_language=self._language,
                segment_hash=one.segment.hash,
                glossary_version=one.segment.glossary_version,
                source_text=one.segment.text,
                target_text=one.text,
                origin=HUMAN,
            )
