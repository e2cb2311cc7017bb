"""What went in must come out: words and parts of a body counted before and after, by simpler means than it was made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import unescape
from zlib import adler32

from transforms.body.contract import BodyContext
from transforms.body.remembered import Remembered
from transforms.body.repair import without_unclosed_comments

_PARTS = {
    "h1": "headings", "h2": "headings", "h3": "headings", "h4": "headings", "h5": "headings", "h6": "headings",
    "a": "links", "img": "images", "table": "tables", "li": "list_items", "pre": "code", "code": "code",
    "iframe": "embeds", "video": "embeds", "audio": "embeds",
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
    parts_after = Counter(map(_PARTS_OF_TAGS.__getitem__, clean[1::2]))
    for part, before in _parts_named(names).items():
        after = parts_after[part]
        if after < before and part not in declared:
            context.report(f"body.lost_{part}", f"{before} {part.replace('_', ' ')} went in, {after} came out.")
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


def _parts_named(names: Iterable[str | None]) -> dict[str, int]:
    """Count the parts that tags of these names begin; those without a name begin none."""
    counts: dict[str, int] = {}
    for name, count in Counter(names).items():
        if name and (part := _PARTS.get(name.lower() if name.isupper() else name)):
            counts[part] = counts.get(part, 0) + count
    return counts


def _part_of(tag: str) -> str | None:
    """Return what a tag of clean HTML begins, if that is counted."""
    opening = _OPENING.match(tag)
    return _PARTS.get(opening[1]) if opening else None


_PARTS_OF_TAGS = Remembered(_part_of)
