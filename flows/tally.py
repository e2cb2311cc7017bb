"""What a run counts while it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version

from cms_models.loader import DeleteResult
from flows.comparison import EntityPlan
from flows.worker import BatchResult, peak_memory_bytes
from reports.outcome import MediaSummary, OutcomeCounts, StageTime

PACKAGES = ("wpferry", "pillow", "selectolax", "nh3", "psycopg", "prefect")


@dataclass(slots=True)
class Tally:
    """Outcome counts of a run while it goes on."""

    counts: dict[str, OutcomeCounts] = field(default_factory=dict)
    rows_written: int = 0
    images: MediaSummary = field(default_factory=MediaSummary)
    images_encoded: int = 0
    seconds: Counter[str] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    peak_memory_bytes: int = field(default_factory=peak_memory_bytes)  # of any process

    def plan(self, plan: EntityPlan) -> None:
        """Count what needs no work."""
        self.counts[plan.entity] = OutcomeCounts(
            source=plan.source_count,
            unchanged=plan.unchanged,
            skipped=sum(plan.skipped.values()),
            skipped_for=plan.skipped,
        )

    def batch(self, done: BatchResult) -> OutcomeCounts:
        """Count what a batch did and return its counts."""
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
        planned = OutcomeCounts(source=-len(done.spec.keys))  # the plan has counted them; some may have gone since
        self.counts[done.spec.entity] = self.counts[done.spec.entity] + planned + counts
        self.rows_written += result.rows_written
        self.images = self.images + done.images
        self.images_encoded += done.images_encoded
        self.seconds.update(done.seconds)
        self.peak_memory_bytes = max(self.peak_memory_bytes, peak_memory_bytes(), done.peak_memory_bytes)
        self.records.update(dict.fromkeys(done.seconds, len(done.spec.keys)))
        return counts

    def removed(self, entity: str, done: DeleteResult) -> None:
        """Count objects that are gone from the source; those that stay in conflict are no objects of it any more."""
        self.counts[entity] = self.counts[entity] + OutcomeCounts(deleted=done.deleted)
        self.rows_written += done.rows_written

    def stages(self) -> tuple[StageTime, ...]:
        """Return where the time went, added up over workers."""
        return tuple(StageTime(name, seconds, self.records[name]) for name, seconds in self.seconds.items())


@cache
def package_versions() -> Mapping[str, str]:
    """Return the versions that decide what a run makes."""
    return {package: version(package) for package in PACKAGES}
