"""Marks as tags, for engines that read XML or HTML: `<g id="1">bold</g>`, `<x id="2"/>`."""

from __future__ import annotations

import re
from html import escape, unescape

from transforms.translation.placeholders import MARK, closing, opening, standing

_TAG = re.compile(
    r"""<x\b[^<>]*?\bid=["']?(?P<stands>\d+)["']?[^<>]*?(?:/>|>[^<>]*</x>|>)|<g\b[^<>]*?\bid=["']?(?P<opens>\d+)["']?[^<>]*>|(?P<closes></g>)"""
)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_xml(text: str) -> str:
    """Return a segment's text as XML, its marks as elements."""
    return _escaped(text, '<x id="{}"/>')


def to_html(text: str) -> str:
    """Return a segment's text as HTML; what stands alone gets a number to show, or engines would lose it."""
    return _escaped(text, '<x id="{0}" translate="no">{0}</x>')


def from_tags(text: str) -> str:
    """Return what an engine made of either as text with marks; tags that have no meaning here stay as they are."""
    pieces: list[str] = []
    open_numbers: list[int] = []
    position = 0
    for found in _TAG.finditer(text):
        pieces.append(unescape(text[position : found.start()]))
        position = found.end()
        if found["stands"]:
            pieces.append(standing(int(found["stands"])))
        elif found["opens"]:
            open_numbers.append(int(found["opens"]))
            pieces.append(opening(open_numbers[-1]))
        elif open_numbers:
            pieces.append(closing(open_numbers.pop()))
    pieces.append(unescape(text[position:]))
    return "".join(pieces)


def _escaped(text: str, standing_form: str) -> str:
    text = _NOT_IN_XML.sub("", text)
    pieces: list[str] = []
    position = 0
    for found in MARK.finditer(text):
        pieces.append(escape(text[position : found.start()], quote=False))
        position = found.end()
        number = found[2]
        pieces.append("</g>" if found[1] else standing_form.format(number) if found[3] else f'<g id="{number}">')
    pieces.append(escape(text[position:], quote=False))
    return "".join(pieces)
