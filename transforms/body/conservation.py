"""What went in must come out: words and parts of a body counted before and after, by simpler means than it was made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from zlib import adler32

from transforms.body.contract import BodyContext
from transforms.body.remembered import Remembered
from transforms.body.repair import without_unclosed_comments

# One letter for each kind of part: those of a body in a row are counted quickest.
_PARTS = {"h": "headings", "a": "links", "i": "images", "t": "tables", "l": "list items", "c": "code", "e": "embeds"}
_LETTERS = {
    "h1": "h", "h2": "h", "h3": "h", "h4": "h", "h5": "h", "h6": "h", "a": "a", "img": "i", "table": "t", "li": "l",
    "pre": "c", "code": "c", "iframe": "e", "video": "e", "audio": "e",
}  # fmt: skip
_OPENING = re.compile(r"<([a-zA-Z][a-zA-Z1-6]*+)(?=[\s>/])")
_UNSEEN_ELEMENT = re.compile(
    r"<([sS][cC][rR][iI][pP][tT]|[sS][tT][yY][lL][eE]|noscript|template|svg|object)\b.*?</\1\s*>", re.DOTALL
)
# A comment, what closes, what begins a part (its name is taken), any other tag, and what parsers take for comments.
_TAG = re.compile(
    r"<(?:!--(?:[^>]*+>(?<=-->)|.*?-->)|/[^<>]*+>|([a-zA-Z][a-zA-Z1-6]*+)(?:[\s/][^<>]*+)?+>|[a-zA-Z][^<>]*+>"
    r"|![^<>]*>|\?.*?(?:\?>|\Z))",
    re.DOTALL,
)
_INLINE_TAG = re.compile(
    r"</?(?:a|strong|em|b|i|span|u|code|small|sup|sub|mark|abbr|font|del|ins|s|q|kbd)(?=[\s>])[^<>]*>"
)
_SHORTCODE = re.compile(r"\[/?[a-zA-Z][^\[\]]*\]")
_URL = re.compile(r"http[^\s\[\]<>\"]+")
# The finding that each issue already declares: not reported twice.
_DECLARED = {
    "body.frame_removed": "embeds",
    "body.object_removed": "embeds",
    "body.dynamic_block": "words",
    "body.dynamic_shortcode": "words",
    "body.reference_cycle": "words",
    "body.hidden_container": "words",
}
_IS_SIGN = bytes(chr(code) not in " \n\r\t\xa0" for code in range(256))
_MOST_SIGNS = 65_000  # the sum begins anew at 65,521
_TOLERATED_WORDS = 0.02  # of a URL that became a player, or of a mark that stood alone, nobody misses the word


def report_losses(raw: str, clean: Sequence[str], text: str, context: BodyContext) -> None:
    """Report each kind of content of which less came out than went in and no other issue says why.

    `clean` is what came out, cut at its tags.
    """
    raw = without_unclosed_comments(raw)
    pieces = _TAG.split(raw)
    words, names = "".join(pieces[::2]), pieces[1::2]
    if "<" in words:  # tags that hold others
        names += _OPENING.findall(words)
    declared = {_DECLARED.get(issue.code) for issue in context.issues}
    parts_before = "".join(map(_LETTERS_OF_NAMES.__getitem__, filter(None, names)))
    parts_after = "".join(map(_LETTERS_OF_TAGS.__getitem__, clean[1::2]))
    for letter, part in _PARTS.items():
        before, after = parts_before.count(letter), parts_after.count(letter)
        if after < before and part not in declared:
            context.report(f"body.lost_{part.replace(' ', '_')}", f"{before} {part} went in, {after} came out.")
    if _has_all_signs(text, _without_calls(words)):
        return  # no sign is missing, so no word is: the usual case, without splitting
    words_before, words_after = len(_seen(raw).split()), text.count(" ") + bool(text)
    if words_after < words_before - max(3, words_before * _TOLERATED_WORDS) and "words" not in declared:
        context.report("body.lost_words", f"{words_before} words went in, {words_after} came out.")


def _has_all_signs(text: str, words: str) -> bool:
    """Return whether a text has as many signs as these words; addresses need not be there, as players show none."""
    signs = _signs_in(text)
    return signs >= _signs_in(unescape(words)) or signs >= _signs_in(unescape(_without_addresses(words)))


def _signs_in(text: str) -> int:
    """Count all that is no white space. Adler-32 holds the sum of the bytes: half the time of str.count()."""
    if len(text) > _MOST_SIGNS:
        return sum(_signs_in(text[start : start + _MOST_SIGNS]) for start in range(0, len(text), _MOST_SIGNS))
    return (adler32(text.encode("latin-1", errors="replace").translate(_IS_SIGN)) & 0xFFFF) - 1


def _seen(raw: str) -> str:
    """Return what a visitor would read of stored content, without asking what the markup around it means."""
    shown = _TAG.sub(" ", _INLINE_TAG.sub("", _UNSEEN_ELEMENT.sub(" ", raw)))
    return unescape(_without_addresses(_without_calls(shown)))


def _without_calls(text: str) -> str:
    return _SHORTCODE.sub(" ", text) if "[" in text else text


def _without_addresses(text: str) -> str:
    return _URL.sub(" ", text) if "://" in text else text


def _letter_of_name(name: str) -> str:
    """Return the letter of the part that tags of this name begin; none if that is not counted."""
    return _LETTERS.get(name.lower(), "")


def _letter_of_tag(tag: str) -> str:
    """Return the letter of the part that a tag of clean HTML begins; none if that is not counted."""
    opening = _OPENING.match(tag)
    return _letter_of_name(opening[1]) if opening else ""


_LETTERS_OF_NAMES = Remembered(_letter_of_name)
_LETTERS_OF_TAGS = Remembered(_letter_of_tag)
