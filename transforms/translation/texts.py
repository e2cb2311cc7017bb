"""What makes two texts the same text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

_SIGNS = {
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("–—−", "-"),
    **dict.fromkeys("\u00a0\u202f\u2009", " "),
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
    "…": "...",
}
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")


def folded(text: str) -> str:
    """Return the text without what differs between an article's body and its blocks: “–” and "--", white space."""
    if not text.isascii():
        text = _SIGN.sub(lambda found: _SIGNS[found[0]], text)
    if "--" in text:
        text = text.replace("---", "-").replace("--", "-")
    return " ".join(text.split())


def is_same(text: str, other: str) -> bool:
    """Return whether two texts differ in white space and typography only."""
    if text == other:
        return True
    if text[:1].isalnum() and other[:1].isalnum() and text[0] != other[0]:  # most translations: no need to look closely
        return False
    return folded(text) == folded(other)


def segment_hash(text: str, tell_apart: Sequence[str] = ()) -> str:
    """Return what a segment is remembered by; `tell_apart` are the numbers and terms that its marks stand for."""
    identity = "\x1f".join((folded(text), *tell_apart))
    return blake2b(identity.encode(errors="surrogatepass"), digest_size=16).hexdigest()
