"""What was planted in the fixture `messy`, kind by kind, and the findings that have to name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Found = tuple[str, str]  # the code of a finding and the entity it is about


@dataclass(frozen=True, slots=True)
class Planted:
    """The findings that name a kind of damage."""

    ids: Mapping[Found, frozenset[int]]
    words: tuple[tuple[str, str], ...] = ()  # (code, what its examples have to say)
    sound: frozenset[int] = field(default=frozenset())  # posts of the kind with which nothing is wrong


def at(code: str, *numbers: int, entity: str = "articles") -> dict[Found, frozenset[int]]:
    """One finding about these objects."""
    return {(code, entity): frozenset(numbers)}


def post(number: int, *codes: str) -> Planted:
    """Findings about one post."""
    return Planted({(code, "articles"): frozenset({number}) for code in codes})


def media(code: str, *numbers: int) -> dict[Found, frozenset[int]]:
    """One finding about these attachments."""
    return at(code, *numbers, entity="media")


HARMLESS: Mapping[str, str] = {
    "zero_gmt_of_draft": "every draft of WordPress has it",
    "file_pdf": "a sound document",
    "password": "a protected post",
}

PLANTED: Mapping[str, Planted] = {
    "zero_date_all": post(14, "content.no_date"),
    "partial_zero_date": post(16, "content.no_date"),
    "extreme_dates": Planted(at("content.unlikely_date", 17, 18)),
    "gmt_mismatch": post(19, "content.dates_disagree"),
    "modified_before_published": post(20, "content.changed_before_published"),
    "unicode_edge_titles": Planted(at("content.unusual_title", 21, 22, 23, 24, 25, 26)),
    "mojibake_utf8_as_cp1252": Planted(
        at("text.mojibake", 27)
        | at("text.mojibake", 2, entity="comments")
        | at("text.mojibake", 16, entity="terms"),
    ),
    "mojibake_twice": post(28, "text.mojibake"),
    "mojibake_partial": post(29, "text.mojibake"),
    "lossy_question_marks": Planted(at("text.lost_letters", 30), (("text.lost_letters", "“cr?me” and “na?ve”"),)),
    "double_encoded_entities": post(31, "content.title_encoded_twice"),
    "nul_and_control_bytes": post(32, "text.nul_bytes", "text.control_characters"),
    "line_endings_and_backslashes": post(33, "text.line_ends", "text.slashes"),
    "odd_titles": Planted(
        at("content.no_title", 34) | at("content.markup_in_title", 35) | at("content.long_title", 36),
        (("content.long_title", "2,159 characters"),),
    ),
    "huge_post": post(37, "body.very_long"),
    "huge_line": post(38, "body.very_long_line"),
    "content_unclosed_tags": post(39, "body.unclosed_markup"),
    "content_stray_closers": post(40, "body.stray_markup"),
    "content_xss": post(
        41, "body.script_removed", "body.handler_removed", "body.script_link_removed", "body.frame_removed",
        "body.form_removed", "body.style_removed", "body.object_removed", "body.svg_removed", "body.math_removed",
    ),
    "content_php_and_templates": post(42, "body.template_code"),
    "content_word_paste": post(43, "body.word_markup"),
    "content_base64_image": post(44, "body.inline_file"),
    "content_nested_shortcodes": post(45, "body.unknown_shortcode"),
    "content_unknown_shortcodes": post(46, "body.unknown_shortcode"),
    "content_malformed_shortcodes": post(47, "body.unknown_shortcode"),
    "content_shortcode_in_attribute": post(48, "body.unknown_shortcode"),
    "content_fusion_broken": Planted(
        at("body.unclosed_shortcode", 49), (("body.unclosed_shortcode", "[fusion_builder_container]"),)
    ),
    "content_invalid_block_json": post(50, "body.invalid_block_json"),
    "content_unclosed_block": post(51, "body.unclosed_block"),
    "content_stray_block_closer": post(52, "body.stray_block_closer"),
    "content_block_markup_edited": post(53, "body.block_disagrees", "body.missing_reference"),
    "content_more_and_nextpage_mess": post(54, "body.page_breaks"),
    "deep_blocks": Planted(at("body.deep_blocks", 55), (("body.deep_blocks", "121 deep"),)),
    "file_truncated_jpeg": Planted(media("media.damaged", 64)),
    "file_corrupt_jpeg": Planted(media("media.damaged", 65)),
    "file_png_named_jpg": Planted(media("media.wrong_suffix", 66)),
    "file_jpeg_named_png": Planted(media("media.wrong_suffix", 67)),
    "file_html_named_jpg": Planted(media("media.not_a_picture", 68)),
    "file_zero_byte_image": Planted(media("media.empty", 69)),
    "file_svg": Planted(media("media.active_svg", 70), sound=frozenset({71})),  # the second is a plain drawing
    "file_png_bomb": Planted(media("media.too_many_pixels", 73)),
    "file_odd_but_valid": Planted(media("media.unusual_picture", 74, 75, 76, 77)),
    "missing_files": Planted(
        media("media.elsewhere", 78) | media("media.missing_size", 79) | media("media.missing", 80)
    ),
    "attached_file_paths": Planted(
        media("media.odd_path", 81, 82, 83, 84, 85, 87, 88, 89, 90, 91)
        | media("media.elsewhere", 83, 84, 85, 86, 88, 90, 91)
        | media("media.missing", 81, 82, 87, 89)
    ),
    "attachment_without_meta": Planted(media("media.no_name", 92)),
    "odd_file_names": Planted(
        media("media.odd_name", 93, 94, 95, 96, 97, 98, 99, 100, 102) | media("media.wrong_suffix", 101)
    ),
    "same_bytes_twice": Planted(media("media.same_bytes", 56, 103)),
    "file_without_row": Planted(
        at("media.unlisted_file", 1, entity="files"), (("media.unlisted_file", "2013/02/not-in-database.jpg"),)
    ),
    "featured_image_odd": Planted(
        at("content.several_featured_images", 104)
        | at("content.unknown_featured_image", 105, 106, 107)
        | at("content.featured_file", 108)
        | at("content.empty_featured_image", 109)
    ),
    "link_forms": post(110, "body.broken_link", "body.missing_file"),
    "duplicate_slugs": Planted(
        at("content.same_slug", 111, 113) | at("content.same_slug", 112, entity="pages")
    ),
    "odd_slugs": Planted(at("content.odd_slug", 114, 115, 116, 118) | at("content.reserved_slug", 117)),
    "percent_encoded_slugs": Planted(
        at("content.cut_slug", 119, 120, 121) | at("content.encoded_slug", 123),
        sound=frozenset({122}),  # WordPress wrote it in ASCII
    ),
    "missing_author": Planted(at("content.no_author", 124) | at("content.unknown_author", 125)),
    "page_parents": Planted(
        at("content.parent_cycle", 126, 127, 128, entity="pages")
        | at("content.unknown_parent", 129, entity="pages")
        | at("content.parent_elsewhere", 130, 132, entity="pages")
    ),
    "deep_pages": Planted(at("content.deep_page", 145, entity="pages")),
    "unregistered_post_types": Planted(
        at("content.other_type", 146, entity="products") | at("content.other_type", 147, 148, 149, entity="entries")
    ),
    "odd_statuses": Planted(at("status.unknown", 150, 151, 152, 153, 154)),
    "revisions": Planted(
        at("database.orphaned_revision", 157, entity="revisions"),
        sound=frozenset({156}),  # a post with many revisions
    ),
    "term_parents": Planted(
        at("terms.parent_cycle", 17, 18, 19, entity="terms") | at("terms.unknown_parent", 20, entity="terms")
    ),
    "term_rows": Planted(
        at("database.term_without_taxonomy", 21, entity="table terms")
        | at("terms.no_term", 21, entity="terms")
        | at("terms.shared", 22, 23, entity="terms")
        | at("terms.other_taxonomy", 24, entity="terms")
    ),
    "orphaned_term_relationships": Planted(
        at("database.orphaned_relation", 6, 987654, 987655, entity="table term_relationships")
    ),
    # The fifth tag was given a number that happens to be right again.
    "wrong_term_counts": Planted(at("database.wrong_term_count", 4, 7, 8, 9, entity="terms")),
    # WordPress itself cut the trailing space of the sixth.
    "odd_terms": Planted(
        at("terms.look_alike", 25, 26, entity="terms")
        | at("terms.encoded_name", 27, entity="terms")
        | at("terms.odd_name", 28, 29, entity="terms")
    ),
    "orphaned_postmeta": Planted(
        at("database.orphaned_postmeta", *range(294, 302), entity="table postmeta"),
    ),
    "serialized_metas": post(187, "fields.repaired", "fields.object", "fields.cut"),
    "odd_meta_rows": Planted(
        at("database.odd_meta", 318, 319, 320, entity="table postmeta")
        | at("fields.unusual_name", 187)
        | at("fields.long_value", 187)
        | at("fields.repeated", 187)
    ),
    "three_seo_plugins": post(10, "seo.other_plugins"),
    "users": Planted(
        at("users.odd_login", 4, entity="users")
        | at("users.same_email", 5, 6, entity="users")
        | at("users.same_address", 5, 6, entity="users")
        | at("users.no_email", 7, entity="users")
        | at("users.no_date", 7, entity="users")
        | at("users.old_password", 8, entity="users")
        | at("users.no_role", 9, entity="users")
        | at("users.damaged_roles", 10, entity="users")
        | at("users.markup_in_name", 11, entity="users")
        | at("users.not_a_role", 12, entity="users")
        | at("database.orphaned_usermeta", 30, entity="table usermeta")
    ),
    "comments": Planted(
        at("comments.lost_parent", 3, 5, 9, entity="comments")
        | at("comments.parent_cycle", 4, entity="comments")
        | at("comments.no_post", 6, entity="comments")
        | at("comments.no_date", 7, entity="comments")
        | at("body.script_removed", 8, entity="comments")
        | at("comments.other_type", 10, entity="comments")
        | at("database.wrong_comment_count", 7)
    ),
    "menu": Planted(
        at("menus.stray_item", 200, entity="menu items"),
        (
            ("menus.lost_target", "Item 196"),
            ("menus.parent_cycle", "Item 197 stood under item 198"),
            ("menus.unknown_parent", "Item 199"),
        ),
    ),
    # Whether a plugin's files are still there, no database says.
    "options": Planted(
        at("settings.sticky_posts", 4, 987654, entity="settings")
        | at("settings.repaired_value", 135, 136, entity="settings"),
        (
            ("settings.odd_plugin", "../evil.php"),
            ("settings.odd_name", "blogname_backup "),
            ("settings.repaired_value", "theme_mods_oldtheme"),
            ("settings.repaired_value", "widget_goneplugin"),
        ),
    ),
    "foreign_tables": Planted(
        {},
        (
            ("database.other_table", "xyz9_legacy_guestbook (3 rows)"),
            ("database.other_table", "xyz9_stats_no_pk (3 rows)"),
            ("database.odd_table", "xyz9_legacy_guestbook is kept by MyISAM, without transactions and is in latin1"),
            ("database.odd_table", "xyz9_stats_no_pk cannot hold emoji (utf8mb3) and has no primary key"),
            ("database.odd_table", "xyz9_recent_posts_view is a view"),
        ),
    ),
    "old_links_table": Planted(
        at("database.old_link", 1, entity="table links"),
        (("database.odd_table", "xyz9_links is kept by MyISAM"), ("database.old_link", "Blogroll entry")),
    ),
}  # fmt: skip
