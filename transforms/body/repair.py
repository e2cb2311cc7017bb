"""Markup so broken that a browser would swallow the text after it: opened, but so that nothing is lost."""

from __future__ import annotations

import re

from transforms.body.contract import BodyContext

_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
# Two letters are looked at before all the names: a third of the time.
_SWALLOWING = re.compile(
    r"<(?=/?[sStTxXiInNpPmM][cCtTvVeEiImMfFoOlLaA])(/?)((?i:script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext|template|select|svg|math))\b"
)
_SUSPECT = re.compile(f"<!|{_SWALLOWING.pattern}")


def repair(text: str, context: BodyContext) -> str:
    """Return the body with endless comments, CDATA marks, tags and raw-text elements defused; each is reported."""
    if "<" not in text:
        return text
    is_suspect = _SUSPECT.search(text) is not None
    if is_suspect:
        text = _without_declarations(text, context)
    last = text.rfind("<")
    if last > text.rfind(">") and re.match(r"[a-zA-Z/!?]", text[last + 1 : last + 2]):
        text = f"{text[:last]}&lt;{text[last + 1 :]}"
        context.report(
            "body.unclosed_tag", f"The last tag of the body (character {last}) is never closed; it is shown as text."
        )
    return _open_raw_text(text, context) if is_suspect else text


def _without_declarations(text: str, context: BodyContext) -> str:
    """Return a text without CDATA marks and the beginnings of comments that never end."""
    if "<![CDATA[" in text:
        text = _CDATA.sub("", text)
        context.report("body.cdata", "CDATA marks, which are no HTML, were taken away; the text inside was kept.")
    comment = _unclosed_comment(text)
    if comment is not None:
        text = without_unclosed_comments(text)
        context.report(
            "body.unclosed_comment", f"A comment at character {comment} is never closed; what follows is shown."
        )
    return text


def without_unclosed_comments(text: str) -> str:
    """Return a text without the beginnings of comments that never end."""
    start = _unclosed_comment(text)
    if start is None:
        return text
    rest = text[start:].replace("<!--", "")
    return text[:start] + (rest.replace("<!", "&lt;!") if "<!--" in rest else rest)


def _unclosed_comment(text: str) -> int | None:
    """Return where the first comment begins that never ends."""
    last = text.rfind("<!--")
    if last < 0 or text.find("-->", last) >= 0:
        return None
    return text.find("<!--", text.rfind("-->") + 1)


def _open_raw_text(text: str, context: BodyContext) -> str:
    """Take away an opening tag that would make the whole rest its raw text."""
    opened: dict[str, re.Match[str] | None] = {}
    for tag in _SWALLOWING.finditer(text):
        name = tag[2].lower()
        if tag[1]:
            opened[name] = None
        elif opened.get(name) is None:
            opened[name] = tag
    endless = [(tag, name) for name, tag in opened.items() if tag is not None]
    for tag, name in sorted(endless, key=lambda found: -found[0].start()):
        end = text.find(">", tag.end()) + 1 or len(text)
        text = text[: tag.start()] + text[end:]
        context.report(
            "body.unclosed_tag", f"<{name}> at character {tag.start()} is never closed; what follows is shown."
        )
    return text
