"""Avada's elements of pictures, films, sounds, maps and code."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from transforms.body import builder_markup as markup
from transforms.body.builder_elements import (
    Element,
    Picture,
    Renderer,
    Roles,
    attachment_ids,
    gallery_of,
    picture,
    unwrapped,
)
from transforms.body.builder_values import decoded

_AUTOP = re.compile(r"<br\s*/?>\n?|</?p>", re.IGNORECASE)


def _image_frame(element: Element) -> str:
    shows_caption = element.get("caption_style") != "off"
    captions = (element.get("caption_title"), element.get("caption_text")) if shows_caption else ()
    full_size = element.get("lightbox_image") if element.get("lightbox") == "yes" else ""
    return picture(
        element,
        url=element.enclosed_url() or element.get("image"),
        attachment=element.get("image_id"),
        alt=element.get("alt"),
        captions=captions,
        link_url=element.get("link") or full_size,
    )


_LISTED = Picture(url=("image",), id="image_id", alt="alt", caption=("image_title", "image_caption"), link="link")


def _gallery(element: Element) -> str:
    """Return a gallery whose pictures are listed by id, or are elements of their own."""
    listed = gallery_of(element.context, attachment_ids(element.get("image_ids", "multiple_upload")))
    inside = element.blocks()
    return listed + (markup.gallery((inside,)) if inside else "")


def _slide(element: Element) -> str:
    if element.get("type") == "video" or "[" in element.content:
        return element.blocks()
    return picture(
        element,
        url=element.enclosed_url(),
        attachment=element.get("image_id"),
        alt=element.get("alt"),
        link_url=element.get("link"),
    )


def _before_after(element: Element) -> str:
    before = Picture(url=("before_image",), id="before_image_id", caption=("before_label",))
    after = Picture(url=("after_image",), id="after_image_id", caption=("after_label",))
    return markup.gallery((before(element), after(element)))


def _hotspots(element: Element) -> str:
    return Picture(url=("image",), id="image_id", alt="alt")(element) + element.blocks()


def _lightbox(element: Element) -> str:
    target = element.get("full_image") if element.get("type") != "video" else ""
    shown = element.get("thumbnail_image", "full_image")
    captions = (element.get("title"), element.get("description"))
    return picture(
        element,
        url=shown,
        attachment=element.get("thumbnail_image_id"),
        alt=element.get("alt_text"),
        captions=captions,
        link_url=element.get("video_url") or target,
    )


def _video(element: Element) -> str:
    return markup.film((element.get("video"), element.get("video_webm")), element.get("preview_image"))


def _youtube(element: Element) -> str:
    return _player(element, markup.youtube_address(element.get("id")))


def _vimeo(element: Element) -> str:
    return _player(element, markup.vimeo_address(element.get("id")))


def _player(element: Element, address: str) -> str:
    if not address:
        element.context.report("body.unknown_video", f"[{element.name}] names no video: {element.get('id')!r}.")
    return markup.frame(address, element.get("title_attribute", "video_title"))


def _audio(element: Element) -> str:
    return markup.sound(element.get("src"))


def _soundcloud(element: Element) -> str:
    url = element.get("url")
    return markup.frame(f"https://w.soundcloud.com/player/?url={url}", "SoundCloud") if url else ""


def _map(element: Element) -> str:
    """Return a map of each address, and what the info boxes said."""
    embedded = element.get("embed_address")
    places = [place for place in (element.get("address") or embedded).split("|") if place.strip()]
    notes = element.get("infobox_content").split("|") if element.get("infobox_content") else []
    shown = "".join(markup.map_of(place) for place in places)
    return shown + "".join(markup.blocks(element.expand(note)) for note in notes)


def _marker(element: Element) -> str:
    latitude, longitude = element.get("latitude"), element.get("longitude")
    title = markup.heading(markup.inline(element.get("title")), 4)
    shown = markup.map_of(f"{latitude},{longitude}") if latitude and longitude else ""
    return shown + title + markup.blocks(element.expand(element.get("tooltip_content")))


def _code(element: Element) -> str:
    """Return the markup an editor typed; later steps take out what must not run."""
    typed = decoded(element.content)
    if typed == element.content:
        return element.blocks()
    # Some versions of Avada store the markup as entities, inside the base64.
    return element.expand(typed if "<" in typed else html.unescape(typed))


def _listing(element: Element) -> str:
    text = decoded(element.content)
    if text == element.content:
        text = _AUTOP.sub("\n", text)
    return markup.code(html.unescape(text).strip("\r\n"), element.get("language"))


def _lottie(element: Element) -> str:
    element.context.report("body.animation_left_out", f"[{element.name}] played an animation that is not carried over.")
    return ""


MEDIA: Mapping[str, Renderer] = {
    "fusion_imageframe": _image_frame,
    "fusion_images": _gallery,
    "fusion_image": _LISTED,
    "fusion_gallery": _gallery,
    "fusion_gallery_image": _LISTED,
    "fusion_slider": unwrapped,
    "fusion_slide": _slide,
    "fusion_image_before_after": _before_after,
    "fusion_image_hotspots": _hotspots,
    "fusion_image_hotspot_point": Roles(
        headings=("title", "long_title"), level=4, texts=("long_text",), links=(("link_title", "link"),)
    ),
    "fusion_lightbox": _lightbox,
    "fusion_video": _video,
    "fusion_youtube": _youtube,
    "fusion_vimeo": _vimeo,
    "fusion_audio": _audio,
    "fusion_soundcloud": _soundcloud,
    "fusion_map": _map,
    "fusion_openstreetmap": unwrapped,
    "fusion_openstreetmap_marker": _marker,
    "fusion_code": _code,
    "fusion_syntax_highlighter": _listing,
    "fusion_lottie": _lottie,
}
