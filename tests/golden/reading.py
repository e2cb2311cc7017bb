"""What a visitor reads of a page, so that two pages of different markup can be compared."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN = frozenset(("script", "style", "template", "head", "title", "object", "svg", "audio", "video", "iframe"))
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header",
    "hgroup", "hr", "li", "main", "menu", "nav", "noscript", "ol", "p", "pre", "search", "section", "summary",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_VERBATIM = frozenset(("pre", "textarea"))


@dataclass(frozen=True)
class Reading:
    """A page without its markup. `lines` are the texts between two blocks or breaks."""

    lines: tuple[str, ...]
    headings: tuple[tuple[str, str], ...]  # tag, text
    lists: tuple[tuple[str, int], ...]  # tag, number of items
    links: tuple[str, ...]  # texts
    pictures: int
    tables: tuple[tuple[tuple[str, ...], ...], ...]  # rows of cells
    code: tuple[str, ...]  # to the blank
    players: tuple[str, ...]  # audio, video, iframe


def read_page(html: str) -> Reading:
    """Return what a visitor reads of HTML."""
    body = LexborHTMLParser(html).body
    assert body is not None
    return Reading(
        lines=_lines(body),
        headings=tuple((node.tag or "", _text(node)) for node in body.css("h1, h2, h3, h4, h5, h6")),
        lists=tuple((node.tag or "", _item_count(node)) for node in body.css("ul, ol, dl")),
        links=tuple(_text(node) for node in body.css("a[href]") if not _is_unseen(node)),
        pictures=sum(1 for node in body.css("img") if not _is_unseen(node)),
        tables=tuple(
            tuple(tuple(_text(cell) for cell in row.css("td, th")) for row in table.css("tr"))
            for table in body.css("table")
        ),
        code=tuple(node.text() for node in body.css("pre, code")),
        players=tuple(node.tag or "" for node in body.css("audio, video, iframe")),
    )


def _item_count(node: LexborNode) -> int:
    return sum(child.tag in {"li", "dt"} for child in node.iter())


def _lines(root: LexborNode) -> tuple[str, ...]:
    pieces: list[str] = []
    _collect(root, pieces, verbatim=False)
    lines = "".join(pieces).split("\n")
    return tuple(line for line in (" ".join(line.split()) for line in lines) if line)


def _collect(node: LexborNode, pieces: list[str], *, verbatim: bool) -> None:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            text = child.text_content or ""
            pieces.append(text if verbatim else text.replace("\n", " "))
        elif child.tag not in _UNSEEN:
            edge = "\n" if child.tag in _BLOCKS else ""
            pieces.append(edge)
            _collect(child, pieces, verbatim=verbatim or child.tag in _VERBATIM)
            pieces.append(edge)


def _text(node: LexborNode) -> str:
    return " ".join(_lines(node))


def _is_unseen(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _UNSEEN:
            return True
        parent = parent.parent
    return False
