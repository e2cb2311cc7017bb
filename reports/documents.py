"""Makes documents that MongoDB takes: bounded, without secrets, with names and texts it allows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

MAX_DOCUMENT_BYTES = 12_000_000  # MongoDB takes 16 MB, the envelope included
TEXT_LIMITS = (16_000, 1_000, 100)  # characters, tried until the document fits
MAX_ELEMENTS = 1_000
INT64 = 2**63

HIDDEN = "(hidden)"
SECRET_NAME = re.compile(r"passw|secret|token|credential|api_?key|private_?key|salt|nonce", re.IGNORECASE)
USER_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")
SECRET_IN_QUERY = re.compile(r"(?i)([?&](?:[^=&\s]*(?:passw|secret|token|key)[^=&\s]*)=)[^&\s]+")


def without_secrets(value: Any) -> Any:
    """Return settings without passwords and tokens: by name, in URLs and in their query strings."""
    if isinstance(value, Mapping):
        return {
            str(name): HIDDEN if SECRET_NAME.search(str(name)) and inner else without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, str):
        return SECRET_IN_QUERY.sub(rf"\1{HIDDEN}", USER_IN_URL.sub("", value))
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [without_secrets(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float) else without_secrets(str(value))


def mongo_document(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as MongoDB takes them: legal names, real dates, long texts and lists cut until it fits."""
    for limit in TEXT_LIMITS:
        document: dict[str, Any] = _legal(fields, limit)
        if len(orjson.dumps(document)) <= MAX_DOCUMENT_BYTES:
            break
    else:
        document = {"_id": document["_id"], "dropped": "the document was too large even with all its texts cut"}
    return document


def _legal(value: Any, limit: int, name: str = "") -> Any:
    if isinstance(value, Mapping):
        pairs = list(value.items())[:MAX_ELEMENTS]
        return {_legal_name(str(key)): _legal(inner, limit, str(key)) for key, inner in pairs}
    if isinstance(value, str):
        if name.endswith("_at"):
            return _time_or_text(value)
        return _cut(value.replace("\0", "").encode(errors="replace").decode(), limit)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_legal(inner, limit) for inner in value[:MAX_ELEMENTS]]
    if isinstance(value, int) and not -INT64 <= value < INT64:
        return str(value)
    return value


def _legal_name(name: str) -> str:
    """Write dots and dollars as their full-width forms: a query reads them as paths and operators."""
    return name.replace("\0", "").replace(".", "．").replace("$", "＄").encode(errors="replace").decode() or "(empty)"


def _time_or_text(text: str) -> datetime | str:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return text


def _cut(text: str, limit: int) -> str:
    """Keep both ends: the cause of an error stands at the end of its trace."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]} … ({len(text) - 2 * half} characters cut) … {text[-half:]}"
