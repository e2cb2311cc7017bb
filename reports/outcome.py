"""What a run did, as plain values: the numbers that metrics store and that reports show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum

from cms_models.rows import Outcome
from reports.scope_document import ScopeDifference

SAMPLES = 5  # examples of each kind of issue


class Accounting(StrEnum):
    """Whether a run can account for every object."""

    COMPLETE = "complete"  # every object is accounted for, and none needs anybody
    ATTENTION = "attention"  # every object is accounted for, some were rejected or are in conflict
    INCONSISTENT = "inconsistent"  # the sums do not add up: do not switch over


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCounts:
    """Source objects of one entity by outcome; `deleted` ones are gone from the source and not among its objects."""

    source: int = 0
    loaded: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    conflicts: int = 0
    deleted: int = 0
    skipped_for: Mapping[str, int] = field(default_factory=dict)  # reason > objects

    @property
    def accounted(self) -> int:
        """Return how many source objects have an outcome."""
        return self.loaded + self.unchanged + self.skipped + self.rejected + self.conflicts

    @property
    def adds_up(self) -> bool:
        """Tell whether every source object has exactly one outcome, and every skipped one a reason."""
        return self.source == self.accounted and sum(self.skipped_for.values()) in {0, self.skipped}

    def __add__(self, other: OutcomeCounts) -> OutcomeCounts:
        """Return the counts of both."""
        reasons = dict(self.skipped_for)
        for reason, count in other.skipped_for.items():
            reasons[reason] = reasons.get(reason, 0) + count
        return OutcomeCounts(
            source=self.source + other.source,
            loaded=self.loaded + other.loaded,
            unchanged=self.unchanged + other.unchanged,
            skipped=self.skipped + other.skipped,
            rejected=self.rejected + other.rejected,
            conflicts=self.conflicts + other.conflicts,
            deleted=self.deleted + other.deleted,
            skipped_for=reasons,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSummary:
    """What became of the site's files; bytes are those of the images that were converted or kept."""

    images: int = 0
    converted: int = 0
    kept: int = 0
    missing: int = 0
    rejected: int = 0
    bytes_before: int = 0
    bytes_after: int = 0

    def __add__(self, other: MediaSummary) -> MediaSummary:
        """Return the sums of both."""
        return MediaSummary(
            **{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        )

    @property
    def files(self) -> int:
        """Return the number of attachments, of any kind."""
        return self.converted + self.kept + self.missing + self.rejected

    @property
    def saved(self) -> float:
        """Return the share of bytes saved; negative where files grew, 0 without files."""
        return 1 - self.bytes_after / self.bytes_before if self.bytes_before else 0.0


@dataclass(frozen=True, slots=True)
class StageTime:
    """Time that one stage took, added up over batches and workers."""

    name: str  # read | transform | load | media ...
    seconds: float
    records: int = 0

    @property
    def per_second(self) -> float | None:
        """Return records a second; None for a stage that handles none, or that took no time."""
        return self.records / self.seconds if self.records and self.seconds > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One source object with something to say about it."""

    entity: str
    source_id: int
    detail: str  # a sentence for people
    title: str = ""
    path: str = ""  # on the site; empty without one


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueGroup:
    """All issues of one code, SAMPLES of them as examples."""

    code: str
    count: int
    samples: tuple[Finding, ...] = ()

    @property
    def has_more(self) -> bool:
        """Return whether there are more issues than examples."""
        return self.count > len(self.samples)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A source object that could not be loaded."""

    entity: str
    source_id: int
    code: str
    reason: str  # what is wrong with it, in a sentence
    advice: str  # what a person can do
    title: str = ""
    stage: str = "transform"


@dataclass(frozen=True, slots=True, kw_only=True)
class BothVersions:
    """One field that both sides have changed, as text, cut to where they differ."""

    name: str
    cms: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InConflict:
    """An object that was changed on both sides and waits for a person."""

    entity: str
    source_id: int
    title: str
    cause: str
    fields: tuple[BothVersions, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceContent:
    """The content of one kind and language that WordPress had, without what is left out on purpose."""

    entity: str
    kind: str  # the type of an entry; of all others the entity again
    language: str | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One run as its report shows it."""

    site: str  # the site key
    run_id: str
    started_at: datetime
    finished_at: datetime
    flow: str = "migrate"
    name: str = ""  # the site's own name
    url: str = ""
    entities: Mapping[str, OutcomeCounts] = field(default_factory=dict)  # in the order they are shown
    content: tuple[SourceContent, ...] = ()
    media: MediaSummary | None = None
    stages: tuple[StageTime, ...] = ()
    issues: tuple[IssueGroup, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    conflicts: tuple[InConflict, ...] = ()  # those of earlier runs included
    scope: ScopeDifference | None = None  # what is not as it was signed; None when nothing was
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> OutcomeCounts:
        """Return the counts of all entities together."""
        return sum(self.entities.values(), OutcomeCounts())

    @property
    def seconds(self) -> float:
        """Return the wall-clock time of the run."""
        return (self.finished_at - self.started_at).total_seconds()

    @property
    def waiting(self) -> int:
        """Return how many objects need a person: rejected, or in conflict."""
        return max(self.total.rejected, len(self.rejected)) + max(self.total.conflicts, len(self.conflicts))

    @property
    def accounting(self) -> Accounting:
        """Return whether every object is accounted for, and whether one of them needs a person."""
        if not all(counts.adds_up for counts in self.entities.values()):
            return Accounting.INCONSISTENT
        needs_somebody = self.total.rejected or self.total.conflicts or self.conflicts
        return Accounting.ATTENTION if needs_somebody else Accounting.COMPLETE


OUTCOME_COLUMNS: Mapping[Outcome, str] = {
    Outcome.LOADED: "loaded",
    Outcome.UNCHANGED: "unchanged",
    Outcome.SKIPPED: "skipped",
    Outcome.REJECTED: "rejected",
    Outcome.CONFLICT: "conflicts",
    Outcome.DELETED: "deleted",
}
"""The count that an outcome goes into."""
