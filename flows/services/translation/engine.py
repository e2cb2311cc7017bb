"""What any translation engine offers, and how it may fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class EngineError(Exception):
    """A translation that did not come; the message says which engine, why, and what to do."""


class EngineUnreachableError(EngineError):
    """The engine did not answer, or asked to come back later, more often than is worth waiting for."""


class QuotaExceededError(EngineError):
    """The account has no characters left."""


class EngineRefusedError(EngineError):
    """The engine will never take this: a wrong key, a language it does not know, a model that is not there."""


class EngineAnswerError(EngineError):
    """The engine answered what cannot be used: truncated, not JSON, another number of texts than was sent."""


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """How much one request may hold."""

    texts: int
    bytes: int  # of all texts together, as UTF-8


class Engine(Protocol):
    """A translator of texts, asked by several threads at once."""

    @property
    def name(self) -> str:
        """As it is called on the command line."""

    @property
    def model(self) -> str | None:
        """Which of its models translates; None when it has but one."""

    @property
    def limits(self) -> EngineLimits:
        """How much one request may hold."""

    @property
    def price_per_million(self) -> Decimal | None:
        """Euro for a million characters, by its price list; None when nobody asks for money."""

    def translate(self, texts: Sequence[str], source: str, target: str, /) -> list[str]:
        """Return the texts in the target language, in order, for one request within the limits.

        Texts hold the marks of `transforms.translation.contract`; languages are codes as sites have them (en, pt-br).
        It tries again by itself what may succeed later.

        Raises EngineError, one of the four above.
        """
