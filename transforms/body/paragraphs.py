"""Paragraphs for classic content as most people write it, made in one walk from block tag to block tag.

wpautop() sets blank lines before each opening and after each closing block tag, so what stands between two blank
lines is at most one opening tag, one text and one closing tag. What its twenty rules make of such a part can be said
at once. Where a body holds anything that they treat in another way, there is no answer here, and they are asked.
"""

from __future__ import annotations

import re

from transforms.body.remembered import Remembered
from transforms.body.texturize import TAGS

BLOCK = (  # the most frequent first, as they are tried in turn
    "(?:p|li|h[1-6]|ul|ol|div|t(?:able|head|foot|body|[rdh])|caption|col|colgroup|d[ldt]|pre|form|map|area|blockquote|address|"
    "style|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|menu|summary)"
)
BLANK_LINES = re.compile(r"(?a)\n\s*\n")
BREAK_BEFORE_BLOCK = re.compile(r"(?a)<br />(?=\s*</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol)[^>]*>)")

_BLOCK_TAGS = re.compile(f"(</?(?:{BLOCK}|br|option|object|source|track|script|svg|math|(?i:blockquote))[^>]*>)")
_OPENING_TAG = re.compile(rf"(?a)<(?!style|figcaption|pre(?! wp-pre-tag-)){BLOCK}[\s/>]")
_CLOSING_TAG = re.compile(rf"</(?!style|figcaption){BLOCK}>")
_RULE = re.compile(r"(?a)<hr\s*/?>")
# What wpautop() takes for a tag with a line end in it: a tag or a bare < with none to close it on its line or before a
# block, and comments around either.
_UNSOUND = re.compile(rf"<(?:!--(?![^<>\n]*-->)|[a-zA-Z/!][^<>\n]*+(?:[<\n]|\Z)|[^<>\n]*+(?:\n|\Z|<{BLOCK}))")
_BLOCK_IN_TAG = re.compile(rf"(?<=.)</?{BLOCK}|</?{BLOCK}[^>]*\Z", re.DOTALL)
_ENDS_PART = re.compile(rf"(?a)\s*\Z|[ \t\r\f\v]*\n\s*\n|\s*<{BLOCK}[\s/>]")
_BLANK_OR_BLOCK = re.compile(rf"(?a)[ \t\r\f\v]*(?:\n|\Z|</?(?:{BLOCK}|br)\b)")
_MARK = "\x01"  # with a space on either side it stands for a line end in a tag, while paragraphs are made
_CRLF = re.compile("\r\n")  # half the time of str.replace()
_SPACE = " \t\r\f\v"
_WHITE = f"\n{_SPACE}"
_CLOSE_OPEN_TEXT = frozenset(("</div>", "</address>", "</form>"))
_HOLDS_TEXT = re.compile("<(p|li|h[1-6]|td|th)[ >]")
_BLANK = "\n\n"

_OPENS, _CLOSES, _STANDS_ALONE, _IS_UNUSUAL = range(4)
_NOT_SWALLOWED = (_STANDS_ALONE, _IS_UNUSUAL)
_NO_BLOCK = "\x03"  # the < of a tag that is text
_SWALLOWED_LAST = re.compile(rf"{_NO_BLOCK}([^>]*)>\s*\Z")


class _UnusualError(Exception):
    """A part that only wpautop()'s own rules can tell."""


def plain_paragraphs(text: str) -> str | None:
    """Return what wpautop() makes of a text; None for one that is not plain."""
    if "\r" in text:
        text = _CRLF.sub("\n", text)
    if text[:1] in _SPACE or "\r" in text:
        return None
    if _UNSOUND.search(text):
        marked = _with_marks(text)
        if marked is None:
            return None
        text = marked
    pieces = _BLOCK_TAGS.split(text)
    tags = pieces[1::2]
    kinds = list(map(_KINDS.__getitem__, tags))
    if _IS_UNUSUAL in kinds:
        return None
    try:
        made = "".join(_parts(pieces[::2], tags, kinds))
    except _UnusualError:
        return None
    made = BREAK_BEFORE_BLOCK.sub("", made)
    made = f"{made[:-6]}</p>\n" if made.endswith("\n</p>\n") else made
    return made.replace(_NO_BLOCK, "<") if _NO_BLOCK in made else made


def _with_marks(text: str) -> str | None:
    """Return a text with marks for the line ends in tags; None where what they make of a block is not plain.

    A bare < runs to the next >. A block tag that it swallows begins no part, and no paragraph ends before it.
    """
    pieces = TAGS.split(f"{text}\n")  # wpautop() ends it so, too
    for place in range(1, len(pieces), 2):
        tag = pieces[place]
        start = tag.rfind("<")
        if (not start and tag[-1] == ">") or not _BLOCK_IN_TAG.search(tag):
            continue
        kind = _KINDS[tag[start:]]
        if tag.count("<") > 2 or not start or kind in _NOT_SWALLOWED:
            return None
        if kind == _OPENS:
            *_, next_tag = text_and_tag = pieces[place + 1 : place + 3]
            following = "".join(text_and_tag)
            is_last = _ENDS_PART.match(following)  # of its part, see _part()
            if next_tag in _CLOSE_OPEN_TEXT or (not is_last and _BLANK_OR_BLOCK.match(following)):
                return None
            pieces[place] = f"{tag[:start]}{_BLANK}{_NO_BLOCK}{tag[start + 1 :]}"
    return marked_in_tags(pieces).removesuffix("\n")


