"""What a file is, by its first bytes; its name only tells apart what its bytes cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

HEAD_BYTES = 4096
"""So much of a file's beginning is enough for `sniff`."""

OCTETS = "application/octet-stream"
SVG = "image/svg+xml"

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (  # offset, bytes, type; the first that fits
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\1\0", "image/x-icon"),
    (0, b"8BPS", "image/vnd.adobe.photoshop"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"%!PS", "application/postscript"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd", "audio/midi"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"FLV\1", "video/x-flv"),
    (0, b"\0\0\1\xba", "video/mpeg"),
    (0, b"\0\0\1\xb3", "video/mpeg"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (0, b"PK\3\4", "application/zip"),
    (0, b"PK\5\6", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"wOFF", "font/woff"),
    (0, b"wOF2", "font/woff2"),
    (0, b"OTTO", "font/otf"),
    (0, b"\0\1\0\0\0", "font/ttf"),
    (257, b"ustar", "application/x-tar"),
)

_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}

_BRANDS: Mapping[bytes, str] = {  # of ISO media files: the four bytes after `ftyp`
    b"avif": "image/avif", b"avis": "image/avif",
    b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic", b"mif1": "image/heif", b"msf1": "image/heif",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"M4V ": "video/mp4",
    b"3gp4": "video/3gpp", b"3gp5": "video/3gpp", b"3g2a": "video/3gpp2",
}  # fmt: skip

_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip"})  # files older than `ftyp`

_OFFICE = "application/vnd.openxmlformats-officedocument."
_INSIDE: Mapping[str, Mapping[str, str]] = {  # containers whose first bytes are all alike: the name decides
    "application/zip": {
        ".docx": _OFFICE + "wordprocessingml.document",
        ".xlsx": _OFFICE + "spreadsheetml.sheet",
        ".pptx": _OFFICE + "presentationml.presentation",
        ".odt": "application/vnd.oasis.opendocument.text",
        ".ods": "application/vnd.oasis.opendocument.spreadsheet",
        ".odp": "application/vnd.oasis.opendocument.presentation",
        ".epub": "application/epub+zip",
    },
    "application/x-ole-storage": {
        ".doc": "application/msword",
        ".xls": "application/vnd.ms-excel",
        ".ppt": "application/vnd.ms-powerpoint",
    },
    "audio/ogg": {".ogv": "video/ogg"},
    "video/webm": {".mkv": "video/x-matroska"},
    "text/plain": {
        ".csv": "text/csv", ".json": "application/json", ".vtt": "text/vtt", ".srt": "application/x-subrip",
        ".ics": "text/calendar", ".css": "text/css", ".js": "text/javascript", ".xml": "application/xml",
    },
}  # fmt: skip

_SUFFIXES: Mapping[str, str] = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/avif": ".avif",
    "image/bmp": ".bmp", "image/tiff": ".tif", "image/x-icon": ".ico", "image/heic": ".heic", "image/heif": ".heif",
    "image/vnd.adobe.photoshop": ".psd", SVG: ".svg",
    "application/pdf": ".pdf", "application/postscript": ".ps", "application/rtf": ".rtf",
    "application/zip": ".zip", "application/gzip": ".gz", "application/vnd.rar": ".rar", "application/x-tar": ".tar",
    "application/x-7z-compressed": ".7z",
    "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/flac": ".flac", "audio/midi": ".mid", "audio/amr": ".amr",
    "audio/wav": ".wav", "audio/mp4": ".m4a", "audio/aac": ".aac",
    "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm", "video/x-msvideo": ".avi",
    "video/mpeg": ".mpg", "video/3gpp": ".3gp", "video/3gpp2": ".3g2", "video/x-flv": ".flv",
    "video/x-ms-wmv": ".wmv",
    "font/woff": ".woff", "font/woff2": ".woff2", "font/otf": ".otf", "font/ttf": ".ttf",
    "text/plain": ".txt", "text/html": ".html",
    **{kind: suffix for kinds in _INSIDE.values() for suffix, kind in kinds.items()},
}  # fmt: skip

_RASTER_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".ico"}
)

_MARKUP = re.compile(rb"<(!doctype\s+)?([a-z][\w:-]*)", re.IGNORECASE)
_PROLOGUE = re.compile(rb"\s*(<\?xml.*?\?>|<!--.*?-->|<!doctype\s+svg[^\[>]*(\[.*?\]\s*)?>)", re.IGNORECASE | re.DOTALL)
_HTML_ELEMENTS = frozenset(
    b"html head body script style title meta link div p br h1 table iframe img a span form".split()
)


def sniff(head: bytes, name: str) -> str:
    """Return the MIME type of a file by its first bytes; `name` decides only between types that begin alike."""
    suffix = PurePosixPath(name).suffix.lower()
    found = _by_signature(head) or _by_text(head)
    return _INSIDE.get(found, {}).get(suffix, found)


def suffix_of(mime_type: str) -> str:
    """Return the file name suffix of a type, with its dot; `.bin` for those we do not know."""
    return _SUFFIXES.get(mime_type, ".bin")


def is_named_as_picture(name: str) -> bool:
    """Return whether a name promises pixels, whatever the file holds."""
    return PurePosixPath(name).suffix.lower() in _RASTER_SUFFIXES


def _by_signature(head: bytes) -> str | None:
    for offset, signature, mime_type in _SIGNATURES:
        if head.startswith(signature, offset):
            return mime_type
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[4:8] in _QUICKTIME_ATOMS:
        return "video/quicktime"
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12])
    if head.startswith(b"\x1aE\xdf\xa3"):
        return "video/webm"
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":  # BM alone also begins words
        return "image/bmp"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:  # the sync word of an MPEG audio frame
        return "audio/aac" if head[1] & 0xF6 == 0xF0 else "audio/mpeg"
    return None


def _by_text(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "text/plain"
    text = head.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in text:
        return OCTETS
    if text.lstrip()[:5].lower() == b"<?php":
        return "application/x-php"
    while prologue := _PROLOGUE.match(text):
        text = text[prologue.end() :]
    markup = _MARKUP.match(text.lstrip())
    if markup:
        element = markup[2].lower()
        if element.rpartition(b":")[2] == b"svg":
            return SVG
        if element in _HTML_ELEMENTS:
            return "text/html"
    return "text/plain" if _is_text(text) else OCTETS


def _is_text(data: bytes) -> bool:
    controls = sum(byte < 32 and byte not in b"\t\n\f\r\x1b" for byte in data)
    return bool(data) and controls == 0
