"""Text smilies as emoji, where WordPress shows them so."""

from __future__ import annotations

import re

_EMOJI = {
    ":mrgreen:": "😀", ":neutral:": "😐", ":twisted:": "😈", ":arrow:": "➡", ":shock:": "😯", ":smile:": "🙂",
    ":???:": "😕", ":cool:": "😎", ":evil:": "👿", ":grin:": "😀", ":idea:": "💡", ":oops:": "😳", ":razz:": "😛",
    ":roll:": "🙄", ":wink:": "😉", ":cry:": "😥", ":eek:": "😮", ":lol:": "😆", ":mad:": "😡", ":sad:": "🙁",
    "8-)": "😎", "8-O": "😯", ":-(": "🙁", ":-)": "🙂", ":-?": "😕", ":-D": "😀", ":-P": "😛", ":-o": "😮",
    ":-x": "😡", ":-|": "😐", ";-)": "😉", "8O": "😯", ":(": "🙁", ":)": "🙂", ":?": "😕", ":D": "😀", ":P": "😛",
    ":o": "😮", ":x": "😡", ":|": "😐", ";)": "😉", ":!:": "❗", ":?:": "❓",
}  # fmt: skip
# One pattern for each first sign, so that a scan can jump from one to the next: a quarter of the time.
_SMILIES = tuple(
    re.compile(
        rf"{start}(?:(?<![^\r\n\t \xa0>].)|(?<=&nbsp;.))"
        rf"(?:{'|'.join(re.escape(form[1:]) for form in sorted(_EMOJI, reverse=True) if form[0] == start)})"
        r"(?=[<\r\n\t \xa0]|&nbsp;|\Z)"
    )
    for start in ":;8"
)
# To convert_smilies() a tag ends on its line, and a bare < is one up to the next >. What never ends is passed over at
# once: a line full of < is not looked through for each of them.
_TAG_OR_ENDLESS = re.compile(r"(<[^>\n]*>)|<[^>\n]*")
_IGNORED = re.compile(r"<(code|pre|style|script|textarea)[^>]*>")


def smilies(text: str) -> str:
    """Return HTML with smilies that stand alone between spaces as emoji; code and the like stay as they are."""
    if not any(pattern.search(text) for pattern in _SMILIES):
        return text
    pieces = _cut_at_tags(text)
    inside = ""
    for place, piece in enumerate(pieces):
        if not inside and (ignored := _IGNORED.match(piece)):
            inside = ignored[1]
        if not inside and not piece.startswith("<"):
            pieces[place] = _with_emoji(piece)
        elif piece == f"</{inside}>":
            inside = ""
    return "".join(pieces)


def _cut_at_tags(text: str) -> list[str]:
    pieces: list[str] = []
    done = 0
    for tag in _TAG_OR_ENDLESS.finditer(text):
        if tag[1]:
            pieces += (text[done : tag.start()], tag[1])
            done = tag.end()
    return [*pieces, text[done:]]


def _with_emoji(text: str) -> str:
    for pattern in _SMILIES:
        text = pattern.sub(_emoji, text)
    return text


def _emoji(match: re.Match[str]) -> str:
    return _EMOJI[match[0]]
