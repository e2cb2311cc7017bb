"""Typographic quotes, dashes and signs, set where WordPress's wptexturize() sets them.

All texts between tags are joined by NUL and treated at once; a NUL is where WordPress sees a text start or end.
Those of most bodies have nothing to treat, which is told without cutting them: see plain_typography.py.
"""

from __future__ import annotations

import re
from collections.abc import Container

from transforms.body.plain_typography import BARE_AMPERSAND, ELLIPSIS, VERBATIM, plain_typography
from transforms.body.signs import ENGLISH, Signs
from transforms.body.skeleton import skeleton_of

_TAG = r"<!--(?:>|->|.*?(?:-->|\Z))|<[^>]*>?"
TAGS = re.compile(f"({_TAG})", re.DOTALL)
"""Cuts markup as WordPress does, texts at even places and tags at odd ones: a bare < runs to the next >."""

_TAGS_AND_SHORTCODES = re.compile(
    rf"({_TAG}|\[[/\[]?[^<>&/\[\]\x00-\x20=]+(?=[\s\]/])(?:[^\[\]<>]+|<[^\[\]>]*>)*+\]\]?)", re.DOTALL
)
_VERBATIM_NAMES = frozenset(("pre", "code", "kbd", "style", "script", "tt"))
_NAME_IN_SHORTCODE = re.compile(r"\[[/\[]?([^<>&/\[\]\x00-\x20=]+)")

# Words without their first letters, as WordPress lists them: what opens them is no quote.
_COCKNEY = re.compile("'(?:tain't|twere|twas|tis|twill|til|bout|nuff|round|cause|em)")

_SPACE = r"[\r\n\t \xa0]|&nbsp;"

_ENDS = rf"(?=\x00|[.,:;!?)}}\-\]]|&gt;|{_SPACE})"


def _after_space(sign: str) -> str:
    """Match a sign that follows a space: the sign comes first in the pattern, so that the scan can jump to it."""
    return rf"{sign}(?:(?<=[\x00\r\n\t \xa0]{sign})|(?<=&nbsp;{sign}))"


def _after_opening(sign: str, also: str) -> str:
    return rf"{sign}(?:(?<=[\x00\r\n\t \xa0(\[{{{also}\-]{sign})|(?<=&lt;{sign})|(?<=&nbsp;{sign}))"


# Marks that keep opening quotes and apostrophes apart while primes are told from closing quotes.
_OPEN, _OPEN_SINGLE, _UNDECIDED, _APOSTROPHE = "\x01", "\x02", "\x03", "\x04"
_MARKS = ("\x00", _OPEN, _OPEN_SINGLE, _UNDECIDED, _APOSTROPHE)

# Of the two signs that replacements name, the closing quotes, each language has its own: {0} is the single one.
_APOSTROPHES = (
    (re.compile(rf"(?a)'(\d\d)'{_ENDS}"), rf"{_APOSTROPHE}\1{{0}}"),
    (re.compile(rf"(?a)'(\d\d)\"{_ENDS}"), rf"{_APOSTROPHE}\1{{1}}"),
    (re.compile(r"(?a)'(?=\d\d(?:\x00|(?![%\d]|[.,]\d)))"), _APOSTROPHE),
    (re.compile("(?a)" + _after_space("'") + r"(\d[.,\d]*)'"), rf"{_OPEN_SINGLE}\1{{0}}"),
    (re.compile(_after_opening("'", '"')), _OPEN_SINGLE),
    (
        re.compile(rf"'(?<![\x00\r\n\t \xa0]')(?<!&nbsp;')(?!\x00|[.,:;!?\"'(){{}}\[\]\-]|&[lg]t;|{_SPACE})"),
        _APOSTROPHE,
    ),
)
_QUOTES = (
    (re.compile("(?a)" + _after_space('"') + r'(\d[.,\d]*)"'), rf"{_OPEN}\1{{1}}"),
    (re.compile(_after_opening('"', "") + rf"(?!{_SPACE})"), _OPEN),
)
_DASHES = (
    (re.compile("---"), "—"),
    (re.compile(_after_space("-") + rf"-(?=\x00|{_SPACE})"), "—"),
    (re.compile("--(?<!xn--)"), "{0}"),
    (re.compile(_after_space("-") + rf"(?=\x00|{_SPACE})"), "{0}"),
)
_TIMES = re.compile(r"(?a)\b(\d(?:(?<=0)[\d.,]+|(?<!0)[\d.,]*))x(\d[\d.,]*)\b")
_MAYBE_TIMES = re.compile("x[0-9]")
_CLOSING = {'"': re.compile(f'"{_ENDS}'), "'": re.compile(f"'{_ENDS}")}
_PRIME = {'"': re.compile(r'(?a)(?<=\d)"'), "'": re.compile(r"(?a)(?<=\d)'")}


def texturize(text: str, shortcodes: Container[str] = (), signs: Signs = ENGLISH) -> str:
    """Return HTML with curly quotes, dashes, ellipses, × and ™; code, comments and the tags of these shortcodes stay.

    Of tags WordPress encodes the ampersands, as of texts.
    """
    plain = plain_typography(text, skeleton_of(text), shortcodes)
    return text_by_text(text, shortcodes, signs) if plain is None else plain


