"""Slugs as people read them: WordPress stores those of other scripts percent-encoded."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Container
from itertools import chain, count
from urllib.parse import unquote_to_bytes

_ENCODED = re.compile(r"(?:%[89a-fA-F][0-9a-fA-F])+")
# All but what means something else when it is decoded: control signs, # % / ? and the delete sign.
_ENCODED_IN_PATH = re.compile(r"(?:%(?:[2-6][0-9a-fA-F]|7[0-9a-eA-E]|[89a-fA-F][0-9a-fA-F]))+")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_LONGEST = 200  # bytes, as in WordPress
_SPELLED_OUT = {"Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe", "ß": "ss", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D",
    "đ": "d", "Þ": "Th", "þ": "th", "ı": "i"}  # fmt: skip
_MEANINGFUL = {"#": "%23", "%": "%25", "/": "%2f", "?": "%3f"}


def decode_slug(slug: str) -> str:
    """Return a slug with its non-ASCII letters decoded.

    WordPress cuts slugs at 200 bytes, which may be inside a letter; such a rest stays encoded, because
    the old address ends in exactly those bytes. Encoded ASCII stays as it is: `%2F` is no slash.
    """
    return _ENCODED.sub(_decode, slug) if "%" in slug else slug


def decode_path(path: str) -> str:
    """Return a path as people read it, whose parts are the same as those of the encoded one."""
    return _ENCODED_IN_PATH.sub(_decode_part, path) if "%" in path else path


def slug_of(title: str) -> str:
    """Return the slug of a title: small letters without accents, hyphens between words; empty without letters.

    Letters of other scripts stay, as WordPress keeps them.
    """
    plain = "".join(map(_without_accent, unicodedata.normalize("NFC", title.replace("'", "").replace("’", ""))))
    slug = _BETWEEN_WORDS.sub("-", plain.casefold()).strip("-")
    if len(slug.encode()) > _LONGEST:
        slug = slug.encode()[:_LONGEST].decode("utf-8", "ignore").rpartition("-")[0] or slug[: _LONGEST // 4]
    return slug


def free_slug(slug: str, taken: Container[str]) -> str:
    """Return the slug, numbered from 2 as WordPress does when it is taken."""
    return next(one for one in chain([slug], (f"{slug}-{number}" for number in count(2))) if one not in taken)


def _without_accent(letter: str) -> str:
    """Return a Latin letter without its accent; any other as it is, for there the sign is part of the letter."""
    if letter.isascii() or not unicodedata.name(letter, "").startswith("LATIN"):
        return letter
    return _SPELLED_OUT.get(letter) or unicodedata.normalize("NFKD", letter)[0]


def _decode_part(found: re.Match[str]) -> str:
    kept = re.split(r"(%2[35fF]|%3[fF])", found[0])
    return "".join(
        _MEANINGFUL[unquote_to_bytes(part).decode()]
        if place % 2
        else unquote_to_bytes(part).decode("utf-8", "percent_encode")
        for place, part in enumerate(kept)
    )


def _decode(found: re.Match[str]) -> str:
    return unquote_to_bytes(found[0]).decode("utf-8", "percent_encode")


def _percent_encode(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02x}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("percent_encode", _percent_encode)
