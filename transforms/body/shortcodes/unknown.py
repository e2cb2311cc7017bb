"""Shortcodes that nobody here knows: their tags go, what they enclose stays.

Much text stands in brackets that is no shortcode: "[sic]", "[1]", "[x]". A name counts as one when it is used
like one: with attributes, with a closing tag, closed in itself, or with an underscore as only programs write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from transforms.body.contract import BodyContext, Call, Shortcode

_USE = re.compile(r"(?a)\[/?([a-zA-Z][\w-]*)(?![^\s/\]])(?:(\s+[a-zA-Z_][\w-]*\s*=\s*[\"'“”‘’\w&][^\[\]]*|\s*/)?\])")
_CODE = re.compile(r"<(pre|code|kbd|samp|textarea)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)


def protect_code(text: str, known: Container[str]) -> str:
    """Return the body with unknown shortcodes inside code kept as text: there they are shown, not used."""
    if "<" not in text or not _CODE.search(text):
        return text
    return _CODE.sub(lambda match: _USE.sub(lambda use: _encode(use, known), match[0]), text)


def _encode(use: re.Match[str], known: Container[str]) -> str:
    return use[0] if use[1] in known else use[0].replace("[", "&#91;").replace("]", "&#93;")


def unknown_names(text: str, known: Container[str]) -> frozenset[str]:
    """Return the names used like shortcodes that are not known."""
    opened: set[str] = set()
    closed: set[str] = set()
    sure: set[str] = set()
    for use in _USE.finditer(text):
        name = use[1]
        if name in known or text[use.start() - 1 : use.start()] == "[" == text[use.start() : use.start() + 1]:
            continue
        if use[0][1] == "/":
            closed.add(name)
        else:
            opened.add(name)
            if use[2] or "_" in name:
                sure.add(name)
    return frozenset(sure | (opened & closed))


def _unwrap(call: Call, context: BodyContext, expand: Callable[[str], str]) -> str:
    kept = "its content was kept" if (call.content or "").strip() else "there was nothing inside"
    context.report("body.unknown_shortcode", f"[{call.name}] belongs to no known plugin: the tag was dropped, {kept}.")
    return expand(call.content or "")


UNKNOWN = Shortcode((), _unwrap)
