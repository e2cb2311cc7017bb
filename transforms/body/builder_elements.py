"""One element of a page builder and what of it a visitor sees.

Builders keep words, links and pictures in attributes. `Roles` says which attribute is what, so that most elements
are one line of a table; `Element` is what a renderer gets, whichever builder it comes from.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transforms.body import builder_markup as markup
from transforms.body.contract import BodyContext

_BETWEEN_TAGS = re.compile(r"(?<=\])(?:\s|<br\s*/?>|</?p>)+(?=\[/?(?:fusion_|vc_|et_pb_))", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Element:
    """One use of a builder's element, its attributes decoded. An attribute that is empty is as good as absent."""

    name: str
    values: Mapping[str, str]
    content: str  # raw, between the tags
    context: BodyContext
    expand: Callable[[str], str]

    def get(self, *names: str) -> str:
        """Return the first of these attributes that says something."""
        return next((value for name in names if (value := self.values.get(name, "").strip())), "")

    def blocks(self) -> str:
        """Return the enclosed content, its shortcodes expanded, as whole blocks."""
        # Paragraphs that wpautop() put between two tags of the builder are nobody's text.
        return markup.blocks(self.expand(_BETWEEN_TAGS.sub("", self.content)))

    def phrase(self) -> str:
        """Return the enclosed content, its shortcodes expanded, for use inside a heading, a link or an item."""
        return markup.phrase(self.expand(self.content))

    def enclosed_url(self) -> str:
        """Return the content of an element that encloses an address."""
        return markup.plain(self.content)


