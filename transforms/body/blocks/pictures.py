"""Blocks whose picture is not, or not only, in their saved HTML: images, covers, media beside text."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.grammar import Block
from transforms.body.contract import BodyContext

_SOURCE = re.compile(r"<img\b[^>]*\ssrc=", re.IGNORECASE)
_COVERED = re.compile(r"<div\b[^>]*\bwp-block-cover__inner-container\b")
_BESIDE = re.compile(r"<figure\b[^>]*\bwp-block-media-text__media\b[^>]*>")
_FIRST_TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)


def _image(_block: Block, html: str, _context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return nothing for a picture that nobody chose."""
    return "" if "<img" in html and not _SOURCE.search(html) else html


def _cover(block: Block, html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return a cover with its picture as an image: older ones keep it in a style, featured ones nowhere."""
    image = _absent_image(block, context, "wp-block-cover__image-background")
    if not image:
        return html
    place = _COVERED.search(html)
    if place:
        return html[: place.start()] + image + html[place.start() :]
    return _behind(_FIRST_TAG.search(html), html, image)


def _media_text(block: Block, html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return text beside media, with the post's featured image where that is asked for."""
    if block.attribute("useFeaturedImage") is not True:
        return html
    return _behind(_BESIDE.search(html), html, _absent_image(block, context, ""))


def _absent_image(block: Block, context: BodyContext, classes: str) -> str:
    """Return the image that a block shows beside its saved HTML, or an empty string."""
    own = block.inner_html
    if "<img" in own or "<video" in own:
        return ""
    if block.attribute("useFeaturedImage") is True:
        featured = context.post.first_meta("_thumbnail_id") or ""
        is_id = featured.isdecimal() and len(featured) < 19
        url = (context.site.file_url(int(featured)) if is_id else None) or ""
        classes = f"{classes} wp-image-{featured}".lstrip()
        alt = ""  # left out: the step on images takes the attachment's own
    else:
        url = block.text_attribute("url")
        alt = f' alt="{escape(block.text_attribute("alt"))}"'
    return f'<img class="{classes}"{alt} src="{escape(url)}" />' if url else ""


def _behind(place: re.Match[str] | None, html: str, image: str) -> str:
    return html[: place.end()] + image + html[place.end() :] if place else image + html


PICTURES = (
    BlockFamily(("core/image",), _image),
    BlockFamily(("core/cover", "core/cover-image"), _cover),
    BlockFamily(("core/media-text",), _media_text),
)
