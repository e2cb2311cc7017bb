"""Values as dumps write them, turned into those of Python."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import TypeAlias

Stored: TypeAlias = str | int | bytes | None
Decoder: TypeAlias = Callable[[bytes], str]
Converter: TypeAlias = Callable[[bytes], Stored]

LARGEST_INTEGER = 2**63 - 1  # of SQLite
QUOTE = ord("'")
NULLS = frozenset({b"NULL", b"null", b"DEFAULT"})
ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
# What a byte means after a backslash: itself, but for these; MySQL keeps the backslash of the wildcards of LIKE.
MEANINGS = {bytes([byte]): bytes([byte]) for byte in range(256)} | {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"0": b"\0", b"Z": b"\x1a", b"%": b"\\%", b"_": b"\\_",
}  # fmt: skip
NUMBER_IN_BYTES = re.compile(rb"0[xXbB]|[xXbB]'")
INTRODUCED = re.compile(rb"_(\w+)\s*(.*)", re.DOTALL)

# MySQL's latin1 is Windows' code page 1252 whose five unused bytes stand for themselves.
LATIN1 = "".join(
    bytes([byte]).decode("cp1252", "ignore") or chr(byte)  # 0x81, 0x8d, 0x8f, 0x90, 0x9d
    for byte in range(256)
)

# Charsets whose texts never hold a byte that looks like a quote or a backslash, as those of big5, gbk and sjis may.
CODECS = {
    "ascii": "ascii", "utf8": "utf-8", "utf8mb3": "utf-8", "utf8mb4": "utf-8", "binary": "utf-8",
    "latin2": "iso8859-2", "latin5": "iso8859-9", "latin7": "iso8859-13", "greek": "iso8859-7", "hebrew": "iso8859-8",
    "cp1250": "cp1250", "cp1251": "cp1251", "cp1256": "cp1256", "cp1257": "cp1257", "cp850": "cp850", "cp852": "cp852",
    "cp866": "cp866", "koi8r": "koi8-r", "koi8u": "koi8-u", "macroman": "mac-roman", "tis620": "tis-620",
    "ujis": "euc-jp", "euckr": "euc-kr", "gb2312": "gb2312",
}  # fmt: skip


def decoder(charset: str) -> Decoder | None:
    """Return what decodes texts of a MySQL charset; bytes that are none of it become U+FFFD. None: unknown."""
    if charset == "latin1":
        return lambda raw: codecs.charmap_decode(raw, "strict", LATIN1)[0]
    codec = CODECS.get(charset)
    return (lambda raw: raw.decode(codec, "replace")) if codec else None


def unescaped(body: bytes) -> bytes:
    """Return a quoted string's bytes; `body` is what stands between its quotes."""
    if b"''" in body:
        body = body.replace(b"''", b"'")
    if b"\\" not in body:
        return body
    parts = ESCAPE.split(body)  # every second part is what follows a backslash
    parts[1::2] = map(MEANINGS.__getitem__, parts[1::2])
    return b"".join(parts)


def text_converter(decode: Decoder) -> Converter:
    """Return what makes values of a text column."""

    def convert(raw: bytes) -> Stored:
        if raw[0] == QUOTE:
            body = raw[1:-1]
            return decode(unescaped(body) if b"\\" in body or b"''" in body else body)
        if raw in NULLS:
            return None
        content, charset = _content(raw)
        return ((charset and decoder(charset)) or decode)(content)

    return convert


def integer_converter(decode: Decoder) -> Converter:
    """Return what makes values of an integer column; what is too large for SQLite, or no number, stays text."""

    def convert(raw: bytes) -> Stored:
        if raw in NULLS:
            return None
        if raw[0] == QUOTE:
            raw = unescaped(raw[1:-1])
        try:
            number = int(raw)
        except ValueError:
            if not NUMBER_IN_BYTES.match(raw):
                return decode(raw)
            number = int.from_bytes(_content(raw)[0], "big")
        return number if abs(number) <= LARGEST_INTEGER else str(number)

    return convert


def binary_converter(decode: Decoder) -> Converter:  # noqa: ARG001 - the three kinds are made alike
    """Return what makes values of a binary column."""
    return lambda raw: None if raw in NULLS else _content(raw)[0]


def _content(raw: bytes) -> tuple[bytes, str | None]:
    """Return the bytes that a literal stands for, and the charset its introducer names (_utf8mb4'...')."""
    charset = None
    if raw[0] == 0x5F and (introduced := INTRODUCED.fullmatch(raw)):
        charset = introduced[1].decode("ascii", "replace").lower()
        raw = introduced[2]
    start = raw[:2].lower()
    if raw[0] == 0x27:
        return unescaped(raw[1:-1]), charset
    if raw[0] == 0x22:
        return unescaped(raw[1:-1].replace(b'""', b'"')), charset
    if start == b"n'":
        return unescaped(raw[2:-1]), "utf8mb4"
    if start in (b"0x", b"x'"):
        digits = raw[2:].rstrip(b"'")
        return bytes.fromhex((digits if len(digits) % 2 == 0 else b"0" + digits).decode("ascii")), charset
    if start in (b"0b", b"b'"):
        bits = raw[2:].rstrip(b"'")
        return int(bits or b"0", 2).to_bytes(max(1, (len(bits) + 7) // 8), "big"), charset
    return raw, charset


CONVERTERS: dict[str, Callable[[Decoder], Converter]] = {
    "INTEGER": integer_converter,
    "BLOB": binary_converter,
    "TEXT": text_converter,
}
