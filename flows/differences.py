"""Two versions of a value side by side, for people: as text, cut to where they differ."""

from __future__ import annotations

import orjson

from cms_models.rows import Json

BEFORE = 20  # characters of what both have in common, before the first difference
NOTHING = "(nothing)"


def both_versions(old: Json, new: Json, *, limit: int) -> tuple[str, str]:
    """Return both values, each at most `limit` characters long and beginning shortly before they part."""
    texts = as_text(old), as_text(new)
    if max(map(len, texts)) <= limit:
        return texts
    same = next((at for at, (one, other) in enumerate(zip(*texts, strict=False)) if one != other), min(map(len, texts)))
    start = max(0, same - BEFORE)
    first, second = (_cut(text, start, limit) for text in texts)
    return first, second


def as_text(value: Json) -> str:
    """Return a value as people read it."""
    if value is None or value == "":
        return NOTHING
    return value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _cut(text: str, start: int, limit: int) -> str:
    shown = text[start : start + limit]
    return f"{'…' if start else ''}{shown}{'…' if start + limit < len(text) else ''}"
