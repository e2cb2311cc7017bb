"""Reads what PHP's serialize() wrote, as plain data: nothing is instantiated, nothing is executed.

Lengths in that format count bytes, so parsing happens on bytes. A search-and-replace over a dump, a change of
charset or of line ends leaves wrong lengths behind; PHP gives up on such values, `parse` finds the real ends.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum

PhpValue = None | bool | int | float | str | list["PhpValue"] | dict[str, "PhpValue"]
"""PHP's values as JSON has them: an array with the keys 0..n-1 is a list, any other a dict with string keys."""

MAX_BYTES = 32 * 1024 * 1024
MAX_DEPTH = 150  # real values stay under 20; Python's own stack ends near 1 000
MAX_WRAPS = 4  # a value serialised again by each plugin that touched it

CLASS_KEY = "__php_class__"
"""In a dict that was an object: the name of its class."""
DATA_KEY = "__php_data__"
"""In a dict that was an object: what its class wrote in a format of its own."""
ENUM_KEY = "__php_enum__"
"""In a dict that was an enum: its case, as `Class:CASE`."""
REFERENCE_KEY = "__php_reference__"
"""In a dict that was a reference: the number of the value it points at."""

_LOOKS_SERIALIZED = re.compile(r'a:\d+:\{|s:\d+:"|i:-?\d+;|d:[-+.\dINAF]|b:[01];|N;|[OC]:\d+:"|E:\d+:"|[rR]:\d+;')
_END_OF_STRING = re.compile(rb'";(?=[sidbaOCErR]:|N;|\}|\s*\Z)')
_END_OF_KEY = re.compile(rb'";(?=[sidbaOCErR]:|N;)')

_CLOSE = ord("}")
_INTEGER = ord("i")
_STRING = ord("s")


class PhpDataError(ValueError):
    """A text that is no PHP data, or too damaged, too large or too deep to read."""


@dataclass(frozen=True, slots=True)
class PhpData:
    """A value, and what a reader of it should be told."""

    value: PhpValue
    repaired: bool = False  # lengths or sizes were wrong; the ends of strings were found by what follows them
    has_objects: bool = False  # objects, enums or references stand in it as dicts with a marker key


def looks_serialized(text: str) -> bool:
    """Return whether WordPress would take a text for PHP data: a quick look at both ends."""
    text = text.strip()
    return text[-1:] in (";", "}") and _LOOKS_SERIALIZED.match(text) is not None


def parse(data: str | bytes) -> PhpData:
    """Return a serialised value; values that were serialised several times over are unwrapped.

    Raises PhpDataError.
    """
    result = _parse_once(data)
    for _ in range(MAX_WRAPS):
        if not (isinstance(result.value, str) and looks_serialized(result.value)):
            break
        try:
            inner = _parse_once(result.value)
        except PhpDataError:
            break
        result = PhpData(inner.value, result.repaired or inner.repaired, inner.has_objects)
    return result


def loads(data: str | bytes) -> PhpValue:
    """Return a serialised value as plain data; raises PhpDataError."""
    return parse(data).value


def try_loads(text: str | None) -> PhpValue:
    """Return a serialised value, or None when a text is missing, no PHP data or beyond repair."""
    if not text or not looks_serialized(text):
        return None
    try:
        return parse(text).value
    except PhpDataError:
        return None


def decode(text: str) -> PhpValue:
    """Return a serialised value, or the text itself when it is none, as WordPress reads metas and options."""
    if not looks_serialized(text):
        return text
    try:
        return parse(text).value
    except PhpDataError:
        return text


def _parse_once(data: str | bytes) -> PhpData:
    raw = (data if isinstance(data, bytes) else data.encode("utf-8", "replace")).strip()
    if len(raw) > MAX_BYTES:
        raise PhpDataError(f"PHP data of {len(raw):,} bytes; at most {MAX_BYTES:,} are read")
    try:
        return _whole(_Parser(raw, _Lengths.TRUSTED))
    except PhpDataError as error:
        readable = raw.decode("utf-8", "replace").encode()
        for lengths in (_Lengths.CHECKED, _Lengths.IGNORED):
            try:
                return _whole(_Parser(readable, lengths))
            except PhpDataError:
                continue
        raise error from None


def _whole(parser: _Parser) -> PhpData:
    try:
        value, end = parser.value(0, 0)
    except PhpDataError:
        raise
    except (ValueError, IndexError):
        raise PhpDataError("PHP data cut short or damaged") from None
    if end != len(parser.data):
        raise PhpDataError(f"PHP data with something behind its end, at byte {end}")
    return PhpData(value, parser.repaired, parser.has_objects)


class _Lengths(Enum):
    """How far the lengths in the data are believed; each attempt believes them less."""

    TRUSTED = 1  # as PHP does: one wrong length and nothing is read
    CHECKED = 2  # a length is believed when a string can end there
    IGNORED = 3  # a wrong length may by chance point at the end of a later string


