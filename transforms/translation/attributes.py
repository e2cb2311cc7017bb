"""Words in the attributes of a tag: alternative texts, titles, and the JSON of a placeholder for a dynamic block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import orjson

from cms_models.rows import Json

WORDS = frozenset(("alt", "title", "aria-label", "placeholder", "label"))
BLOCK, BLOCK_ATTRIBUTES = "data-wp-block", "data-attributes"

_MAYBE = re.compile(r"(?i)\b(?:alt|title|label|placeholder|data-wp-block)\s*=\s*[\"']")
_ATTRIBUTE = re.compile(
    r"""[\s/]+(?P<name>=?[^\s/>=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|[^\s"'>][^\s>]*))?"""
)
_NAME = re.compile(r"<[^\s/>]+")


@dataclass(frozen=True, slots=True)
class Attribute:
    """The value of one attribute, and where it stands in its tag between two quotes."""

    name: str
    value: str
    start: int
    end: int


def attributes_of_words(start_tag: str) -> Iterator[Attribute]:
    """Return the attributes of a tag that have words; quoted ones only."""
    if not _MAYBE.search(start_tag):
        return
    name = _NAME.match(start_tag)
    for found in _ATTRIBUTE.finditer(start_tag, name.end() if name else 0):
        group = "double" if found["double"] is not None else "single"
        if found[group]:
            attribute = found["name"].lower()
            if attribute in WORDS or attribute in (BLOCK, BLOCK_ATTRIBUTES):
                yield Attribute(attribute, unescape(found[group]), *found.span(group))


def decode_block_attributes(value: str) -> dict[str, Json] | None:
    """Return the JSON that stands in for a block's attributes; None when it is none."""
    try:
        decoded = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    return decoded if isinstance(decoded, dict) else None
