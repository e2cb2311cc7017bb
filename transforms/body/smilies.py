"""Text smilies as emoji, where WordPress shows them so."""

from __future__ import annotations

import re

from transforms.body.texturize import TAG

_EMOJI = {
    ":mrgreen:": "😀", ":neutral:": "😐", ":twisted:": "😈", ":arrow:": "➡", ":shock:": "😯", ":smile:": "🙂",
    ":???:": "😕", ":cool:": "😎", ":evil:": "👿", ":grin:": "😀", ":idea:": "💡", ":oops:": "😳", ":razz:": "😛",
    ":roll:": "🙄", ":wink:": "😉", ":cry:": "😥", ":eek:": "😮", ":lol:": "😆", ":mad:": "😡", ":sad:": "🙁",
    "8-)": "😎", "8-O": "😯", ":-(": "🙁", ":-)": "🙂", ":-?": "😕", ":-D": "😀", ":-P": "😛", ":-o": "😮",
    ":-x": "😡", ":-|": "😐", ";-)": "😉", "8O": "😯", ":(": "🙁", ":)": "🙂", ":?": "😕", ":D": "😀", ":P": "😛",
    ":o": "😮", ":x": "😡", ":|": "😐", ";)": "😉", ":!:": "❗", ":?:": "❓",
}  # fmt: skip
_RESTS = "|".join(
    rf"(?<={start})(?:{'|'.join(re.escape(form[1:]) for form in sorted(_EMOJI, reverse=True) if form[0] == start)})"
    for start in ":;8"  # the first sign stands first in the pattern, so that the scan can jump to it
)
_SPACE = r"[\r\n\t \xa0]|&nbsp;"
_SMILEY = re.compile(rf"[:;8](?:(?<![^\r\n\t \xa0>].)|(?<=&nbsp;.))(?:{_RESTS})(?=[<\r\n\t \xa0]|&nbsp;|\Z)")
_TAG_OR_SMILEY = re.compile(rf"(?:{TAG})", re.DOTALL)
_IGNORED = re.compile(r"<(code|pre|style|script|textarea)[^>]*>")


def smilies(text: str) -> str:
    """Return HTML with smilies that stand alone between spaces as emoji; code and the like stay as they are."""
    if not _SMILEY.search(text):
        return text
    parts: list[str] = []
    position = 0
    inside = ""
    for tag in _TAG_OR_SMILEY.finditer(text):
        piece = text[position : tag.start()]
        parts.append(piece if inside else _SMILEY.sub(_emoji, piece))
        parts.append(tag[0])
        position = tag.end()
        if not inside and (ignored := _IGNORED.match(tag[0])):
            inside = ignored[1]
        elif inside and tag[0] == f"</{inside}>":
            inside = ""
    piece = text[position:]
    parts.append(piece if inside else _SMILEY.sub(_emoji, piece))
    return "".join(parts)


def _emoji(match: re.Match[str]) -> str:
    return _EMOJI[match[0]]
