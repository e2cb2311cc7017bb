"""Paragraphs for classic content, made where WordPress's wpautop() makes them."""

from __future__ import annotations

import re
from collections.abc import Container

from transforms.body.paragraphs import (
    BLANK_LINES,
    BLOCK,
    BREAK_BEFORE_BLOCK,
    marked_in_tags,
    plain_paragraphs,
    unmarked,
)
from transforms.body.texturize import TAGS

_COMMENT_OR_LINE_END_IN_TAG = re.compile(r"<(?:!--|[^>\n]*\n)")
_BLANK = re.compile("[ \n\r\t\v\x00]*+")
_TWO_BREAKS = re.compile(r"(?a)<br\s*/?>\s*<br\s*/?>")
_BEFORE_BLOCK = re.compile(rf"(?a)<(?={BLOCK}[\s/>])")
_AFTER_BLOCK = re.compile(rf"</{BLOCK}>")
_AFTER_RULE = re.compile(r"(?a)<hr\s*/?>")
_EMPTY = re.compile(r"(?a)<p>\s*</p>")
_LONE_BLOCK = re.compile(rf"(?a)<p>\s*(</?{BLOCK}[^>]*>)\s*</p>")
_BLOCK_AFTER_P = re.compile(rf"(?a)<p>\s*(</?{BLOCK}[^>]*>)")
_BLOCK_BEFORE_END = re.compile(rf"(?a)(</?{BLOCK}[^>]*>)\s*</p>")
_UNCLOSED_IN = re.compile(r"<p>([^<]+)</(div|address|form)>")
_LIST_ITEM = re.compile(r"<p>(<li.+?)</p>")
_QUOTE = re.compile(r"<[pP]><(?i:blockquote)([^>]*)>")
_NO_BREAKS_IN = re.compile(r"<(script|style|svg|math).*?</\1>", re.DOTALL)
_NEWLINES = re.compile(r"(?a)(\n(?:\s*\n)?)")
_LINE_END = re.compile(r"(?a)(?<!<br />)\s*\n")
_BREAK_AFTER_BLOCK = re.compile(rf"(?a)(</?{BLOCK}[^>]*>)\s*<br />")
_IN_PLAYER = (
    (re.compile(r"(?a)([<\[](?:audio|video)[^>\]]*[>\]])\s*"), r"\1"),
    (re.compile(r"(?a)\s*([<\[]/(?:audio|video)[>\]])"), r"\1"),
    (re.compile(r"(?a)\s*(<(?:source|track)[^>]*>)\s*"), r"\1"),
)
_TIDY = {
    "<option": (
        (re.compile(r"(?a)\s*<option"), "<option"),
        (re.compile(r"(?a)</option>\s*"), "</option>"),
    ),
    "</object>": (
        (re.compile(r"(?a)(<object[^>]*>)\s*"), r"\1"),
        (re.compile(r"(?a)\s*</object>"), "</object>"),
        (re.compile(r"(?a)\s*(</?(?:param|embed)[^>]*>)\s*"), r"\1"),
    ),
    "<source": _IN_PLAYER,
    "<track": _IN_PLAYER,
    "<figcaption": (
        (re.compile(r"(?a)\s*(<figcaption[^>]*>)"), r"\1"),
        (re.compile(r"(?a)</figcaption>\s*"), "</figcaption>"),
    ),
}
_LONE_SHORTCODE = re.compile(
    r"<p>(?:[\r\n\t \xa0]|&nbsp;)*+(\[([^<>&/\[\]\x00-\x20=]+)(?![\w-])[^\]/]*+(?:/(?!\])[^\]/]*+)*+(?:/\]|\]))"
)
_END_OF_LONE = re.compile(r"(?:[\r\n\t \xa0]|&nbsp;)*+</p>")

_KEPT_NEWLINE = "\x02"


def autop(text: str) -> str:
    """Return HTML with `<p>` for blank lines and `<br />` for line ends."""
    if _BLANK.fullmatch(text):
        return ""
    made = plain_paragraphs(text)
    verbatim: list[tuple[str, str]] = []
    if made is None and "<pre" in text:
        text, verbatim = _set_pre_aside(text)
        made = plain_paragraphs(text)
    text = by_the_rules(f"{text}\n") if made is None else made
    for mark, original in verbatim:
        text = text.replace(mark, original, 1)
    return unmarked(text)


