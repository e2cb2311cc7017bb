"""What stands between two edges: how its tags are nested, where it falls into parts, where its words begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from itertools import accumulate

from transforms.translation.markup import Kind, Token

_SPACE = re.compile(r"(?:[ \t\n\r\f\xa0]|&nbsp;)*")
_SPACE_BACKWARDS = re.compile(r"(?:[ \t\n\r\f\xa0]|;psbn&)*")


def tag_partners(line: Sequence[Token]) -> dict[int, int] | None:
    """Return which tag closes or opens which; None when they are not nested."""
    partners: dict[int, int] = {}
    stack: list[int] = []
    for at, token in enumerate(line):
        if token.kind is Kind.OPEN:
            stack.append(at)
        elif token.kind is Kind.CLOSE:
            if not stack or line[stack[-1]].name != token.name:
                return None
            partners[at] = stack.pop()
            partners[partners[at]] = at
    return None if stack else partners


def paragraph_breaks(line: Sequence[Token], partners: Mapping[int, int]) -> Iterator[tuple[int, int]]:
    """Return where two or more <br> follow one another, outside any tag: to a reader, the end of a paragraph."""
    if sum(token.name == "br" for token in line) < 2:
        return
    at = 0
    while at < len(line):
        if at in partners:
            at = partners[at] + 1
            continue
        end, breaks = at, 0
        while end < len(line) and (line[end].name == "br" or _is_blank(line[end])):
            breaks += line[end].name == "br"
            end += 1
        if breaks > 1:
            yield at, end
        at = max(end, at + 1)


def core_of(run: Sequence[Token], partners: Mapping[int, int]) -> tuple[int, int]:
    """Return where the text of a run begins and ends: without breaks, pictures, empty tags and tags around it all."""
    visible = list(accumulate((_is_visible(token) for token in run), initial=0))
    first, end = 0, len(run)
    while first < end:
        partner, last_partner = partners.get(first), partners.get(end - 1)
        if partner is None and not _is_visible(run[first]):
            first += 1
        elif last_partner is None and not _is_visible(run[end - 1]):
            end -= 1
        elif partner == end - 1:
            first, end = first + 1, end - 1
        elif partner is not None and visible[partner] == visible[first]:
            first = partner + 1
        elif last_partner is not None and visible[end] == visible[last_partner]:
            end = last_partner
        else:
            break
    return first, end


def _is_blank(token: Token) -> bool:
    return token.kind is Kind.TEXT and (token.raw.isspace() or ("&" in token.raw and not unescape(token.raw).strip()))


def _is_visible(token: Token) -> bool:
    return token.has_words if token.kind is Kind.STANDING else token.kind is Kind.TEXT and not _is_blank(token)


def space_before(token: Token) -> str:
    """Return the white space that a text begins with, as it is written."""
    found = _SPACE.match(token.raw) if token.kind is Kind.TEXT else None
    return found[0] if found else ""


def space_after(token: Token) -> str:
    """Return the white space that a text ends with, as it is written."""
    found = _SPACE_BACKWARDS.match(token.raw[::-1]) if token.kind is Kind.TEXT else None
    return found[0][::-1] if found else ""
