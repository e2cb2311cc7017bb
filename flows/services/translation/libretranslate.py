"""LibreTranslate: free software, on a server of one's own or on a public one."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flows.services.translation.codes import plain_code, without_region
from flows.services.translation.engine import EngineAnswerError, EngineLimits, EngineRefusedError
from flows.services.translation.patience import JsonApi, Patience
from flows.services.translation.tags import from_tags, to_html

_OVER_LIMIT = "exceeds text limit"
_CODES = {
    "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh-hant": "zh-Hant", "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant", "pt-br": "pt-BR", "no": "nb",
}  # fmt: skip
"""Where LibreTranslate keeps varieties apart, or names a language in another way."""


class LibreTranslateEngine:
    """Texts as HTML, several in one request."""

    name = "libretranslate"
    model = None
    limits = EngineLimits(texts=50, bytes=16_000)  # servers have limits of their own: see translate
    price_per_million: Decimal | None = None

    def __init__(self, url: str, key: str | None = None, patience: Patience | None = None) -> None:
        self._api = JsonApi("LibreTranslate", "WPFERRY_LIBRETRANSLATE", url, patience or Patience())
        self._key = key

    def translate(self, texts: Sequence[str], source: str, target: str, /) -> list[str]:
        """Return the texts in the target language; in smaller requests where the server wants them.

        Raises EngineError.
        """
        document = {
            "q": [to_html(text) for text in texts],
            "source": _code(source),
            "target": _code(target),
            "format": "html",
        }
        if self._key:
            document["api_key"] = self._key
        try:
            answer = self._api.post("/translate", document)
        except EngineRefusedError as error:
            if _OVER_LIMIT not in str(error) or len(texts) < 2:
                raise
            half = len(texts) // 2
            return self.translate(texts[:half], source, target) + self.translate(texts[half:], source, target)
        translated = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(translated, list) or not all(isinstance(text, str) for text in translated):
            raise EngineAnswerError(
                "LibreTranslate answered without translations. Is the address that of a LibreTranslate server?"
            )
        if len(translated) != len(texts):
            raise EngineAnswerError(
                f"LibreTranslate answered {len(translated)} texts for {len(texts)}; none of them was used. "
                "Run the command again."
            )
        return [from_tags(text) for text in translated]


def _code(language: str) -> str:
    return _CODES.get(plain_code(language)) or without_region(language)
