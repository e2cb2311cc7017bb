"""Plain text from what WordPress stores: titles and names with entities and sometimes tags, excerpts with markup."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser

_ENCODED_TWICE = re.compile(r"&amp;(?:[a-zA-Z][a-zA-Z0-9]*|#\d+|#[xX][0-9a-fA-F]+);")
_UNSEEN = "script, style, template, noscript"
_BLOCKS = "p, div, li, br, h1, h2, h3, h4, h5, h6, blockquote, pre, tr, td, th, dt, dd, figure, figcaption, hr"


def is_encoded_twice(text: str) -> bool:
    """Return whether a text holds entities of entities, as a careless import leaves them: `Q&amp;amp;A`."""
    return _ENCODED_TWICE.search(text) is not None


def decode_entities(text: str) -> str:
    """Return a text with its entities read; a text encoded twice stays as stored, for what it meant is a guess."""
    return text if "&" not in text or is_encoded_twice(text) else html.unescape(text)


def plain_text(markup: str) -> str:
    """Return what a reader sees of inline markup: tags gone, entities read, white space as written."""
    if "<" not in markup:
        return decode_entities(markup).strip()
    return _text_of(markup).strip()


def plain_line(markup: str) -> str:
    """Return what a reader sees of any markup on one line, one space between blocks."""
    return " ".join((_text_of(markup) if "<" in markup else decode_entities(markup)).split())


def _text_of(markup: str) -> str:
    body = LexborHTMLParser(f"<body>{markup}").body
    if body is None:
        return ""
    for node in body.css(_UNSEEN):
        node.decompose()
    for node in body.css(_BLOCKS):
        node.insert_before(" ")
        node.insert_after(" ")
    return body.text()
