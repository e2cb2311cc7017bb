"""Marks in the text of a segment: their grammar, and which words of a text they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from transforms.translation.contract import Terms

MARK = re.compile("⟦(/?)([1-9][0-9]{0,3})(/?)⟧")
BRACKETS = re.compile("[⟦⟧]")

# What no translator may touch in running text. Each begins with one look for the many places where it does not.
_OPAQUE = (
    r"(?=[hw\[{%&⟦⟧])(?:(?P<bracket>[⟦⟧])"
    r"|(?P<opaque>(?:https?://|www\.)[^\s<>\"⟦⟧]*[^\s<>\"⟦⟧.,;:!?)\]}’”»']"
    r"|\[/?[A-Za-z][\w-]*+(?:\s+(?:[\w-]+=|https?://)[^\[\]⟦⟧]*)?\s*/?\]"  # what a plugin left of its shortcodes
    r"|\{\{[^{}⟦⟧]*\}\}|%(?:\d\$)?[sd]\b(?<![\d%]%[sd])"
    r"|&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]\w{1,31});))"  # what was encoded twice
)
_ADDRESS = r"(?P<address>\b[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+)+)"  # slow: only where there is an @
# Numbers only where they are words of their own: "2024", not "1st".
_NUMBER = r"(?P<number>\d(?<![^\W_]\d)\d*+(?:[.,:/’'–-]\d+)*+(?![^\W_]))"
_COUNTED = re.compile(r"\s+(?:[^\W\d_]|\Z)")  # what follows a number whose value may change the words: 5 apples
_MAYBE = re.compile(r"[\d:@\[{%&⟦⟧]")  # one of these is in all of them, but in www.


@dataclass(frozen=True, slots=True)
class Untouched:
    """Words that a mark stands for."""

    words: str
    replacement: str  # what stands for them in the translation: a fixed term, or the same words
    tells_apart: bool  # sentences that differ in these words only are different sentences
    is_term: bool = False


def opening(number: int) -> str:
    """Return the mark of an opening tag."""
    return f"⟦{number}⟧"


def closing(number: int) -> str:
    """Return the mark of a closing tag."""
    return f"⟦/{number}⟧"


def standing(number: int) -> str:
    """Return the mark of what stands alone."""
    return f"⟦{number}/⟧"


def without_marks(text: str) -> str:
    """Return the text that is left for a translator."""
    return MARK.sub("", text)


def readable(text: str, placeholders: Sequence[str] = ()) -> str:
    """Return the text of a segment for people: with its numbers and names, or … where they are not known."""

    def words(found: re.Match[str]) -> str:
        number = int(found[2])
        known = placeholders[number - 1] if number <= len(placeholders) else "…"
        return known if found[3] and not known.startswith("<") else ""

    return MARK.sub(words, text)


def has_words(text: str) -> bool:
    """Return whether there is anything to translate: a letter outside the marks."""
    return any(map(str.isalpha, without_marks(text) if "⟦" in text else text))


def untouched_words(text: str, terms: Terms) -> Iterator[str | Untouched]:
    """Cut a text at the words that no translator may touch."""
    if not (terms.fixed or _MAYBE.search(text) or "www." in text):
        yield text
        return
    pattern = _pattern(tuple(terms.fixed), with_addresses="@" in text)
    position = 0
    for found in pattern.finditer(text):
        if found.start() > position:
            yield text[position : found.start()]
        position = found.end()
        words = found[0]
        kind = found.lastgroup
        is_term = kind == "term"
        tells_apart = is_term or (kind == "number" and bool(_COUNTED.match(text, position)))
        yield Untouched(words, terms.fixed[words] if is_term else words, tells_apart, is_term)
    if position < len(text):
        yield text[position:]


@lru_cache(maxsize=16)
def _pattern(terms: tuple[str, ...], *, with_addresses: bool) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(terms, key=len, reverse=True)))
    kinds = (
        _ADDRESS if with_addresses else "",
        _OPAQUE,
        rf"(?P<term>(?<!\w)(?:{longest_first})(?!\w))" if terms else "",  # also in place of a number: 24/7
        _NUMBER,
    )
    return re.compile("|".join(filter(None, kinds)))
