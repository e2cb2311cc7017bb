"""The engine that changes nothing: for tests, and to see what a run would do to markup."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flows.services.translation.engine import EngineLimits


class IdentityEngine:
    """Gives back what it is given."""

    name = "identity"
    model = None
    limits = EngineLimits(texts=1_000, bytes=1 << 20)
    price_per_million: Decimal | None = None

    def translate(self, texts: Sequence[str], _source: str, _target: str, /) -> list[str]:
        """Return the same texts."""
        return list(texts)
