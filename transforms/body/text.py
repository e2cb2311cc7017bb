"""The words of a body as a visitor reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape

from transforms.body.remembered import Remembered

_BLOCK = re.compile(
    r"</?(?:address|article|aside|audio|blockquote|br|caption|cite|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]|header|"
    r"hgroup|hr|iframe|li|main|menu|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)"
    r"(?=[\s>])"
)
_INVISIBLE = ("\u200b", "\ufeff", "\u00ad")


def text_of(pieces: Sequence[str]) -> str:
    """Return the plain text of clean HTML cut at its tags: one space between words and between blocks."""
    mixed = list(pieces)
    mixed[1::2] = map(_GAPS.__getitem__, mixed[1::2])
    text = "".join(mixed)
    if "&" in text:
        text = unescape(text).replace("\xa0", " ")
    text = _words_of(text.split("\n"))
    if not text.isprintable():  # white space of another kind, or signs that nobody sees
        for sign in _INVISIBLE:
            text = text.replace(sign, "")
        return " ".join(text.split())
    return _words_of(text.split("  "))


def _words_of(parts: Iterable[str]) -> str:
    return " ".join(filter(None, map(str.strip, filter(None, parts))))


def _gap(tag: str) -> str:
    """Return what a tag is between words: the end of a line, or nothing."""
    return "\n" if _BLOCK.match(tag) else ""


_GAPS = Remembered(_gap)
