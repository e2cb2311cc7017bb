"""A text's skeleton: only the signs that give it its form. They are few, so that it is quickly looked through."""

from __future__ import annotations

# What begins and ends tags, comments, calls and references, quotes, and the marks of typography.
_SIGNS = b"<>[]!&\"'`\x00\x01\x02\x03\x04"
_FLESH = bytes(set(range(256)) - set(_SIGNS))


def skeleton_of(text: str) -> bytes:
    """Return the signs of a text that are part of its skeleton, in their order."""
    return text.encode("latin-1", errors="replace").translate(None, _FLESH)
