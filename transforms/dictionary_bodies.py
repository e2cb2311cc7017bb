"""Bodies in the words of a dictionary whose texts are those of rendered pages, as TranslatePress keeps one."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape

from cms_models.rows import Json
from transforms.body.contract import Body
from transforms.body.sanitize import sanitize
from transforms.body.settled import CUT
from transforms.body.text import text_of
from transforms.contract import Issue
from transforms.versioned_site import VersionedSite

BLOCK = re.compile(
    r"</?(?:p|div|li|ol|ul|dl|dt|dd|h[1-6]|body|footer|header|article|aside|main|nav|iframe|section|figure|figcaption"
    r"|blockquote|cite|tr|td|th|table|tbody|thead|tfoot|form|label|address|details|summary|pre|hr|br)\b",
    re.IGNORECASE,
)
WORDS_IN_TAG = re.compile(r'(?<=\s)(alt|title|placeholder|aria-label)="([^"]+)"')
LETTER = re.compile(r"[^\W\d_]")


def in_words_of(site: VersionedSite, body: Body) -> Body:
    """Return a body translated text by text; those without words of their own stay and are reported in one issue."""
    page = _Page(site)
    pieces = page.translated(CUT.split(body.html))
    html = "".join(pieces)
    issues = body.issues
    if page.missing:
        detail = f"{len(page.missing)} texts have no words in {site.language} yet, the first: “{page.missing[0][:80]}”."
        issues = (*issues, Issue("languages.partial", detail))
    blocks = _Page(site).of_blocks(body.blocks)
    return replace(body, html=html, text=text_of(CUT.split(html)), blocks=blocks, issues=issues)


class _Page:
    """Texts on their way into another language."""

    def __init__(self, site: VersionedSite) -> None:
        self._site = site
        self.missing: list[str] = []

    def translated(self, pieces: list[str]) -> list[str]:
        """Return clean HTML cut at its tags: whole blocks where the dictionary has them, else single texts."""
        made: list[str] = []
        position = 0
        while position < len(pieces):
            end = _end_of_run(pieces, position)
            run = "".join(pieces[position:end])
            whole = self._words(run) if end - position > 1 else None
            if whole is not None:
                made.append(whole)
            else:
                made += [self._tag(one) if one.startswith("<") else self._text(one) for one in pieces[position:end]]
            if end < len(pieces):
                made.append(self._tag(pieces[end]))
            position = end + 1
        return made

    def of_blocks(self, value: Json) -> Json:
        """Return a block tree in the same words: its HTML, and attributes that are texts of the page."""
        if isinstance(value, str):
            if "<" in value:
                return "".join(self.translated(CUT.split(value)))
            found = self._site.words(value) if LETTER.search(value) else None
            return value if found is None else unescape(found)
        if isinstance(value, dict):
            return {
                name: item if name in ("blockName", "className") else self.of_blocks(item)
                for name, item in value.items()
            }
        if isinstance(value, list):
            return [self.of_blocks(item) for item in value]
        return value

    def _text(self, text: str) -> str:
        if not LETTER.search(text):
            return text
        found = self._words(text)
        if found is None:
            self.missing.append(unescape(text.strip()))
            return text
        return found

    def _words(self, text: str) -> str | None:
        """Return the words for a text between two tags or a run of inline markup, with the white space around it."""
        bare = text.strip()
        found = self._site.words(unescape(bare)) if bare else None
        if found is None:
            return None
        clean = sanitize(found, self._site.rules.embed_hosts) if "<" in found else escape(unescape(found), quote=False)
        before, _, after = text.partition(bare)
        return f"{before}{clean}{after}"

    def _tag(self, tag: str) -> str:
        return WORDS_IN_TAG.sub(self._attribute, tag) if "=" in tag else tag

    def _attribute(self, found: re.Match[str]) -> str:
        words = self._site.words(unescape(found[2]))
        return found[0] if words is None else f'{found[1]}="{escape(unescape(words))}"'


def _end_of_run(pieces: list[str], start: int) -> int:
    """Return where the next tag of a block stands: before it are texts and inline markup only."""
    return next((place for place in range(start, len(pieces)) if BLOCK.match(pieces[place])), len(pieces))