def text_by_text(text: str, shortcodes: Container[str] = (), signs: Signs = ENGLISH) -> str:
    """Return what wptexturize() makes of any text, cut at its tags."""
    text = _without_marks(text)
    pieces = _split_around(text, shortcodes) if shortcodes and "[" in text else TAGS.split(text)
    texts = pieces[::2]
    verbatim = _verbatim_places(pieces) if VERBATIM.search(text) else frozenset()
    for place in verbatim:
        texts[place // 2] = ""
    treated = _treat("\x00".join(("", *texts, "")), signs).split("\x00")[1:-1]
    for place in verbatim:
        treated[place // 2] = pieces[place]
    pieces[::2] = treated
    pieces[1::2] = [
        BARE_AMPERSAND.sub("&amp;", tag) if "&" in tag and _is_element(tag) else tag for tag in pieces[1::2]
    ]
    return "".join(pieces)


def _is_element(tag: str) -> bool:
    """Return whether a tag is neither a comment nor a call."""
    return tag[0] == "<" and not tag.startswith("<!--")


def _without_marks(text: str) -> str:
    """Return the text without the control characters that serve this step and the next ones as marks."""
    for mark in _MARKS:
        if mark in text:
            text = text.replace(mark, "")
    return text


def _split_around(text: str, shortcodes: Container[str]) -> list[str]:
    """Split into texts (even places) and tags; only tags of known shortcodes count as tags."""
    pieces = _TAGS_AND_SHORTCODES.split(text)
    words = {piece for piece in set(pieces[1::2]) if piece[0] == "[" and not _is_call(piece, shortcodes)}
    if words:
        for place in range(len(pieces) - 2, 0, -2):
            if pieces[place] in words:
                pieces[place - 1 : place + 2] = ["".join(pieces[place - 1 : place + 2])]
    return pieces


def _is_call(tag: str, shortcodes: Container[str]) -> bool:
    """Return whether what stands in brackets calls one of these shortcodes."""
    name = _NAME_IN_SHORTCODE.match(tag)
    return name is None or name[1] in shortcodes


def _verbatim_places(pieces: list[str]) -> frozenset[int]:
    """Return the places of texts inside pre, code and their like."""
    inside: list[str] = []
    places: set[int] = set()
    for i, piece in enumerate(pieces):
        if i % 2 == 0:
            if inside:
                places.add(i)
        elif _is_element(piece):
            closes = piece[1:2] == "/"
            name = piece[2 if closes else 1 : -1].split(" ", 1)[0]
            if name in _VERBATIM_NAMES:
                if not closes:
                    inside.append(name)
                elif inside and inside[-1] == name:
                    inside.pop()
    return frozenset(places)


def _treat(text: str, signs: Signs) -> str:
    # One sign is found ten times quicker than several: each rule asks for its rarest one first.
    closing = (signs.closing_single, signs.closing)
    text = ELLIPSIS.sub("…", text)
    if "`" in text:
        text = text.replace("``", signs.opening)
    if "(" in text:
        text = text.replace(" (tm)", " ™")
    if "'" in text:
        text = text.replace("''", signs.closing)
        text = _COCKNEY.sub(lambda words: words[0].replace("'", "’"), text)
        for pattern, better in _APOSTROPHES:
            text = pattern.sub(better.format(*closing), text)
        text = _close(text, "'", _OPEN_SINGLE, "′", signs.closing_single)
        text = text.replace(_APOSTROPHE, "’").replace(_OPEN_SINGLE, signs.opening_single)
    if '"' in text:
        for pattern, better in _QUOTES:
            text = pattern.sub(better.format(*closing), text)
        text = _close(text, '"', _OPEN, "″", signs.closing).replace(_OPEN, signs.opening)
    if "-" in text:
        for pattern, better in _DASHES:
            text = pattern.sub(better.format(signs.en_dash), text)
    if _MAYBE_TIMES.search(text):
        text = _TIMES.sub(r"\1×\2", text)
    if "&" in text:
        text = BARE_AMPERSAND.sub("&amp;", text)
    return text


def _close(text: str, quote: str, opened: str, prime: str, closing: str) -> str:
    """Tell closing quotes from primes, text by text, as wptexturize_primes() does."""
    made: list[str] = []
    done = 0
    while (at := text.find(quote, done)) >= 0:
        start, end = text.rfind("\x00", done, at) + 1, text.index("\x00", at) + 1
        sentences = text[start:end].split(opened)
        made += (
            text[done:start],
            opened.join(
                [
                    _close_sentence(part, quote, prime, closing, after_opening=i > 0) if quote in part else part
                    for i, part in enumerate(sentences)
                ]
            )[:-1],
        )
        done = end - 1
    return "".join((*made, text[done:]))


def _close_sentence(part: str, quote: str, prime: str, closing: str, *, after_opening: bool) -> str:
    if after_opening and closing not in part:
        part, count = _CLOSING[quote].subn(_UNDECIDED, part)
        if count > 1:
            part = _settle_undecided(part, prime, closing)
        if quote in part:
            part = _PRIME[quote].sub(prime, part)
        part = part.replace(_UNDECIDED, closing)
    else:
        part = _PRIME[quote].sub(prime, part)
        part = _CLOSING[quote].sub(closing, part)
    return part.replace('"', closing) if quote == '"' else part


def _settle_undecided(part: str, prime: str, closing: str) -> str:
    """Several candidates close one quote: a mark after a digit is a prime, unless all are."""
    after_digit = re.compile(rf"(?a)(?<=\d){_UNDECIDED}")
    settled, count = re.subn(rf"(?<!\d){_UNDECIDED}", closing, part)
    if not count:
        last = settled.rfind(f"{_UNDECIDED}.")
        if last < 0:
            last = settled.rfind(_UNDECIDED)
        settled = settled[:last] + closing + settled[last + 1 :]
    return after_digit.sub(prime, settled)
