"""Translation memories as TMX files, as translation tools exchange them.

Marks stay in the texts as they are; what another tool has written without them gets them here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree
from translate.storage.tmx import tmxfile

from transforms.translation.alignment import transferred
from transforms.translation.contract import NO_TERMS
from transforms.translation.placeholders import BRACKETS
from transforms.translation.segments import cut_plain

_HASH = re.compile("[0-9a-f]{32}")
_REGION = re.compile("(?!pt|zh)([a-z]{2,3})-[a-z]{2}")  # those two are written in two ways
_ORIGIN = "origin: "
_CODES = frozenset(("bpt", "ept", "ph", "it", "ut"))  # markup of other tools


class TmxError(Exception):
    """A file that is no TMX; the message says so."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One segment in two languages."""

    source_language: str
    target_language: str
    source_text: str
    target_text: str
    segment_hash: str
    origin: str  # human | machine


def write_tmx(units: Iterable[Unit], file: BinaryIO) -> int:
    """Write units as TMX 1.4 and return how many; the hash of a segment is the id of its unit."""
    store: Any = tmxfile(sourcelanguage="*all*")  # the toolkit has no types
    count = 0
    for unit in units:
        made = store.addsourceunit(unit.source_text, unit.source_language)
        made.settarget(unit.target_text, unit.target_language)
        made.xmlelement.set("tuid", unit.segment_hash)
        made.addnote(_ORIGIN + unit.origin)
        count += 1
    store.serialize(file)
    return count


def read_tmx(file: BinaryIO) -> Iterator[Unit]:
    """Yield what can be used of a TMX file, for en-us also as en; units of other tools count as human work.

    Raises TmxError for a file that is none.
    """
    try:
        store = tmxfile(file)
    except (etree.LxmlError, AssertionError, ValueError, TypeError, AttributeError) as error:
        raise TmxError(
            f"This is no TMX file ({str(error) or 'its first element is another'}). Export it again, as TMX 1.4."
        ) from None
    for unit in store.units:
        yield from _units(unit.xmlelement, store.sourcelanguage or "")


def _units(unit: etree._Element, default_source: str) -> Iterator[Unit]:
    texts = {_language(node): _text(node) for node in unit.iterfind("{*}tuv")}
    source = unit.get("srclang", default_source).lower()
    if source not in texts:
        source = next(iter(texts), "")
    notes = [note.text or "" for note in unit.iterfind("{*}note")]
    origin = "machine" if _ORIGIN + "machine" in notes else "human"
    for target, text in texts.items():
        if target != source and (found := _with_hash(texts[source], text, unit.get("tuid", ""))):
            for pair in dict.fromkeys(((source, target), (_without_region(source), _without_region(target)))):
                yield Unit(*pair, *found, origin)


def _without_region(language: str) -> str:
    """Return what sites call a language that other tools name with its region: es for es-es."""
    found = _REGION.fullmatch(language)
    return found[1] if found else language


def _language(node: etree._Element) -> str:
    return (node.get("{http://www.w3.org/XML/1998/namespace}lang") or node.get("lang") or "").lower()


def _with_hash(source_text: str, target_text: str, unit_id: str) -> tuple[str, str, str] | None:
    """Return both texts with marks, and the hash of the segment; None when they are no translation."""
    if BRACKETS.search(source_text):  # ours: what the marks stand for is known to the hash only
        return (source_text, target_text, unit_id) if _HASH.fullmatch(unit_id) else None
    source, target = cut_plain(source_text).segments, cut_plain(target_text).segments
    if len(source) != 1 or len(target) != 1:
        return None
    text = transferred(source[0], target[0], NO_TERMS)
    return (source[0].text, text, source[0].hash) if text is not None else None


def _text(language_node: etree._Element) -> str:
    """Return the words of a segment without the markup that other tools put into it."""
    segment = language_node.find("{*}seg")
    return "" if segment is None else _words(segment)


def _words(element: etree._Element) -> str:
    pieces = [element.text or ""]
    for child in element:
        is_words = isinstance(child.tag, str) and etree.QName(child).localname not in _CODES
        pieces += (_words(child) if is_words else "", child.tail or "")
    return "".join(pieces)
