"""WPBakery Page Builder (`vc_*`): rows and columns dropped, elements as semantic HTML."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import unquote

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import (
    Element,
    Renderer,
    Roles,
    attachment_ids,
    gallery_of,
    hidden,
    icon_label,
    nothing,
    picture,
    placeholder,
    unwrapped,
)
from transforms.body.builder_values import live_value, read_json
from transforms.body.contract import BodyContext, Call, Shortcode

_SAFE_SIGNS = (("`{`", "["), ("`}`", "]"), ("``", '"'))


def _readable(value: str) -> str:
    """Return an attribute as typed: brackets and quotes are stored as backtick signs, markup as `#E-8_` and base64."""
    for sign, meant in _SAFE_SIGNS:
        value = value.replace(sign, meant)
    return _unpacked(value[5:]) if value.startswith("#E-8_") else value


def _unpacked(value: str) -> str:
    """Return what base64 of percent-encoded text says; the text itself when it is no such thing."""
    try:
        return unquote(base64.b64decode(value.strip().replace("&#215;", "x"), validate=True).decode())
    except (binascii.Error, ValueError):
        return value


def _link_parts(value: str) -> Mapping[str, str]:
    """Return the parts of `url:https%3A%2F%2Fa.b|title:Read|target:_blank`; an older plain address is its `url`."""
    if "url:" not in value and "|" not in value:
        return {"url": value}
    pairs = (part.partition(":") for part in value.split("|"))
    return {name.strip(): unquote(text).strip() for name, colon, text in pairs if colon}


def _records(value: str) -> Iterator[Mapping[str, str]]:
    """Yield the records of a parameter group: percent-encoded JSON."""
    try:
        found = read_json(unquote(value))
    except (ValueError, RecursionError):
        return
    for record in found if isinstance(found, list) else ():
        if isinstance(record, dict):
            yield {str(name): str(text) for name, text in record.items()}


def _linked(value: str, label: str) -> str:
    parts = _link_parts(value)
    label_html = markup.inline(label or parts.get("title", ""))
    return markup.link(parts.get("url", ""), label_html, parts.get("target") == "_blank")


def _box(element: Element) -> str:
    if element.get("disable_element") == "yes":
        return hidden(element, "is switched off")
    inside = element.blocks()
    anchor = element.get("el_id")
    return markup.element("div", inside, id=anchor) if anchor else inside


def _raw_html(element: Element) -> str:
    return element.expand(_unpacked(markup.phrase(element.content)))


def _raw_script(element: Element) -> str:
    element.context.report("body.script_removed", f"[{element.name}] ran a script; scripts are not carried over.")
    return ""


def _heading(element: Element) -> str:
    text = element.get("text")
    if element.get("source") == "post_title":
        text = live_value(element.context, "title") or text
    look = dict(part.partition(":")[::2] for part in element.get("font_container").split("|"))
    return markup.heading(_linked(element.get("link"), text), look.get("tag") or "h2")


def _button(element: Element) -> str:
    label = element.get("title") or markup.plain(element.content)
    return markup.paragraph(_linked(element.get("link", "href"), label))


def _call_to_action(element: Element) -> str:
    head = "".join(markup.heading(markup.inline(element.get(name)), name) for name in ("h2", "h4"))
    label = element.get("btn_title", "title")
    button = _linked(element.get("btn_link", "link", "href"), label) if label else ""
    return (
        head + markup.paragraph(markup.inline(element.get("call_text"))) + element.blocks() + markup.paragraph(button)
    )


def _single_image(element: Element) -> str:
    media_id = element.get("image")
    caption = element.get("caption")
    if element.get("add_caption") == "yes" and not caption:
        found = next(iter(attachment_ids(media_id)), None)
        media = element.context.site.media(found) if found else None
        caption = media.caption if media else ""
    shown = picture(
        element,
        url=element.get("custom_src"),
        attachment=media_id,
        captions=(caption,),
        link_url=_link_parts(element.get("link", "img_link_large", "img_link")).get("url", ""),
    )
    return _titled(element) + shown


def _gallery(element: Element) -> str:
    listed = gallery_of(element.context, attachment_ids(element.get("images", "include")))
    sources = (markup.plain(url) for url in element.get("custom_srcs").replace("\n", ",").split(",") if url.strip())
    outside = markup.gallery(picture(element, url=url) for url in sources)
    return _titled(element) + listed + outside


def _titled(element: Element, level: int = 2) -> str:
    return markup.heading(markup.inline(element.get("title")), level)


def _video(element: Element) -> str:
    url = element.get("link")
    shown = (
        markup.film((url,)) if markup.player_address(url) else element.expand(f"[embed]{url}[/embed]") if url else ""
    )
    return _titled(element) + shown


def _section(element: Element) -> str:
    """Return a tab or a panel; its id is what links of the page name."""
    inside = _titled(element, 4) + element.blocks()
    anchor = element.get("tab_id", "el_id")
    return markup.element("section", inside, id=anchor or None)


def _toggle(element: Element) -> str:
    return markup.details(markup.inline(element.get("title")), element.blocks(), 4, element.get("open") == "true")


def _message(element: Element) -> str:
    inside = element.blocks()
    return markup.element("aside", inside) if inside else ""


def _bars(element: Element) -> str:
    units = element.get("units")
    bars = (
        f"{record.get('label', '')} {record.get('value', '')}{units}".strip()
        for record in _records(element.get("values"))
    )
    return _titled(element) + markup.items(markup.inline(bar) for bar in bars)


def _pie(element: Element) -> str:
    share = element.get("label_value") or element.get("value")
    return _titled(element, 4) + markup.paragraph(markup.inline(f"{share}{element.get('units')}"))


def _chart(element: Element) -> str:
    labels = [text.strip() for text in element.get("x_values").split(";") if text.strip()]
    records = list(_records(element.get("values")))
    rows = [
        (
            record.get("title", ""),
            *(part.strip() for part in (record.get("y_values") or record.get("value", "")).split(";")),
        )
        for record in records
    ]
    return markup.table(rows, labels, element.get("title"))


def _map(element: Element) -> str:
    # The address of the map, or the whole <iframe> that a map service hands out.
    code = element.get("link")
    return _titled(element) + (code if "<" in code else markup.frame(code))


def _icon(element: Element) -> str:
    label = icon_label(element.get("icon_fontawesome"))
    named = _link_parts(element.get("link")).get("title") or label
    return markup.paragraph(_linked(element.get("link"), named)) if element.get("link") else ""


def _hover_box(element: Element) -> str:
    front = picture(element, url="", attachment=element.get("image"))
    titles = "".join(markup.heading(markup.inline(element.get(name)), 2) for name in ("primary_title", "hover_title"))
    label = element.get("hover_btn_title")
    button = _linked(element.get("hover_btn_link"), label) if label else ""
    return front + titles + element.blocks() + markup.paragraph(button)


def _price_table(element: Element) -> str:
    price = f"{element.get('currency')}{element.get('price')}"
    head = _titled(element, 3) + markup.heading(markup.inline(element.get("subtitle", "subheading")), 4)
    label = element.get("btn_title", "button_text")
    button = _linked(element.get("btn_link", "link"), label) if label else ""
    return head + markup.paragraph(markup.inline(price)) + element.blocks() + markup.paragraph(button)


def _media_grid(element: Element) -> str:
    return _gallery(element) if element.get("include") else placeholder(element)


_BOXES = "vc_section vc_row vc_row_inner vc_column vc_column_inner"
_GROUPS = "vc_tta_tabs vc_tta_tour vc_tta_accordion vc_tta_pageable vc_tta_toggle vc_tabs vc_tour vc_accordion"
_QUERIES = (
    "vc_posts_slider vc_posts_grid vc_basic_grid vc_masonry_grid vc_carousel vc_widget_sidebar vc_flickr "
    "vc_acf vc_facebook vc_tweetmeme vc_googleplus vc_pinterest vc_wp_search vc_wp_meta vc_wp_recentcomments "
    "vc_wp_calendar vc_wp_pages vc_wp_tagcloud vc_wp_custommenu vc_wp_posts vc_wp_categories vc_wp_archives "
    "vc_wp_rss vc_wp_links vc_gitem vc_custom_field templatera"
)

ELEMENTS: Mapping[str, Renderer] = {
    **dict.fromkeys(_BOXES.split(), _box),
    "vc_column_text": unwrapped,
    "vc_gutenberg": unwrapped,
    "vc_custom_heading": _heading,
    "vc_single_image": _single_image,
    "vc_gallery": _gallery,
    "vc_images_carousel": _gallery,
    "vc_media_grid": _media_grid,
    "vc_masonry_media_grid": _media_grid,
    "vc_video": _video,
    "vc_raw_html": _raw_html,
    "vc_raw_js": _raw_script,
    "vc_btn": _button,
    "vc_button": _button,
    "vc_button2": _button,
    "vc_cta": _call_to_action,
    "vc_cta_button": _call_to_action,
    "vc_cta_button2": _call_to_action,
    **dict.fromkeys(_GROUPS.split(), Roles(headings=("title",))),
    "vc_tta_section": _section,
    "vc_tta_toggle_section": _section,
    "vc_tab": _section,
    "vc_accordion_tab": _section,
    "vc_toggle": _toggle,
    "vc_message": _message,
    "vc_separator": lambda _: "<hr>",
    "vc_zigzag": lambda _: "<hr>",
    "vc_text_separator": Roles(headings=("title",), level=4, content=False),
    "vc_empty_space": nothing,
    "vc_icon": _icon,
    "vc_pie": _pie,
    "vc_progress_bar": _bars,
    "vc_line_chart": _chart,
    "vc_round_chart": _chart,
    "vc_gmaps": _map,
    "vc_hoverbox": _hover_box,
    "vc_pricing_table": _price_table,
    "vc_copyright": Roles(texts=("prefix", "postfix"), content=False),
    "vc_wp_text": Roles(headings=("title",)),
    **dict.fromkeys(_QUERIES.split(), placeholder),
}


def _render(call: Call, context: BodyContext, expand: Callable[[str], str]) -> str:
    values = {name: _readable(value) for name, value in call.attributes.items()}
    return ELEMENTS[call.name](Element(call.name, values, call.content or "", context, expand))


WPBAKERY_SHORTCODES: tuple[Shortcode, ...] = (Shortcode(tuple(ELEMENTS), _render),)
