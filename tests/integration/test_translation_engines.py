"""The engines' clients against local servers that speak their APIs: in order, busy, broken, out of quota."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

import pytest

from flows.services.translation.deepl import DeepLEngine
from flows.services.translation.engine import (
    Engine,
    EngineAnswerError,
    EngineError,
    EngineRefusedError,
    EngineUnreachableError,
    QuotaExceededError,
)
from flows.services.translation.engines import ENGINES, open_engine
from flows.services.translation.libretranslate import LibreTranslateEngine
from flows.services.translation.openai_compatible import OpenAICompatibleEngine
from flows.services.translation.patience import Patience
from flows.services.translation.requests import requests
from flows.services.translation.settings import EngineSettings
from tests.engine_servers import (
    Answer,
    Api,
    EngineServer,
    deepl_api,
    engine_server,
    libretranslate_api,
    message,
    openai_api,
    said,
)
from transforms.translation.merge import fit
from transforms.translation.pieces import LONGEST
from transforms.translation.segments import cut

QUICK = Patience(attempts=3, timeout_s=0.5, first_pause_s=0.01, longest_pause_s=2.0)
HTML = '<p>Ask <a href="/x">our team</a> in 2024, 50 &lt; 60 &amp; <em>more</em>.</p>'
TEXTS = [segment.text for segment in cut(HTML).segments]
BUSY = Answer(429, b'{"error": "Slowdown"}', {"Retry-After": "1"})
BROKEN = Answer(503, b"<html>Service unavailable</html>")

Make = Callable[[str], Engine]
KINDS: dict[str, tuple[Api, Make]] = {
    "deepl": (deepl_api, lambda url: DeepLEngine("good-key", url, QUICK)),
    "libretranslate": (libretranslate_api, lambda url: LibreTranslateEngine(url, "good-key", QUICK)),
    "openai": (openai_api, lambda url: OpenAICompatibleEngine(f"{url}/v1", "small", "good-key", QUICK)),
}


@dataclass(frozen=True)
class Running:
    """An engine and its server."""

    server: EngineServer
    engine: Engine

    def translate(self) -> list[str]:
        return self.engine.translate(TEXTS, "en", "es")


@pytest.fixture(params=KINDS)
def running(request: pytest.FixtureRequest) -> Iterator[Running]:
    api, make = KINDS[request.param]
    with engine_server(api) as server:
        yield Running(server, make(server.url))


@pytest.fixture
def deepl_server() -> Iterator[EngineServer]:
    with engine_server(deepl_api) as server:
        yield server


@pytest.fixture
def libretranslate() -> Iterator[Running]:
    with engine_server(libretranslate_api) as server:
        yield Running(server, LibreTranslateEngine(server.url, patience=QUICK))


@pytest.fixture
def openai() -> Iterator[Running]:
    with engine_server(openai_api) as server:
        yield Running(server, OpenAICompatibleEngine(f"{server.url}/v1", "small", patience=QUICK))


def test_words_are_translated_and_marks_come_back(running: Running) -> None:
    assert running.translate() == ["ASK ⟦1⟧OUR TEAM⟦/1⟧ IN ⟦2/⟧, ⟦3/⟧ < ⟦4/⟧ & ⟦5⟧MORE⟦/5⟧."]
    document = cut(HTML)
    done = document.put_back({document.segments[0].hash: running.translate()[0]})
    assert done.text == '<p>ASK <a href="/x">OUR TEAM</a> IN 2024, 50 &lt; 60 &amp; <em>MORE</em>.</p>'
    assert not done.issues


def test_an_engine_that_asks_for_a_pause_gets_it(running: Running) -> None:
    running.server.planned = [BUSY]
    assert running.translate()[0].startswith("ASK")
    if running.engine.name != "deepl":  # its SDK does not tell how long; there the pauses grow
        assert running.server.times[1] - running.server.times[0] >= 1.0


def test_an_engine_that_is_broken_for_a_moment_is_asked_again(running: Running) -> None:
    running.server.planned = [BROKEN, Answer(500, b'{"error": "Cannot translate text"}')]
    assert running.translate()[0].startswith("ASK")
    assert len(running.server.requests) == 3


def test_an_engine_that_stays_broken_is_given_up(running: Running) -> None:
    running.server.planned = [BROKEN] * 5
    with pytest.raises(EngineUnreachableError, match="Run the command again later"):
        running.translate()
    assert len(running.server.requests) == QUICK.attempts


def test_an_engine_that_does_not_answer_in_time_is_given_up(running: Running) -> None:
    running.server.planned = [Answer(delay_s=1.2)] * 3  # DeepL's SDK waits for a second at least
    with pytest.raises(EngineUnreachableError, match="does not answer"):
        running.translate()


@pytest.mark.parametrize("kind", KINDS)
def test_an_engine_that_is_not_there_is_unreachable(kind: str) -> None:
    _, make = KINDS[kind]
    with pytest.raises(EngineUnreachableError, match="does not answer"):
        make("http://127.0.0.1:1").translate(TEXTS, "en", "es")


def test_an_empty_account_is_told_from_a_busy_engine(running: Running) -> None:
    running.server.planned = [Answer(456, b'{"message": "Quota exceeded"}')]
    with pytest.raises(QuotaExceededError, match="no characters left"):
        running.translate()
    assert len(running.server.requests) == 1


def test_an_answer_that_is_cut_off_is_refused(running: Running) -> None:
    running.server.planned = [Answer(200, b'{"translations": [{"text": "AS')] * 2
    with pytest.raises(EngineAnswerError):
        running.translate()


def test_an_answer_of_another_kind_is_refused(running: Running) -> None:
    running.server.planned = [said(200, translations=["x"], translatedText=1, choices=[{"message": {}}])] * 2
    with pytest.raises(EngineAnswerError):
        running.translate()


def test_a_key_that_is_wrong_is_refused_at_once_and_never_shown(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    running.server.planned = [Answer(403, b'{"message": "Forbidden"}')]
    with pytest.raises(EngineRefusedError, match=r"Check WPFERRY_\w+_KEY|and WPFERRY_\w+_KEY") as raised:
        running.translate()
    assert len(running.server.requests) == 1
    assert "good-key" in json.dumps([running.server.headers, running.server.requests])
    assert "good-key" not in f"{raised.value!r} {caplog.text}"


def test_deepl_gets_what_its_api_asks_for(deepl_server: EngineServer) -> None:
    engine = DeepLEngine("good-key", deepl_server.url, QUICK)
    texts = [f"{'слово ' * 250} of the house {'x' * at}" for at in range(1, 121)] + ["слово " * (LONGEST // 6)]
    segments = [segment for text in texts for segment in cut(f"<p>{text}</p>").segments]
    for some in requests(segments, engine.limits):
        assert len(engine.translate([segment.text for segment in some], "en_US", "pt-br")) == len(some)
    sent = deepl_server.requests
    assert {(request["source_lang"], request["target_lang"], request["tag_handling"]) for request in sent} == {
        ("EN", "PT-BR", "xml")
    }
    assert max(len(request["text"]) for request in sent) <= 50
    assert sum(len(request["text"]) for request in sent) == len(segments) == 121


@pytest.mark.parametrize(
    ("language", "code"),
    [("en", "EN-US"), ("en-gb", "EN-GB"), ("pt", "PT-PT"), ("zh_TW", "ZH-HANT"), ("es-mx", "ES"), ("fr", "FR")],
)
def test_deepl_knows_the_languages_of_sites(deepl_server: EngineServer, language: str, code: str) -> None:
    DeepLEngine("good-key", deepl_server.url, QUICK).translate(["A"], "de", language)
    assert deepl_server.requests[0]["target_lang"] == code


def test_deepl_that_loses_a_text_is_refused(deepl_server: EngineServer) -> None:
    deepl_server.planned = [said(200, translations=[{"text": "A", "billed_characters": 1}])]
    with pytest.raises(EngineAnswerError, match="1 texts for 2"):
        DeepLEngine("good-key", deepl_server.url, QUICK).translate(["a", "b"], "en", "es")


def test_deepl_costs_by_its_plan() -> None:
    assert DeepLEngine("secret", "http://127.0.0.1:1").price_per_million == 20
    assert DeepLEngine("secret:fx", "http://127.0.0.1:1").price_per_million is None


def test_libretranslate_is_asked_in_smaller_parts_where_its_limit_is_small(libretranslate: Running) -> None:
    texts = [f"{'long ' * 100}{at}" for at in range(7)]
    assert libretranslate.engine.translate(texts, "en", "es") == [text.upper() for text in texts]
    assert len(libretranslate.server.requests) > 4


def test_libretranslate_that_takes_no_text_of_this_length_says_so(libretranslate: Running) -> None:
    with pytest.raises(EngineRefusedError, match="exceeds text limit"):
        libretranslate.engine.translate(["long " * 1_000], "en", "es")


def test_libretranslate_that_does_not_know_a_language_says_so(libretranslate: Running) -> None:
    with pytest.raises(EngineRefusedError, match="tlh is not supported"):
        libretranslate.engine.translate(["a"], "en", "tlh")


def test_libretranslate_that_loses_a_text_is_refused(libretranslate: Running) -> None:
    libretranslate.server.planned = [said(200, translatedText=["A"])]
    with pytest.raises(EngineAnswerError, match="1 texts for 2"):
        libretranslate.engine.translate(["a", "b"], "en", "es")


def test_a_pause_that_is_too_long_ends_the_run(libretranslate: Running) -> None:
    libretranslate.server.planned = [Answer(429, b"{}", {"Retry-After": "86400"})]
    with pytest.raises(EngineUnreachableError, match="86400 s"):
        libretranslate.translate()
    assert len(libretranslate.server.requests) == 1


@pytest.mark.parametrize(
    "content", ['["A", "B"]', '```json\n["A", "B"]\n```', '<think>Two texts [1].</think>\n["A", "B"]', ' ["A",\n"B"] ']
)
def test_models_answer_in_several_forms(openai: Running, content: str) -> None:
    openai.server.planned = [message(content)]
    assert openai.engine.translate(["a", "b"], "en", "es") == ["A", "B"]


@pytest.mark.parametrize("content", ['["A"]', '["A", "B", "C"]', "Here you are: A, B", '{"a": "A"}', '["A", 1]', ""])
def test_a_model_that_answers_wrongly_is_asked_once_more(openai: Running, content: str) -> None:
    openai.server.planned = [message(content)]
    assert openai.engine.translate(["a", "b"], "en", "es") == ["A", "B"]
    openai.server.planned = [message(content)] * 2
    with pytest.raises(EngineAnswerError, match="small"):
        openai.engine.translate(["a", "b"], "en", "es")
    assert len(openai.server.requests) == 4


def test_a_model_that_runs_out_of_tokens_is_refused(openai: Running) -> None:
    openai.server.planned = [message('["A", "B"]', "length")] * 2
    with pytest.raises(EngineAnswerError, match="tokens"):
        openai.engine.translate(["a", "b"], "en", "es")


def test_a_model_that_is_not_there_is_refused() -> None:
    with engine_server(openai_api) as server, pytest.raises(EngineRefusedError, match="model 'big' not found"):
        OpenAICompatibleEngine(f"{server.url}/v1", "big", patience=QUICK).translate(["a"], "en", "es")


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("google", {}, "There is no engine 'google'"),
        ("deepl", {}, "WPFERRY_DEEPL_KEY is not set"),
        ("libretranslate", {}, "WPFERRY_LIBRETRANSLATE_URL is not set"),
        ("libretranslate", {"libretranslate_url": "localhost:5000"}, "begins with http"),
        ("openai", {"openai_url": "http://127.0.0.1:1/v1"}, "WPFERRY_OPENAI_MODEL is not set"),
    ],
)
def test_an_engine_that_cannot_be_opened_says_what_to_set(name: str, settings: dict[str, str], words: str) -> None:
    with pytest.raises(EngineRefusedError, match=words):
        open_engine(name, EngineSettings(**settings))


def test_engines_are_opened_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "DEEPL_KEY": "secret", "LIBRETRANSLATE_URL": "http://127.0.0.1:1", "OPENAI_URL": "http://127.0.0.1:1/v1",
        "OPENAI_MODEL": "small",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"WPFERRY_{name}", value)
    for name in ENGINES.keys() - {"argos"}:
        assert open_engine(name).name == name


@pytest.mark.skipif(find_spec("argostranslate") is not None, reason="Argos Translate is installed")
def test_argos_says_what_is_missing() -> None:
    with pytest.raises(EngineRefusedError, match=r"pip install 'wpferry\[argos\]'"):
        open_engine("argos")


def test_a_password_in_an_address_is_never_shown() -> None:
    engine = LibreTranslateEngine("http://user:secret-word@127.0.0.1:1", patience=QUICK)
    with pytest.raises(EngineError) as raised:
        engine.translate(["a"], "en", "es")
    assert "secret-word" not in str(raised.value)


@pytest.mark.parametrize("name", ["pseudo", "identity"])
def test_engines_without_network_leave_marks_alone(name: str) -> None:
    segment = cut(HTML).segments[0]
    [text] = open_engine(name).translate([segment.text], "en", "es")
    fitted = fit(segment, text)
    assert fitted is not None
    assert fitted.issue is None
    assert (len(text) >= len(segment.text) * 1.15) == (name == "pseudo")
