"""The widgets of Elementor itself, and what each leaves on the page."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import Element, Picture, Roles, attachment_id, icon_label, picture
from transforms.body.elementor_widget import Widget, WidgetRenderer, by_roles, joined, pictures, quotation, repeated


def _image(widget: Widget) -> str:
    element = widget.element
    media_id = attachment_id(element.get("image.id"))
    caption = element.get("caption") if element.get("caption_source") != "attachment" else ""
    if element.get("caption_source") == "attachment" and media_id:
        media = element.context.site.media(media_id)
        caption = media.caption if media else ""
    link = {"file": "image", "custom": "link"}.get(element.get("link_to"), "")
    return picture(
        element,
        url=element.get("image"),
        attachment=element.get("image.id"),
        alt=element.get("image.alt"),
        captions=(caption,),
        link_url=element.get(link),
    )


def _video(widget: Widget) -> str:
    element = widget.element
    kind = element.get("video_type") or "youtube"
    names = {"hosted": ("hosted_url", "external_url")}.get(kind, (f"{kind}_url", "link"))
    return markup.film((element.get(*names),), element.get("image_overlay") if kind == "hosted" else "")


def _icon_list(widget: Widget) -> str:
    return markup.items(
        markup.link(record.get("link"), markup.inline(record.get("text"))) for record in widget.listed("icon_list")
    )


def _accordion(widget: Widget) -> str:
    level = widget.element.get("title_html_tag") or 4
    return "".join(
        markup.details(markup.inline(record.get("tab_title")), markup.rich(record.get("tab_content")), level)
        for record in widget.listed("tabs")
    )


def _nested(repeater: str, title: str, *, opens: bool) -> WidgetRenderer:
    """Return a renderer of tabs or panels whose contents are elements, one for each title."""

    def render(widget: Widget) -> str:
        titles = [markup.inline(record.get(title)) for record in widget.listed(repeater)]
        titles += [""] * (len(widget.children) - len(titles))
        contents = (*widget.children, *[""] * (len(titles) - len(widget.children)))
        if opens:
            return "".join(markup.details(*pair) for pair in zip(titles, contents, strict=True))
        return "".join(markup.heading(head, 4) + inside for head, inside in zip(titles, contents, strict=True))

    return render


def _counter(element: Element) -> str:
    number = f"{element.get('prefix')}{element.get('ending_number') or '100'}{element.get('suffix')}"
    return markup.number_and_words(markup.inline(number), markup.rich(element.get("title")))


def _progress(element: Element) -> str:
    share = f"{element.get('percent') or '50'}%" if element.get("display_percentage") != "hide" else ""
    inside = (markup.inline(text) for text in (element.get("title"), element.get("inner_text"), share))
    return markup.paragraph(joined(*inside))


def _divider(element: Element) -> str:
    text = markup.inline(element.get("text")) if element.get("look") == "line_text" else ""
    return "<hr>" + markup.paragraph(text)


def _map(element: Element) -> str:
    return markup.map_of(element.get("address") or "London Eye, London, United Kingdom")


def _social_icons(widget: Widget) -> str:
    return markup.items(_icon(record) for record in widget.listed("social_icon_list"))


def _icon(element: Element) -> str:
    """Return the link behind an icon."""
    label = markup.inline(element.get("text") or icon_label(element.get("social_icon", "selected_icon", "social")))
    return markup.link(element.get("link"), label) if element.get("link") else ""


def _button(element: Element) -> str:
    # Elementor does not store a setting that was left as it came.
    return markup.paragraph(markup.link(element.get("link"), markup.inline(element.get("text") or "Click here")))


def _anchor(element: Element) -> str:
    return markup.element("div", "", id=element.get("anchor")) if element.get("anchor") else ""


def _sound(element: Element) -> str:
    url = element.get("link")
    return markup.frame(f"https://w.soundcloud.com/player/?url={url}", "SoundCloud") if url else ""


_BOX = Roles(
    pictures=(Picture(url=("image",), id="image.id", alt="image.alt", link="link"),),
    headings=("title_text",),
    level=3,
    level_from=("title_size",),
    heading_link="link",
    texts=("description_text",),
)

WIDGETS: Mapping[str, WidgetRenderer] = {
    "heading": by_roles(Roles(headings=("title",), level_from=("header_size",), heading_link="link")),
    "text-editor": by_roles(Roles(texts=("editor",))),
    "image": _image,
    "image-gallery": pictures("wp_gallery"),
    "image-carousel": pictures("carousel"),
    "video": _video,
    "button": by_roles(_button),
    "icon-list": _icon_list,
    "icon-box": by_roles(_BOX),
    "image-box": by_roles(_BOX),
    "accordion": _accordion,
    "toggle": _accordion,
    "tabs": repeated("tabs", Roles(headings=("tab_title",), level=4, texts=("tab_content",))),
    "nested-tabs": _nested("tabs", "tab_title", opens=False),
    "nested-accordion": _nested("items", "item_title", opens=True),
    "testimonial": by_roles(
        quotation("testimonial_content", ("testimonial_name", "testimonial_job"), "testimonial_image", "link")
    ),
    "counter": by_roles(_counter),
    "progress": by_roles(_progress),
    "html": lambda widget: widget.element.get("html"),
    "shortcode": lambda widget: widget.element.get("shortcode"),
    "divider": by_roles(_divider),
    "spacer": lambda _: "",
    "google_maps": by_roles(_map),
    "social-icons": _social_icons,
    "alert": by_roles(Roles(texts=("alert_title", "alert_description"), wrap="aside")),
    "audio": by_roles(_sound),
    "icon": by_roles(_icon),
    "menu-anchor": by_roles(_anchor),
    "read-more": lambda _: "<!--more-->",
}
