"""Divi (`et_pb_*`): sections, rows and columns dropped, modules as semantic HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import (
    SOCIAL_NETWORKS,
    Element,
    Picture,
    Renderer,
    Roles,
    attachment_ids,
    contacts,
    gallery_of,
    hidden,
    nothing,
    placeholder,
    unwrapped,
)
from transforms.body.builder_values import decoded, json_object, live_value
from transforms.body.contract import BodyContext, Call, Shortcode

_SAFE_SIGNS = (("%22", '"'), ("%91", "["), ("%93", "]"), ("%92", "\\"))
_DYNAMIC = re.compile(r"@ET-DC@([A-Za-z0-9+/=]+)@")
# Divi keeps line breaks of code modules out of wpautop()'s way; wptexturize() may have got hold of the dashes.
_LINE_BREAK = re.compile(r"<!(?:--|–-?|-–)\s*(?:\[|&#91;)et_pb_line_break_holder(?:\]|&#93;)\s*(?:--|-?–|–-)>")
_TYPED_BREAK = re.compile(r"<!(?:--|–-?|-–)\s*(?:\[|&#91;)et_pb_br_holder(?:\]|&#93;)\s*(?:--|-?–|–-)>")
_LINES = re.compile(r"<br\s*/?>|\n")
_DYNAMIC_SOURCES: Mapping[str, str] = {
    "post_title": "title",
    "post_excerpt": "excerpt",
    "post_link_url": "url",
    "site_title": "site_title",
    "site_tagline": "site_tagline",
    "home_url": "site_url",
}


def _box(element: Element) -> str:
    if element.get("disabled") == "on" or element.get("disabled_on") == "on|on|on":
        return hidden(element, "is switched off")
    inside = element.blocks()
    anchor = element.get("module_id")
    return markup.element("div", inside, id=anchor) if anchor else inside


def _image(element: Element) -> str:
    zooms = element.get("show_in_lightbox") == "on" and not element.get("url")
    return Picture(url=("src",), id="image_id", alt="alt", link="src" if zooms else "url")(element)


def _button(element: Element) -> str:
    label = markup.inline(element.get("button_text"))
    return markup.paragraph(markup.link(element.get("button_url"), label, element.get("url_new_window") == "on"))


def _toggle(element: Element) -> str:
    title = markup.inline(element.get("title"))
    level = element.get("title_level", "toggle_level") or 5
    return markup.details(title, element.blocks(), level, element.get("open") == "on")


def _testimonial(element: Element) -> str:
    portrait = Picture(url=("portrait_url",), id="portrait_id", alt="author")(element)
    source = (element.get("author"), element.get("job_title"), element.get("company_name"))
    return markup.quotation(element.blocks(), source, element.get("url"), portrait)


def _video(element: Element) -> str:
    return markup.film((element.get("src"), element.get("src_webm")), element.get("image_src"))


def _gallery(element: Element) -> str:
    return gallery_of(element.context, attachment_ids(element.get("gallery_ids")))


def _code(element: Element) -> str:
    return element.expand(element.content)


def _counter(element: Element) -> str:
    sign = "" if element.get("percent_sign") == "off" else "%"
    number = markup.inline(f"{element.get('number')}{sign}")
    return markup.paragraph(number) + markup.heading(markup.inline(element.get("title")), element.get("title_level"), 3)


def _bar(element: Element) -> str:
    share = element.get("percent")
    share = share if not share or share.endswith("%") else f"{share}%"
    return markup.items((f"{element.phrase()} {markup.inline(share)}".strip(),))


def _bars(element: Element) -> str:
    return markup.joined_lists(element.blocks())


def _price_table(element: Element) -> str:
    head = markup.heading(markup.inline(element.get("title")), element.get("header_level"), 2)
    head += markup.paragraph(markup.inline(element.get("subtitle")))
    price = markup.inline(element.get("currency") + element.get("sum"))
    per = markup.inline(element.get("per"))
    button = markup.link(element.get("button_url"), markup.inline(element.get("button_text")))
    lines = [line.strip() for line in _LINES.split(element.phrase())]
    features = markup.items(_feature(line) for line in lines)
    return head + markup.paragraph("/".join(filter(None, (price, per)))) + features + markup.paragraph(button)


def _feature(line: str) -> str:
    """Return one line of a price list: `+` is included, `-` is not."""
    if line.startswith(("-", "–", "&#8211;")):
        return markup.element("s", re.sub(r"\A(?:-|–|&#8211;)\s*", "", line))
    return line.removeprefix("+").strip()


def _audio(element: Element) -> str:
    by = ", ".join(markup.inline(text) for text in (element.get("artist_name"), element.get("album_name")) if text)
    title = markup.heading(markup.inline(element.get("title")), element.get("title_level"), 2)
    cover = Picture(url=("image_url",), id="image_id", alt="title")(element)
    return cover + title + markup.paragraph(by) + markup.sound(element.get("audio"))


def _map(element: Element) -> str:
    return markup.map_of(element.get("address")) + element.blocks()


def _network(element: Element) -> str:
    network = element.get("social_network")
    label = element.phrase() or SOCIAL_NETWORKS.get(network) or network.title()
    return markup.items((markup.link(element.get("url"), label) if element.get("url") else "",))


def _profiles(element: Element) -> str:
    return markup.joined_lists(element.blocks())


def _team_member(element: Element) -> str:
    portrait = Picture(url=("image_url",), id="image_id", alt="name")(element)
    name = markup.heading(markup.inline(element.get("name")), element.get("header_level"), 4)
    return (
        portrait
        + name
        + markup.paragraph(markup.inline(element.get("position")))
        + element.blocks()
        + contacts(element)
    )


def _countdown(element: Element) -> str:
    end = element.get("date_time")
    moment = markup.element("time", markup.inline(end), datetime=end) if end else ""
    return markup.heading(markup.inline(element.get("title")), element.get("header_level"), 4) + markup.paragraph(
        moment
    )


def _divider(element: Element) -> str:
    return "" if element.get("show_divider") == "off" else "<hr>"


def _form(element: Element) -> str:
    return markup.heading(markup.inline(element.get("title")), element.get("title_level"), 1) + placeholder(element)


def _icon(element: Element) -> str:
    url = element.get("url")
    return markup.paragraph(markup.link(url, markup.inline(element.get("title_text", "alt")))) if url else ""


_SLIDE = Roles(
    pictures=(
        Picture(url=("image",), id="image_id", alt="image_alt"),
        Picture(url=("background_image",), id="background_image_id"),
    ),
    headings=("heading",),
    level_from=("header_level",),
    heading_link="button_link",
    links=(("button_text", "button_link"),),
)
_HEADER = Roles(
    pictures=(
        Picture(url=("logo_image_url",), id="logo_image_id", alt="logo_alt_text"),
        Picture(url=("header_image_url",), id="header_image_id", alt="image_alt_text"),
    ),
    headings=("title",),
    level=1,
    level_from=("title_level",),
    texts=("subhead",),
    links=(("button_one_text", "button_one_url"), ("button_two_text", "button_two_url")),
)

_BOXES = "section row row_inner column column_inner specialty_column"
_QUERIES = (
    "blog portfolio filterable_portfolio fullwidth_portfolio post_slider fullwidth_post_slider shop sidebar "
    "search menu fullwidth_menu post_title fullwidth_post_title post_content fullwidth_post_content comments "
    "post_nav wc_title wc_price wc_images wc_add_to_cart wc_description wc_tabs wc_reviews wc_related_products "
    "wc_breadcrumb wc_meta wc_rating wc_stock wc_gallery wc_upsells wc_additional_info wc_cart_products "
    "wc_cart_totals wc_cart_notice wc_checkout_billing wc_checkout_payment_info"
)

ELEMENTS: Mapping[str, Renderer] = {
    **dict.fromkeys((f"et_pb_{name}" for name in _BOXES.split()), _box),
    "et_pb_text": unwrapped,
    "et_pb_heading": Roles(headings=("title",), level=1, level_from=("title_level",), content=False),
    "et_pb_image": _image,
    "et_pb_fullwidth_image": _image,
    "et_pb_button": _button,
    "et_pb_blurb": Roles(
        pictures=(Picture(url=("image",), id="image_id", alt="alt", link="url"),),
        headings=("title",),
        level=4,
        level_from=("header_level",),
        heading_link="url",
    ),
    "et_pb_toggle": _toggle,
    "et_pb_accordion": unwrapped,
    "et_pb_accordion_item": _toggle,
    "et_pb_tabs": unwrapped,
    "et_pb_tab": Roles(headings=("title",), level=4),
    "et_pb_testimonial": _testimonial,
    "et_pb_slider": unwrapped,
    "et_pb_fullwidth_slider": unwrapped,
    "et_pb_slide": _SLIDE,
    "et_pb_cta": Roles(headings=("title",), level_from=("header_level",), links=(("button_text", "button_url"),)),
    "et_pb_video": _video,
    "et_pb_video_slider": unwrapped,
    "et_pb_video_slider_item": _video,
    "et_pb_gallery": _gallery,
    "et_pb_code": _code,
    "et_pb_fullwidth_code": _code,
    "et_pb_fullwidth_header": _HEADER,
    "et_pb_team_member": _team_member,
    "et_pb_number_counter": _counter,
    "et_pb_circle_counter": _counter,
    "et_pb_counters": _bars,
    "et_pb_counter": _bar,
    "et_pb_pricing_tables": unwrapped,
    "et_pb_pricing_table": _price_table,
    "et_pb_audio": _audio,
    "et_pb_map": _map,
    "et_pb_fullwidth_map": _map,
    "et_pb_map_pin": Roles(headings=("title",), level=3, texts=("pin_address",)),
    "et_pb_social_media_follow": _profiles,
    "et_pb_social_media_follow_network": _network,
    "et_pb_divider": _divider,
    "et_pb_countdown_timer": _countdown,
    "et_pb_icon": _icon,
    "et_pb_contact_form": _form,
    "et_pb_contact_field": Roles(texts=("field_title",), content=False),
    "et_pb_signup": Roles(headings=("title",), level_from=("header_level",), texts=("description", "footer_content")),
    "et_pb_signup_custom_field": nothing,
    "et_pb_login": Roles(headings=("title",), level_from=("header_level",)),
    **dict.fromkeys((f"et_pb_{name}" for name in _QUERIES.split()), placeholder),
}


def _readable(name: str, value: str, context: BodyContext) -> str:
    """Return an attribute as typed: signs that would end it are stored percent-encoded, live values as base64."""

    def live(match: re.Match[str]) -> str:
        source = json_object(decoded(match[1]))
        kind = str(source.get("content") or "")
        settings = source.get("settings")
        around = settings if isinstance(settings, dict) else {}
        field = str(around.get("meta_key") or kind.removeprefix("custom_meta_"))
        wanted = "field" if kind.startswith("custom_meta_") else _DYNAMIC_SOURCES.get(kind, "")
        found = live_value(context, wanted, field)
        if found is None:
            context.report(
                "body.dynamic_value", f"[{name}] showed {kind or 'a live value'}, which is not carried over."
            )
            return ""
        return f"{around.get('before') or ''}{found}{around.get('after') or ''}"

    for sign, meant in _SAFE_SIGNS:
        value = value.replace(sign, meant)
    return _DYNAMIC.sub(live, value) if "@ET-DC@" in value else value


def _render(call: Call, context: BodyContext, expand: Callable[[str], str]) -> str:
    values = {name: _readable(call.name, value, context) for name, value in call.attributes.items()}
    content = call.content or ""
    if "et_pb_" in content and "<!" in content:
        content = _TYPED_BREAK.sub("<br>", _LINE_BREAK.sub("\n", content))
    if content.startswith("@ET-DC@"):
        content = _readable(call.name, content, context)
    return ELEMENTS[call.name](Element(call.name, values, content, context, expand))


DIVI_SHORTCODES: tuple[Shortcode, ...] = (Shortcode(tuple(ELEMENTS), _render),)
