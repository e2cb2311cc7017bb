"""What a command asks to be translated, and what the settings say where it is silent."""

from __future__ import annotations

from typing import Any

import pytest

from flows.services.translation.engine import EngineRefusedError
from flows.settings import ConfigurationError, SiteSettings
from flows.translation.steps import Request, read_request


def request(settings: dict[str, Any] | None = None, **asked: str) -> Request:
    given = SiteSettings.model_validate({"source": "wp.sqlite", **(settings or {})})
    return read_request(given, to=asked.get("to"), engine=asked.get("engine"), types=asked.get("types"))


def test_a_command_says_languages_types_and_engine() -> None:
    found = request(to="es, FR", engine="pseudo", types="article,term")
    assert (found.languages, found.tables) == (("es", "fr"), {"articles", "terms"})


def test_the_settings_say_what_the_command_leaves_out() -> None:
    found = request({"translation_languages": ["es"], "translation_engine": "pseudo"})
    assert (found.languages, found.engine) == (("es",), "pseudo")
    assert {"articles", "pages", "portfolios", "products", "entries", "terms", "menus"} == found.tables


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"engine": "pseudo"}, "--to es,fr"),
        ({"to": "es"}, "--engine NAME"),
        ({"to": "Spanish!", "engine": "pseudo"}, "'spanish!' is no language code"),
        ({"to": "es", "engine": "pseudo", "types": "comment"}, "'comment' is no type to translate"),
    ],
)
def test_what_is_missing_or_wrong_is_told(asked: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        request(**asked)


def test_an_engine_that_nobody_knows_is_told_before_anything_starts() -> None:
    with pytest.raises(EngineRefusedError, match="There is no engine 'babelfish'"):
        request(to="es", engine="babelfish")
