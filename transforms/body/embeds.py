"""What an embedded URL shows: the answer that WordPress cached, else the provider's own player."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import md5
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

from transforms.body.contract import BodyContext
from transforms.body.players import player_of_file
from wp_models.records import WpPost

UNKNOWN = "{{unknown}}"  # WordPress asked and nobody answered
_LONE_URL = re.compile(r"(?im)^([ \t\xa0]*)(https?://[^\s<>\"]+)([ \t\xa0]*\r?)$")
# What is rare in a text comes first, so that a scan can jump to it.
_MAYBE_LONE_URL = re.compile(
    r"://(?:(?<=http://)(?<![^\s>]http://)|(?<=https://)(?<![^\s>]https://))[^\s<>\"]++(?=\s*(?:\n|\Z|</[pP]>))"
)
_URL_IN_PARAGRAPH = re.compile(r"(?i)(<p(?: [^>]*)?>\s*)(https?://[^\s<>\"]+)(\s*</p>)")
_WIDEST = 2_000  # no theme's content is wider

_PLAYERS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), player)
    for pattern, player in (
        (r"https?://(?:[\w-]+\.)?youtube(?:-nocookie)?\.com/(?:embed|shorts|live|v)/([\w-]{5,})", "https://www.youtube.com/embed/{}"),
        (r"https?://youtu\.be/([\w-]{5,})", "https://www.youtube.com/embed/{}"),
        (r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/|channels/[\w-]+/|groups/[\w-]+/videos/)?(\d+)", "https://player.vimeo.com/video/{}"),
        (r"https?://(?:www\.)?dailymotion\.com/(?:embed/)?video/(\w+)", "https://www.dailymotion.com/embed/video/{}"),
        (r"https?://dai\.ly/(\w+)", "https://www.dailymotion.com/embed/video/{}"),
        (r"https?://open\.spotify\.com/(?:embed/)?((?:track|album|playlist|episode|show|artist)/\w+)", "https://open.spotify.com/embed/{}"),
        (r"https?://(?:www\.)?ted\.com/(talks/[\w-]+)", "https://embed.ted.com/{}"),
        (r"https?://videopress\.com/(?:v|embed)/(\w+)", "https://videopress.com/embed/{}"),
        (r"https?://(?:www\.)?tiktok\.com/@[\w.-]+/video/(\d+)", "https://www.tiktok.com/embed/v2/{}"),
        (r"https?://codepen\.io/([\w-]+)/(?:pen|full|details)/(\w+)", "https://codepen.io/{}/embed/{}"),
    )
)  # fmt: skip


def embed(url: str, context: BodyContext, size: Mapping[str, str] | None = None) -> str | None:
    """Return the HTML an embedded URL shows; None when WordPress could not embed it and we know no player."""
    url = url.strip().replace("&amp;", "&").replace("&#038;", "&")
    if recording := player_of_file(url):
        return recording
    cached = _cached(url, context.post, size or {})
    if cached is not None:
        return None if cached == UNKNOWN else cached
    player = player_url(url)
    return iframe(player) if player else None


def embed_lone_urls(text: str, context: BodyContext) -> str:
    """Return the body with each URL that stands alone on its line embedded, where that is possible."""
    if not _MAYBE_LONE_URL.search(text):
        return text

    def replace(match: re.Match[str]) -> str:
        html = embed(match[2], context)
        return match[0] if html is None else match[1] + html + match[3]

    return _URL_IN_PARAGRAPH.sub(replace, _LONE_URL.sub(replace, text))


def iframe(source: str, title: str = "") -> str:
    """Return a player."""
    named = f' title="{escape(title)}"' if title else ""
    return f'<iframe src="{escape(source)}" width="640" height="360"{named} allowfullscreen></iframe>'


def player_url(url: str) -> str | None:
    """Return the address of the provider's player for a page of a film or a track."""
    for pattern, player in _PLAYERS:
        if match := pattern.match(url):
            return player.format(*match.groups())
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:
        return None
    if host in {"youtube.com", "music.youtube.com"}:
        query = parse_qs(parts.query)
        if "v" in query:
            return f"https://www.youtube.com/embed/{quote(query['v'][0], safe='')}"
        return (
            f"https://www.youtube.com/embed/videoseries?list={quote(query['list'][0], safe='')}"
            if "list" in query
            else None
        )
    if host == "soundcloud.com" and parts.path.count("/") >= 2:
        return f"https://w.soundcloud.com/player/?url={quote(url, safe='')}"
    return None


def _cached(url: str, post: WpPost, size: Mapping[str, str]) -> str | None:
    """Return the newest cached answer for a URL.

    WordPress keys its cache by the URL and the size that the theme of the time asked for, so the widths are tried.
    Metas come in the order they were made: the last is what the last theme was told.
    """
    answers = {
        key.removeprefix("_oembed_"): values[0]
        for key, values in post.meta.items()
        if key.startswith("_oembed_") and not key.startswith("_oembed_time_") and values
    }
    if not answers:
        return None
    asked: set[str] = set()
    for width in range(1, _WIDEST + 1):
        key = md5((url + _php_size(width, size)).encode(), usedforsecurity=False).hexdigest()
        if key in answers:
            asked.add(key)
    found = [answer for key, answer in answers.items() if key in asked]
    return found[-1] if found else None


def _php_size(width: int, size: Mapping[str, str]) -> str:
    """Return what PHP's serialize() gives for the attributes of an embed in a theme of this content width."""
    height = min((width * 3 + 1) // 2, 1000)
    pairs: dict[str, int | str] = {"width": width, "height": height, **size}
    inner = "".join(
        f's:{len(name.encode())}:"{name}";'
        + (f"i:{value};" if isinstance(value, int) else f's:{len(value.encode())}:"{value}";')
        for name, value in pairs.items()
    )
    return f"a:{len(pairs)}:{{{inner}}}"
