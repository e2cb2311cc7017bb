"""What was translated in WPML's editor, or by its machines, teaches the memory, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import groupby
from uuid import UUID

from cms_models import db, runs
from cms_models.translation_memory import HUMAN, MACHINE, Remembered, recall, remember
from cms_models.translation_pairs import last_jobs_learnt
from transforms.translation.contract import Terms
from transforms.translation.jobs import harvest_job_field
from transforms.translation.memory import Harvested, agreed
from wp_models.languages.wpml_jobs import read_translated_fields
from wp_models.records import TranslatedField
from wp_models.sources import Source

JOBS_PER_BATCH = 100
ENGINE = "wpml"  # the name that its machine translations are remembered under

Languages = tuple[str, str]  # from, to


class JobHarvest:
    """Learns what a site's translation jobs say and the memory does not know yet."""

    def __init__(self, connection: db.Connection, terms: Callable[[str, str], Terms]) -> None:
        self._connection = connection
        self._terms = terms

    def learn(self, source: Source, site_id: int, run_id: UUID) -> int:
        """Return how many segments were new. Jobs that say what they said to the last run are not looked at again."""
        known = last_jobs_learnt(self._connection, site_id)
        learnt, prints = 0, []
        with source.connect() as wordpress:
            fields = read_translated_fields(wordpress, source.installation)
            for _, some in groupby(fields, lambda field: field.job // JOBS_PER_BATCH):
                batch = list(some)
                prints.append(self._print(batch))
                if prints[-1] not in known:
                    learnt += self._remember(batch)
        if prints:
            runs.note(self._connection, run_id, {"jobs_learnt": prints})
        return learnt

    def _print(self, batch: Sequence[TranslatedField]) -> str:
        """Return what tells jobs apart from what they were; with another glossary they teach something else."""
        hashed = blake2b(digest_size=8)
        for field in batch:
            version = self._terms(field.source_language, field.target_language).version
            hashed.update(repr((version, field)).encode(errors="surrogatepass"))
        return hashed.hexdigest()

    def _remember(self, batch: Iterable[TranslatedField]) -> int:
        found: defaultdict[tuple[Languages, bool], list[Harvested]] = defaultdict(list)
        for field in batch:
            languages = field.source_language, field.target_language
            found[languages, field.is_machine] += harvest_job_field(field, self._terms(*languages))
        return sum(
            remember(self._connection, list(self._unknown(languages, is_machine=is_machine, harvested=agreed(some))))
            for (languages, is_machine), some in sorted(found.items(), key=lambda entry: entry[0])
        )

    def _unknown(
        self, languages: Languages, *, is_machine: bool, harvested: Iterable[Harvested]
    ) -> Iterator[Remembered]:
        """Yield what the memory does not know; or not from people, who have the last word, in the CMS above all."""
        segments = {one.segment.hash: one for one in harvested}
        known = {one.segment_hash: one.origin for one in recall(self._connection, *languages, segments)}
        for key, one in segments.items():
            if key not in known or (known[key] == MACHINE and not is_machine):
                yield Remembered(
                    source_language=languages[0],
                    target_language=languages[1],
                    segment_hash=key,
                    glossary_version=one.segment.glossary_version,
                    source_text=one.segment.text,
                    target_text=one.text,
                    origin=MACHINE if is_machine else HUMAN,
                    engine=ENGINE if is_machine else None,
                )
