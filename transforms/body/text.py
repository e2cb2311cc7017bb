"""The words of a body as a visitor reads them."""

from __future__ import annotations

import re
from html import unescape

# Clean HTML has < and > escaped in texts and in attributes: a tag ends at the first >.
_BLOCK = re.compile(
    r"</?(?:address|article|aside|audio|blockquote|br|caption|cite|dd|details|div|dl|dt|figcaption|figure|footer|h[1-6]|header|"
    r"hgroup|hr|iframe|li|main|menu|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul|video)"
    r"(?=[\s>])[^>]*>"
)
_TAG = re.compile("<[^>]*>")
_INVISIBLE = ("\u200b", "\ufeff", "\u00ad")


def text_of(clean_html: str) -> str:
    """Return the plain text of sanitised HTML: one space between words and between blocks."""
    text = _TAG.sub("", _BLOCK.sub(" ", clean_html)) if "<" in clean_html else clean_html
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        for sign in _INVISIBLE:
            text = text.replace(sign, "")
    return " ".join(text.split())
