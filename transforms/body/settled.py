"""Markup that a parser would leave as it is, told from its tags alone: what is so need not be parsed and written anew.

Most bodies are: every tag is written as parsers write it, and the elements nest in a way that no rule of HTML mends.
What is seldom, or not quite clear, counts as unsettled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape

from selectolax.lexbor import LexborHTMLParser

from transforms.body.remembered import Remembered

CUT = re.compile("(<[^>]*>)")
"""Cuts markup at its tags: texts at even places, tags at odd ones. Parsers write > as &gt; in texts and attributes."""

_TAGS = re.compile("(<[a-zA-Z/!?][^>]*>?)")  # the last one may be unclosed, so that a text full of < is cut in one go
_OPENING = re.compile(
    r"<([a-z][a-z0-9]*)((?: [a-z][a-z0-9_:-]*=\"(?:[^\"<>&]++|&(?:amp|lt|gt|quot|nbsp);)*+\")*+)( ?/)?>"
)
_CLOSING = re.compile("</([a-z][a-z0-9]*)>")
_ATTRIBUTE_NAME = re.compile(r' ([a-z][a-z0-9_:-]*)="')
_HANDLER = re.compile(' on[a-z]+="')
_OTHER_REFERENCE = re.compile("&(?!(?:amp|lt|gt|nbsp);)")
_SPACE = " \t\n\f"

_INLINE = (
    "a abbr acronym audio b bdi bdo cite code data del dfn em i iframe ins kbd mark picture q s samp small span strike "
    "strong sub sup time tt u var video"
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = (
    "address article aside blockquote details div dl figcaption figure footer header hgroup main menu nav ol p pre "
    "section summary table ul"
)
_LISTS = frozenset(("ul", "ol", "menu"))
_ROW_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_PARENTS = {
    "li": _LISTS, "dt": frozenset(("dl",)), "dd": frozenset(("dl",)),
    **dict.fromkeys(_ROW_GROUPS, frozenset(("table",))), "tr": _ROW_GROUPS,
    "td": frozenset(("tr",)), "th": frozenset(("tr",)),
}  # fmt: skip
_NOT_ANYWHERE = frozenset(("a", "iframe"))
_NOT_ANY_TEXT = frozenset(("pre", "iframe"))
_HOLD_ONLY_CELLS = _ROW_GROUPS | {"table", "tr"}
_DEEPEST = 200


# What a tag does to the elements that are open. A part is what stands in certain elements alone: li, tr. Blocks and
# rules end a paragraph. Nothing is what comments and empty elements do.
_CLOSES, _OPENS_INLINE, _OPENS_BLOCK, _OPENS_PART, _IS_RULE, _NOTHING, _UNKNOWN = range(7)
_ENDS_PARAGRAPH = (_OPENS_BLOCK, _IS_RULE)
_DOES = {
    **dict.fromkeys(_INLINE.split(), _OPENS_INLINE), **dict.fromkeys(_BLOCKS.split(), _OPENS_BLOCK),
    **dict.fromkeys(_HEADINGS, _OPENS_BLOCK),
    **dict.fromkeys(_PARENTS, _OPENS_PART), "hr": _IS_RULE,
    **dict.fromkeys(("br", "img", "source", "track", "wbr"), _NOTHING),
}  # fmt: skip


# A tag as parsers write it, empty for a comment, which nobody shall see; its name; what it does. A plain tuple is
# taken apart in less than half the time of a named one.
_Tag = tuple[str, str, int]

_UNKNOWN_TAG: _Tag = ("", "", _UNKNOWN)


def settled_pieces(html: str) -> list[str] | None:
    """Return markup as a parser would write it, cut at its tags and without comments; None when that takes a parser."""
    if "\r" in html or "\x00" in html:
        return None
    if "\xa0" in html:
        html = html.replace("\xa0", "&nbsp;")
    pieces = _TAGS.split(html)
    texts = pieces[::2]
    tags = list(map(_READ.__getitem__, pieces[1::2]))
    mended = _mended(tags, texts)
    if mended is None:
        return None
    for place, text in enumerate(texts):
        if "<" in text or ">" in text or "&" in text:
            pieces[2 * place] = _written(text)
    pieces[1::2] = [text for text, _, _ in tags]
    for place, (first, second) in reversed(mended.items()):
        pieces[2 * place + 1 : 2 * place + 2] = (first, "", second)
    return pieces


def _read(tag: str) -> _Tag:
    """Return what is to be known of a tag; one that might be active counts as unknown, too."""
    if closing := _CLOSING.fullmatch(tag):
        return tag, closing[1], _CLOSES
    if tag.startswith("<!--") and tag.endswith("-->"):
        return "", "", _NOTHING
    if not tag[1].isalpha():
        return _UNKNOWN_TAG
    opening = _OPENING.fullmatch(tag)
    if opening is None or _names_repeat(opening[2]):
        written = CUT.split(LexborHTMLParser(tag, is_fragment=True).html or "")
        opening = _OPENING.fullmatch(written[1]) if len(written) > 1 else None
    if opening is None or opening[1] not in _DOES or _is_perhaps_active(opening[2].lower()):
        return _UNKNOWN_TAG
    return f"<{opening[1]}{opening[2]}>", opening[1], _DOES[opening[1]]


_READ = Remembered(_read)


def _is_perhaps_active(attributes: str) -> bool:
    return "script:" in attributes or "data:" in attributes or _HANDLER.search(attributes) is not None


def _names_repeat(attributes: str) -> bool:
    names = _ATTRIBUTE_NAME.findall(attributes)
    return len(names) > len(set(names))


def _mended(tags: Sequence[_Tag], texts: Sequence[str]) -> dict[int, tuple[str, str]] | None:
    """Return the two tags that a parser sets in place of one, by its number; None when it does more.

    `texts` are those before each tag: what a table holds outside its cells moves, a <pre> loses its first line end.
    """
    mended: dict[int, tuple[str, str]] = {}
    open_names = [""]
    for place, (text, name, does) in enumerate(tags):
        parent = open_names[-1]
        if parent in _HOLD_ONLY_CELLS and (texts[place].strip(_SPACE) or not _belongs_to_table(name, does, parent)):
            return None
        if does == _CLOSES:
            if parent == name:
                open_names.pop()
            elif name == "p" and "p" not in open_names:
                mended[place] = ("<p>", "</p>")
            else:
                return None
        elif does == _OPENS_INLINE and name not in _NOT_ANYWHERE:
            open_names.append(name)
        elif does != _NOTHING:
            if parent == "p" and does in _ENDS_PARAGRAPH:
                open_names.pop()
                mended[place] = ("</p>", text)
            is_on_top = does == _OPENS_BLOCK and len(open_names) == 1  # as most are: anything may stand there
            if not is_on_top and not _may_stand(name, does, open_names):
                return None
            if name in _NOT_ANY_TEXT and _takes_text(name, texts[place + 1], tags[place + 1 : place + 2]):
                return None
            if does != _IS_RULE:
                open_names.append(name)
    return mended if len(open_names) == 1 else None


def _belongs_to_table(name: str, does: int, parent: str) -> bool:
    return does == _OPENS_PART or (does == _NOTHING and not name) or (does == _CLOSES and name == parent)


def _may_stand(name: str, does: int, open_names: Sequence[str]) -> bool:
    """Return whether an element that begins here changes none of those that are open."""
    if len(open_names) > _DEEPEST:  # each look would take longer than the last
        return False
    if does == _OPENS_INLINE:
        return name != "a" or "a" not in open_names
    if does == _OPENS_PART:
        return open_names[-1] in _PARENTS[name]
    return does != _UNKNOWN and "p" not in open_names and open_names[-1] not in _HEADINGS


def _takes_text(name: str, text: str, following: Sequence[_Tag]) -> bool:
    """Return whether an element takes something of the text that follows its tag."""
    if name == "pre":
        return text.startswith("\n")
    return bool(text) or following != [_READ["</iframe>"]]  # what a frame holds is no markup


def _written(text: str) -> str:
    """Return a text with its signs as parsers write them."""
    if "<" not in text and ">" not in text and not _OTHER_REFERENCE.search(text):
        return text
    return escape(unescape(text), quote=False).replace("\xa0", "&nbsp;")
