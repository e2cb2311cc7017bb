"""Elementor: the page is a tree of JSON in `_elementor_data`; `post_content` is only a copy for searching.

What comes out may hold shortcodes: Elementor, too, leaves them to the filters that run after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import Element
from transforms.body.builder_values import json_object, live_value, read_json
from transforms.body.contract import BodyContext
from transforms.body.elementor_pro import PRO_WIDGETS
from transforms.body.elementor_widget import Widget, WidgetRenderer, placeholder_widget, unknown_widget
from transforms.body.elementor_widgets import WIDGETS
from transforms.body.shortcodes.grammar import parse_attributes
from wp_models.records import WpPost

MAX_DEPTH = 50  # an editor nests ten at most; deeper is an attack on the stack

_DYNAMIC_SOURCES: Mapping[str, str] = {
    "post-title": "title",
    "page-title": "title",
    "post-excerpt": "excerpt",
    "post-id": "id",
    "post-url": "url",
    "site-title": "site_title",
    "site-tagline": "site_tagline",
    "site-url": "site_url",
    "post-custom-field": "field",
    "acf-text": "field",
    "acf-number": "field",
    "acf-url": "field",
}
_QUERY_FAMILIES = ("wp-widget-", "theme-", "woocommerce-", "wc-", "post-", "loop-", "archive-")


def should_use_elementor(post: WpPost) -> bool:
    """Return whether visitors saw what is in `_elementor_data`, whatever `post_content` says."""
    return post.first_meta("_elementor_edit_mode") == "builder" and bool(
        _tree(post.first_meta("_elementor_data") or "")
    )


def elementor_html(data_json: str, context: BodyContext) -> str:
    """Return the page of an Elementor tree as HTML, shortcodes still in it; empty when the JSON is damaged."""
    tree = _tree(data_json)
    if not tree and data_json.strip() not in {"", "[]"}:
        context.report("body.damaged_builder_data", "_elementor_data is no readable JSON; post_content is used alone.")
    return "".join(_rendered(node, context, 0) for node in tree)


def _tree(data_json: str) -> list[Any]:
    """Return the tree; importers are known to store it with its slashes still doubled."""
    for text in (data_json, data_json.replace('\\"', '"').replace("\\\\", "\\")):
        try:
            found = read_json(text)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, list) else []
    return []


def _rendered(node: Any, context: BodyContext, depth: int) -> str:
    if not isinstance(node, dict):
        return ""
    if depth > MAX_DEPTH:
        context.report(
            "body.builder_too_deep", f"Elementor's elements nest deeper than {MAX_DEPTH}; the inner are left out."
        )
        return ""
    inner = node.get("elements")
    children = tuple(_rendered(child, context, depth + 1) for child in inner) if isinstance(inner, list) else ()
    settings = _with_live_values(node, context)
    if node.get("elType") == "widget":
        shown = _widget(node, settings, children, context)
        name = "div"
    else:
        shown = "".join(children)
        name = "section" if depth == 0 else "div"
        link = _flat(settings).get("link", "") if settings.get("html_tag") == "a" else ""
        shown = markup.link(link, shown) if link and shown else shown
    anchor = str(settings.get("_element_id") or "") or None
    if shown and (anchor or name == "section"):
        return markup.element(name, shown, id=anchor)
    return shown


def _widget(
    node: Mapping[str, Any], settings: Mapping[str, Any], children: tuple[str, ...], context: BodyContext
) -> str:
    kind = str(node.get("widgetType") or "")
    widget = Widget(
        element=_element(kind, settings, context),
        records={
            name: tuple(_element(kind, record, context) for record in value if isinstance(record, dict))
            for name, value in settings.items()
            if isinstance(value, list)
        },
        children=children,
    )
    return renderer_of(kind)(widget)


def renderer_of(kind: str) -> WidgetRenderer:
    """Return what renders a widget of this type."""
    render = WIDGETS.get(kind) or PRO_WIDGETS.get(kind)
    if render is None:
        render = placeholder_widget if kind.startswith(_QUERY_FAMILIES) else unknown_widget
    return render


def widget_types(data_json: str) -> Iterator[str]:
    """Yield the type of every widget in an Elementor tree."""
    pending: list[Any] = list(_tree(data_json))
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            if node.get("elType") == "widget":
                yield str(node.get("widgetType") or "")
            inner = node.get("elements")
            pending += inner if isinstance(inner, list) else ()


def _element(kind: str, settings: Mapping[str, Any], context: BodyContext) -> Element:
    # Shortcodes are expanded after Elementor, in the whole page.
    return Element(kind, _flat(settings), "", context, lambda text: text)


def _flat(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return settings as texts: a link or picture is its address, other parts are `link.is_external`, `image.id`."""
    return {name: text for key, value in settings.items() for name, text in _texts(str(key), value)}


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        main = value.get("url", value.get("size", value.get("value", "")))
        if isinstance(main, str | int | float):
            yield name, str(main)
        for part, text in value.items():
            if isinstance(text, str | int | float):
                yield f"{name}.{part}", str(text)
    elif isinstance(value, str):
        yield name, value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield name, str(value)


def _with_live_values(node: Mapping[str, Any], context: BodyContext) -> Mapping[str, Any]:
    """Return the settings with dynamic tags resolved: each overrides the text stored beside it."""
    settings = node.get("settings")
    if not isinstance(settings, dict):
        return {}  # PHP writes empty settings as a list
    dynamic = settings.get("__dynamic__")
    if not isinstance(dynamic, dict):
        return settings
    resolved = dict(settings)
    for name, tag in dynamic.items():
        value = _live_text(str(tag), context)
        if value is None:
            kind = node.get("widgetType") or node.get("elType")
            context.report("body.dynamic_value", f"{kind} showed a live value as its {name}; the stored text is kept.")
        elif isinstance(stored := settings.get(name), dict):
            resolved[name] = {**stored, "url": value}
        else:
            resolved[name] = value
    return resolved


def _live_text(tag: str, context: BodyContext) -> str | None:
    """Return what `[elementor-tag name="post-title" settings="%7B...%7D"]` shows."""
    attributes, _ = parse_attributes(tag.strip().removeprefix("[elementor-tag").removesuffix("]"))
    options = json_object(unquote(attributes.get("settings", "")))
    field = str(options.get("key") or options.get("custom_key") or "").rpartition(":")[2]
    value = live_value(context, _DYNAMIC_SOURCES.get(attributes.get("name", ""), ""), field)
    value = value or str(options.get("fallback") or "") or None
    return None if value is None else f"{options.get('before') or ''}{value}{options.get('after') or ''}"
