"""WordPress's own shortcodes: captions, players and embeds; galleries have a file of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from transforms.body.contract import BodyContext, Call, Shortcode
from transforms.body.embeds import embed, iframe, player_url
from transforms.body.players import FILE_TYPES, file_ending, file_player
from transforms.body.shortcodes.gallery import GALLERY, PLAYLIST

Expand = Callable[[str], str]

_PICTURE_AND_CAPTION = re.compile(
    r"(?:<p>\s*)?((?:<a [^>]+>\s*)?<img [^>]+>(?:\s*</a>)?)(.*)", re.IGNORECASE | re.DOTALL
)
_STRAY_PARAGRAPH = re.compile(r"^\s*</p>|<p>\s*$")


def _caption(call: Call, _context: BodyContext, expand: Expand) -> str:
    """Return a figure; both syntaxes are in use: the caption after the picture, and as an attribute."""
    content = call.content or ""
    caption = call.attributes.get("caption")
    if caption is None and (match := _PICTURE_AND_CAPTION.search(content)):
        content, caption = match[1], _STRAY_PARAGRAPH.sub("", match[2]).strip()
    width = re.match(r"\s*(\d+)", call.attributes.get("width", ""))
    if not caption or not width or int(width[1]) < 1:
        return expand(content)
    classes = " ".join(
        filter(None, ("wp-caption", call.attributes.get("align", "alignnone"), call.attributes.get("class")))
    )
    identity = f' id="{escape(call.attributes["id"])}"' if call.attributes.get("id") else ""
    return (
        f'<figure{identity} class="{escape(classes)}">{expand(content)}'
        f'<figcaption class="wp-caption-text">{expand(caption)}</figcaption></figure>'
    )


def _audio(call: Call, context: BodyContext, _expand: Expand) -> str:
    return _player("audio", call, context)


def _video(call: Call, context: BodyContext, expand: Expand) -> str:
    source = call.attributes.get("src", "")
    if source and (player := player_url(source)):
        return iframe(player)
    return _player("video", call, context, tracks=expand(call.content or ""))


def _player(kind: str, call: Call, context: BodyContext, tracks: str = "") -> str:
    """Return a player of the named files, or of the first attached file when none is named."""
    types = FILE_TYPES[kind]
    files = [value for name in ("src", *types) if (value := call.attributes.get(name, "").strip())]
    files = files or [value for value in call.positional if value.startswith(("http://", "https://"))]
    if not files:
        attached = map(context.site.file_url, context.site.attached(context.post.id, kind))
        files = [url for url in attached if url][:1]
    if not files:
        context.report("body.empty_shortcode", f"[{call.name}] names no file and none is attached: it shows nothing.")
        return ""
    if len(files) == 1 and file_ending(files[0]) not in types:
        url = escape(files[0])
        return f'<a class="wp-embedded-{kind}" href="{url}">{url}</a>'
    options = "".join(
        f' {name}="{escape(value)}"'
        for name in ("poster", "width", "height", "preload")
        if (value := call.attributes.get(name, "")) and (kind == "video" or name == "preload")
    )
    options += "".join(
        f" {name}" for name in ("loop", "muted") if call.attributes.get(name, "") in {"1", "on", "true", "yes"}
    )
    return file_player(kind, files, options=options, tracks=tracks)


def _embed(call: Call, context: BodyContext, _expand: Expand) -> str:
    url = (call.content or "").strip() or call.attributes.get("src", "")
    if not url:
        return ""
    size = {name: value for name, value in call.attributes.items() if name != "src"}
    shown = escape(url.replace("&amp;", "&"))
    return embed(url, context, size) or f'<a href="{shown}">{shown}</a>'


EMBED = Shortcode(("embed",), _embed)

CORE_SHORTCODES: tuple[Shortcode, ...] = (
    Shortcode(("caption", "wp_caption"), _caption),
    GALLERY,
    PLAYLIST,
    Shortcode(("audio",), _audio),
    Shortcode(("video",), _video),
    EMBED,
)
