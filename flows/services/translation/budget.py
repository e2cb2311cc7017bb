"""How many characters a run may send to an engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Budget:
    """Characters that may be spent, and those that were."""

    limit: int | None = None  # None: any number
    spent: int = 0

    def take(self, characters: int) -> bool:
        """Spend characters, if so many are left."""
        if self.limit is not None and self.spent + characters > self.limit:
            return False
        self.spent += characters
        return True
