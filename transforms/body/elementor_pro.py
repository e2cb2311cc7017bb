"""The widgets of Elementor Pro, and what each leaves on the page."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import Element, Picture, Roles
from transforms.body.elementor_widget import (
    Widget,
    WidgetRenderer,
    by_roles,
    joined,
    pictures,
    placeholder_widget,
    quotation,
    repeated,
)


def _headline(element: Element) -> str:
    moving = element.get("highlighted_text") or ", ".join(element.get("rotating_text").split("\n"))
    words = joined(*(markup.inline(text) for text in (element.get("before_text"), moving, element.get("after_text"))))
    return markup.heading(markup.link(element.get("link"), words), element.get("tag"), 3)


def _price_list(widget: Widget) -> str:
    def row(record: Element) -> str:
        image = Picture(url=("image",), id="image.id", alt="title")(record)
        title = markup.link(record.get("link"), markup.inline(record.get("title")))
        line = markup.paragraph(joined(title, markup.inline(record.get("price"))))
        return image + line + markup.rich(record.get("item_description"))

    return markup.items(row(record) for record in widget.listed("price_list"))


_CURRENCIES = {
    "dollar": "$",
    "euro": "€",
    "pound": "£",
    "yen": "¥",
    "rupee": "₹",
    "franc": "₣",
    "ruble": "₽",
    "won": "₩",
}


def _price_table(widget: Widget) -> str:
    element = widget.element
    symbol = element.get("currency_symbol") or "dollar"
    sign = element.get("currency_symbol_custom") if symbol == "custom" else _CURRENCIES.get(symbol, "")
    price = joined(markup.inline(f"{sign}{element.get('price')}"), markup.inline(element.get("period")))
    return (
        Roles(headings=("heading",), level=3, level_from=("heading_tag",), texts=("sub_heading",))(element)
        + markup.paragraph(price)
        + markup.items(markup.inline(record.get("item_text")) for record in widget.listed("features_list"))
        + Roles(texts=("footer_additional_info", "ribbon_title"), links=(("button_text", "link"),))(element)
    )


def _code(element: Element) -> str:
    return markup.code(element.get("code"), element.get("language"))


def _countdown(element: Element) -> str:
    end = element.get("due_date")
    return markup.paragraph(markup.element("time", markup.inline(end), datetime=end)) if end else ""


def _form(widget: Widget) -> str:
    labels = markup.items(markup.inline(record.get("field_label")) for record in widget.listed("form_fields"))
    return labels + placeholder_widget(widget)


def _left_out(widget: Widget) -> str:
    name = widget.element.name
    widget.element.context.report(
        "body.animation_left_out", f"Elementor's {name} played an animation; it is not carried over."
    )
    return ""


_SLIDE = Roles(
    pictures=(Picture(url=("background_image", "image"), id="background_image.id"),),
    headings=("heading",),
    texts=("description",),
    links=(("button_text", "link"),),
)
_CALL_TO_ACTION = Roles(
    pictures=(Picture(url=("graphic_image",), id="graphic_image.id"), Picture(url=("bg_image",), id="bg_image.id")),
    headings=("title",),
    level_from=("title_tag",),
    texts=("description", "ribbon_title"),
    links=(("button", "link"),),
)
_FLIP_BOX = Roles(
    pictures=(Picture(url=("image",), id="image.id"),),
    headings=("title_text_a", "title_text_b"),
    level=3,
    texts=("description_text_a", "description_text_b"),
    links=(("button_text", "link"),),
)
_HOTSPOT = Roles(texts=("hotspot_label", "hotspot_tooltip_content"))
_QUERIES = (
    "posts portfolio nav-menu menu mega-menu search-form search login share-buttons sitemap table-of-contents "
    "author-box breadcrumbs facebook-comments facebook-page facebook-embed facebook-button template global sidebar "
    "popup off-canvas paypal-button stripe-button taxonomy-filter products categories"
)

PRO_WIDGETS: Mapping[str, WidgetRenderer] = {
    "gallery": pictures("gallery"),
    "media-carousel": pictures("slides"),
    "nested-carousel": lambda widget: "".join(widget.children),
    "testimonial-carousel": repeated("slides", quotation("content", ("name", "title"), "image")),
    "reviews": repeated("slides", quotation("content", ("name", "title"), "image", "link")),
    "blockquote": by_roles(quotation("blockquote_content", ("author_name",), "")),
    "call-to-action": by_roles(_CALL_TO_ACTION),
    "flip-box": by_roles(_FLIP_BOX),
    "price-list": _price_list,
    "price-table": _price_table,
    "slides": repeated("slides", _SLIDE),
    "animated-headline": by_roles(_headline),
    "countdown": by_roles(_countdown),
    "code-highlight": by_roles(_code),
    "hotspot": repeated("hotspot", _HOTSPOT, head=Picture(url=("image",), id="image.id")),
    "form": _form,
    "lottie": _left_out,
    **dict.fromkeys(_QUERIES.split(), placeholder_widget),
}
