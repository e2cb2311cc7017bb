"""What a verification found: values that the command, the report and the database show alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MAX_LISTED = 5_000
"""Differences that are listed; the rest is counted. A target that lost everything needs no list of it."""
MAX_SHOWN = 160
STOPPING = frozenset({"seo.noindex"})
"""Fields whose differences stop a cut-over whatever else is well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field of one object that is not what it should be. `source_id` is None for what only the CMS has."""

    layer: str
    entity: str
    source_id: int | None
    title: str
    field: str
    source_value: str | None
    target_value: str | None
    sentence: str

    @property
    def stops_cut_over(self) -> bool:
        """Return whether a site must not go live with it: a page that search engines showed would vanish there."""
        return self.field in STOPPING and self.target_value == "True"


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerResult:
    """One layer: how many things it looked at and how many of them differ."""

    name: str
    checked: int
    differences: int
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many of the old addresses answer, and how many of the visits that were logged on them."""

    known: int = 0
    answered: int = 0
    hits: int = 0
    hits_answered: int = 0

    @property
    def percent(self) -> float:
        """Return the share of addresses that answer."""
        return 100.0 * self.answered / self.known if self.known else 100.0

    @property
    def percent_of_hits(self) -> float | None:
        """Return the share of logged visits that find an answer; None where nothing was logged."""
        return 100.0 * self.hits_answered / self.hits if self.hits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Both sides of one site, held against each other."""

    site: str
    run_id: str
    started_at: datetime
    finished_at: datetime
    layers: tuple[LayerResult, ...]
    differences: tuple[Difference, ...]  # at most MAX_LISTED
    coverage: Coverage
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # entity > source, cms, skipped, rejected

    @property
    def difference_count(self) -> int:
        """Return the number of all differences, listed or not."""
        return sum(layer.differences for layer in self.layers)

    @property
    def is_equal(self) -> bool:
        """Return whether nothing differs."""
        return self.difference_count == 0

    @property
    def outcome(self) -> str:
        """Return the verdict in one word, as runs keep it."""
        return "equal" if self.is_equal else "different"

    def document(self) -> dict[str, Any]:
        """Return what --json prints and the database keeps."""
        return {
            "site": self.site,
            "run_id": self.run_id,
            "outcome": self.outcome,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "seconds": round((self.finished_at - self.started_at).total_seconds(), 3),
            "difference_count": self.difference_count,
            "stops_cut_over": [one.sentence for one in self.differences if one.stops_cut_over],
            "layers": {
                layer.name: {
                    "checked": layer.checked,
                    "differences": layer.differences,
                    "seconds": round(layer.seconds, 3),
                }
                for layer in self.layers
            },
            "counts": self.counts,
            "addresses": {
                "known": self.coverage.known,
                "answered": self.coverage.answered,
                "percent": round(self.coverage.percent, 2),
                "hits": self.coverage.hits,
                "percent_of_hits": _rounded(self.coverage.percent_of_hits),
            },
            "differences": [_plain(one) for one in self.differences],
        }

    def sentences(self) -> tuple[str, ...]:
        """Return the same for people."""
        checked = sum(layer.checked for layer in self.layers)
        if self.is_equal:
            return (f"{self.site}: nothing differs ({checked} checks, {self.coverage.percent:.1f} % of addresses).",)
        lines = [f"{self.site}: {self.difference_count} differences in {checked} checks."]
        lines += [f"  {one.sentence}" for one in self.differences]
        if len(self.differences) < self.difference_count:
            lines.append(f"  ... and {self.difference_count - len(self.differences)} more.")
        lines.append("  If WordPress has changed since the last run: wpferry resync, then verify again.")
        return tuple(lines)


def shortened(value: object) -> str | None:
    """Return a value as one short line; None stays None."""
    if value is None:
        return None
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 1]}…"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _plain(one: Difference) -> dict[str, Any]:
    return {
        "layer": one.layer,
        "entity": one.entity,
        "source_id": one.source_id,
        "title": one.title,
        "field": one.field,
        "source_value": one.source_value,
        "target_value": one.target_value,
        "sentence": one.sentence,
    }
