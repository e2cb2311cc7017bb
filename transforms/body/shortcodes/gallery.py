"""[gallery] and [playlist]: attachments by id, or those of the post."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from transforms.body.contract import BodyContext, Call, Shortcode
from transforms.body.texturize import texturize
from transforms.contract import Media

MISSING = "body.missing_file"


def _gallery(call: Call, context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return figures in WordPress's order; the links lead to the files, as attachment pages do not move."""
    pictures = [media for media in _attachments(call, context) if media.kind == "image"]
    if not pictures:
        context.report("body.empty_gallery", f"{_shown(call)} shows no picture: none of its attachments is left.")
        return ""
    link = call.attributes.get("link", "")
    columns = re.match(r"\d+", call.attributes.get("columns", "3"))
    figures = "".join(_figure(media, context, is_linked=link != "none") for media in pictures)
    return f'<div class="gallery gallery-columns-{columns[0] if columns else 3}">{figures}</div>\n'


def _figure(media: Media, context: BodyContext, *, is_linked: bool) -> str:
    url = _file_url(media, context)
    image = f'<img src="{url}" alt="{escape(media.alt_text)}" class="wp-image-{media.id}" />'
    if is_linked:
        image = f'<a href="{url}">{image}</a>'
    caption = media.caption.strip()
    if caption:
        words = texturize(caption, signs=context.signs)
        caption = f'<figcaption class="wp-caption-text">{words}</figcaption>'
    return f'<figure class="gallery-item">{image}{caption}</figure>'


def _playlist(call: Call, context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Return a list of players, one a track."""
    kind = "audio" if call.attributes.get("type", "audio") == "audio" else "video"
    tracks = [media for media in _attachments(call, context) if media.kind == kind]
    if not tracks:
        context.report("body.empty_playlist", f"{_shown(call)} plays nothing: none of its attachments is left.")
        return ""
    items = "".join(
        f'<li><a href="{_file_url(media, context)}">{escape(media.title)}</a>'
        f'<{kind} controls preload="none" src="{_file_url(media, context)}"></{kind}></li>'
        for media in tracks
    )
    return f'<ol class="wp-playlist">{items}</ol>\n'


def _file_url(media: Media, context: BodyContext) -> str:
    """Return the address of the file in the source; the steps on the tree lead it to the media store."""
    return escape(context.site.file_url(media.id) or f"{context.site.home_url}/?attachment_id={media.id}")


def _attachments(call: Call, context: BodyContext) -> list[Media]:
    """Return the attachments a call asks for, in its order."""
    wanted = call.attributes.get("ids") or call.attributes.get("include") or ""
    parent = _number(call.attributes.get("id")) or context.post.id
    ids: Sequence[int] = _ids(wanted) if wanted else context.site.attached(parent, "image")
    left_out = set(_ids(call.attributes.get("exclude", ""))) if not wanted else set()
    found: list[Media] = []
    for attachment in dict.fromkeys(ids):
        media = context.site.media(attachment) if attachment not in left_out else None
        if media is not None:
            found.append(media)
        elif attachment not in left_out:
            context.report(MISSING, f"{_shown(call)} names the attachment {attachment}, which does not exist.")
    order = call.attributes.get("orderby") or ("post__in" if call.attributes.get("ids") else "menu_order ID")
    if order.split()[:1] == ["title"]:
        found.sort(key=lambda media: media.title.lower())
    elif order.split()[:1] in (["ID"], ["id"]) or (order == "menu_order ID" and wanted):
        found.sort(key=lambda media: media.id)
    if call.attributes.get("order", "").upper() == "DESC" and order != "post__in":
        found.reverse()
    return found


def _ids(text: str) -> tuple[int, ...]:
    """Return a list of ids as PHP reads it: what does not begin with digits is no id."""
    return tuple(int(digits) for digits in re.findall(r"(?:^|(?<=[\s,]))-?(\d+)", text) if len(digits) < 19)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def _shown(call: Call) -> str:
    return call.tag if len(call.tag) <= 80 else f"{call.tag[:79]}…"


GALLERY = Shortcode(("gallery",), _gallery)
PLAYLIST = Shortcode(("playlist",), _playlist)
