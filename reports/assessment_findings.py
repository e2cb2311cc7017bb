"""What was found in a source, gathered while it is read: exact counts, the numbers of what is affected, examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

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
    "body.damaged_builder_data", "body.dynamic_block", "body.dynamic_shortcode", "body.empty_gallery",
    "body.empty_playlist", "body.form_removed", "body.frame_removed", "body.hidden_container", "body.math_removed",
    "body.missing_reference", "body.object_removed", "body.script_removed", "body.style_removed", "body.svg_removed",
    "body.unknown_shortcode", "body.unknown_widget", "comments.no_post", "comments.unknown_status", "database.old_link",
    "languages.left_out", "media.active_content", "media.empty", "media.missing", "media.not_a_picture",
    "media.too_many_bytes", "media.too_many_pixels", "media.unreadable", "media.unsafe_svg", "menus.lost_target",
    "products.bad_price", "status.unknown", "terms.no_term", "text.lost_letters", "type.unknown", "unexpected",
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

TITLES: Mapping[str, str] = {
    "body.block_disagrees": "Blocks edited by hand",
    "body.broken_link": "Links to nothing on this site",
    "body.deep_blocks": "Blocks nested very deep",
    "body.dynamic_block": "Blocks that asked the live site for what to show",
    "body.dynamic_shortcode": "Shortcodes that asked the live site for what to show",
    "body.empty_gallery": "Galleries without a picture left",
    "body.form_removed": "Forms in the text",
    "body.frame_removed": "Frames of hosts that are not allowed",
    "body.handler_removed": "Scripts in attributes",
    "body.hidden_container": "Hidden sections",
    "body.inline_file": "Pictures inside the text itself",
    "body.invalid_block_json": "Blocks with damaged attributes",
    "body.lost_code": "Code that gets lost",
    "body.lost_embeds": "Embeds that get lost",
    "body.lost_headings": "Headings that get lost",
    "body.lost_images": "Pictures that get lost",
    "body.lost_links": "Links that get lost",
    "body.lost_list_items": "List items that get lost",
    "body.lost_tables": "Tables that get lost",
    "body.lost_words": "Words that get lost",
    "body.math_removed": "Formulas in MathML",
    "body.missing_file": "Pictures and links whose file is gone",
    "body.missing_reference": "Shared blocks that are gone",
    "body.object_removed": "Embedded objects",
    "body.page_breaks": "Page breaks in disorder",
    "body.script_link_removed": "Links that run a script",
    "body.script_removed": "Scripts in the text",
    "body.stray_block_closer": "Ends of blocks that never began",
    "body.stray_markup": "Ends of elements that never began",
    "body.stray_shortcode": "Ends of shortcodes that never began",
    "body.style_removed": "Styles in the text",
    "body.svg_removed": "Drawings in the text",
    "body.system_link": "Links to WordPress's own pages",
    "body.template_code": "Code that never ran",
    "body.unclosed_block": "Blocks that never end",
    "body.unclosed_markup": "Elements that never end",
    "body.unclosed_shortcode": "Page builder boxes that never end",
    "body.unknown_shortcode": "Shortcodes of unknown plugins",
    "body.unknown_widget": "Elementor widgets of unknown plugins",
    "body.very_long": "Very long texts",
    "body.very_long_line": "Very long lines",
    "body.word_markup": "Text pasted from Microsoft Word",
    "comments.lost_parent": "Answers to comments that are gone",
    "comments.no_date": "Comments without a date",
    "comments.no_post": "Comments on nothing",
    "comments.other_type": "Comments that plugins made",
    "comments.parent_cycle": "Comments that answer each other in a circle",
    "content.changed_before_published": "Last changed long before publication",
    "content.cut_slug": "Addresses that WordPress has cut",
    "content.dates_disagree": "Local and UTC dates that disagree",
    "content.deep_page": "Pages very deep in the tree",
    "content.empty_featured_image": "Empty fields for a featured image",
    "content.encoded_slug": "Addresses in other scripts",
    "content.featured_file": "Featured images that are no pictures",
    "content.long_title": "Very long titles",
    "content.markup_in_title": "Titles with markup",
    "content.no_author": "Content without an author",
    "content.no_date": "Content without a valid date",
    "content.no_title": "Content without a title",
    "content.odd_slug": "Addresses that WordPress would not give",
    "content.other_type": "Content of plugins' types",
    "content.parent_cycle": "Pages that are their own ancestors",
    "content.parent_elsewhere": "Pages below something that is no page",
    "content.reserved_slug": "Addresses that WordPress answers itself",
    "content.same_slug": "Several things at one address",
    "content.several_featured_images": "Several featured images",
    "content.title_encoded_twice": "Titles encoded twice",
    "content.unknown_author": "Content whose author is gone",
    "content.unknown_featured_image": "Featured images that do not exist",
    "content.unknown_parent": "Pages whose parent is gone",
    "content.unknown_term": "Content filed under something that is gone",
    "content.unlikely_date": "Dates that cannot be meant",
    "content.unusual_title": "Titles with unusual signs",
    "database.odd_meta": "Custom fields without a name or a value",
    "database.odd_table": "Tables the server keeps in an old way",
    "database.old_link": "WordPress's old list of links",
    "database.orphaned_commentmeta": "Remains of deleted comments",
    "database.orphaned_postmeta": "Remains of deleted content",
    "database.orphaned_relation": "Filed under, or filing, what is gone",
    "database.orphaned_revision": "Revisions of deleted content",
    "database.orphaned_termmeta": "Remains of deleted terms",
    "database.orphaned_usermeta": "Remains of deleted users",
    "database.other_table": "Tables of plugins",
    "database.term_without_taxonomy": "Terms in no taxonomy",
    "database.wrong_comment_count": "Wrong numbers of comments",
    "database.wrong_term_count": "Wrong numbers of posts in a term",
    "fields.cut": "Custom fields whose data are cut",
    "fields.damaged": "Custom fields with damaged data",
    "fields.long_value": "Very long custom fields",
    "fields.object": "Custom fields that hold PHP objects",
    "fields.repaired": "Custom fields broken by a search and replace",
    "fields.repeated": "Custom fields with several values",
    "fields.unusual_name": "Custom fields with unusual names",
    "languages.copy": "Copies that wait for their translation",
    "languages.left_out": "Words in languages that have no content",
    "languages.missing": "Content without a language",
    "languages.orphan": "Translations without their original",
    "languages.outdated": "Translations older than their original",
    "languages.partial": "Translations with texts left in the original language",
    "media.active_content": "Files that could run",
    "media.active_svg": "Drawings with scripts",
    "media.damaged": "Pictures that are damaged",
    "media.elsewhere": "Files that are not where WordPress looks",
    "media.empty": "Empty files",
    "media.missing": "Files that are missing",
    "media.missing_size": "Smaller copies that are missing",
    "media.no_name": "Media without a file name",
    "media.not_a_picture": "Files that are no pictures",
    "media.odd_name": "File names with unusual signs",
    "media.odd_path": "Paths that lead out of the uploads, or nowhere",
    "media.same_bytes": "The same file several times",
    "media.too_many_pixels": "Pictures too large to decode",
    "media.unlisted_file": "Files that no media entry names",
    "media.unreadable": "Pictures that cannot be read",
    "media.unsafe_svg": "Drawings that cannot be made safe",
    "media.unusual_picture": "Unusual pictures",
    "media.wrong_suffix": "Files named as something else",
    "menus.lost_target": "Menu items that lead to something gone",
    "menus.parent_cycle": "Menu items below each other in a circle",
    "menus.stray_item": "Menu items in no menu",
    "menus.unknown_parent": "Menu items below something gone",
    "seo.other_plugins": "Search data of several plugins",
    "settings.damaged_value": "Options with damaged data",
    "settings.odd_name": "Options with odd names",
    "settings.odd_plugin": "Active plugins that are none",
    "settings.repaired_value": "Options broken by a search and replace",
    "settings.sticky_posts": "Sticky posts that are gone, or named twice",
    "status.unknown": "Content whose status nobody knows",
    "terms.encoded_name": "Terms with encoded names",
    "terms.look_alike": "Terms that read alike",
    "terms.no_term": "Rows of terms that are gone",
    "terms.odd_name": "Terms with unusual names",
    "terms.other_taxonomy": "Terms of plugins' taxonomies",
    "terms.parent_cycle": "Terms that are their own ancestors",
    "terms.shared": "Terms shared by taxonomies",
    "terms.unknown_parent": "Terms whose parent is gone",
    "text.control_characters": "Control characters in texts",
    "text.line_ends": "Lines that end in different ways",
    "text.lost_letters": "Letters that are lost",
    "text.mojibake": "Texts read in the wrong character set",
    "text.nul_bytes": "NUL bytes in texts",
    "text.slashes": "Quotes with slashes",
    "unexpected": "Faults of wpferry",
    "users.damaged_roles": "Users whose roles are damaged",
    "users.markup_in_name": "User names with markup",
    "users.no_date": "Users without a date of registration",
    "users.no_email": "Users without an e-mail address",
    "users.no_role": "Users without a role",
    "users.not_a_role": "Users with roles that do not exist",
    "users.odd_login": "Logins with unusual signs",
    "users.old_password": "Passwords kept as MD5",
    "users.same_address": "Users whose pages share an address",
    "users.same_email": "Users who share an e-mail address",
}
"""What people read on the page; a code without a title is read as it stands."""
