"""Avada's elements of words: text, titles, lists, toggles, tabs, boxes, people, prices, tables."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import (
    Element,
    Picture,
    Renderer,
    Roles,
    contacts,
    icon_label,
    nothing,
    placeholder,
    unwrapped,
)
from transforms.body.contract import Shortcode
from transforms.body.shortcodes.grammar import find_calls


def _title(element: Element) -> str:
    kind = element.get("title_type")
    if kind == "highlight" or (not kind and element.get("highlight_text")):
        marked = markup.element("mark", markup.inline(element.get("highlight_text")))
        words = [markup.inline(element.get("before_text")), marked, markup.inline(element.get("after_text"))]
        inside = " ".join(word for word in words if word)
    elif kind == "rotating" or (not kind and element.get("rotation_text")):
        rotating = ", ".join(element.get("rotation_text").split("|"))
        parts = (element.get("before_text"), rotating, element.get("after_text"))
        inside = " ".join(markup.inline(part) for part in parts if part)
    else:
        inside = element.phrase()
    new_window = element.get("link_target") == "_blank"
    return markup.heading(markup.link(element.get("link_url"), inside, new_window), element.get("size") or "1", 1)


def _button(element: Element) -> str:
    label = element.phrase() or markup.inline(element.get("title"))
    modal = element.get("modal")
    url = element.get("link") or (f"#{modal}" if modal else "")
    return markup.paragraph(markup.link(url, label, element.get("target") == "_blank"))


def _alert(element: Element) -> str:
    inside = element.blocks()
    return markup.element("aside", inside) if inside else ""


def _list(element: Element) -> str:
    inside = markup.joined_lists(element.blocks())
    if element.get("type") == "numbered" and inside.startswith("<ul>") and inside.endswith("</ul>"):
        return f"<ol>{inside[4:-5]}</ol>"
    return inside


def _list_item(element: Element) -> str:
    return markup.items((_item(element),))


def _item(element: Element) -> str:
    inside = element.blocks()
    return markup.phrase(inside) if inside.count("<p>") == 1 else inside


def _toggle(element: Element) -> str:
    title = markup.inline(element.get("title"))
    level = element.get("title_tag") or "4"
    return markup.details(title, element.blocks(), level, element.get("open") == "yes")


def _tab(element: Element) -> str:
    return markup.heading(markup.inline(element.get("title")), element.get("title_tag") or "4", 4) + element.blocks()


def _modal_link(element: Element) -> str:
    return markup.link(f"#{element.get('name')}" if element.get("name") else "", element.phrase())


def _inline_link(element: Element) -> str:
    return markup.link(element.get("link"), element.phrase())


def _tooltip(element: Element) -> str:
    return markup.element("span", element.phrase(), title=markup.plain(element.get("title")) or None)


def _popover(element: Element) -> str:
    told = markup.paragraph(markup.inline(element.get("title"))) + markup.blocks(element.expand(element.get("content")))
    return f"<details>{markup.element('summary', element.phrase())}{told}</details>"


def _highlight(element: Element) -> str:
    return markup.element("mark", element.phrase())


def _dropcap(element: Element) -> str:
    return element.phrase()


def _person(element: Element) -> str:
    portrait = Picture(url=("picture",), id="picture_id", alt="name", link="pic_link")(element)
    name = markup.heading(markup.inline(element.get("name")), 3)
    return (
        portrait + name + markup.paragraph(markup.inline(element.get("title"))) + element.blocks() + contacts(element)
    )


def _testimonial(element: Element) -> str:
    portrait = Picture(url=("image",), id="image_id", alt="name")(element)
    source = (element.get("name"), element.get("company"))
    return markup.quotation(element.blocks(), source, element.get("link"), portrait)


def _price(element: Element) -> str:
    parts = [element.get("currency"), element.get("price")]
    if element.get("currency_position") == "right":
        parts.reverse()
    price = markup.inline("".join(parts))
    return markup.paragraph(" ".join(filter(None, (price, markup.inline(element.get("time"))))))


def _price_column(element: Element) -> str:
    title = markup.heading(markup.inline(element.get("title")), 3)
    inside = title + _price(element) + markup.joined_lists(element.blocks())
    return inside + markup.paragraph(markup.inline(element.get("footer_content")))


def _counter(element: Element) -> str:
    number = f"{element.get('unit')}{element.get('value')}"
    if element.get("unit_pos") != "prefix":
        number = f"{element.get('value')}{element.get('unit')}"
    return markup.number_and_words(markup.inline(number), element.blocks())


def _circle(element: Element) -> str:
    words = element.blocks()
    return words or markup.paragraph(markup.inline(f"{element.get('value')}%"))


def _progress(element: Element) -> str:
    share = f"{element.get('percentage')}{element.get('unit')}" if element.get("show_percentage") != "no" else ""
    return markup.paragraph(" ".join(filter(None, (element.phrase(), markup.inline(share)))))


def _rating(element: Element) -> str:
    best = element.get("maximum_rating", "max_rating") or "5"
    return markup.paragraph(markup.inline(f"{element.get('rating')}/{best}" if element.get("rating") else ""))


def _chart(element: Element) -> str:
    """Return a chart as the table of its values."""
    datasets = (call.attributes for call in find_calls(element.content, _DATASETS))
    rows = [(dataset.get("title", ""), *dataset.get("values", "").split("|")) for dataset in datasets]
    labels = element.get("x_axis_labels")
    axes = " / ".join(filter(None, (element.get("x_axis_label"), element.get("y_axis_label"))))
    caption = ": ".join(filter(None, (element.get("title"), axes)))
    return markup.table(rows, labels.split("|") if labels else (), caption)


def _countdown(element: Element) -> str:
    words = [markup.paragraph(markup.inline(element.get(name))) for name in ("heading_text", "subheading_text")]
    end = element.get("countdown_end")
    moment = markup.element("time", markup.inline(end), datetime=end) if end else ""
    label = markup.link(element.get("link_url"), markup.inline(element.get("link_text")))
    return "".join(words) + markup.paragraph(moment) + markup.paragraph(label)


def _separator(element: Element) -> str:
    return "" if element.get("style_type", "style") == "none" else "<hr>"


def _icon(element: Element) -> str:
    """Return the link behind an icon, named after the icon when nothing else names it."""
    name = element.get("title", "alt") or icon_label(element.get("icon"))
    return markup.link(element.get("link"), markup.inline(name)) if element.get("link") else ""


def _anchor(element: Element) -> str:
    return markup.element("div", "", id=element.get("name")) if element.get("name") else ""


def _account(element: Element) -> str:
    """Return the words of a form for logging in or registering, and a placeholder for the form."""
    words = markup.heading(markup.inline(element.get("heading")), 3)
    words += "".join(markup.paragraph(markup.inline(element.get(name))) for name in ("caption", "register_note"))
    return words + placeholder(element)


_DATASET = Roles(texts=("title", "values"))  # one that stands outside a chart
_DATASETS = {"fusion_chart_dataset": Shortcode(("fusion_chart_dataset",), lambda *_: "")}
_FIELD = Roles(texts=("label", "description"), content=False)

CONTENT: Mapping[str, Renderer] = {
    "fusion_text": unwrapped,
    "fusion_title": _title,
    "fusion_button": _button,
    "fusion_alert": _alert,
    "fusion_checklist": _list,
    "fusion_li_item": _list_item,
    "fusion_accordion": unwrapped,
    "fusion_toggle": _toggle,
    "fusion_tabs": unwrapped,
    "fusion_tab": _tab,
    "fusion_content_boxes": unwrapped,
    "fusion_content_box": Roles(
        pictures=(Picture(url=("image",), id="image_id", link="link"),),
        headings=("title",),
        level_from=("heading_size",),
        heading_link="link",
        links=(("linktext", "link"),),
    ),
    "fusion_flip_boxes": unwrapped,
    "fusion_flip_box": Roles(
        pictures=(
            Picture(url=("image",), id="image_id"),
            Picture(url=("background_image_front",), id="background_image_front_id"),
            Picture(url=("background_image_back",), id="background_image_back_id"),
        ),
        headings=("title_front",),
        level_from=("front_title_size",),
        texts=("text_front", "title_back"),
    ),
    "fusion_modal": Roles(headings=("title",), level=3, anchor="name", wrap="section"),
    "fusion_modal_text_link": _modal_link,
    "fusion_one_page_text_link": _inline_link,
    "fusion_tooltip": _tooltip,
    "fusion_popover": _popover,
    "fusion_highlight": _highlight,
    "fusion_dropcap": _dropcap,
    "fusion_person": _person,
    "fusion_testimonials": unwrapped,
    "fusion_testimonial": _testimonial,
    "fusion_pricing_table": unwrapped,
    "fusion_pricing_column": _price_column,
    "fusion_pricing_price": _price,
    "fusion_pricing_row": _list_item,
    "fusion_pricing_footer": unwrapped,
    "fusion_tagline_box": Roles(headings=("title",), texts=("description",), links=(("button", "link"),)),
    "fusion_counters_box": unwrapped,
    "fusion_counter_box": _counter,
    "fusion_counters_circle": unwrapped,
    "fusion_counter_circle": _circle,
    "fusion_progress": _progress,
    "fusion_table": unwrapped,
    "fusion_star_rating": _rating,
    "fusion_chart": _chart,
    "fusion_chart_dataset": _DATASET,
    "fusion_countdown": _countdown,
    "fusion_separator": _separator,
    "fusion_section_separator": nothing,
    "fusion_fontawesome": _icon,
    "fusion_icon": _icon,
    "fusion_menu_anchor": _anchor,
    "fusion_social_links": contacts,
    "fusion_sharing": Roles(texts=("tagline",), content=False),
    "fusion_facebook_page": Roles(links=(("href", "href"),), content=False),
    "fusion_stripe_button": Roles(texts=("product_name", "button_text"), content=False),
    "fusion_login": _account,
    "fusion_register": _account,
    "fusion_lost_password": _account,
    "fusion_news_ticker": Roles(headings=("ticker_title",), level=4),
    "fusion_news_ticker_item": Roles(links=(("title", "link"),)),
    "fusion_form_text": _FIELD,
    "fusion_form_textarea": _FIELD,
    "fusion_form_email": _FIELD,
    "fusion_form_number": _FIELD,
    "fusion_form_phone_number": _FIELD,
    "fusion_form_password": _FIELD,
    "fusion_form_date": _FIELD,
    "fusion_form_time": _FIELD,
    "fusion_form_range": _FIELD,
    "fusion_form_rating": _FIELD,
    "fusion_form_upload": _FIELD,
    "fusion_form_checkbox": _FIELD,
    "fusion_form_radio": _FIELD,
    "fusion_form_select": _FIELD,
    "fusion_form_image_select": _FIELD,
    "fusion_form_consent": _FIELD,
    "fusion_form_notice": Roles(texts=("success", "error"), content=False),
    "fusion_form_submit": unwrapped,
    "fusion_form_hidden": nothing,
    "fusion_form_honeypot": nothing,
    "fusion_form_recaptcha": nothing,
    "fusion_form_turnstile": nothing,
}
