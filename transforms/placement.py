"""Where posts and terms go: into which table, or why nowhere.

The site index and the entities both ask here, so a reference never points at a row that was not made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cms_models.rows import CONTENT_TABLES, Status
from transforms.contract import SiteRules

SKIP = "skip"
"""What the settings map a post type or status to when it shall not come along."""

STATUSES: Mapping[str, Status] = {
    "publish": Status.PUBLISHED,
    "future": Status.SCHEDULED,
    "draft": Status.DRAFT,
    "pending": Status.PENDING,
    "private": Status.PRIVATE,
}

SKIPPED_STATUSES: Mapping[str, str] = {
    "trash": "it is in WordPress's trash",
    "auto-draft": "it is an empty draft that WordPress made when someone opened the editor",
}

TABLES_BY_TYPE: Mapping[str, str] = {
    "post": "articles",
    "page": "pages",
    "avada_portfolio": "portfolios",
    "portfolio": "portfolios",
    "jetpack-portfolio": "portfolios",
    "project": "portfolios",  # Divi
    "product": "products",
    "product_variation": "products",
    "attachment": "media",
}

_STATUSES_BY_NAME: Mapping[str, Status] = {**{str(status): status for status in Status}, **STATUSES}

_TABLES_BY_NAME: Mapping[str, str] = {
    **{table: table for table in CONTENT_TABLES},
    **dict(zip(("article", "page", "portfolio", "product", "entry"), CONTENT_TABLES, strict=True)),
}


def table_named(name: str) -> str:
    """Return the content table that the settings mean by `article` or `articles`; raises ValueError."""
    if name not in _TABLES_BY_NAME:
        raise ValueError(f"{name!r} is no kind of content; use article, page, portfolio, product, entry or {SKIP}")
    return _TABLES_BY_NAME[name]


def _reasons(*groups: tuple[str, str]) -> Mapping[str, str]:
    return {name: reason for names, reason in groups for name in names.split()}


SKIPPED_TYPES: Mapping[str, str] = _reasons(
    ("revision customize_changeset", "it is an older or unsaved version of something else"),
    ("nav_menu_item", "it comes along as an item of its menu"),
    ("oembed_cache", "it is a cached answer of an embed provider, which belongs to the post that shows it"),
    ("wp_block", "it is a synced pattern and stands in the content that uses it"),
    (
        "wp_global_styles wp_template wp_template_part wp_navigation wp_font_family wp_font_face custom_css",
        "it is part of the WordPress theme's design",
    ),
    ("user_request", "it is a personal data request kept by WordPress's privacy tools"),
    (
        "acf-field acf-field-group acf-post-type acf-taxonomy acf-ui-options-page",
        "it defines custom fields; their values come along with the content",
    ),
    ("redirect_rule seopress_404", "it comes along as a redirect, or is a plugin's log of missing pages"),
    ("polylang_mo", "it holds Polylang's translations of interface texts; they come along as settings"),
    ("language_switcher", "it is how TranslatePress puts languages into menus"),
    (
        (
            "fusion_template fusion_element fusion_tb_section fusion_tb_layout fusion_icons awb_off_canvas "
            "elementor_library elementor_snippet elementor_font elementor_icons et_pb_layout "
            "et_template et_theme_builder et_header_layout et_body_layout et_footer_layout et_theme_options "
            "vc_grid_item vc4_templates vc_settings templatera fl-builder-template fl-theme-layout bricks_template "
            "ct_template oxy_user_library brizy-global-block brizy-saved-block brizy_template"
        ),
        "it is a template or part of a page builder",
    ),
    (
        "shop_order shop_order_refund shop_order_placehold shop_subscription shop_coupon shop_webhook edd_payment",
        "it is a record of the shop's trade, not content",
    ),
    (
        "flamingo_contact flamingo_inbound flamingo_outbound feedback nf_sub wpforms_entries elementor_form_submission",
        "it is a message that a visitor sent through a form: personal data, not content",
    ),
    (
        (
            "scheduled-action wp_log edd_log amn_smtp postman_sent_mail jp_img_sitemap jp_vid_sitemap jp_sitemap "
            "jp_sitemap_master jp_sitemap_index deprecated_log tablepress_table_backup"
        ),
        "it is a plugin's own log or queue",
    ),
)

SKIPPED_TAXONOMIES: Mapping[str, str] = _reasons(
    ("nav_menu", "it comes along as a menu"),
    ("post_format", "it comes along as the format of its articles"),
    ("product_type product_visibility", "it comes along as a property of its products"),
    ("link_category", "it sorts WordPress's old list of links"),
    (
        "language term_language post_translations term_translations",
        "it is how Polylang notes languages; they come along as languages and translation groups",
    ),
    (
        "wp_theme wp_template_part_area wp_pattern_category",
        "it is part of the WordPress theme's design",
    ),
    (
        (
            "element_category template_category fusion_tb_category elementor_library_type "
            "elementor_library_category layout_category layout_pack layout_type layout_tag scope module_width "
            "fl-builder-template-category fl-builder-template-type template_tag template_bundle"
        ),
        "it sorts the templates of a page builder",
    ),
    ("action-group flamingo_contact_tag flamingo_inbound_channel", "it belongs to a plugin's own log or queue"),
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a post goes. Without a table and without a reason its status is unknown and it must be rejected."""

    table: str | None = None
    status: Status | None = None  # None for media
    skip_reason: str | None = None


def entity_of(post_type: str, rules: SiteRules) -> str:
    """Return the entity that takes a post type, whether it loads or skips its posts."""
    chosen = rules.types.get(post_type)
    if chosen is not None and chosen != SKIP:
        return table_named(chosen)
    return TABLES_BY_TYPE.get(post_type, "entries")


def place(post_type: str, status: str, rules: SiteRules) -> Placement:
    """Return the table and status of a post, or why it is left out. The settings overrule what is usual."""
    chosen = rules.types.get(post_type)
    if chosen == SKIP:
        return Placement(skip_reason=f"the settings leave out the type {post_type!r}")
    if chosen is None and post_type in SKIPPED_TYPES:
        return Placement(skip_reason=SKIPPED_TYPES[post_type])
    wanted = rules.statuses.get(status, status)
    if wanted == SKIP:
        return Placement(skip_reason=f"the settings leave out the status {status!r}")
    if wanted in SKIPPED_STATUSES:
        return Placement(skip_reason=SKIPPED_STATUSES[wanted])
    table = entity_of(post_type, rules)
    if table == "media":  # "inherit" nearly always; any other status shows the file all the same
        return Placement(table)
    known = STATUSES.get(status) if wanted == status else _STATUSES_BY_NAME.get(wanted)
    return Placement(table, known) if known else Placement()


def types_of(entity: str, post_types: Iterable[str], rules: SiteRules) -> frozenset[str]:
    """Return those of a site's post types that an entity takes."""
    return frozenset(post_type for post_type in post_types if entity_of(post_type, rules) == entity)
