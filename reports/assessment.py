"""What a site holds and what will become of it, as plain values: what `assess` prints, writes and has signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reports.assessment_findings import FindingGroup, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentLine:
    """Posts of one type and status."""

    type: str
    status: str
    count: int
    goes_to: str | None  # an entity
    reason: str | None = None  # why it goes nowhere
    is_rejected: bool = False  # it goes nowhere until somebody acts, rather than on purpose
    examples: tuple[str, ...] = ()  # addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentGroup:
    """Posts of one type that go to one place, or nowhere for one reason."""

    type: str
    statuses: Mapping[str, int]
    goes_to: str | None
    reason: str | None
    is_rejected: bool
    examples: tuple[str, ...]

    @property
    def count(self) -> int:
        """Return the number of posts."""
        return sum(self.statuses.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureLine:
    """One kind of block, shortcode or widget in bodies."""

    kind: str
    name: str
    carried: str  # fully, unwrapped, as a placeholder, not
    uses: int
    posts: int
    example: str = ""  # an address


@dataclass(frozen=True, slots=True, kw_only=True)
class BuilderLine:
    """One page builder in use."""

    name: str
    posts: int
    carried: str
    how: str
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxonomyLine:
    """One taxonomy."""

    name: str
    terms: int
    reason: str | None = None  # why its terms are no terms of the CMS


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuLine:
    """One menu."""

    name: str
    items: int
    locations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLine:
    """One table that is not WordPress's own."""

    name: str
    rows: int
    is_read: bool
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaVolume:
    """Files of the media library; what is counted in bytes was found in the uploads."""

    attachments: int
    is_counted: bool  # whether uploads were given
    kinds: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # MIME type > files, bytes
    missing: int = 0
    megapixels: float = 0.0
    all_files: int = 0  # in the uploads, smaller copies included
    all_bytes: int = 0

    @property
    def files(self) -> int:
        """Return the number of files that media entries name and that are there."""
        return sum(files for files, _ in self.kinds.values())

    @property
    def bytes(self) -> int:
        """Return their size."""
        return sum(size for _, size in self.kinds.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """How long one stage of a migration will take, and how that is known."""

    stage: str
    seconds: float
    basis: str  # the rate, and where it was measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One site as it is before its migration."""

    site: str  # the site key
    name: str
    url: str
    source: str  # in words, without secrets
    assessed_at: datetime
    seconds: float
    theme: str
    plugins: tuple[str, ...]  # their folders
    network_plugins: tuple[str, ...]
    blogs: int  # of a network; 0 for a site of its own
    languages: tuple[str, ...]
    content: tuple[ContentLine, ...]
    features: tuple[FeatureLine, ...]
    builders: tuple[BuilderLine, ...]
    fields: Mapping[str, int]  # custom fields that come along > objects
    other_fields: int  # meta keys that are machinery of WordPress, the theme or plugins
    taxonomies: tuple[TaxonomyLine, ...]
    menus: tuple[MenuLine, ...]
    tables: tuple[TableLine, ...]
    roles: Mapping[str, int]  # users by role
    comments: Mapping[str, int]  # by state
    media: MediaVolume
    links: int  # in content
    broken_links: int
    outcomes: Mapping[str, Mapping[str, int]]  # entity > source, loaded, skipped, rejected
    findings: tuple[FindingGroup, ...]
    times: tuple[TimeLine, ...]
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def objects(self) -> int:
        """Return the number of source objects."""
        return sum(counts["source"] for counts in self.outcomes.values())

    @property
    def loaded(self) -> int:
        """Return how many of them would be loaded."""
        return sum(counts["loaded"] for counts in self.outcomes.values())

    @property
    def rejected(self) -> int:
        """Return how many of them would be rejected."""
        return sum(counts["rejected"] for counts in self.outcomes.values())

    @property
    def left_out(self) -> int:
        """Return how many of them are left out on purpose."""
        return sum(counts["skipped"] for counts in self.outcomes.values())

    @property
    def run_seconds(self) -> float:
        """Return how long a migration will take, all in all."""
        return sum(line.seconds for line in self.times)

    @property
    def content_groups(self) -> tuple[ContentGroup, ...]:
        """Return the content by type and place: what comes along first, then the most numerous."""
        by_place: dict[tuple[str, str | None, str | None], list[ContentLine]] = {}
        for line in self.content:
            by_place.setdefault((line.type, line.goes_to, line.reason), []).append(line)
        groups = (
            ContentGroup(
                type=kind,
                statuses={line.status: line.count for line in lines},
                goes_to=goes_to,
                reason=reason,
                is_rejected=lines[0].is_rejected,
                examples=tuple(url for line in lines for url in line.examples),
            )
            for (kind, goes_to, reason), lines in by_place.items()
        )
        return tuple(
            sorted(groups, key=lambda group: (group.goes_to is None, not group.is_rejected, -group.count, group.type))
        )

    def of_level(self, level: str) -> tuple[FindingGroup, ...]:
        """Return the findings that matter so much."""
        return tuple(group for group in self.findings if group.level == Level(level))
