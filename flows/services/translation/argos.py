"""Argos Translate: models on this machine, an optional extra."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from importlib import import_module
from typing import Any

from flows.services.translation.codes import without_region
from flows.services.translation.engine import EngineLimits, EngineRefusedError
from flows.services.translation.tags import from_tags, to_html


class ArgosEngine:
    """Texts as HTML, one after the other, in this process."""

    name = "argos"
    model = None
    limits = EngineLimits(texts=50, bytes=64_000)
    price_per_million: Decimal | None = None

    def __init__(self) -> None:
        try:
            self._translate: Any = import_module("argostranslate.translate")
            self._html: Any = import_module("translatehtml")
        except ImportError:
            raise EngineRefusedError(
                "Argos Translate is not installed. Install it with: pip install 'wpferry[argos]'"
            ) from None

    def translate(self, texts: Sequence[str], source: str, target: str, /) -> list[str]:
        """Return the texts in the target language.

        Raises EngineRefusedError when no model is installed for the two languages.
        """
        from_code, to_code = without_region(source), without_region(target)
        try:
            translation = self._translate.get_translation_from_codes(from_code, to_code)
        except AttributeError:  # what its own look-up comes to for a language it does not have
            translation = None
        if translation is None:
            raise EngineRefusedError(
                f"Argos Translate has no model from {from_code} to {to_code}. "
                f"Install it with: argospm install translate-{from_code}_{to_code}"
            )
        return [from_tags(str(self._html.translate_html(translation, to_html(text)))) for text in texts]
