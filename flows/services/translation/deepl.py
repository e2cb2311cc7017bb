"""DeepL, through its own SDK."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import deepl
from deepl import http_client

from flows.services.translation.codes import plain_code, without_region
from flows.services.translation.engine import (
    EngineAnswerError,
    EngineLimits,
    EngineRefusedError,
    QuotaExceededError,
)
from flows.services.translation.patience import SHOWN, EngineBusyError, Patience, patiently
from flows.services.translation.tags import from_tags, to_xml

FREE_KEY = ":fx"
_SERVER_ERROR = 500
_TARGETS = {
    "en": "EN-US", "en-us": "EN-US", "en-gb": "EN-GB", "pt": "PT-PT", "pt-pt": "PT-PT", "pt-br": "PT-BR",
    "zh": "ZH-HANS", "zh-hans": "ZH-HANS", "zh-hant": "ZH-HANT", "zh-tw": "ZH-HANT", "zh-hk": "ZH-HANT", "no": "NB",
}  # fmt: skip
"""Where DeepL wants to know the variety, or names a language in another way."""


class DeepLEngine:
    """Texts as XML, by the limits of the API: 50 texts, 128 KiB."""

    name = "deepl"
    model = None
    limits = EngineLimits(texts=50, bytes=40 * 1024)  # the SDK's JSON has three bytes for each of Cyrillic

    def __init__(self, key: str, url: str | None = None, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        http_client.max_network_retries = 0  # waiting is ours: see patience
        http_client.min_connection_timeout = self._patience.timeout_s
        self._client = deepl.DeepLClient(key, server_url=url, send_platform_info=False)
        self._is_free = key.endswith(FREE_KEY)

    @property
    def price_per_million(self) -> Decimal | None:
        """Return the list price of DeepL API Pro; free keys cost nothing."""
        return None if self._is_free else Decimal(20)

    def translate(self, texts: Sequence[str], source: str, target: str, /) -> list[str]:
        """Return the texts in the target language.

        Raises EngineError.
        """
        answers = patiently(lambda: self._ask(texts, source, target), self._patience)
        if len(answers) != len(texts):
            raise EngineAnswerError(
                f"DeepL answered {len(answers)} texts for {len(texts)}, or only a part of an answer; none of them was "
                "used. Run the command again."
            )
        return [from_tags(text) for text in answers]

    def _ask(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        try:
            results = self._client.translate_text(
                [to_xml(text) for text in texts],
                source_lang=without_region(source).upper(),
                target_lang=_target(target),
                tag_handling="xml",
                outline_detection=False,
                non_splitting_tags=["g", "x"],
            )
        except deepl.QuotaExceededException:
            raise QuotaExceededError("DeepL: the account has no characters left in this billing period.") from None
        except deepl.AuthorizationException:
            raise EngineRefusedError("DeepL does not take the key. Check WPFERRY_DEEPL_KEY.") from None
        except deepl.ConnectionException as error:
            reason = type(error.__cause__ or error).__name__
            raise EngineBusyError(f"DeepL does not answer ({reason}).") from None
        except deepl.DeepLException as error:
            reason = " ".join(str(error).split())[:SHOWN]
            if isinstance(error, deepl.TooManyRequestsException) or (error.http_status_code or 0) >= _SERVER_ERROR:
                raise EngineBusyError(f"DeepL is busy or broken ({reason}).") from None
            raise EngineRefusedError(f"DeepL refuses the request ({reason}).") from None
        except (TypeError, ValueError, KeyError, AttributeError) as error:  # the SDK trusts what it is sent
            raise EngineAnswerError(f"DeepL's answer cannot be read ({error!r}). Run the command again.") from None
        return [result.text for result in results] if isinstance(results, list) else [results.text]


def _target(language: str) -> str:
    code, base = plain_code(language), without_region(language)
    return _TARGETS.get(code) or _TARGETS.get(base) or base.upper()
