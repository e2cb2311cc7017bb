"""What a translation run did, or would do: characters, segments by who chose their words, rows by language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from transforms.translation.contract import Provenance

MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationSummary:
    """The outcome of one run, as the command line, Prefect and programs show it."""

    site: str
    run_id: str
    engine: str
    is_rehearsal: bool
    characters: int  # sent to the engine, or to be sent
    price_per_million: Decimal | None  # Euro
    segments: Mapping[Provenance, int]
    harvested: int  # segments that were learnt from what was translated before
    rows: Mapping[tuple[str, str], int]  # made or made again, by language and table
    waiting: Mapping[tuple[str, str], int]  # for words that could not be asked for
    rows_written: int
    stopped_by: str | None
    seconds: float

    @property
    def is_complete(self) -> bool:
        """Return whether nothing waits."""
        return self.stopped_by is None

    @property
    def cost(self) -> Decimal | None:
        """Return what the characters cost, in Euro; None where nobody asks for money."""
        price = self.price_per_million
        return (price * self.characters / MILLION).quantize(Decimal("0.01")) if price is not None else None

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {
            "run_id": self.run_id,
            "site": self.site,
            "outcome": "complete" if self.is_complete else "stopped",
            "stopped_by": self.stopped_by,
            "engine": self.engine,
            "dry_run": self.is_rehearsal,
            "characters_sent": 0 if self.is_rehearsal else self.characters,
            "characters_to_send": self.characters if self.is_rehearsal else 0,
            "cost": str(self.cost) if self.cost is not None else None,
            "segments": {str(one): self.segments.get(one, 0) for one in Provenance},
            "harvested": self.harvested,
            "rows": _by_language(self.rows),
            "waiting": _by_language(self.waiting),
            "rows_written": 0 if self.is_rehearsal else self.rows_written,
            "seconds": round(self.seconds, 3),
        }

    def table(self) -> list[dict[str, str | int]]:
        """Return one row per language and type, for Prefect's artifact."""
        return [
            {"language": language, "type": table, "made": number, "waiting": self.waiting.get((language, table), 0)}
            for (language, table), number in sorted(self.rows.items())
        ]

    def sentences(self) -> Iterator[str]:
        """Yield the same for people."""
        would, cost = ("would be " if self.is_rehearsal else "", f", {self.cost} Euro" if self.cost else "")
        for language, tables in _by_language(self.rows).items():
            made = ", ".join(f"{number:,} {table}" for table, number in tables.items())
            yield f"{self.site}: {language}: {made} {would}translated."
        if not any(self.rows.values()):
            yield f"{self.site}: nothing to translate: everything is there, and up to date."
        count = self.segments.get
        yield (
            f"{self.characters:,} characters {would}sent to {self.engine}{cost}; of all segments "
            f"{count(Provenance.HUMAN, 0):,} are people's, {count(Provenance.MEMORY, 0):,} from the memory, "
            f"{count(Provenance.MACHINE, 0):,} new, {count(Provenance.NONE, 0):,} left as they are."
        )
        if self.stopped_by:
            waiting = sum(self.waiting.values())
            yield f"{self.stopped_by} What was done is kept; run it again for the rest ({waiting:,} rows or more)."


def _by_language(numbers: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for (language, table), number in sorted(numbers.items()):
        if number:
            found.setdefault(language, Counter())[table] += number
    return {language: dict(tables) for language, tables in found.items()}
