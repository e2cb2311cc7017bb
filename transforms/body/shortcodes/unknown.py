"""Shortcodes that nobody here knows: what they enclose stays without them; those that enclose nothing stay as text.

Much text stands in brackets that is no shortcode: "[sic]", "[1]", "[x]". A name counts as one when it is used
like one: with attributes, with a closing tag, closed in itself, or with an underscore as only programs write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from html import escape

import orjson

from transforms.body.contract import BodyContext, Call, Shortcode

_USE = re.compile(r"(?a)\[/?([a-zA-Z][\w-]*)(?![^\s/\]])(?:(\s+[a-zA-Z_][\w-]*\s*=\s*[\"'“”‘’\w&][^\[\]]*|\s*/)?\])")
_NAME = re.compile(r"(?a)\[/?([a-zA-Z][\w-]*)")
_CLOSING = re.compile(r"\[/([a-zA-Z][\w-]*)\]")
_CODE = re.compile(r"<(pre|code|kbd|samp|textarea)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)


def has_unknown_names(text: str, known: Container[str]) -> bool:
    """Return whether a name in brackets is not known, be it used like a shortcode or not."""
    return not all(map(known.__contains__, set(_NAME.findall(text))))


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


def drop_stray_closers(text: str, names: Container[str]) -> str:
    """Return the text without closing tags that closed nothing, as they remain where a shortcode holds itself."""
    return _CLOSING.sub(lambda tag: "" if tag[1] in names else tag[0], text)


def _unwrap_or_mark(call: Call, context: BodyContext, expand: Callable[[str], str]) -> str:
    """Return what the call encloses; a call that encloses nothing stays readable, marked for the front end to fill."""
    if call.content is not None:
        context.report(
            "body.unknown_shortcode",
            f"[{call.name}] belongs to no known plugin: its tags were dropped, its content kept.",
        )
        return expand(call.content)
    context.report(
        "body.unknown_shortcode",
        f"[{call.name}] belongs to no known plugin: it stays as text in an element marked data-wp-shortcode.",
    )
    attributes = orjson.dumps(
        {**call.attributes, **{str(i): value for i, value in enumerate(call.positional)}}
    ).decode()
    return (
        f'<span data-wp-shortcode="{escape(call.name)}" data-attributes="{escape(attributes)}">'
        f"{escape(call.tag, quote=False)}</span>"
    )


UNKNOWN = Shortcode((), _unwrap_or_mark)