Renderer = Callable[[Element], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The attributes that hold one picture of an element."""

    url: tuple[str, ...] = ()
    id: str = ""  # holds `5`, or `5|full` with a size
    alt: str = ""
    caption: tuple[str, ...] = ()
    link: str = ""

    def __call__(self, element: Element) -> str:
        """Return the picture as a figure, or nothing when the element has none."""
        return picture(
            element,
            url=element.get(*self.url),
            attachment=element.get(self.id),
            alt=element.get(self.alt),
            captions=tuple(element.get(name) for name in self.caption),
            link_url=element.get(self.link),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Which attributes a visitor sees, and as what: pictures, headings, texts, the enclosed content, then links."""

    pictures: tuple[Picture, ...] = ()
    headings: tuple[str, ...] = ()
    level: int = 2
    level_from: tuple[str, ...] = ()  # attributes that change the level: `3` or `h3`
    heading_link: str = ""
    texts: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (attribute with the label, attribute with the address)
    content: bool = True
    anchor: str = ""  # attribute by which links of the page reach the element
    wrap: str = ""  # element around it all

    def __call__(self, element: Element) -> str:
        """Return the element as HTML."""
        level = element.get(*self.level_from) or self.level
        parts = [show(element) for show in self.pictures]
        parts += [
            markup.heading(markup.link(element.get(self.heading_link), markup.inline(text)), level, self.level)
            for name in self.headings
            if (text := element.get(name))
        ]
        parts += [texts(element.get(name)) for name in self.texts]
        if self.content:
            parts.append(element.blocks())
        parts += [
            markup.paragraph(markup.link(element.get(url), markup.inline(text)))
            for label, url in self.links
            if (text := element.get(label))
        ]
        inside = "".join(parts)
        anchor = element.get(self.anchor)
        if inside and (self.wrap or anchor):
            return markup.element(self.wrap or "div", inside, id=anchor or None)
        return inside


def texts(value: str) -> str:
    """Return an attribute that holds text, or markup that may have paragraphs of its own."""
    return markup.blocks(value) if "<p" in value or "<ul" in value else markup.paragraph(markup.inline(value))


def picture(
    element: Element,
    *,
    url: str,
    attachment: str = "",
    alt: str = "",
    captions: tuple[str, ...] = (),
    link_url: str = "",
) -> str:
    """Return a picture as a figure; without an alternative text of its own it has the attachment's."""
    image = image_tag(element.context, url, attachment_id(attachment), alt)
    if not image:
        return ""
    caption = "<br>".join(markup.inline(text) for text in captions if text)
    return markup.figure(markup.link(link_url, image), caption)


def image_tag(context: BodyContext, url: str, media_id: int | None, alt: str = "") -> str:
    """Return an `img` that the step for images finds by attachment first, then by address."""
    media = context.site.media(media_id) if media_id else None
    url = url.strip()
    if not url and media is not None and media.store_key:
        url = context.site.rules.media_base_url + media.store_key
    if not url and media_id:
        url = f"{context.site.home_url}/?attachment_id={media_id}"
    if not url:
        return ""
    if not alt and media is not None:
        alt = media.alt_text
    return markup.void("img", src=url, alt=markup.plain(alt), class_=f"wp-image-{media_id}" if media_id else None)


def attachment_id(value: str) -> int | None:
    """Return the attachment of `5` or `5|full`."""
    number = value.partition("|")[0].strip()
    return int(number) if number.isdecimal() and len(number) < 19 and int(number) else None


def attachment_ids(value: str) -> list[int]:
    """Return the attachments of a comma-separated list, in its order."""
    return [found for part in value.split(",") if (found := attachment_id(part)) is not None]


def gallery_of(context: BodyContext, media_ids: list[int]) -> str:
    """Return the pictures of a gallery, each with the caption it has in the media library."""
    figures = []
    for media_id in media_ids:
        media = context.site.media(media_id)
        caption = markup.inline(media.caption) if media is not None else ""
        figures.append(markup.figure(image_tag(context, "", media_id), caption))
    return markup.gallery(figures)


def unwrapped(element: Element) -> str:
    """Return the content of an element that only arranges it."""
    return element.blocks()


def nothing(_: Element) -> str:
    """Return nothing: the element only decorates."""
    return ""


def placeholder(element: Element) -> str:
    """Return the mark of an element that queried the live site, with its attributes, for the new front end to fill."""
    attributes = {name: value for name, value in element.values.items() if value.strip()}
    element.context.report(
        "body.dynamic_shortcode",
        f"[{element.name}] showed something of the live site; a placeholder with its attributes stands in its place.",
    )
    mark = markup.element(
        "div", "", data_wp_shortcode=element.name, data_attributes=json.dumps(attributes, ensure_ascii=False)
    )
    return mark + element.blocks()


def hidden(element: Element, why: str) -> str:
    """Return nothing for content that visitors did not see, and note that it was there."""
    if element.content.strip():
        element.context.report("body.hidden_content", f"[{element.name}] {why}; its content is not published.")
    return ""


def decoded(value: str) -> str:
    """Return what base64 text stands for; text that only looks like base64 (`test`) is returned as it is."""
    # wptexturize() makes a multiplication sign of the x between two digits, also in base64.
    packed = value.strip().replace("&#215;", "x").replace("×", "x")
    if not packed:
        return value
    try:
        raw = base64.b64decode(packed, validate=True)
        text = raw.decode()
    except (binascii.Error, ValueError):
        return value
    return value if base64.b64encode(raw).decode() != packed or _CONTROL.search(text) else text


def json_object(text: str) -> dict[str, object]:
    """Return a JSON object; empty when the text is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


_POST_VALUES: Mapping[str, Callable[[BodyContext], str]] = {
    "title": lambda context: context.post.title,
    "excerpt": lambda context: context.post.excerpt,
    "id": lambda context: str(context.post.id),
    "url": lambda context: context.site.path(context.post.id) or "",
    "site_title": lambda context: context.site.option("blogname") or "",
    "site_tagline": lambda context: context.site.option("blogdescription") or "",
    "site_url": lambda context: context.site.home_url,
}


def live_value(context: BodyContext, source: str, field: str = "") -> str | None:
    """Return what a dynamic attribute shows of the post or the site; None when it cannot be told.

    `source` is one of title, excerpt, id, url, field (a meta of the post), site_title, site_tagline, site_url.
    """
    if source == "field":
        return context.post.first_meta(field)
    read = _POST_VALUES.get(source)
    return read(context) if read else None
