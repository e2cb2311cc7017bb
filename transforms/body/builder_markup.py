"""Pieces of semantic HTML that page builders are turned into.

Strings that come in as `_html` are markup already; everything else is text of an attribute, which may hold
entities and, since builders print attributes as they are, inline markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import quote

import nh3
from selectolax.lexbor import LexborHTMLParser

from transforms.body.embeds import player_url

_INLINE_TAGS = {"a", "abbr", "b", "br", "code", "del", "em", "i", "img", "ins", "mark", "s", "small", "span", "strong"}
_INLINE_TAGS |= {"sub", "sup", "u"}
_INLINE_ATTRIBUTES = {
    "a": {"href", "title", "target"},
    "abbr": {"title"},
    "img": {"src", "alt", "class"},
    "span": {"lang", "dir"},
}

_BLOCK = re.compile(
    r"<(?:address|article|aside|audio|blockquote|details|div|dl|figure|footer|form|h[1-6]|header|hr|iframe|main|nav|ol|p"
    r"|pre|section|table|ul|video)\b",
    re.IGNORECASE,
)
_EDGE_START = re.compile(r"(?:\s|<br\s*/?>|</p>|<p>\s*</p>)+", re.IGNORECASE)
_EDGE_END = ("<p>", "<br />", "<br>", "<br/>")
_PARAGRAPH = re.compile(r"<(/?)p(?:\s[^<>]*)?>", re.IGNORECASE)
_BETWEEN_PARAGRAPHS = re.compile(r"</p>\s*<p(?:\s[^<>]*)?>", re.IGNORECASE)
_VIDEO_ID = re.compile(r"[\w-]+\Z")


def element(name: str, inner_html: str, **attributes: str | None) -> str:
    """Return an element; attributes that are None are left out, `class_` is `class`, `data_x` is `data-x`."""
    return f"<{name}{_attributes(attributes)}>{inner_html}</{name}>"


def void(name: str, **attributes: str | None) -> str:
    """Return an element that has no content, such as `img`."""
    return f"<{name}{_attributes(attributes)}>"


def _attributes(attributes: dict[str, str | None]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(html.unescape(value))}"'
        for name, value in attributes.items()
        if value is not None
    )


def inline(text: str) -> str:
    """Return an attribute's text as HTML that fits inside a paragraph, well-formed whatever it was."""
    text = text.strip()
    if "<" in text:
        return nh3.clean(text, tags=_INLINE_TAGS, attributes=_INLINE_ATTRIBUTES, link_rel=None).strip()
    return html.escape(html.unescape(text), quote=False)


def plain(text: str) -> str:
    """Return an attribute's text without markup or entities."""
    if "<" in text:
        text = nh3.clean(text, tags=set())
    return html.unescape(text).strip()


def blocks(content_html: str) -> str:
    """Return enclosed content as blocks.

    wpautop() has seen the whole body before its shortcodes ran, so a shortcode's content begins and ends
    with halves of paragraphs: they are dropped at the edges and completed inside.
    """
    text = _without_edges(content_html)
    if not text or (text.startswith("<p>") and text.endswith("</p>")):
        return text
    if not _BLOCK.search(text) and "</p>" not in text:
        return f"<p>{text}</p>"
    first = _PARAGRAPH.search(text)
    if first is None:
        return text
    slashes = _PARAGRAPH.findall(text, max(text.rfind("</p>"), 0))
    return f"{'<p>' if first[1] else ''}{text}{'' if slashes[-1] else '</p>'}"


def _without_edges(text: str) -> str:
    start = _EDGE_START.match(text)
    first, last = start.end() if start else 0, len(text)
    while last > first:
        if text[last - 1].isspace():
            last -= 1
        elif text.endswith(_EDGE_END, first, last):
            last = text.rindex("<", first, last)
        else:
            break
    return text[first:last]


def rich(text: str) -> str:
    """Return an attribute that may hold whole blocks, with every element it opens closed."""
    if "<" not in text:
        return paragraph(inline(text))
    body = LexborHTMLParser("<body>" + text).body
    return blocks(body.inner_html or "") if body is not None else ""


def phrase(content_html: str) -> str:
    """Return enclosed content that stands inside a heading, a link or an item: its paragraphs become breaks."""
    text = blocks(content_html)
    if "<p" not in text and "</p>" not in text:
        return text
    return _PARAGRAPH.sub("", _BETWEEN_PARAGRAPHS.sub("<br>", text)).strip()


def paragraph(inner_html: str) -> str:
    """Return a paragraph, or nothing when there is nothing to say."""
    return f"<p>{inner_html}</p>" if inner_html else ""


def heading(inner_html: str, level: str | int, fallback: int = 2) -> str:
    """Return a heading of a level given as `2` or `h2`; builders also allow `p` and `div`, which are paragraphs."""
    if not inner_html:
        return ""
    name = str(level).strip().lower().removeprefix("h") or str(fallback)
    if name in {"p", "div", "span"}:
        return paragraph(inner_html)
    number = name if name in {"1", "2", "3", "4", "5", "6"} else str(fallback)
    return f"<h{number}>{inner_html}</h{number}>"


