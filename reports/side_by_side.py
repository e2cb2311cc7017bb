"""Original and migrated text side by side: both read by one plain reader of markup, their differences marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from reports.checks.bodies import HIDDEN, SHORTCODE

MAX_WORDS = 1_500  # of each text; comparing takes time by their square
AROUND = 12  # words that stay on either side of a difference
SHOWN_WORDS = 400  # of each text
OPENING = 40  # words that stay at the beginning, so that people see what they read
BLOCK = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|dl|dt|dd|table|tr|t[hd]|caption|blockquote|pre|br|hr|figure|figcaption|section|article"
    r"|aside|header|footer|details|summary|address|option|iframe|img)\b[^<>]*>",
    re.IGNORECASE,
)
TYPOGRAPHY = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "″": '"', "′": "'", "–": "-", "—": "-", "×": "x"}
)
"""What wptexturize() makes of signs as they are typed: a difference that nobody sees."""
HYPHENS = re.compile("-+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of both texts: the same in both, or what each says in its place. None stands for words left out here."""

    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        """Return whether the two texts part here."""
        return self.before != self.after


LEFT_OUT = Passage(None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One item, as it read in WordPress and as it reads in the CMS."""

    kind: str
    language: str | None
    title: str
    address: str  # on the site; empty without one
    alike: float  # share of the words that both have, 0 to 1
    is_sample: bool  # chosen by chance, not because it differs
    passages: tuple[Passage, ...]


def plain_text(markup: str) -> str:
    """Return what a person would read of markup, a line per block; shortcodes and hidden parts are left out."""
    text = SHORTCODE.sub(" ", HIDDEN.sub(" ", markup))
    body = LexborHTMLParser(f"<body>{BLOCK.sub(_with_line_end, text)}").body if "<" in text else None
    return unescape(text) if body is None else body.text()


def compare_texts(before: str, after: str) -> tuple[float, tuple[Passage, ...]]:
    """Return the share of words that two plain texts have in common, and the passages in which they are read."""
    one, other = (text.split(maxsplit=MAX_WORDS)[:MAX_WORDS] for text in (before, after))
    if not one and not other:
        return 1.0, ()
    seen, seen_other = _seen(one), _seen(other)
    if seen == seen_other:
        return 1.0, tuple(_within(_same(one, is_first=True, is_last=True)))
    matcher = SequenceMatcher(None, seen, seen_other, autojunk=False)
    steps = matcher.get_opcodes()
    passages: list[Passage] = []
    for number, (step, a, b, c, d) in enumerate(steps):
        if step == "equal":
            passages += _same(one[a:b], is_first=number == 0, is_last=number == len(steps) - 1)
        else:
            passages.append(Passage(" ".join(one[a:b]), " ".join(other[c:d])))
    return matcher.ratio(), tuple(_within(passages))


def _within(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Yield passages until so many words are shown; the rest is left out."""
    room = SHOWN_WORDS
    for passage in passages:
        texts = [(text or "").split() for text in (passage.before, passage.after)]
        longest = max(map(len, texts))
        if longest > room:
            if room:
                yield Passage(*(" ".join(text[:room]) for text in texts))
            yield LEFT_OUT
            return
        room -= longest
        yield passage


def _same(words: list[str], *, is_first: bool, is_last: bool) -> list[Passage]:
    """Return what both texts say, its middle left out when it is long."""
    head, tail = OPENING if is_first else AROUND, 0 if is_last else AROUND
    if len(words) <= head + tail + AROUND:
        return [_both(words)]
    return [_both(words[:head]), LEFT_OUT, *([_both(words[-tail:])] if tail else [])]


def _both(words: list[str]) -> Passage:
    text = " ".join(words)
    return Passage(text, text)


def _seen(words: list[str]) -> list[str]:
    """Return words as readers see them, whichever signs they were set in."""
    return HYPHENS.sub("-", " ".join(words).translate(TYPOGRAPHY).replace("…", "...")).split()


def _with_line_end(tag: re.Match[str]) -> str:
    return f"\n{tag[0]}"