class _Parser:
    """Reads values from bytes. Methods return a value and the position behind it."""

    def __init__(self, data: bytes, lengths: _Lengths) -> None:
        self.data = data
        self.lengths = lengths
        self.closing = b"never" if lengths is _Lengths.IGNORED else b'";'  # what must stand where a length points
        self.repaired = lengths is not _Lengths.TRUSTED
        self.has_objects = False

    def value(self, at: int, depth: int) -> tuple[PhpValue, int]:
        data = self.data
        kind = data[at : at + 2]
        if kind == b"s:":
            return self.string(at)
        if kind == b"a:":
            return self.array(at, depth)
        if kind == b"N;":
            return None, at + 2
        if kind in (b"i:", b"d:", b"b:"):
            end = data.index(b";", at)
            return _scalar(kind, data[at + 2 : end]), end + 1
        if kind in (b"O:", b"C:", b"E:", b"r:", b"R:"):
            self.has_objects = True
            return self.inert(kind, at, depth)
        raise PhpDataError(f"no PHP data at byte {at}")

    def string(self, at: int) -> tuple[str, int]:
        start = self.data.index(b":", at + 2) + 2
        end = start + int(self.data[at + 2 : start - 2])
        if self.data[end : end + 2] != self.closing:
            end = self.real_end(start, _END_OF_STRING)
        return self.data[start:end].decode(), end + 2

    def real_end(self, start: int, end_of_string: re.Pattern[bytes]) -> int:
        """Return where a string with a wrong length ends: at the first quote that something valid follows."""
        if self.lengths is _Lengths.TRUSTED:
            raise PhpDataError(f"a string of the wrong length at byte {start}")
        found = end_of_string.search(self.data, start)
        if found is None:
            raise PhpDataError(f"a string without an end at byte {start}")
        return found.start()

    def array(self, at: int, depth: int) -> tuple[PhpValue, int]:
        brace = self.data.index(b"{", at)
        keys, values, end = self.pairs(brace + 1, depth + 1)
        if int(self.data[at + 2 : brace - 1]) != len(keys) and self.lengths is not _Lengths.IGNORED:
            raise PhpDataError(f"an array of the wrong size at byte {at}")
        if not keys or (keys[0] == "0" and keys == list(map(str, range(len(keys))))):
            return values, end
        return dict(zip(keys, values, strict=True)), end

    def pairs(self, at: int, depth: int) -> tuple[list[str], list[PhpValue], int]:
        """Return keys and values up to the closing brace."""
        if depth > MAX_DEPTH:
            raise PhpDataError(f"PHP data nested deeper than {MAX_DEPTH} levels")
        data, index, closing = self.data, self.data.index, self.closing
        keys: list[str] = []
        values: list[PhpValue] = []
        while (kind := data[at]) != _CLOSE:
            # Nearly everything is strings; reading them here costs half of what a call to `string` does.
            if kind == _STRING:
                start = index(b":", at + 2) + 2
                end = start + int(data[at + 2 : start - 2])
                if data[end : end + 2] != closing:
                    end = self.real_end(start, _END_OF_KEY)
                keys.append(data[start:end].decode())
                at = end + 2
            elif kind == _INTEGER:
                end = index(b";", at)
                keys.append(data[at + 2 : end].decode())
                at = end + 1
            else:
                raise PhpDataError(f"no array key at byte {at}")
            if data[at] == _STRING:
                start = index(b":", at + 2) + 2
                end = start + int(data[at + 2 : start - 2])
                if data[end : end + 2] != closing:
                    end = self.real_end(start, _END_OF_STRING)
                values.append(data[start:end].decode())
                at = end + 2
            else:
                value, at = self.value(at, depth)
                values.append(value)
        return keys, values, at + 1

    def inert(self, kind: bytes, at: int, depth: int) -> tuple[PhpValue, int]:
        """Return objects, enums and references as dicts that say what they were."""
        data = self.data
        if kind in (b"r:", b"R:"):
            end = data.index(b";", at)
            return {REFERENCE_KEY: int(data[at + 2 : end])}, end + 1
        name_start = data.index(b'"', at) + 1
        name_end = data.index(b'"', name_start)
        name = data[name_start:name_end].decode()
        if kind == b"E:":
            return {ENUM_KEY: name}, name_end + 2
        start = data.index(b"{", name_end) + 1
        if kind == b"C:":
            end = start + int(data[name_end + 2 : start - 2])
            return {CLASS_KEY: name, DATA_KEY: data[start:end].decode()}, end + 1
        keys, values, end = self.pairs(start, depth + 1)
        # Private and protected names carry "\0Class\0" or "\0*\0" before them.
        names = (key.rpartition("\0")[2] for key in keys)
        return {CLASS_KEY: name, **dict(zip(names, values, strict=True))}, end


def _scalar(kind: bytes, text: bytes) -> PhpValue:
    if kind == b"b:":
        return text == b"1"
    if kind == b"i:":
        number = int(text)
        return number if -(2**63) <= number < 2**63 else float(number)
    real = float(text)
    return real if math.isfinite(real) else text.decode("ascii")  # JSON has neither INF nor NAN
