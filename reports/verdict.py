"""Whether a site can be switched over, and why: pure, from what is known of it and what its people accept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar


class Level(StrEnum):
    """A traffic light; the worst comes last."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Limits:
    """Percent above which something is amber, and red; what is left out never is."""

    amber: float | None = None
    red: float | None = None

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse limits that nothing can be held against; raises ValueError."""
        given = [limit for limit in (self.amber, self.red) if limit is not None]
        if any(not 0 <= limit <= 100 for limit in given):
            raise ValueError("a limit is a percentage: it lies between 0 and 100")
        if given != sorted(given):
            raise ValueError(f"amber ({self.amber}) lies above red ({self.red}), so that nothing would be amber")

    def level(self, percent: float) -> Level:
        """Return what so many percent mean."""
        if self.red is not None and percent > self.red:
            return Level.RED
        return Level.AMBER if self.amber is not None and percent > self.amber else Level.GREEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What the people of a site accept."""

    rejected: Limits = Limits(0, 1)  # of all objects
    conflicts: Limits = Limits(0, 1)  # of all objects
    losses: Limits = Limits(0, 10)  # objects that lost a part, of all objects
    missing_media: Limits = Limits(0, 5)  # of all files
    broken_links: Limits = Limits(1)  # objects with a link to nothing, of all objects; it was broken before
    differences: Limits = Limits(0, 1)  # that a verification found, of all objects
    unanswered: Limits = Limits(0, 1)  # of all old addresses
    verified_within_days: int = 7
    needs_verification: bool = True  # without a fresh one it is no go
    go_with: Level = Level.AMBER  # the worst level that still is a go: green or amber

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    def __post_init__(self) -> None:
        """Refuse what would make a verdict meaningless; raises ValueError."""
        if self.go_with == Level.RED:
            raise ValueError("go_with can be green or amber: red is never a go")
        if self.verified_within_days < 1:
            raise ValueError("verified_within_days must be at least 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationFacts:
    """What the last verification of a site came to."""

    finished_at: datetime
    is_outdated: bool  # the CMS was written to after it began
    differences: int
    lost: int = 0  # of these: objects without a row
    vanishing: int = 0  # of these: pages that search engines showed and would not show any more
    addresses: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a site at one moment."""

    asked_at: datetime
    objects: int  # in WordPress
    unaccounted: int = 0  # of these: without exactly one outcome
    failure: str | None = None  # why the last run did not end; None when it did
    rejected: int = 0
    conflicts: int = 0
    losses: int = 0  # objects that lost a part
    files: int = 0
    missing_media: int = 0
    broken_links: int = 0  # objects with a link to nothing
    verification: VerificationFacts | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a verdict rests on."""

    code: str
    level: Level
    weight: int  # of two reasons of one level, the heavier comes first
    sentence: str
    stops: bool = False  # whether it is a no-go by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a site can be switched over."""

    level: Level
    go: bool
    reasons: tuple[Reason, ...]  # all that was looked at; what decides comes first

    def document(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "level": str(self.level),
            "go": self.go,
            "reasons": [
                {"code": one.code, "level": str(one.level), "stops": one.stops, "sentence": one.sentence}
                for one in self.reasons
            ],
        }

    @property
    def title(self) -> str:
        """Return it in a word or two."""
        return f"{'Go' if self.go else 'No-go'} ({self.level})"

    @property
    def sentence(self) -> str:
        """Return it with what decides it."""
        return f"{self.title}: {self.reasons[0].sentence}"

    def lines(self) -> Iterator[str]:
        """Yield it for people, with all its reasons."""
        yield self.title
        for one in self.reasons:
            yield f"  {one.level}: {one.sentence}"


def judge(facts: Facts, thresholds: Thresholds = Thresholds()) -> Verdict:
    """Return the verdict on a site. What stops comes first, then the worse level, then the heavier reason."""
    order = list(Level)
    found = (*_reasons(facts), *_verified(facts, thresholds), *_measured(facts, thresholds))
    reasons = [
        replace(one, stops=True) if order.index(one.level) > order.index(thresholds.go_with) else one for one in found
    ]
    reasons.sort(key=lambda one: (one.stops, order.index(one.level), one.weight), reverse=True)
    return Verdict(
        level=max((one.level for one in reasons), key=order.index),
        go=not any(one.stops for one in reasons),
        reasons=tuple(reasons),
    )


def _reasons(facts: Facts) -> Iterator[Reason]:
    """Yield what no setting can make acceptable."""
    if facts.failure:
        yield Reason("unfinished", Level.RED, 100, f"The last run did not end: {facts.failure}")
    if facts.unaccounted:
        says = f"{facts.unaccounted:,} of {facts.objects:,} objects cannot be accounted for."
        yield Reason("unaccounted", Level.RED, 99, says)
    else:
        yield Reason("accounted", Level.GREEN, 99, f"Each of {facts.objects:,} objects in WordPress is accounted for.")
    if facts.verification and facts.verification.vanishing:
        says = f"Pages that search engines show and would not show any more: {facts.verification.vanishing:,}."
        yield Reason("vanishing", Level.RED, 95, says)
    if facts.verification and facts.verification.lost:
        yield Reason("lost", Level.RED, 90, f"Objects that the CMS does not have: {facts.verification.lost:,}.")


def _verified(facts: Facts, thresholds: Thresholds) -> Iterator[Reason]:
    """Yield why nobody can rely on a verification, if so; one that the site's people do without is no no-go."""
    says = _unverified(facts, thresholds.verified_within_days)
    if says is not None:
        yield Reason("unverified", Level.AMBER, 80, f"{says} Run: wpferry verify", thresholds.needs_verification)


def _unverified(facts: Facts, within_days: int) -> str | None:
    if facts.verification is None:
        return "Nobody has compared WordPress and the CMS yet."
    day = f"{facts.verification.finished_at:%-d %B %Y}"
    if facts.verification.is_outdated:
        return f"The CMS has changed since it was compared with WordPress on {day}."
    if facts.asked_at - facts.verification.finished_at > timedelta(days=within_days):
        return f"WordPress and the CMS were last compared on {day}, more than {within_days} days ago."
    return None


def _measured(facts: Facts, thresholds: Thresholds) -> Iterator[Reason]:
    """Yield a reason for each thing that the site's thresholds say how much of it is too much."""
    found = facts.verification
    verified = () if found is None else (
        (DIFFERENCES, found.differences, facts.objects),
        (UNANSWERED, found.addresses - found.answered, found.addresses),
    )  # fmt: skip
    counted = (
        (REJECTED, facts.rejected, facts.objects),
        (MISSING_MEDIA, facts.missing_media, facts.files),
        (LOSSES, facts.losses, facts.objects),
        (CONFLICTS, facts.conflicts, facts.objects),
        (BROKEN_LINKS, facts.broken_links, facts.objects),
    )
    for measure, part, whole in (*verified, *counted):
        percent = min(100.0, 100 * part / whole) if whole else 100.0 * bool(part)
        limits: Limits = getattr(thresholds, measure.code)
        yield Reason(measure.code, limits.level(percent), measure.weight, measure.sentence(part, whole))


@dataclass(frozen=True, slots=True)
class _Measure:
    """One thing that is counted and held against its limits."""

    code: str  # the threshold of this name
    weight: int
    none: str
    one: str
    many: str

    def sentence(self, part: int, whole: int) -> str:
        text = self.none if not part else self.one if part == 1 else self.many
        return text.format(part=part, whole=whole)


DIFFERENCES = _Measure(
    "differences", 70,
    none="WordPress and the CMS, read again and compared, do not differ.",
    one="WordPress and the CMS, read again and compared, differ in one place.",
    many="WordPress and the CMS, read again and compared, differ in {part:,} places.",
)  # fmt: skip
UNANSWERED = _Measure(
    "unanswered", 65,
    none="All {whole:,} old addresses answer.",
    one="One of {whole:,} old addresses leads nowhere.",
    many="{part:,} of {whole:,} old addresses lead nowhere.",
)  # fmt: skip
REJECTED = _Measure(
    "rejected", 60,
    none="No object was rejected.",
    one="One of {whole:,} objects was rejected.",
    many="{part:,} of {whole:,} objects were rejected.",
)  # fmt: skip
MISSING_MEDIA = _Measure(
    "missing_media", 50,
    none="No file of the media library is missing.",
    one="One of {whole:,} files is missing or cannot be used.",
    many="{part:,} of {whole:,} files are missing or cannot be used.",
)  # fmt: skip
LOSSES = _Measure(
    "losses", 40,
    none="No object has lost a part.",
    one="One of {whole:,} objects has lost a part that cannot be carried.",
    many="{part:,} of {whole:,} objects have lost a part that cannot be carried.",
)  # fmt: skip
CONFLICTS = _Measure(
    "conflicts", 30,
    none="Nothing waits for a decision.",
    one="One object was changed on both sides and waits for a decision.",
    many="{part:,} objects were changed on both sides and wait for a decision.",
)  # fmt: skip
BROKEN_LINKS = _Measure(
    "broken_links", 20,
    none="No link leads to nothing.",
    one="One of {whole:,} objects has a link to nothing, as it had in WordPress.",
    many="{part:,} of {whole:,} objects have a link to nothing, as they had in WordPress.",
)  # fmt: skip
