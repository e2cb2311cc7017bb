"""Players of files: what [audio], [video] and an embedded file's address become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlsplit

FILE_TYPES: Mapping[str, Mapping[str, str]] = {
    "audio": {"mp3": "audio/mpeg", "ogg": "audio/ogg", "flac": "audio/flac", "m4a": "audio/mp4", "wav": "audio/wav"},
    "video": {"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "flv": "video/x-flv"},
}


def file_player(kind: str, files: Sequence[str], *, options: str = "", tracks: str = "") -> str:
    """Return a player of these files, each another form of one recording; `options` are attributes."""
    types = FILE_TYPES[kind]
    sources = "".join(
        f'<source type="{types[ending]}" src="{escape(url)}" />'
        for url in files
        if (ending := file_ending(url)) in types
    )
    name = escape(urlsplit(files[0]).path.rsplit("/", 1)[-1])
    return f'<{kind} controls{options}>{sources}{tracks}<a href="{escape(files[0])}">{name}</a></{kind}>'


def player_of_file(url: str) -> str | None:
    """Return the player that WordPress shows for an embedded address ending like a recording's."""
    ending = url.rsplit(".", 1)[-1].lower()
    kind = next((kind for kind, types in FILE_TYPES.items() if ending in types), None)
    return file_player(kind, (url,)) if kind else None


def file_ending(url: str) -> str:
    """Return the last part of a file's name, in lower case."""
    return url.split("?", 1)[0].split("#", 1)[0].rsplit(".", 1)[-1].lower()
