"""Addresses in comments as links, as WordPress's make_clickable() sets them."""

from __future__ import annotations

import re
from html import escape

from transforms.body.texturize import TAGS

_VERBATIM = re.compile(r"<(/?)(code|pre|script|style|a)[\s>]", re.IGNORECASE)
_URL = re.compile(r"(?<![\w@/.\"'=])((?:https?|ftp)://[^\s<>\"']{1,2000})", re.IGNORECASE)
_WEB = re.compile(r"(?<![\w@/.:])((?:www|ftp)\.[\w#$%&~/.\-;:=,?@\[\]+]+)", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w./:@+-])([\w.+-]+@(?:[\w-]+\.)+[a-z]{2,})", re.IGNORECASE)


def make_clickable(text: str) -> str:
    """Return HTML in which web and mail addresses outside tags, links and code are links."""
    if not ("://" in text or "www." in text or "ftp." in text or "@" in text):
        return text
    pieces = TAGS.split(text)
    inside = 0
    for i, piece in enumerate(pieces):
        if i % 2:
            if tag := _VERBATIM.match(piece):
                inside = max(0, inside + (-1 if tag[1] else 1))
        elif not inside and piece:
            pieces[i] = _link(piece)
    return "".join(pieces)


def _link(text: str) -> str:
    if "://" in text:
        parts = _URL.split(text)
        return "".join(_link_url(part) if i % 2 else _link_rest(part) for i, part in enumerate(parts))
    return _link_rest(text)


def _link_url(url: str) -> str:
    """Link an address; punctuation at its end and a bracket opened before it belong to the sentence."""
    rest = len(url)
    while rest and (
        url[rest - 1] in ".,:;!?'" or (url[rest - 1] == ")" and url[:rest].count("(") < url[:rest].count(")"))
    ):
        rest -= 1
    return _anchor(url[:rest], url[:rest]) + url[rest:]


def _link_rest(text: str) -> str:
    if "www." in text or "ftp." in text:
        text = _WEB.sub(lambda match: _web(match[1]), text)
    if "@" in text:
        text = _MAIL.sub(lambda match: _anchor(f"mailto:{match[1]}", match[1]), text)
    return text


def _web(name: str) -> str:
    address = name.rstrip(".,;:)")
    url = f"http://{address}"  # WordPress shows it with what it adds
    return _anchor(url, url) + name[len(address) :]


def _anchor(url: str, shown: str) -> str:
    safe = escape(url.replace("&amp;", "&").replace("&#038;", "&"))
    return f'<a href="{safe}">{shown}</a>'