def marked_in_tags(pieces: list[str]) -> str:
    """Return a text that is cut at its tags with marks for the line ends in them."""
    pieces[1::2] = [tag.replace("\n", f" {_MARK} ") for tag in pieces[1::2]]
    return "".join(pieces)


def unmarked(text: str) -> str:
    """Return a text with line ends for the marks in its tags; some have lost the spaces beside them."""
    parts = text.split(_MARK)
    for i in range(1, len(parts)):
        if parts[i - 1].endswith(" ") and parts[i].startswith(" "):
            parts[i - 1], parts[i] = parts[i - 1][:-1], parts[i][1:]
    return "\n".join(parts)


def _kind(tag: str) -> int:
    if _RULE.fullmatch(tag):
        return _STANDS_ALONE
    if _OPENING_TAG.match(tag):
        return _OPENS
    return _CLOSES if _CLOSING_TAG.fullmatch(tag) else _IS_UNUSUAL


_KINDS = Remembered(_kind)


def _end(opening: str) -> str | None:
    """Return the tag that ends an element of nothing but text."""
    holds_text = _HOLDS_TEXT.match(opening)
    return f"</{holds_text[1]}>" if holds_text else None


_ENDS = Remembered(_end)


def _parts(texts: list[str], tags: list[str], kinds: list[int]) -> list[str]:
    """Return what stands between blank lines, each part with its paragraph."""
    made: list[str] = []
    opening = ""  # the tag that the part begins with
    for text, tag, kind in zip(texts, [*tags, ""], [*kinds, _OPENS], strict=True):
        closes = kind == _CLOSES
        if opening and tag == _ENDS[opening] and "\n" not in text and text.strip():  # as most parts are
            made.append(f"{opening}{text}{tag}\n")
            opening = ""
            continue
        rest = text
        if not (opening or closes or text.strip(_WHITE)):
            rest = ""
        elif "\n" in text:
            *whole, rest = BLANK_LINES.split(f"{'' if opening else _BLANK}{text}{'' if closes else _BLANK}")
            for part in whole:
                if not opening and "\n" not in part and part.strip() and _NO_BLOCK not in part:
                    made.append(f"<p>{part}</p>\n")
                elif opening or part:
                    made.append(_part(opening, part, ""))
                    opening = ""
        if closes:
            made.append(_part(opening, rest, tag))
            opening = ""
            continue
        if opening or rest.strip(_WHITE):
            made.append(_part(opening, rest, ""))
        opening = tag
        if kind == _STANDS_ALONE:
            made.append(f"{tag}\n")
            opening = ""
    return made


def _part(opening: str, text: str, closing: str) -> str:
    """Return a part with the `<p>` and `</p>` that it gets where no block begins or ends it."""
    is_quote = opening.startswith("<blockquote")
    if not text.strip(_WHITE):
        if opening == "<p>" or closing == "</p>" or (text and not opening and closing in _CLOSE_OPEN_TEXT):
            raise _UnusualError
        if not (opening and closing):
            return f"{opening}{closing}\n"
        if is_quote or closing == "</blockquote>":
            raise _UnusualError
        return f"{opening}{_with_breaks(text)}{closing}\n"
    if _NO_BLOCK in text and (swallowed := _SWALLOWED_LAST.search(text)):  # no paragraph ends behind a block tag
        if opening or closing or swallowed[1] == "p":
            raise _UnusualError
        return f"<p>{_with_breaks(text.rstrip(_WHITE))}\n"
    if opening.startswith("<li") and "\n" not in text:
        return f"{opening}{text}{closing}\n" if closing else f"{opening}{text.rstrip(_SPACE)}<br />\n"
    head = f"{opening}<p>" if is_quote else opening or "<p>"
    end = closing or "</p>"
    if closing == "</blockquote>" or (closing in _CLOSE_OPEN_TEXT and head == "<p>" and "<" not in text):
        end = f"</p>{closing}"
    return f"{head}{_with_breaks(text)}{end}\n"


def _with_breaks(text: str) -> str:
    """Return a text with `<br />` at the ends of its lines; none where nothing stands before it."""
    if "\n" not in text:
        return text
    *lines, last = text.split("\n")
    ended = [f"{line.rstrip(_SPACE)}<br />" for line in lines]
    if ended[0] == "<br />":
        ended[0] = ""
    return "\n".join((*ended, last))
