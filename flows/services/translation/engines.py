"""Every engine by its name on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import SecretStr

from flows.services.translation.argos import ArgosEngine
from flows.services.translation.engine import Engine, EngineRefusedError
from flows.services.translation.identity import IdentityEngine
from flows.services.translation.libretranslate import LibreTranslateEngine
from flows.services.translation.openai_compatible import OpenAICompatibleEngine
from flows.services.translation.pseudo import PseudoEngine
from flows.services.translation.settings import EngineSettings


def open_engine(name: str, settings: EngineSettings | None = None) -> Engine:
    """Return an engine, its key and address taken from the environment.

    Raises EngineRefusedError for a name that is none, and for an engine whose key or address is not set.
    """
    if name not in ENGINES:
        raise EngineRefusedError(f"There is no engine {name!r}. Engines: {', '.join(sorted(ENGINES))}.")
    return ENGINES[name](settings or EngineSettings())


def _deepl(settings: EngineSettings) -> Engine:
    from flows.services.translation.deepl import DeepLEngine  # its SDK takes 0.2 s to import

    key = _needed(settings.deepl_key, "WPFERRY_DEEPL_KEY", "the key of your DeepL API account")
    return DeepLEngine(key, settings.deepl_url)


def _libretranslate(settings: EngineSettings) -> Engine:
    url = _needed(
        settings.libretranslate_url, "WPFERRY_LIBRETRANSLATE_URL", "the server, such as http://127.0.0.1:5000"
    )
    return LibreTranslateEngine(url, _revealed(settings.libretranslate_key))


def _openai(settings: EngineSettings) -> Engine:
    url = _needed(settings.openai_url, "WPFERRY_OPENAI_URL", "the API, such as http://127.0.0.1:11434/v1")
    model = _needed(settings.openai_model, "WPFERRY_OPENAI_MODEL", "the name of a model there")
    return OpenAICompatibleEngine(url, model, _revealed(settings.openai_key))


def _needed(value: SecretStr | str | None, variable: str, meaning: str) -> str:
    if not value:
        raise EngineRefusedError(f"The environment variable {variable} is not set. Set it to {meaning}.")
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def _revealed(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


ENGINES: Mapping[str, Callable[[EngineSettings], Engine]] = {
    "argos": lambda _: ArgosEngine(),
    "deepl": _deepl,
    "identity": lambda _: IdentityEngine(),
    "libretranslate": _libretranslate,
    "openai": _openai,
    "pseudo": lambda _: PseudoEngine(),
}
