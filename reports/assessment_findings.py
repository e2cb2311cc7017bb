"""What was found in a source, gathered while it is read: exact counts, the numbers of what is affected, examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reports.finding_titles import TITLES

MAX_IDS = 1_000  # of one code and entity; the count is exact beyond
MAX_SAMPLES = 5


class Level(StrEnum):
    """How much a finding matters."""

    LOSS = "loss"  # something does not come along
    DAMAGE = "damage"  # something is broken in WordPress; it comes along repaired, or as it is
    REMARK = "remark"  # nothing is broken, but people should know


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One affected object."""

    entity: str
    source_id: int
    detail: str  # a sentence for people
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup:
    """All findings of one code."""

    code: str
    title: str  # in words for people
    level: Level
    count: int
    ids: Mapping[str, tuple[int, ...]]  # by entity, ascending; at most MAX_IDS of each
    examples: tuple[Example, ...]


@dataclass(slots=True)
class FindingTally:
    """Findings while they are gathered; small enough to travel between processes, and to be added up."""

    counts: dict[str, int] = field(default_factory=dict)
    ids: dict[str, dict[str, set[int]]] = field(default_factory=dict)
    examples: dict[str, list[Example]] = field(default_factory=dict)

    def add(self, code: str, example: Example) -> None:
        """Note a finding."""
        self.counts[code] = self.counts.get(code, 0) + 1
        own = self.ids.setdefault(code, {}).setdefault(example.entity, set())
        if len(own) < MAX_IDS:
            own.add(example.source_id)
        self._exemplify(code, example)

    def update(self, other: FindingTally) -> None:
        """Add what another part of the source showed."""
        for code, count in other.counts.items():
            self.counts[code] = self.counts.get(code, 0) + count
            for entity, numbers in other.ids[code].items():
                own = self.ids.setdefault(code, {}).setdefault(entity, set())
                own.update(sorted(numbers)[: MAX_IDS - len(own)])
            for example in other.examples[code]:
                self._exemplify(code, example)

    def _exemplify(self, code: str, example: Example) -> None:
        """Keep an example of another object than the ones there are; some have no number to tell them apart."""
        examples = self.examples.setdefault(code, [])
        known = {(one.entity, one.source_id) for one in examples if one.source_id}
        if len(examples) < MAX_SAMPLES and (example.entity, example.source_id) not in known:
            examples.append(example)

    def groups(self) -> tuple[FindingGroup, ...]:
        """Return the findings by code: losses first, then damage, then remarks; the most frequent first."""
        found = [
            FindingGroup(
                code=code,
                title=title_of(code),
                level=level_of(code),
                count=count,
                ids={entity: tuple(sorted(numbers)) for entity, numbers in sorted(self.ids[code].items())},
                examples=tuple(self.examples[code]),
            )
            for code, count in self.counts.items()
        ]
        order = list(Level)
        return tuple(sorted(found, key=lambda group: (order.index(group.level), -group.count, group.code)))


def level_of(code: str) -> Level:
    """Return how much a code matters; one that nobody has ranked is damage."""
    if code.startswith("body.lost_") or code in LOSSES:
        return Level.LOSS
    return Level.REMARK if code in REMARKS else Level.DAMAGE


def title_of(code: str) -> str:
    """Return a code in words for people."""
    area, _, rest = code.partition(".")
    return TITLES.get(code) or f"{area.capitalize()}: {rest.replace('_', ' ')}"


LOSSES = frozenset((
    "body.builder_too_deep", "body.damaged_builder_data", "body.dynamic_block", "body.dynamic_shortcode",
    "body.dynamic_value", "body.empty_gallery", "body.empty_playlist", "body.footnotes_damaged", "body.form_removed",
    "body.frame_removed", "body.hidden_container", "body.math_removed", "body.missing_reference",
    "body.object_removed", "body.script_removed", "body.shortcodes_too_deep", "body.style_removed",
    "body.svg_removed", "body.template_removed", "body.unknown_shortcode", "body.unknown_video",
    "body.unknown_widget", "comments.no_post", "comments.unknown_status", "database.old_link", "languages.left_out",
    "media.active_content", "media.empty", "media.missing", "media.not_a_picture", "media.too_many_bytes",
    "media.too_many_pixels", "media.unreadable", "media.unsafe_svg", "menus.lost_target", "products.bad_price",
    "status.unknown", "terms.no_term", "text.lost_letters", "type.unknown", "unexpected",
))  # fmt: skip

REMARKS = frozenset((
    "body.animation_left_out", "body.background_left_out", "body.block_disagrees", "body.deep_blocks",
    "body.inline_file", "body.page_breaks", "body.system_link", "body.template_code", "body.very_long",
    "body.very_long_line", "body.word_markup", "comments.other_type", "content.changed_before_published",
    "content.cut_slug", "content.deep_page", "content.empty_featured_image", "content.encoded_slug",
    "content.long_title", "content.no_title", "content.other_type", "content.reserved_slug", "content.unusual_title",
    "database.odd_table", "database.orphaned_commentmeta", "database.orphaned_postmeta", "database.orphaned_revision",
    "database.orphaned_termmeta", "database.orphaned_usermeta", "database.other_table", "database.wrong_comment_count",
    "database.wrong_term_count", "fields.inferred", "fields.long_value", "fields.object", "fields.repeated",
    "fields.unusual_name", "languages.copy", "languages.duplicate", "languages.outdated", "languages.partial",
    "media.missing_size", "media.odd_name", "media.same_bytes", "media.unlisted_file", "media.unusual_picture",
    "media.wrong_suffix", "seo.other_plugins", "terms.encoded_name", "terms.look_alike", "terms.odd_name",
    "terms.other_taxonomy", "terms.shared", "text.line_ends", "users.no_role", "users.odd_login", "users.old_password",
))  # fmt: skip
