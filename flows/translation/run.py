"""The steps of a translation run, without Prefect: find out what is missing or out of date, and make it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby, islice
from uuid import UUID

from cms_models import db, runs
from cms_models.rows import CONTENT_TABLES, Status
from cms_models.translation_menus import MENUS
from cms_models.translation_pairs import last_harvest, read_pairs
from cms_models.translation_queries import read_originals, read_slugs, read_twins
from cms_models.translation_upkeep import mark_edited_as_human
from cms_models.translation_values import Original
from flows.progress import Reporter
from flows.translation.batches import Made, Target, TranslationBatches
from flows.translation.harvest import Harvest
from flows.translation.menus import TranslatedMenus
from flows.translation.words import Pair, Words
from transforms.translated_addresses import SHARED, TranslatedAddresses
from transforms.translated_places import TranslatedPlaces, parents_first
from transforms.translation.contract import FieldRules, Terms
from transforms.translation.segments import cut_plain

TABLES = ("terms", *CONTENT_TABLES)
TRANSLATABLE = (*TABLES, MENUS)
ROWS_PER_BATCH = 200
TITLES_PER_BATCH = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is to translate, and how."""

    site_id: int
    site_key: str
    run_id: UUID
    languages: tuple[str, ...]
    tables: frozenset[str]
    status: Status  # of translations that wpferry makes
    rules: FieldRules
    terms: Callable[[str, str], Terms]  # of the glossary, from one language to another
    addresses: TranslatedAddresses


class Translation:
    """One run of one site while it goes on. The caller holds the site's lock."""

    def __init__(self, connection: db.Connection, plan: Plan, words: Words, reporter: Reporter) -> None:
        self._connection = connection
        self._plan = plan
        self._words = words
        self._reporter = reporter
        self.made = Made()
        self.harvested = 0
        self._ways: dict[str, str] = {}  # by language: how the memory has learnt from all that people wrote in it

    def run(self) -> None:
        """Make what is missing or out of date, language by language; terms come before what is filed under them."""
        for language in self._plan.languages:
            self._learn(language)
            originals = {table: self._originals(table, language) for table in TABLES}
            places = self._places(language)
            target = self._target(language, places)
            batches = TranslationBatches(self._connection, self._words, target, self.made)
            self._settle(originals["terms"], places, language)
            self._make(batches, originals["terms"], language)
            for table in CONTENT_TABLES:
                self._settle(originals[table], places, language)
            for table in CONTENT_TABLES:
                self._make(batches, originals[table], language)
            if MENUS in self._plan.tables:
                TranslatedMenus(self._connection, self._words, target, self.made).make()

    def _learn(self, language: str) -> None:
        """Take translations that people have changed for people's, and let the memory know what people have written."""
        plan = self._plan
        # With another glossary, or other fields, other segments are found: all pairs have to be looked at again.
        version = plan.terms(plan.addresses.languages.default, language).version
        way = blake2b(repr((version, plan.rules)).encode(), digest_size=8).hexdigest()
        since = last_harvest(self._connection, plan.site_id, language, way)
        harvest = Harvest(self._connection, language, plan.terms, plan.rules)
        for table in TABLES:
            edited = mark_edited_as_human(self._connection, plan.site_id, plan.run_id, table, language)
            self.made.rows_written += len(edited)
            current = [row_id for row_id, is_current in edited.items() if is_current]
            pairs = read_pairs(self._connection, plan.site_id, table, language, since=since, edited=current)
            self.harvested += harvest.learn(pairs)
        self._ways[language] = way
        runs.note(self._connection, plan.run_id, {"harvested": self._ways})

    def _originals(self, table: str, language: str) -> list[Original]:
        return list(parents_first(read_originals(self._connection, self._plan.site_id, table, language)))

    def _places(self, language: str) -> TranslatedPlaces:
        plan = self._plan
        # Where addresses do not tell the language, a slug stands for one thing in all of them.
        among = None if plan.addresses.languages.url_mode == SHARED else language
        taken = {table: read_slugs(self._connection, plan.site_id, table, among) for table in TABLES}
        places = TranslatedPlaces(plan.site_key, language, plan.addresses, taken)
        for table in TABLES:
            for twin in read_twins(self._connection, plan.site_id, table, language):
                places.meet(twin)
        return places

    def _target(self, language: str, places: TranslatedPlaces) -> Target:
        plan = self._plan
        return Target(
            site_id=plan.site_id, site_key=plan.site_key, run_id=plan.run_id, language=language, status=plan.status,
            rules=plan.rules, terms=plan.terms, places=places,
        )  # fmt: skip

    def _settle(self, originals: Sequence[Original], places: TranslatedPlaces, language: str) -> None:
        """Give every translation its place; a new one is named by its title's translation."""
        titles = self._titles([one for one in originals if self._is_new(one)], language)
        for original in originals:
            if not self._is_new(original):
                places.settle(original, "")
            elif original.id in titles:
                places.settle(original, titles[original.id])

    def _is_new(self, original: Original) -> bool:
        return original.human is None and (original.made is None or original.made.row is None)

    def _titles(self, originals: Sequence[Original], language: str) -> dict[UUID, str]:
        """Return the titles of new translations, without those whose words could not be asked for."""
        titles: dict[UUID, str] = {}
        wanted = [one for one in originals if one.table in self._plan.tables]
        for source, some in _by_language(wanted, TITLES_PER_BATCH):
            pair = Pair(source, language, self._plan.terms(source, language))
            cut = [(one, cut_plain(one.title, pair.terms)) for one in some]
            found = self._words.find((segment for _, document in cut for segment in document.segments), pair)
            texts = {name: translation.text for name, translation in found.items()}
            titles |= {
                one.id: document.put_back(texts).text
                for one, document in cut
                if all(segment.hash in texts for segment in document.segments)
            }
        return titles

    def _make(self, batches: TranslationBatches, originals: Iterable[Original], language: str) -> None:
        due = [one for one in originals if one.table in self._plan.tables and batches.is_due(one)]
        if not due:
            return
        with self._reporter.stage(f"{due[0].table} {language}", len(due)) as stage:
            for source, some in _by_language(due, ROWS_PER_BATCH):
                is_getting_on = batches.make(some[0].table, source, some)
                stage.advance(len(some))
                if not is_getting_on and self._words.spent.stopped_by is not None:
                    break  # what is left would be read in vain


def _by_language(originals: Collection[Original], size: int) -> Iterator[tuple[str, list[Original]]]:
    """Yield originals of one language, so many at once."""
    for language, of_language in groupby(sorted(originals, key=lambda one: one.language), lambda one: one.language):
        while some := list(islice(of_language, size)):
            yield language, some
