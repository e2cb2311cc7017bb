"""One element of a page builder and what of it a visitor sees.

Builders keep words, links and pictures in attributes. `Roles` says which attribute is what, so that most elements
are one line of a table; `Element` is what a renderer gets, whichever builder it comes from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from transforms.body import builder_markup as markup
from transforms.body.contract import BodyContext

_BETWEEN_TAGS = re.compile(r"\](?:\s|<br\s*/?>|</?p>)+(?=\[/?(?:fusion_|vc_|et_pb_))")

SOCIAL_NETWORKS: Mapping[str, str] = {
    "facebook": "Facebook",
    "twitter": "Twitter",
    "x": "X",
    "instagram": "Instagram",
    "linkedin": "LinkedIn",
    "youtube": "YouTube",
    "vimeo": "Vimeo",
    "pinterest": "Pinterest",
    "tiktok": "TikTok",
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "threads": "Threads",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "discord": "Discord",
    "twitch": "Twitch",
    "skype": "Skype",
    "teams": "Teams",
    "snapchat": "Snapchat",
    "wechat": "WeChat",
    "dribbble": "Dribbble",
    "behance": "Behance",
    "github": "GitHub",
    "flickr": "Flickr",
    "tumblr": "Tumblr",
    "reddit": "Reddit",
    "spotify": "Spotify",
    "soundcloud": "SoundCloud",
    "xing": "XING",
    "vk": "VK",
    "yelp": "Yelp",
    "digg": "Digg",
    "blogger": "Blogger",
    "forrst": "Forrst",
    "myspace": "Myspace",
    "deviantart": "DeviantArt",
    "yahoo": "Yahoo",
    "dropbox": "Dropbox",
    "paypal": "PayPal",
    "rss": "RSS",
}
"""Networks that builders have an icon for, and what to call them where the icon was."""


@dataclass(slots=True)
class Element:
    """One use of a builder's element, its attributes decoded. An attribute that is empty is as good as absent."""

    name: str
    values: Mapping[str, str]
    content: str  # raw, between the tags
    context: BodyContext
    expand: Callable[[str], str]

    def get(self, *names: str) -> str:
        """Return the first of these attributes that says something."""
        for name in names:
            if value := self.values.get(name, "").strip():
                return value
        return ""

    def blocks(self) -> str:
        """Return the enclosed content, its shortcodes expanded, as whole blocks."""
        # Paragraphs that wpautop() put between two tags of the builder are nobody's text.
        content = _BETWEEN_TAGS.sub("]", self.content) if "[" in self.content else self.content
        return markup.blocks(self.expand(content))

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
        parts += [markup.rich(element.get(name)) for name in self.texts]
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
    """Return an `img` of the source's file; a later step finds its attachment by the class, then by the address."""
    media = context.site.media(media_id) if media_id else None
    url = url.strip()
    if not url and media_id:
        url = context.site.file_url(media_id) or f"{context.site.home_url}/?attachment_id={media_id}"
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


def icon_label(icon: str) -> str:
    """Return what to call an icon given by its class, such as `fab fa-facebook-f`; empty when it has none."""
    found = re.search(r"fa-([a-z]+)", icon.replace("fa-solid", "").replace("fa-brands", "").replace("fa-regular", ""))
    return (SOCIAL_NETWORKS.get(found[1]) or found[1].title()) if found else ""


def contacts(element: Element) -> str:
    """Return the addresses of a person or a firm: one attribute per network, then mail and telephone."""
    links = [
        markup.link(url, label)
        for network, label in SOCIAL_NETWORKS.items()
        if (url := element.get(f"{network}_link", f"{network}_url", network))
    ]
    custom = element.get("custom_link")
    links.append(markup.link(custom, markup.inline(element.get("custom_name")) or "Website") if custom else "")
    mail = element.get("email").removeprefix("mailto:")
    telephone = element.get("phone").removeprefix("tel:")
    links.append(markup.link(f"mailto:{mail}", markup.inline(mail)) if mail else "")
    links.append(markup.link(f"tel:{telephone}", markup.inline(telephone)) if telephone else "")
    return markup.items(links)


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
        element.context.report("body.hidden_container", f"[{element.name}] {why}; its content is not published.")
    return ""
