"""Texts in which typography finds no sign to set but ampersands: they need not be cut at their tags for that.

What is in doubt does not count as plain: texturize() then looks at it text by text.
"""

from __future__ import annotations

import re
from collections.abc import Container

ELLIPSIS = re.compile(r"\.\.\.")  # half the time of `in`, as texts are full of full stops
BARE_AMPERSAND = re.compile("&(?!#(?:[0-9]+|[xX][a-fA-F0-9]+);|[a-zA-Z1-4]{1,8};)")
VERBATIM = re.compile(r"<(?:pre|code|kbd|style|script|tt)[ >]")

_PLAIN_SKELETON = re.compile(rb"[!&]*+(?:(?:<[^>\x00-\x04]*+>|\[[^<>\[\]\x00-\x04]*+\])[!&]*+)*+")
_AMPERSAND_STAYS = re.compile(rb"<![^&<>]*+&|\[[^&<>\[\]]*+&")  # in a comment or a call
_LONG_COMMENT = re.compile(r"<!--(?![^<>]*+(?<=--)>)")  # one that does not end at its first >
_CALL = re.compile(r"\[(?:/?([^<>&/\[\]\x00-\x20=]++)(?=[\s\]/]))?")  # without a name it is none
# Near its end, that is: a long tag counts as text, so that none is looked through for each sign in it.
_NOT_IN_TAG = r"(?![^<>\[\]]{0,300}+[>\]])"
_DASH = re.compile(rf"-(?=[\r\n\t \xa0<\[&-]|\Z){_NOT_IN_TAG}")
_TIMES = re.compile(rf"x[0-9]{_NOT_IN_TAG}")


def plain_typography(text: str, skeleton: bytes, shortcodes: Container[str]) -> str | None:
    """Return what wptexturize() makes of a text with this skeleton; None for one that is not plain."""
    if not _PLAIN_SKELETON.fullmatch(skeleton) or (b"<!" in skeleton and _LONG_COMMENT.search(text)):
        return None
    if b"[" in skeleton and not all(map(shortcodes.__contains__, set(_CALL.findall(text)))):
        return None
    if ELLIPSIS.search(text) or _DASH.search(text) or _TIMES.search(text) or ("(" in text and "(tm)" in text):
        return None
    if b"&" not in skeleton:
        return text
    made = BARE_AMPERSAND.sub("&amp;", text)
    return made if made == text or not (_AMPERSAND_STAYS.search(skeleton) or VERBATIM.search(text)) else None
