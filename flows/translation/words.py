"""The words of segments in another language: from people, from the memory, or bought from an engine, in this order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from cms_models import db
from cms_models.translation_memory import HUMAN, MACHINE, Remembered, recall, remember
from flows.services.translation.budget import Budget
from flows.services.translation.engine import Engine, QuotaExceededError
from flows.services.translation.requests import requests
from transforms.translation.contract import Provenance, Segment, Terms, Translation
from transforms.translation.merge import fit

MILLION = 1_000_000


@dataclass(slots=True)
class Spent:
    """What a run has asked for."""

    characters_sent: int = 0
    segments: Counter[Provenance] = field(default_factory=Counter)
    stopped_by: str | None = None  # why no more was asked for, in words for people


@dataclass(frozen=True, slots=True)
class Pair:
    """A direction of translation, with its glossary."""

    source: str
    target: str
    terms: Terms


class Rehearsed:
    """Stands for an engine in a rehearsal: says every text again, and asks for nothing."""

    def __init__(self, engine: Engine) -> None:
        self.name, self.model, self.limits, self.price_per_million = (
            engine.name, engine.model, engine.limits, engine.price_per_million,
        )  # fmt: skip

    def translate(self, texts: Sequence[str], _source: str, _target: str, /) -> list[str]:
        """Return the texts as they are."""
        return list(texts)


class Words:
    """Finds the words of segments; whatever an engine has said is remembered before it is used."""

    def __init__(self, connection: db.Connection, engine: Engine, budget: Budget, *, workers: int = 1) -> None:
        self._connection = connection
        self._engine = engine
        self._budget = budget
        self._workers = workers
        self.spent = Spent()

    def find(self, segments: Iterable[Segment], pair: Pair) -> Mapping[str, Translation]:
        """Return the translations of segments by their hashes; what could not be asked for any more is not there.

        One that cannot be used has the provenance "none": its segment will stay as it is, with an issue.
        """
        wanted = {segment.hash: segment for segment in segments}
        found = self._recalled(wanted, pair)
        missing = [segment for segment in wanted.values() if segment.hash not in found]
        for answer in self._asked(missing, pair):
            found.update(answer)
        self.spent.segments.update(one.provenance for one in found.values())
        return found

    def _recalled(self, wanted: Mapping[str, Segment], pair: Pair) -> dict[str, Translation]:
        found: dict[str, Translation] = {}
        known = recall(self._connection, pair.source, pair.target, wanted)
        for one in sorted(known, key=lambda one: one.origin == HUMAN):  # what people wrote comes last, and stays
            is_usable = fit(wanted[one.segment_hash], one.target_text) is not None
            if is_usable or self._has_said(one):
                found[one.segment_hash] = _translation(one, is_usable=is_usable)
        return found

    def _has_said(self, remembered: Remembered) -> bool:
        """Return whether this engine would only say, and charge for, the same again."""
        return (remembered.engine, remembered.model) == (self._engine.name, self._engine.model)

    def _asked(self, segments: Sequence[Segment], pair: Pair) -> Iterator[dict[str, Translation]]:
        """Yield what the engine says, request by request, until the budget or the account is used up."""
        every = requests(segments, self._engine.limits)
        with ThreadPoolExecutor(self._workers) as threads:
            while self.spent.stopped_by is None and (some := list(islice(every, self._workers))):
                affordable = [part for part in map(self._affordable, some) if part]
                answers = [(part, threads.submit(self._translated, part, pair)) for part in affordable]
                failed: list[BaseException] = []
                for part, answer in answers:  # what is paid for is remembered, whatever became of the others
                    error = answer.exception()
                    if error is None:
                        self.spent.characters_sent += sum(len(segment.text) for segment in part)
                        yield self._kept(part, answer.result(), pair)
                    elif isinstance(error, QuotaExceededError):
                        self.spent.stopped_by = str(error)
                    else:
                        failed.append(error)
                if failed:
                    raise failed[0]

    def _translated(self, segments: Sequence[Segment], pair: Pair) -> list[str]:
        return self._engine.translate([segment.text for segment in segments], pair.source, pair.target)

    def _affordable(self, segments: list[Segment]) -> list[Segment]:
        """Return the first of these segments, as far as the budget goes."""
        for at, segment in enumerate(segments):
            if self.spent.stopped_by is not None or not self._budget.take(len(segment.text)):
                self.spent.stopped_by = f"The budget of {self._budget.limit or 0:,} characters is used up."
                return segments[:at]
        return segments

    def _kept(self, segments: list[Segment], texts: list[str], pair: Pair) -> dict[str, Translation]:
        engine = self._engine
        kept = [
            Remembered(
                source_language=pair.source, target_language=pair.target, segment_hash=segment.hash,
                glossary_version=segment.glossary_version, source_text=segment.text, target_text=text, origin=MACHINE,
                engine=engine.name, model=engine.model, cost=self._cost(len(segment.text)),
            )
            for segment, text in zip(segments, texts, strict=True)
        ]  # fmt: skip
        remember(self._connection, kept)
        return {
            segment.hash: Translation(
                text,
                Provenance.MACHINE if fit(segment, text) is not None else Provenance.NONE,
                engine.name,
                engine.model,
            )
            for segment, text in zip(segments, texts, strict=True)
        }

    def _cost(self, characters: int) -> Decimal | None:
        price = self._engine.price_per_million
        return price * characters / MILLION if price is not None else None


def _translation(remembered: Remembered, *, is_usable: bool) -> Translation:
    known = Provenance.HUMAN if remembered.origin == HUMAN else Provenance.MEMORY
    provenance = known if is_usable else Provenance.NONE
    return Translation(remembered.target_text, provenance, remembered.engine, remembered.model)