def _set_pre_aside(text: str) -> tuple[str, list[tuple[str, str]]]:
    *parts, last = text.split("</pre>")
    kept: list[str] = []
    verbatim: list[tuple[str, str]] = []
    for part in parts:
        start = part.find("<pre")
        if start < 0:
            kept.append(part)
            continue
        mark = f"<pre wp-pre-tag-{len(verbatim)}></pre>"
        verbatim.append((mark, f"{part[start:]}</pre>"))
        kept += (part[:start], mark)
    return "".join((*kept, last)), verbatim


def by_the_rules(text: str) -> str:
    """Return what wpautop() makes of any text, rule by rule in its order."""
    return _breaks(_paragraphs(_loosen(text)))


def _loosen(text: str) -> str:
    """Put blank lines around block elements and take line ends out of tags."""
    text = _TWO_BREAKS.sub("\n\n", text)
    text = _BEFORE_BLOCK.sub("\n\n<", text)
    text = _AFTER_BLOCK.sub(_then_blank_line, text)
    text = _AFTER_RULE.sub(_then_blank_line, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _COMMENT_OR_LINE_END_IN_TAG.search(text):
        text = marked_in_tags(TAGS.split(text))
    for mark, rules in _TIDY.items():
        if mark in text:
            for pattern, better in rules:
                text = pattern.sub(better, text)
    return text


def _then_blank_line(match: re.Match[str]) -> str:
    return f"{match[0]}\n\n"


def _the_tag(match: re.Match[str]) -> str:
    return match[1]


def _paragraphs(text: str) -> str:
    text = "".join(["<p>" + part.strip("\n") + "</p>\n" for part in BLANK_LINES.split(text) if part])
    text = _EMPTY.sub("", text)
    text = _UNCLOSED_IN.sub(r"<p>\1</p></\2>", text)
    text = _LONE_BLOCK.sub(_the_tag, text)
    text = _LIST_ITEM.sub(r"\1", text)
    text = _QUOTE.sub(r"<blockquote\1><p>", text).replace("</blockquote></p>", "</p></blockquote>")
    text = _BLOCK_AFTER_P.sub(_the_tag, text)
    return _BLOCK_BEFORE_END.sub(_the_tag, text)


def _breaks(text: str) -> str:
    text = _NO_BREAKS_IN.sub(lambda match: match[0].replace("\n", _KEPT_NEWLINE), text)
    text = text.replace("<br>", "<br />").replace("<br/>", "<br />")
    text = _break_lines(text).replace(_KEPT_NEWLINE, "\n")
    text = _BREAK_AFTER_BLOCK.sub(_the_tag, text)
    text = BREAK_BEFORE_BLOCK.sub("", text)
    return text[:-6] + "</p>\n" if text.endswith("\n</p>\n") else text


def _break_lines(text: str) -> str:
    """End each line in `<br />` unless it has one; only the line ends are looked at, as there are few of them."""
    pieces = _NEWLINES.split(text)
    for i in range(0, len(pieces) - 1, 2):
        line = pieces[i].rstrip(" \t\r\f\v")
        if line.endswith("<br />"):
            pieces[i] += pieces[i + 1]
            pieces[i] = line + _LINE_END.sub("<br />\n", f"<br />{pieces[i][len(line) :]}")[6:]
            pieces[i + 1] = ""
        else:
            pieces[i], pieces[i + 1] = line, "<br />\n"
    return "".join(pieces)


def unwrap_lone_shortcodes(text: str, shortcodes: Container[str]) -> str:
    """Return the text without the `<p>` around a shortcode that stands alone in it, as shortcode_unautop() does."""
    if "[" not in text or "<p>" not in text:
        return text
    parts: list[str] = []
    position = done = 0
    while found := _LONE_SHORTCODE.search(text, position):
        position = found.end()
        if found[2] not in shortcodes:
            position = found.start(1) + 1
            continue
        end = _end_of_lone(text, found)
        if end is None:
            continue
        stop, after = end
        parts += (text[done : found.start()], text[found.start(1) : stop])
        position = done = after
    return "".join((*parts, text[done:])) if parts else text


def _end_of_lone(text: str, opening: re.Match[str]) -> tuple[int, int] | None:
    """Return where the shortcode ends and where its paragraph ends, if nothing stands between the two."""
    ends = [opening.end()]
    if not opening[1].endswith("/]"):
        closing = f"[/{opening[2]}]"
        at = text.find(closing, opening.end())
        if at >= 0:
            ends.insert(0, at + len(closing))
    for stop in ends:
        if paragraph := _END_OF_LONE.match(text, stop):
            return stop, paragraph.end()
    return None
