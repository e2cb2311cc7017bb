"""A text's skeleton: only the signs that give it its form. They are few, so that it is quickly looked through."""

from __future__ import annotations


def flesh_around(signs: bytes) -> bytes:
    """Return all that is not one of these signs."""
    return bytes(set(range(256)) - set(signs))


def skeleton_of(text: str, flesh: bytes) -> bytes:
    """Return a text without its flesh; signs that take more than one byte are flesh, too."""
    return text.encode("latin-1", errors="replace").translate(None, flesh)
