"""Slugs as people read them: WordPress stores those of other scripts percent-encoded."""

from __future__ import annotations

import codecs
import re
from urllib.parse import unquote_to_bytes

_ENCODED = re.compile(r"(?:%[89a-fA-F][0-9a-fA-F])+")
# All but what means something else when it is decoded: control signs, # % / ? and the delete sign.
_ENCODED_IN_PATH = re.compile(r"(?:%(?:[2-6][0-9a-fA-F]|7[0-9a-eA-E]|[89a-fA-F][0-9a-fA-F]))+")
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
