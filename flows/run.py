"""One run of one site: what it found to do, what became of it, and what it leaves behind."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from cms_models.rows import DeadLetterRow
from flows.comparison import EntityPlan
from flows.worker import BatchResult
from reports.metrics import BatchMetrics
from reports.outcome import OutcomeCounts, StageTime


@dataclass(slots=True)
class Tally:
    """Outcome counts of a run while it goes on."""

    counts: dict[str, OutcomeCounts] = field(default_factory=dict)
    rows_written: int = 0
    seconds: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    dead_letters: list[tuple[str, DeadLetterRow]] = field(default_factory=list)

    def plan(self, plan: EntityPlan) -> None:
        """Count what needs no work."""
        self.counts[plan.entity] = self.counts.get(plan.entity, OutcomeCounts()) + OutcomeCounts(
            source=plan.source_count,
            unchanged=plan.unchanged,
            skipped=sum(plan.skipped.values()),
            skipped_for=plan.skipped,
        )

    def batch(self, done: BatchResult) -> OutcomeCounts:
        """Count what a batch did and return its counts; objects that vanished meanwhile leave the source's count."""
        result = done.result
        counts = OutcomeCounts(
            source=len(done.spec.keys) - done.gone,
            loaded=result.loaded,
            unchanged=result.unchanged,
            skipped=result.skipped,
            rejected=result.rejected,
            conflicts=result.conflicts,
            skipped_for=done.skipped_for,
        )
        gone = OutcomeCounts(source=-len(done.spec.keys))  # the plan has counted them
        self.counts[done.spec.entity] = self.counts[done.spec.entity] + counts + gone
        self.rows_written += result.rows_written
        self.seconds.update(done.seconds)
        self.records.update(dict.fromkeys(done.seconds, len(done.spec.keys)))
        self.dead_letters.extend((done.spec.entity, letter) for letter in done.dead_letters)
        return counts

    def deleted(self, entity: str, number: int) -> None:
        """Count objects that are gone from the source."""
        self.counts[entity] = self.counts.get(entity, OutcomeCounts()) + OutcomeCounts(deleted=number)

    def stages(self) -> tuple[StageTime, ...]:
        """Return where the time went, added up over workers."""
        return tuple(StageTime(name, seconds, self.records[name]) for name, seconds in self.seconds.items())


def peak_memory_bytes() -> int:
    """Return the largest memory any process of this run has used."""
    kilobytes = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return kilobytes * 1024
