"""HTML as a line of tokens, each byte in one of them: what is cut here and joined again is the same text.

A tree would mend what it reads; blocks come in pieces (`<ul>`, `</ul>`) that no tree can hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    """What a token is to running text."""

    TEXT = auto()
    OPEN = auto()  # an inline tag
    CLOSE = auto()
    STANDING = auto()  # something in the line of the text: a picture, a break, code
    EDGE = auto()  # where a text ends: a block's tag, or a block that is not to be touched


class Token(NamedTuple):
    """One piece of markup or text; a body has thousands."""

    kind: Kind
    raw: str
    name: str = ""  # of the element, in small letters
    start_tag: str = ""  # of an element that stands as a whole: the part of `raw` that may have words in attributes
    has_words: bool = False  # a reader sees more than a picture: code, a name that is not to be translated


def _names(*lines: str) -> frozenset[str]:
    return frozenset(name for line in lines for name in line.split())


_INLINE = _names(
    "a abbr acronym b bdi bdo big cite data del dfn em font i ins label mark nobr q rp rt ruby s small span strike",
    "strong sub sup time tt u",
)
_VOID = _names("area base br col embed hr img input link meta param source track wbr")
_EDGE_VOID = _names("hr col")
_RAW_TEXT = _names("script style textarea title xmp iframe noembed noframes")
_CODE = _names("code kbd samp var math")
_TITLED = _names("iframe video audio object")
_UNTOUCHED = _RAW_TEXT | _CODE | _TITLED | _names("svg canvas applet template noscript select map pre")

_ATTRIBUTES = r"""(?:[\s/]++|=?[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+|(?=>)))?+)*+"""
_MARKUP = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rf"|<(?P<name>[A-Za-z][^\s/>]*+)(?P<attributes>{_ATTRIBUTES})>"
    rf"|</(?P<closes>[A-Za-z][^\s/>]*+){_ATTRIBUTES}>"
    r"|<(?:[!?]|/(?=[^A-Za-z>]))[^>]*+(?:>|\Z)"  # to a parser, a comment
    r"|</>"  # to a parser, nothing
    r"|</?[A-Za-z].*+\Z",  # a tag without end: to a parser, nothing either
    re.DOTALL,
)
_NOT_TRANSLATED = re.compile(r"""(?i)\btranslate\s*=\s*["']?no\b|\bnotranslate\b""")
_PROSE = re.compile(r"\bwp-block-(?:verse|preformatted)\b")


def tokens(html: str) -> Iterator[Token]:
    """Return all of the HTML, in order."""
    position = 0
    in_prose = False  # lines of a poem: each is a text of its own
    while found := _MARKUP.search(html, position):
        if found.start() > position:
            text = html[position : found.start()]
            if in_prose:
                yield from _lines(text)
            else:
                yield Token(Kind.TEXT, text)
        position = found.end()
        raw = found[0]
        if name := found["name"]:
            name = name.lower()
            if name == "pre" and _PROSE.search(raw):
                in_prose = True
                yield Token(Kind.EDGE, raw, name)
            elif name not in _VOID and (name in _UNTOUCHED or _NOT_TRANSLATED.search(found["attributes"])):
                position = _end_of_element(html, position, name)
                yield _untouched(name, raw, html[found.start() : position])
            else:
                yield _opening(name, raw)
        elif closes := found["closes"]:
            closes = closes.lower()
            in_prose = in_prose and closes != "pre"
            yield Token(Kind.CLOSE if closes in _INLINE else Kind.EDGE, raw, closes)
        else:
            yield Token(Kind.STANDING, raw)
    if position < len(html):
        yield from _lines(html[position:]) if in_prose else (Token(Kind.TEXT, html[position:]),)


def _lines(raw: str) -> Iterator[Token]:
    for line in re.split("(\n+)", raw):
        if line:
            yield Token(Kind.EDGE if line[0] == "\n" else Kind.TEXT, line)


def _opening(name: str, raw: str) -> Token:
    if name in _VOID:
        return Token(Kind.EDGE if name in _EDGE_VOID else Kind.STANDING, raw, name, start_tag=raw)
    return Token(Kind.OPEN if name in _INLINE else Kind.EDGE, raw, name, start_tag=raw)


def _untouched(name: str, start_tag: str, raw: str) -> Token:
    is_block = name == "pre" or (name not in _UNTOUCHED and name not in _INLINE)
    return Token(
        Kind.STANDING if not is_block and _is_whole(raw) else Kind.EDGE,
        raw,
        name,
        start_tag=start_tag if name in _TITLED else "",
        has_words=name in _CODE or name in _INLINE,
    )


def _is_whole(element: str) -> bool:
    """Return whether all that opens in an element closes in it; else it changes what stands after it."""
    open_names: list[str] = []
    position = 0
    while found := _MARKUP.search(element, position):
        position = found.end()
        if name := (found["name"] or "").lower():
            if name in _RAW_TEXT:
                position = _end_of_element(element, position, name)
            elif name not in _VOID:
                open_names.append(name)
        elif (closes := found["closes"]) and (not open_names or open_names.pop() != closes.lower()):
            return False
    return not open_names


def _end_of_element(html: str, position: int, name: str) -> int:
    """Return where an element ends that begins before `position`; the end of the HTML when it is never closed."""
    if name in _RAW_TEXT:
        closer = re.compile(rf"</{name}(?=[\s/>])[^>]*>", re.IGNORECASE).search(html, position)
        return closer.end() if closer else len(html)
    depth = 1
    while found := _MARKUP.search(html, position):
        position = found.end()
        inner = (found["name"] or "").lower()
        if inner in _RAW_TEXT:
            position = _end_of_element(html, position, inner)
        elif inner == name:
            depth += 1
        elif (found["closes"] or "").lower() == name:
            depth -= 1
            if not depth:
                return position
    return len(html)
