"""Local servers that speak the published APIs of translation engines, and fail on demand."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TAG = re.compile(r"(<[^>]*>|&\w+;)")


@dataclass(frozen=True)
class Answer:
    """What a server says in place of its usual answer."""

    status: int = 200
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


@dataclass
class EngineServer:
    """A running server: what it was asked, and what it will answer first."""

    url: str = ""
    planned: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        """Every text that was sent, in order."""
        return [text for request in self.requests for text in request.get("q", request.get("text", []))]


Api = Callable[[str, dict[str, Any], Mapping[str, str]], Answer]


def shouted(text: str) -> str:
    """A translation that anybody can check: capital letters, tags and entities as they are."""
    return "".join(part if at % 2 else part.upper() for at, part in enumerate(TAG.split(text)))


def deepl_api(path: str, request: dict[str, Any], headers: Mapping[str, str]) -> Answer:
    """DeepL's /v2/translate."""
    if path != "/v2/translate":
        return said(404, message="Not found")
    if headers.get("Authorization") != "DeepL-Auth-Key good-key":
        return said(403, message="Forbidden")
    if len(request["text"]) > 50 or len(json.dumps(request)) > 128 * 1024:
        return said(413, message="Request Entity Too Large")
    if request["target_lang"] == "EN" or len(request["target_lang"]) not in (2, 5, 7):
        return said(400, message="Value for 'target_lang' not supported.")
    translations = [
        {"detected_source_language": "EN", "text": shouted(text), "billed_characters": len(text)}
        for text in request["text"]
    ]
    return said(200, translations=translations)


def libretranslate_api(path: str, request: dict[str, Any], headers: Mapping[str, str]) -> Answer:
    """LibreTranslate's /translate, with a limit of 2,000 characters."""
    if path != "/translate":
        return said(404, error="Not found")
    if request.get("api_key") not in (None, "good-key"):
        return said(403, error="Invalid API key")
    if request["target"] not in ("es", "fr", "pt-BR"):
        return said(400, error=f"{request['target']} is not supported")
    size = sum(map(len, request["q"]))
    if size > 2_000:
        return said(400, error=f"Invalid request: request ({size}) exceeds text limit (2000)")
    return said(200, translatedText=[shouted(text) for text in request["q"]])


def openai_api(path: str, request: dict[str, Any], headers: Mapping[str, str]) -> Answer:
    """The chat completions of an OpenAI-compatible server."""
    if path != "/v1/chat/completions":
        return said(404, error={"message": "Not found"})
    if request["model"] != "small":
        return said(404, error={"message": f"model '{request['model']}' not found"})
    texts = json.loads(request["messages"][-1]["content"])
    return message(json.dumps([text.upper() for text in texts]))


def said(status: int, **document: Any) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(document).encode())


def message(content: str, finish_reason: str = "stop") -> Answer:
    """An answer of a chat model."""
    return said(200, choices=[{"message": {"role": "assistant", "content": content}, "finish_reason": finish_reason}])


@contextmanager
def engine_server(api: Api) -> Iterator[EngineServer]:
    """Run a server on a free port of this machine."""
    server = EngineServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append(request)
            server.headers.append(dict(self.headers))
            server.times.append(time.monotonic())
            answer = server.planned.pop(0) if server.planned else api(self.path, request, self.headers)
            time.sleep(answer.delay_s)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        server.url = f"http://127.0.0.1:{listener.server_port}"
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()
