"""Numbers from texts as PHP reads them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_LEADING_INTEGER = re.compile(r"\s*([+-]?\d{1,18})")


def php_int(text: str | None) -> int:
    """Return the integer that a text begins with, else 0, as `(int)` does in PHP."""
    found = _LEADING_INTEGER.match(text or "")
    return int(found[1]) if found else 0


def decimal_or_none(text: str | None) -> Decimal | None:
    """Return a finite decimal number; None for anything else. WooCommerce stores a dot whatever it shows."""
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
