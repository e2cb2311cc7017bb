"""Pseudo-translation: the source's words with accents, and longer, so that what is not translated can be seen."""

from __future__ import annotations

from collections.abc import Sequence

from flows.services.translation.engine import EngineLimits
from transforms.translation.placeholders import MARK

LONGER = 0.3  # as German is than English
_ACCENTED = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçđéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž",
)
_FILLING = "·"


class PseudoEngine:
    """Puts accents on letters: deterministic, free, and without a network."""

    name = "pseudo"
    model = None
    limits = EngineLimits(texts=1_000, bytes=1 << 20)
    price_per_million = None

    def translate(self, texts: Sequence[str], _source: str, _target: str, /) -> list[str]:
        """Return the texts with accents, a third longer, their marks as they were."""
        return [_pseudo(text) for text in texts]


def _pseudo(text: str) -> str:
    made: list[str] = []
    position = letter_count = 0
    for mark in MARK.finditer(text):
        made += (text[position : mark.start()].translate(_ACCENTED), mark[0])
        letter_count += mark.start() - position
        position = mark.end()
    made.append(text[position:].translate(_ACCENTED))
    letter_count += len(text) - position
    return "".join(made) + " " + _FILLING * max(1, round(letter_count * LONGER) - 1)
