"""Pictures, films and sounds point at the media store; pictures come with sizes, WebP variants and lazy loading."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms.body.contract import BodyContext
from transforms.body.links import new_address
from transforms.contract import Media
from transforms.upload_links import COPY_SUFFIX

_IMAGE_CLASS = re.compile(r"(?:^|\s)wp-image-(\d{1,18})(?:\s|$)")
_SIZE_IN_NAME = re.compile(r"-(\d{1,5})x(\d{1,5})\.[^./]+$")
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")
_LAZY_SOURCES = ("data-lazy-src", "data-src", "data-original", "data-orig-file")
_SUPERSEDED = ("srcset", "sizes", "data-srcset", "data-lazy-srcset", "data-sizes", *_LAZY_SOURCES)


def fit_images(tree: LexborHTMLParser, context: BodyContext) -> None:
    """Give every picture of the tree its file in the media store, its size, its variants and lazy loading."""
    for node in tree.tags("img"):
        _fit(node, context)


def _fit(node: LexborNode, context: BodyContext) -> None:
    attributes = node.attributes
    source = _source(attributes)
    if not source:
        return
    media = _media_of(source, attributes.get("class") or "", context)
    attrs = node.attrs
    for name in _SUPERSEDED:
        if name in attributes:
            del attrs[name]
    attrs["loading"], attrs["decoding"] = "lazy", "async"
    if media is None or media.store_key is None:
        _keep_original(node, source, context)
        return
    base = context.site.rules.media_base_url
    attrs["src"] = context.rewritten[source] = base + media.store_key
    width = _set_size(node, attributes, media, source)
    if attributes.get("alt") is None:
        attrs["alt"] = media.alt_text
    variants = [variant for variant in media.variants if variant.width]
    if len(variants) > 1:
        attrs["srcset"] = ", ".join(f"{base}{variant.store_key} {variant.width}w" for variant in variants)
        shown = width or media.width or variants[-1].width
        attrs["sizes"] = f"(max-width: {shown}px) 100vw, {shown}px"


def _source(attributes: dict[str, str | None]) -> str:
    """Return the picture's address; plug-ins for lazy loading keep it elsewhere and put a blank pixel in `src`."""
    source = (attributes.get("src") or "").strip()
    if not source or source.startswith("data:"):
        for name in _LAZY_SOURCES:
            if lazy := (attributes.get(name) or "").strip():
                return lazy
    return source


def _media_of(source: str, classes: str, context: BodyContext) -> Media | None:
    """Return the attachment of a picture.

    The class `wp-image-ID` names it even behind a CDN or after a move, but importers leave it stale: it counts
    only when the file names agree.
    """
    site = context.site
    if match := _IMAGE_CLASS.search(classes):
        file = site.file_url(int(match[1]))
        if file and _stem(file) == _stem(source):
            media = site.media(int(match[1]))
            if media and media.store_key:
                return media
    if source.startswith("data:"):
        return None
    address = site.resolve(source)
    return address.media if address else None


def _stem(url: str) -> str:
    name = unquote(url.split("?", 1)[0].split("#", 1)[0]).rsplit("/", 1)[-1].lower()
    return COPY_SUFFIX.sub("", name).rsplit(".", 1)[0]


def _keep_original(node: LexborNode, source: str, context: BodyContext) -> None:
    """Leave a picture where it is, with its whole address, so that it still shows while the old site stands."""
    if source.startswith("data:"):
        return
    if context.site.resolve(source) is not None:
        context.report("body.missing_file", f"The picture {source} has no file in the media library.")
        source = urljoin(f"{context.site.home_url}/", source)
    node.attrs["src"] = source


def _set_size(node: LexborNode, attributes: dict[str, str | None], media: Media, source: str) -> int | None:
    """Set width and height, and return the width: the author's, that of the copy in use, or the file's own."""
    width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
    if width is None and height is None:
        if match := _SIZE_IN_NAME.search(source):
            width, height = int(match[1]), int(match[2])
        else:
            width, height = media.width, media.height
    elif media.width and media.height:
        width = width or round((height or 0) * media.width / media.height)
        height = height or round(width * media.height / media.width)
    if width and height:
        node.attrs["width"], node.attrs["height"] = str(width), str(height)
    return width


def _pixels(value: str | None) -> int | None:
    match = _PIXELS.match(value) if value else None
    return int(match[1]) or None if match else None


def point_at_files(tree: LexborHTMLParser, context: BodyContext) -> None:
    """Lead the sources and posters of films and sounds to the media store."""
    for node in tree.css("video, audio, source, track"):
        attributes = node.attributes
        for name in ("src", "poster"):
            url = attributes.get(name)
            if url and (new := new_address(url, context, f"a <{node.tag}>")):
                node.attrs[name] = new
