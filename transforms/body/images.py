"""Pictures, films and sounds point at the media store; pictures come with sizes, WebP variants and lazy loading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from urllib.parse import unquote, urljoin

from transforms.body.attributes import read_attributes, with_attributes
from transforms.body.contract import BodyContext
from transforms.body.links import new_address
from transforms.contract import Media
from transforms.upload_links import COPY_SUFFIX

_IMAGE_CLASS = re.compile(r"wp-image-(?<!\Swp-image-)(\d{1,18})(?!\S)")
_SIZE_IN_NAME = re.compile(r"-(\d{1,5})x(\d{1,5})\.[^./]+$")
_PIXELS = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")
_LAZY_SOURCES = ("data-lazy-src", "data-src", "data-original", "data-orig-file")
_SUPERSEDED = frozenset(("srcset", "sizes", "data-srcset", "data-lazy-srcset", "data-sizes", *_LAZY_SOURCES))


def fit_images(pieces: list[str], places: Iterable[int], context: BodyContext) -> None:
    """Give every picture its file in the media store, its size, its variants and lazy loading."""
    for place in places:
        if not pieces[place].startswith("<img "):
            continue
        attributes = read_attributes(pieces[place])
        source = _source(attributes)
        if source:
            pieces[place] = with_attributes(pieces[place], _fitted(attributes, source, context))


def _fitted(attributes: Mapping[str, str], source: str, context: BodyContext) -> dict[str, str]:
    """Return the attributes of a picture in the new site."""
    media = _media_of(source, attributes.get("class", ""), context)
    fitted = {name: value for name, value in attributes.items() if name not in _SUPERSEDED}
    fitted["loading"], fitted["decoding"] = "lazy", "async"
    if media is None or media.store_key is None:
        if not source.startswith("data:"):
            fitted["src"] = _original(source, context)
        return fitted
    base = context.site.rules.media_base_url
    fitted["src"] = context.rewritten[source] = base + media.store_key
    width, height = _size(attributes, media, source)
    if width and height:
        fitted["width"], fitted["height"] = str(width), str(height)
    fitted.setdefault("alt", media.alt_text)
    variants = [variant for variant in media.variants if variant.width]
    if len(variants) > 1:
        fitted["srcset"] = ", ".join([f"{base}{variant.store_key} {variant.width}w" for variant in variants])
        shown = width or media.width or variants[-1].width
        fitted["sizes"] = f"(max-width: {shown}px) 100vw, {shown}px"
    return fitted


def _source(attributes: Mapping[str, str]) -> str:
    """Return the picture's address; plug-ins for lazy loading keep it elsewhere and put a blank pixel in `src`."""
    source = attributes.get("src", "").strip()
    if not source or source.startswith("data:"):
        for name in _LAZY_SOURCES:
            if lazy := attributes.get(name, "").strip():
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
    return site.media_at(site.resolve(source))


@lru_cache(4_096)
def _stem(url: str) -> str:
    name = unquote(url.split("?", 1)[0].split("#", 1)[0]).rsplit("/", 1)[-1].lower()
    return COPY_SUFFIX.sub("", name).rsplit(".", 1)[0]


def _original(source: str, context: BodyContext) -> str:
    """Return a picture's address of today, with its host: it still shows while the old site stands."""
    if context.site.resolve(source) is not None:
        context.report("body.missing_file", f"The picture {source} has no file in the media library.")
        if not source.startswith(("https://", "http://")):
            return urljoin(f"{context.site.home_url}/", source)
    return source


def _size(attributes: Mapping[str, str], media: Media, source: str) -> tuple[int | None, int | None]:
    """Return width and height: the author's, those of the copy in use, or the file's own."""
    width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
    if width is None and height is None:
        if match := _SIZE_IN_NAME.search(source):
            return int(match[1]), int(match[2])
        return media.width, media.height
    if media.width and media.height:
        width = width or round((height or 0) * media.width / media.height)
        height = height or round(width * media.height / media.width)
    return width, height


def _pixels(value: str | None) -> int | None:
    match = _PIXELS.match(value) if value else None
    return int(match[1]) or None if match else None


def point_at_files(pieces: list[str], places: Iterable[int], context: BodyContext) -> None:
    """Lead the sources and posters of films and sounds to the media store."""
    for place in places:
        tag = pieces[place]
        if not tag.startswith(("<video ", "<audio ", "<source ", "<track ")):
            continue
        attributes = read_attributes(tag)
        for name in ("src", "poster"):
            url = attributes.get(name)
            if url and (new := new_address(url, context, partial("a {}>".format, tag.partition(" ")[0]))):
                attributes[name] = new
        pieces[place] = with_attributes(tag, attributes)
