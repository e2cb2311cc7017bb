"""Turns raw values of a source into honest ones; nobody behind the reader knows the raw ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def text(raw: object) -> str:
    """Return a stored text without NUL bytes, which Postgres does not take; NULL is ''.

    Lone surrogates cannot come this far: every way in decodes UTF-8, which has none.
    """
    if not isinstance(raw, str):
        if raw is None:
            return ""
        # Tables of long lives have columns turned into blobs; WordPress reads them as UTF-8 all the same.
        raw = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    if "\0" in raw:
        raw = raw.replace("\0", "")
    return raw


def local_or_none(raw: Any) -> datetime | None:
    """Return naive wall time; WordPress writes '0000-00-00 00:00:00' for never, tools leave worse."""
    if not raw:
        return None
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=None)
    if raw.startswith("0000"):
        return None
    try:
        return datetime.fromisoformat(raw).replace(tzinfo=None)
    except ValueError:
        return None


def utc_or_none(raw: Any) -> datetime | None:
    """Return aware UTC, or None as `local_or_none` does."""
    naive = local_or_none(raw)
    return naive.replace(tzinfo=UTC) if naive else None


def id_or_none(raw: Any) -> int | None:
    """Return an id; WordPress writes 0 for nobody."""
    number = raw if type(raw) is int else integer(raw)
    return number if number > 0 else None


def integer(raw: Any) -> int:
    """Return a number; what is none (NULL, or words in an SQLite column) counts as 0, as in MySQL."""
    try:
        return int(raw)
    except (TypeError, ValueError):
        return 0
