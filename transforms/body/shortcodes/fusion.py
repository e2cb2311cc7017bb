"""Avada's Fusion Builder: containers, rows and columns, global elements, and the list of all its elements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import (
    Element,
    Picture,
    Renderer,
    Roles,
    hidden,
    nothing,
    unwrapped,
)
from transforms.body.builder_values import decoded, json_object, live_value
from transforms.body.contract import BodyContext, Call, Shortcode
from transforms.body.shortcodes.fusion_content import CONTENT
from transforms.body.shortcodes.fusion_media import MEDIA
from transforms.body.shortcodes.fusion_queries import QUERIES

MAX_OPEN_GLOBALS = 5  # an editor nests two; each level may multiply the page

_ENCODED: Mapping[str, tuple[str, ...]] = {
    "fusion_map": ("infobox_content",),
    "fusion_tagline_box": ("title", "description"),
    "fusion_popover": ("content", "popover"),
    "fusion_sharing": ("description",),
    "fusion_image_hotspot_point": ("long_text",),
    "fusion_openstreetmap_marker": ("tooltip_content",),
    "fusion_form_notice": ("success", "error"),
    "fusion_form_consent": ("description",),
}
"""Attributes that Avada stores as base64."""

_NO_CONDITION = {"", "[]", "{}", "null"}

_DYNAMIC_SOURCES: Mapping[str, str] = {
    "title": "title",
    "post_title": "title",
    "excerpt": "excerpt",
    "post_excerpt": "excerpt",
    "post_id": "id",
    "post_permalink": "url",
    "site_title": "site_title",
    "site_tagline": "site_tagline",
    "site_home_url": "site_url",
    "post_custom_field": "field",
    "acf_text": "field",
    "acf_textarea": "field",
    "acf_number": "field",
    "acf_url": "field",
    "acf_email": "field",
    "acf_link": "field",
}
"""Live sources of `dynamic_params` that can be told from the post and its site."""


def _container(element: Element) -> str:
    reason = _why_hidden(element)
    if reason:
        return hidden(element, reason)
    for name in ("background_image", "video_url", "video_mp4"):
        if element.get(name):
            element.context.report(
                "body.background_left_out",
                f"[{element.name}] had {element.get(name)} behind it; only content is carried.",
            )
    inside = element.blocks()
    anchor = element.get("menu_anchor", "id")
    return markup.element("section", inside, id=anchor or None) if inside or anchor else ""


def _why_hidden(element: Element) -> str:
    """Return why visitors do not see a container; empty when they do.

    Whether its date has passed is a matter of the clock, which transforms do not read: the date is compared with
    the last edit of the post, the latest moment at which the answer is known for sure.
    """
    status, date = element.get("status"), element.get("publish_date")
    if status == "draft":
        return "is hidden (status draft)"
    if status not in {"published_until", "publish_after"} or not date:
        return ""
    try:
        moment = datetime.fromisoformat(date).replace(tzinfo=None)
    except ValueError:
        return ""  # Avada shows a container whose date it cannot read
    edited = element.context.post.modified_local or element.context.post.published_local
    was_past = edited is not None and moment <= edited
    if status == "publish_after":
        return "" if was_past else f"is scheduled for {date}"
    if was_past:
        return f"was to be shown until {date}"
    element.context.report("body.expiring_content", f"[{element.name}] was to be shown until {date}; it is published.")
    return ""


def _column(element: Element) -> str:
    inside = element.blocks()
    url = element.get("link")
    if url and "<a " in inside:
        inside += markup.paragraph(markup.link(url, ""))
    elif url:
        inside = markup.link(url, inside, element.get("target") == "_blank")
    anchor = element.get("id")
    return markup.element("div", inside, id=anchor) if anchor else inside


def _global(element: Element) -> str:
    """Return the shared element that a `fusion_global` names."""
    context = element.context
    number = element.get("id")
    shared_id = int(number) if number.isdecimal() and len(number) < 19 else 0
    if shared_id in context.open_references:
        context.report(
            "body.reference_cycle", f"Global element {shared_id} holds itself; it is left out where it does."
        )
        return ""
    if len(context.open_references) >= MAX_OPEN_GLOBALS:
        context.report(
            "body.shortcodes_too_deep", f"Global elements hold each other {MAX_OPEN_GLOBALS} deep; the rest goes."
        )
        return ""
    body = context.site.shared_body(shared_id) if shared_id else None
    if body is None:
        context.report("body.missing_reference", f"[fusion_global id={number!r}] names no published global element.")
        return ""
    outside = context.open_references
    context.open_references = (*outside, shared_id)
    try:
        return replace(element, content=body).blocks()
    finally:
        context.open_references = outside


def _next_page(_: Element) -> str:
    return "<!--nextpage-->"


_GUESSED = Roles(
    pictures=(Picture(url=("image",), id="image_id", alt="alt"),),
    texts=("title", "heading", "subheading", "caption", "text", "description"),
    links=(("link_text", "link"), ("button_text", "link")),
)


def _unknown(element: Element) -> str:
    element.context.report(
        "body.unknown_shortcode",
        f"[{element.name}] is no element of Avada's we know: its words were kept, its look not.",
    )
    return _GUESSED(element)


STRUCTURE: Mapping[str, Renderer] = {
    "fusion_builder_container": _container,
    "fusion_builder_row": unwrapped,
    "fusion_builder_row_inner": unwrapped,
    "fusion_builder_column": _column,
    "fusion_builder_column_inner": _column,
    "fusion_builder_next_page": _next_page,
    "fusion_builder_blank_page": nothing,
    "fusion_global": _global,
}

ELEMENTS: Mapping[str, Renderer] = {**QUERIES, **MEDIA, **CONTENT, **STRUCTURE}


def _render(call: Call, context: BodyContext, expand: Callable[[str], str]) -> str:
    values = dict(call.attributes)
    conditions = values.pop("render_logics", "")
    if conditions and decoded(conditions).strip() not in _NO_CONDITION:
        context.report(
            "body.conditional_content", f"[{call.name}] was shown on conditions only; it is published for all."
        )
    for name in _ENCODED.get(call.name, ()):
        if name in values:
            values[name] = decoded(values[name])
    content = _apply_dynamic(values, call, context)
    return ELEMENTS.get(call.name, _unknown)(Element(call.name, values, content, context, expand))


def _apply_dynamic(values: dict[str, str], call: Call, context: BodyContext) -> str:
    """Put live values over the literal attributes, as `dynamic_params` asks; return the element's content."""
    content = call.content or ""
    params = values.pop("dynamic_params", "")
    for name, source in json_object(decoded(params)).items() if params else ():
        if not isinstance(source, dict):
            continue
        kind = str(source.get("data") or "")
        field = str(source.get("key") or source.get("field") or source.get("custom_field") or "")
        value = live_value(context, _DYNAMIC_SOURCES.get(kind, ""), field)
        value = value or str(source.get("fallback") or "") or None
        if value is None:
            context.report(
                "body.dynamic_value",
                f"[{call.name}] showed {kind or 'a live value'} as its {name}; the stored text is kept.",
            )
            continue
        value = f"{source.get('before') or ''}{value}{source.get('after') or ''}"
        if name == "element_content":
            content = value
        else:
            values[name] = value
    return content


# Renders any other `fusion_*`, too: an element of another version or of an add-on keeps its words.
FUSION_SHORTCODES: tuple[Shortcode, ...] = (Shortcode(tuple(ELEMENTS), _render),)
