"""Content conservation: words, headings, links, images, tables and lists of a body, counted on both sides.

The counting knows nothing of how bodies are rendered. What the load declared as an issue of the row may be missing;
anything else that went in must have come out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from cms_models.verify_queries import Body
from reports.checks.addresses import is_answered
from reports.checks.contract import About, Context
from reports.checks.texts import words
from reports.verification import Difference

LAYER = "content"
RAW_LAYER = "bodies"
HIDDEN = re.compile(
    r"<!--.*?-->|<(script|style|noscript|template|svg|object|select)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
SHORTCODE = re.compile(r"\[/?[a-zA-Z][^\[\]]*\]")
TAG = re.compile(r"<[a-zA-Z/!?][^<>]*>?")
INVISIBLE = re.compile("[\u200b\ufeff\u00ad]")  # no part of any word
ADDRESS = re.compile(r"https?:\S+|www\.\S+")
PARTS: Mapping[str, str] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "headings"),
    "a": "links",
    "img": "images",
    "table": "tables",
    "li": "list items",
    "blockquote": "quotes",
}
PART = re.compile(rf"<({'|'.join(PARTS)})(?=[\s>/])", re.IGNORECASE)
TOLERATED_WORDS = 0.03  # of entities in odd places and addresses that became players nobody misses the word
FEW_WORDS = 3
HARMLESS = frozenset({
    "body.broken_link", "body.handler_removed", "body.inline_file", "body.page_breaks", "body.script_link_removed",
    "body.style_removed", "body.system_link", "body.very_long", "body.very_long_line", "body.word_markup",
})  # fmt: skip
"""Issues after which nothing that is counted here may be missing."""
REFERENCE = re.compile(r'\s(?:href|src|poster|data-src)="([^"]*)"|\ssrcset="([^"]*)"')


@dataclass(frozen=True, slots=True)
class References:
    """What a body refers to below its own site."""

    wp_id: int
    title: str
    links: tuple[str, ...]  # paths that do not stand like this in the source
    files: tuple[str, ...]  # keys of the media store

    def __bool__(self) -> bool:
        """Return whether there is anything to follow."""
        return bool(self.links or self.files)


def check_body(entity: str, body: Body, declared: frozenset[str]) -> Iterator[Difference]:
    """Yield what of a body was lost, and a plain text that is no longer the text of its markup."""
    about = About(LAYER, entity, body.wp_id, body.title)
    shown, kept = _shown(body.content_html), body.content_text
    gone, added = _apart(kept, shown)
    if "".join(gone) != "".join(added):
        says = f"says {_few(added)} where content_text says {_few(gone)}: one of them was changed."
        yield about.differs("content_html", source=_few(gone), target=_few(added), sentence=says)
    if any(code.startswith("body.") for code in declared - HARMLESS):
        return  # the load has said that something is missing, and what
    visible = _stored_text(body.source_content)
    lost, _ = _apart(visible, kept)
    if len(lost) > FEW_WORDS and _is_missed(lost, visible, body):
        said = len(words(visible))
        says = f"lost {len(lost)} of {said} words, such as {_few(lost)}."
        yield about.differs("content_html", source=said, target=said - len(lost), sentence=says)
    before, after = _parts(HIDDEN.sub(" ", body.source_content)), _parts(body.content_html)
    for name, count in before.items():
        if after[name] < count:
            says = f"lost {name}: {count} in WordPress, {after[name]} in the CMS."
            yield about.differs("content_html", source=f"{count} {name}", target=f"{after[name]} {name}", sentence=says)


def _apart(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the words that only the one text has, and those that only the other has, each as often as it is over.

    Most of what stands between white space is the same on both sides; only the rest is taken apart into words.
    """
    one, other = before.split(), after.split()
    if "".join(one) == "".join(other):
        return [], []
    had, has = Counter(one), Counter(other)
    uneven = {part for part, _ in had.items() ^ has.items()}
    gone = Counter(words(" ".join(part for part in uneven for _ in range(had[part] - has[part]))))
    added = Counter(words(" ".join(part for part in uneven for _ in range(has[part] - had[part]))))
    return list((gone - added).elements()), list((added - gone).elements())


def _is_missed(lost: list[str], visible: str, body: Body) -> bool:
    """Return whether words are really gone: more than a few, not in an attribute, not only parted by a comment."""
    said = words(visible)
    if len(lost) <= TOLERATED_WORDS * len(said) or set(lost) <= set(words(body.content_html)):
        return False
    return "".join(said) not in "".join(words(body.content_text))


def references(body: Body, media_base: str) -> References:
    """Return what a body refers to: files of the store, and links that the load made."""
    links: dict[str, None] = {}
    files: dict[str, None] = {}
    for single, several in REFERENCE.findall(body.content_html):
        for one in (single, *(part.strip().partition(" ")[0] for part in several.split(","))):
            address = unescape(one)
            if address.startswith(media_base):
                files.setdefault(address.removeprefix(media_base).partition("?")[0].partition("#")[0])
            elif address.startswith("/") and not address.startswith("//"):
                path = address.partition("#")[0].partition("?")[0]
                if path.strip("/") and path.strip("/").rpartition("/")[2] not in body.source_content:
                    links.setdefault(path)
    return References(body.wp_id, body.title, tuple(links), tuple(files))


def check_raw(entity: str, body: Body, stored: str) -> Iterator[Difference]:
    """Yield a raw body that is not kept as WordPress has it, showing both from where they part."""
    kept = body.source_content
    if kept != stored:
        apart = next((at for at, (a, b) in enumerate(zip(stored, kept, strict=False)) if a != b), len(kept))
        start = max(0, apart - 20)
        yield About(RAW_LAYER, entity, body.wp_id, body.title).differs(
            "source_content", source=stored[start : start + 80], target=kept[start : start + 80]
        )


def check_references(
    entity: str, found: References, answering: Collection[str], files: Collection[str], site: Context
) -> Iterator[Difference]:
    """Yield links to paths at which nothing stands, and pictures that no media row has."""
    about = About(LAYER, entity, found.wp_id, found.title)
    is_declared = site.declared(entity, found.wp_id, "body.broken_link")  # WordPress had it, too
    for path in found.links:
        if not is_declared and not is_answered(path, answering, site):
            says = f"links to {path}, where nothing stands."
            yield about.differs("content_html", source=None, target=path, sentence=says)
    for key in found.files:
        if key not in files:
            says = f"shows the file {key}, which no media has."
            yield about.differs("content_html", source=None, target=key, sentence=says)


def _shown(clean_html: str) -> str:
    """Return the text of clean markup, by another parser than the one that made it."""
    if "<" not in clean_html:
        text = unescape(clean_html)
    else:
        root = LexborHTMLParser(clean_html).root
        text = root.text(separator="") if root is not None else ""
    return text if text.isascii() else INVISIBLE.sub("", text)


def _stored_text(content: str) -> str:
    text = TAG.sub(" ", HIDDEN.sub(" ", content)) if "<" in content else content
    if "[" in text:
        text = SHORTCODE.sub(" ", text)
    return ADDRESS.sub(" ", unescape(text))


def _parts(markup: str) -> Counter[str]:
    return Counter(PARTS[tag.lower()] for tag in PART.findall(markup))


def _few(found: list[str]) -> str:
    return ", ".join(repr(word) for word in found[:3]) or "nothing"
