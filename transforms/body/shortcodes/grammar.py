"""The grammar of shortcodes, as WordPress reads them: tags, attributes, escapes.

A call runs from its tag to the first closing tag of the same name, so a shortcode cannot hold itself.
Every scan moves forward only: a body of megabytes full of half-written tags stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from transforms.body.contract import Call, Shortcode

Registry = Mapping[str, Shortcode]

_NAME = re.compile(r"\[([^<>&/\[\]\x00-\x20=]+)")
_REST = re.compile(r"([^\]/]*+(?:/(?!\])[^\]/]*+)*+)(/)?\]")
_ATTRIBUTE = re.compile(
    r"""([\w-]+)\s*=\s*"([^"]*)"(?=\s|$)|([\w-]+)\s*=\s*'([^']*)'(?=\s|$)|([\w-]+)\s*=\s*([^\s'"]+)(?=\s|$)"""
    r"""|"([^"]*)"(?=\s|$)|'([^']*)'(?=\s|$)|(\S+)(?=\s|$)"""
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "v": "\v", "b": "\b", "f": "\f"}
_SOUND_HTML = re.compile(r"[^<]*(?:<[^>]*>[^<]*)*\Z")
_BREAK = re.compile(r"<br\s*/?>\s*\n|</?p>")
_SPACES = str.maketrans({"\u00a0": " ", "\u200b": " "})


def find_calls(text: str, registry: Registry) -> Iterator[Call]:
    """Yield the outermost calls of registered shortcodes, escaped ones left out."""
    for _, _, found in placed_calls(text, registry):
        if isinstance(found, Call):
            yield found


def placed_calls(text: str, registry: Registry) -> Iterator[tuple[int, int, Call | str]]:
    """Yield (start, end, call) for each call, or (start, end, text) for an escaped one."""
    never_closed: set[str] = set()  # so that a text of openings without end is not searched for each of them
    position = 0
    while opening := _NAME.search(text, position):
        name = opening[1]
        position = opening.end()
        if name not in registry:
            continue
        rest = _REST.match(text, position)
        if rest is None:
            if text.find("]", position) < 0:
                return
            continue
        start, end = opening.start(), rest.end()
        tag, content = text[start:end], None
        if not rest[2] and name not in never_closed:
            at = text.find(f"[/{name}]", end)
            if at < 0:
                never_closed.add(name)
            else:
                content = text[end:at]
                end = at + len(name) + 3
        position = end
        if start and text[start - 1] == "[" and text[end : end + 1] == "]":
            yield start - 1, end + 1, text[start:end]
            position = end + 1
            continue
        attributes, positional = parse_attributes(rest[1])
        yield start, end, Call(name, attributes, positional, content, tag)


@lru_cache(4_096)
def parse_attributes(text: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return named and positional attributes of a tag, with names in lower case.

    A value that holds half an HTML tag is emptied, as WordPress does. Paragraphs and breaks that
    wpautop() put between the lines of a long tag are no part of it.
    """
    text = (text if text.isascii() else text.translate(_SPACES)).strip()
    if not text:
        return {}, ()
    if "<" in text:
        text = _BREAK.sub("\n", text).strip()
    named: dict[str, str] = {}
    positional: list[str] = []
    for match in _ATTRIBUTE.finditer(text):
        name, value = match[1] or match[3] or match[5], match[match.lastindex or 0] or ""
        if "\\" in value and match[9] is None:
            value = _ESCAPE.sub(_unescape, value)
        if "<" in value and not _SOUND_HTML.match(value):
            value = ""
        if name:
            named[name.lower()] = value
        else:
            positional.append(value)
    return named, tuple(positional)


def _unescape(match: re.Match[str]) -> str:
    """Undo a backslash as PHP's stripcslashes() does."""
    sequence = match[1]
    if sequence[0] == "x" and len(sequence) > 1:
        return chr(int(sequence[1:], 16))
    if sequence[0] in "01234567":
        return chr(int(sequence, 8) & 0xFF)
    return _CONTROL.get(sequence, sequence)
