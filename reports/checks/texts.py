"""When two texts say the same: WordPress stores markup and entities where the CMS holds plain text."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, tzinfo
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_UNSEEN = "script, style, template, noscript"
MAX_ROUNDS = 6  # of entities of entities


def same_text(source: str | None, target: str | None) -> bool:
    """Return whether two texts read the same, whatever their markup, entities and white space."""
    return source == target or bare(source or "") == bare(target or "")


def same_slug(source: str | None, target: str | None) -> bool:
    """Return whether two slugs or paths are the same, percent-encoded or not."""
    return source == target or unquote(source or "", errors="replace") == unquote(target or "", errors="replace")


def same_or_empty(source: object, target: object) -> bool:
    """Return whether two values are equal, where nothing may be '' on one side and NULL on the other."""
    return (source or None) == (target or None)


def masked(email: str | None) -> str | None:
    """Return as much of an e-mail address as lists may show: its first sign and its host."""
    name, at, host = (email or "").partition("@")
    return f"{name[:1]}…{at}{host}" if email else None


def hidden(value: str | None) -> str | None:
    """Return that there is a secret, or none, and nothing of it."""
    return "(a secret)" if value else None


def bare(text: str) -> str:
    """Return the signs of a text without markup, entities and white space, whichever side it comes from."""
    for _ in range(MAX_ROUNDS):
        stripped = _visible(text) if "<" in text else text
        read = html.unescape(stripped) if "&" in stripped else stripped
        if read == text:
            break
        text = read
    return _SPACE.sub("", text)


def words(text: str) -> list[str]:
    """Return the words of a text as people count them, in small letters."""
    return _WORD.findall(text.lower())


def utc(at: datetime | None, local: datetime | None, zone: tzinfo) -> datetime | None:
    """Return the moment that WordPress's two dates mean: its UTC date, else its wall time in the site's zone."""
    if at is not None or local is None:
        return at
    try:
        return local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return local.replace(tzinfo=UTC)


def _visible(markup: str) -> str:
    body = LexborHTMLParser(f"<body>{markup}").body
    if body is None:
        return ""
    for node in body.css(_UNSEEN):
        node.decompose()
    return body.text()
