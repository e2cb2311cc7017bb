"""Metas that no field plugin describes: what a theme, a plugin or an editor keeps beside the text."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from cms_models.rows import Json
from transforms.contract import Issue
from wp_models.php_data import PhpDataError, looks_serialized, parse
from wp_models.records import Meta

MACHINERY = frozenset({  # kept elsewhere in the row, or of no use outside WordPress
    "_edit_lock", "_edit_last", "_pingme", "_encloseme", "_thumbnail_id", "enclosure", "footnotes",
    "fusion_builder_status", "slide_template", "rs_page_bg_color", "sbg_selected_sidebar",
    "avada_post_views_count_today", "avada_post_views_count_today_date", "classic-editor-remember", "ao_post_optimize",
    "inline_featured_image", "panels_data", "om_disable_all_campaigns", "sharing_disabled", "switch_like_status",
    "icl_translator_note", "wpml-word-count", "_last_translation_edit_mode", "_last_editor_used_jetpack",
})  # fmt: skip
MACHINERY_PREFIXES = (
    "_wp_", "_oembed_", "_menu_item_", "_customize_", "_transient_",
    "_elementor_", "_fusion", "fusion_builder_", "pyre_", "_wpb_", "_vc_", "vc_teaser", "_et_", "et_pb_",
    "et_enqueued_", "_fl_builder_",
    "_bricks_", "ct_builder_", "_themify_builder_", "_avia_", "_aviaLayoutBuilder", "_wpex_", "sbg_selected_sidebar_",
    "_pll_", "_icl_", "_wpml_", "wpml_", "_trp_", "_qts_slug_", "qtranslate_slug_",
    "_yoast_", "rank_math_", "_aioseo", "_seopress_",
    "_jetpack_", "_wpas_", "_publicize_", "_monsterinsights_", "litespeed-", "litespeed_",
    "_wpfc_", "_rocket_", "_cache_",
)  # fmt: skip
AVADA_CONTENT = frozenset({  # among some hundred layout options, those that visitors read or follow
    "video", "video_url", "project_url", "project_url_text", "copy_url", "copy_url_text", "link_icon_url",
    "page_title_custom_text", "page_title_custom_subheader",
    "heading", "caption", "caption_1", "caption_2", "button_1", "button_2",
    "slide_link", "youtube_id", "vimeo_id", "mp4", "webm", "ogv",
})  # fmt: skip
AVADA = "avada"


def read_plain(meta: Meta, used: Collection[str], issues: list[Issue]) -> dict[str, Json]:
    """Return metas by key, decoded, without machinery and without those already used."""
    fields: dict[str, Json] = {}
    for key, values in meta.items():
        if key in used or _is_machinery(key) or not values:
            continue
        fields[key] = (
            decode_meta(key, values[0], issues)
            if len(values) == 1
            else [decode_meta(key, one, issues) for one in values]
        )
    if avada := dict(_avada_content(meta, issues)):
        fields[AVADA] = avada
    return fields


@lru_cache(4_096)  # a site has some hundred keys, each in thousands of objects
def _is_machinery(key: str) -> bool:
    return key in MACHINERY or key.startswith(MACHINERY_PREFIXES)


def decode_meta(key: str, raw: str, issues: list[Issue]) -> Json:
    """Return a meta's value: PHP data as plain data, any other text as it is."""
    if not looks_serialized(raw):
        return raw
    try:
        data = parse(raw)
    except PhpDataError as error:
        text = f"The value of {key} is damaged PHP data ({error}); it is kept as text. Save it again in WordPress."
        issues.append(Issue("fields.damaged", text))
        return raw
    if data.repaired:
        text = f"The value of {key} has wrong lengths, as a search and replace leaves them; it was read all the same."
        issues.append(Issue("fields.repaired", text))
    if data.has_objects:
        issues.append(Issue("fields.object", f"The value of {key} is a PHP object; its properties were kept."))
    return data.value


def _avada_content(meta: Meta, issues: list[Issue]) -> Iterator[tuple[str, Json]]:
    """Give Avada's options that hold content: in one array since 6.2, in a meta each before."""
    for key, values in meta.items():
        if key.startswith("pyre_") and (name := key[5:]) in AVADA_CONTENT and values and values[0]:
            yield name, decode_meta(key, values[0], issues)
    for raw in meta.get("_fusion", ())[:1]:
        options = decode_meta("_fusion", raw, issues)
        if isinstance(options, dict):
            yield from ((name, value) for name, value in options.items() if name in AVADA_CONTENT and value)