def link(url: str, label_html: str, new_window: bool = False) -> str:
    """Return a link, or its label alone when there is no address; links do not nest, so an inner one wins."""
    url = url.strip()
    if not url or "<a " in label_html:
        return label_html
    return element("a", label_html or inline(url), href=url, target="_blank" if new_window else None)


def figure(inner_html: str, caption_html: str = "", class_: str | None = None) -> str:
    """Return a figure with its caption, if it has one."""
    return element("figure", inner_html + (element("figcaption", caption_html) if caption_html else ""), class_=class_)


def gallery(figures: Iterable[str]) -> str:
    """Return pictures that belong together."""
    inside = "".join(figures)
    return element("figure", inside, class_="gallery") if inside else ""


def details(title_html: str, content_html: str, level: str | int = 4, is_open: bool = False) -> str:
    """Return content that a reader opens; its title stays a heading, as it was in the builder."""
    summary = element("summary", heading(title_html, level, 4))
    return element("details", summary + content_html, open="" if is_open else None)


def quotation(content_html: str, source: Iterable[str], link_url: str = "", before_html: str = "") -> str:
    """Return somebody's words and who they are: the parts of the source that are known, divided by commas."""
    cite = ", ".join(inline(part) for part in source if part.strip())
    by = element("cite", link(link_url, cite)) if cite else ""
    return element("blockquote", before_html + content_html + by)


def number_and_words(number_html: str, words_html: str) -> str:
    """Return a number and the words beneath it, in one paragraph when the words are one."""
    if words_html.startswith("<p>") and number_html:
        return f"<p>{number_html} {words_html[3:]}"
    return paragraph(number_html) + words_html


def items(labels_html: Iterable[str], name: str = "ul") -> str:
    """Return a list of what is not empty."""
    inside = "".join(f"<li>{label}</li>" for label in labels_html if label)
    return f"<{name}>{inside}</{name}>" if inside else ""


def joined_lists(markup: str) -> str:
    """Return markup in which neighbouring lists are one: children that each made a list of one item."""
    return re.sub(r"</(ul|ol)>\s*<\1>", "", markup)


def table(rows: Iterable[Iterable[str]], head: Iterable[str] = (), caption: str = "") -> str:
    """Return a table of texts whose first cell in each row is the row's title."""
    lines = []
    columns = list(head)
    if columns:
        lines.append(_row(element("th", inline(text)) for text in ("", *columns)))
    for title, *cells in rows:
        lines.append(_row([element("th", inline(title)), *(element("td", inline(cell)) for cell in cells)]))
    inside = (element("caption", inline(caption)) if caption else "") + "".join(lines)
    return element("table", inside) if lines else ""


def _row(cells: Iterable[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def code(text: str, language: str = "") -> str:
    """Return a listing; `text` is the code itself, not markup."""
    return f"<pre>{element('code', html.escape(text), class_=f'language-{language}' if language else None)}</pre>"


def sound(url: str) -> str:
    """Return a player for a sound file."""
    return element("audio", "", src=url, controls="") if url else ""


def film(urls: Iterable[str], poster: str = "") -> str:
    """Return a player for one film in several formats, or an embed when the address is a video service's."""
    addresses = [url.strip() for url in urls if url.strip()]
    if not addresses:
        return ""
    player = player_address(addresses[0])
    if player:
        return frame(player)
    if len(addresses) == 1:
        return element("video", "", src=addresses[0], poster=poster or None, controls="")
    sources = "".join(void("source", src=url) for url in addresses)
    return element("video", sources, poster=poster or None, controls="")


def frame(url: str, title: str = "") -> str:
    """Return an embedded page."""
    return figure(element("iframe", "", src=url, title=plain(title) or None, allowfullscreen="")) if url else ""


def youtube_address(video: str) -> str:
    """Return the player's address of a YouTube video given by id or by any of its addresses."""
    video = html.unescape(video).strip()
    if _VIDEO_ID.match(video):
        return f"https://www.youtube.com/embed/{video}"
    return player_address(video)


def vimeo_address(video: str) -> str:
    """Return the player's address of a Vimeo video given by id or by any of its addresses."""
    video = html.unescape(video).strip()
    return f"https://player.vimeo.com/video/{video}" if video.isdecimal() else player_address(video)


def player_address(url: str) -> str:
    """Return the address that plays a video inside a page; empty when the service is not known."""
    url = html.unescape(url).strip()
    return player_url(f"https:{url}" if url.startswith("//") else url) or ""


def map_of(place: str) -> str:
    """Return an embedded map of an address or of coordinates."""
    return frame(f"https://www.google.com/maps?q={quote(plain(place))}&output=embed", place) if place.strip() else ""
