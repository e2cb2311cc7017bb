"""What a report shows beside its run: the site as it stands, by the CMS, the last verification and the metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reports.side_by_side import Comparison
from reports.verification import Difference, LayerResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentCount:
    """One kind of content in one language, in WordPress and in the CMS."""

    kind: str  # articles | pages | portfolios | products, or the type of an entry
    language: str | None
    in_wordpress: int = 0  # what is left out on purpose is not among them
    in_cms: int = 0
    made_in_cms: int = 0  # machine translations, on top

    @property
    def missing(self) -> int:
        """Return how many should be in the CMS and are not."""
        return max(0, self.in_wordpress - self.in_cms)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCount:
    """Who wrote what of one kind in one language, and what is not there in it."""

    kind: str  # as in ContentCount, or terms
    language: str
    source: int = 0
    human: int = 0
    machine: int = 0
    stale: int = 0  # of the last two: the original has changed since
    missing: int = 0  # in this language, but there in another

    @property
    def present(self) -> int:
        """Return how many there are in this language."""
        return self.source + self.human + self.machine


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCount:
    """What search engines are told of the published content of one kind."""

    kind: str
    published: int
    titled: int  # with a title of its own for search engines
    described: int
    canonical: int
    hidden: int  # kept out of search engines


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressCounts:
    """Where the site can be reached."""

    content: int = 0  # content with an address
    terms: int = 0  # lists of terms with an address
    redirects: Mapping[str, int] = field(default_factory=dict)  # old addresses that lead on, by where they come from


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVerification:
    """What the last verification found; of its differences the first ones."""

    finished_at: datetime
    is_outdated: bool  # the CMS was written to after it began
    difference_count: int
    layers: tuple[LayerResult, ...]
    differences: tuple[Difference, ...]
    addresses: int  # that WordPress had
    answered: int  # of these
    hits: int
    hits_percent: float | None

    def layer(self, name: str) -> LayerResult | None:
        """Return what one layer came to; None when it was not looked at."""
        return next((one for one in self.layers if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSample:
    """One picture that was converted, small enough to stand in the page."""

    title: str
    bytes_before: int
    bytes_after: int
    width: int
    height: int
    thumbnail: str  # a data: address


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPoint:
    """One run among others."""

    flow: str
    started_at: datetime
    seconds: float | None
    outcome: str
    changed: int = 0  # objects loaded, or found to be gone
    waiting: int = 0  # objects rejected or in conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The site as it stands at one moment."""

    seen_at: datetime
    content: tuple[ContentCount, ...] = ()
    languages: tuple[LanguageCount, ...] = ()  # of every kind and language; empty for a site of one language
    search: tuple[SearchCount, ...] = ()
    addresses: AddressCounts = AddressCounts()
    verification: LastVerification | None = None
    pictures: tuple[PictureSample, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    trend: tuple[RunPoint, ...] = ()  # oldest first; empty when the metrics are away
    resyncs: tuple[RunPoint, ...] = ()  # latest first
    lists_items: bool = False  # whether the pages that list every affected item stand beside the report
