"""How long an engine is waited for, and requests that are tried again as long."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
import orjson
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from flows.services.translation.engine import (
    EngineAnswerError,
    EngineError,
    EngineRefusedError,
    EngineUnreachableError,
    QuotaExceededError,
)

T = TypeVar("T")

logger = logging.getLogger("wpferry")

_TOO_MANY_REQUESTS = 429
_NO_QUOTA = {402, 456}
_WRONG_DOOR = {401, 403, 404, 405}
SHOWN = 200
"""Characters of an engine's own message."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is sent, and how long one waits for it and between two of them."""

    attempts: int = 8  # more than a minute in all, which is how long limits by the minute last
    timeout_s: float = 120.0
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0


class EngineBusyError(EngineError):
    """An engine that may answer a little later; `pause_s` is what it has asked for."""

    def __init__(self, message: str, pause_s: float | None = None) -> None:
        super().__init__(message)
        self.pause_s = pause_s


def patiently(ask: Callable[[], T], patience: Patience) -> T:
    """Return the answer; asks again after growing pauses while the engine is busy or away.

    Raises EngineUnreachableError when it stays so, or wants to be left alone for longer than is worth waiting for.
    """

    def pause(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked_for = error.pause_s if isinstance(error, EngineBusyError) else None
        if asked_for is None:
            return growing(state)
        if asked_for > patience.longest_pause_s:
            raise EngineUnreachableError(f"{error} It asks to be left alone for {asked_for:.0f} s.") from error
        return asked_for

    growing = wait_random_exponential(multiplier=patience.first_pause_s, max=patience.longest_pause_s)
    retrying = Retrying(
        retry=retry_if_exception_type(EngineBusyError),
        stop=stop_after_attempt(patience.attempts),
        wait=pause,
        before_sleep=_tell,
        reraise=True,
    )
    try:
        return retrying(ask)
    except EngineBusyError as error:
        raise EngineUnreachableError(f"{error} Run the command again later; what is translated is kept.") from None


def _tell(attempt: RetryCallState) -> None:
    error = attempt.outcome.exception() if attempt.outcome else None
    logger.warning("%s It is asked again in %.0f s.", error, attempt.upcoming_sleep)


class JsonApi:
    """An engine that is asked by HTTP and answers in JSON."""

    def __init__(
        self, engine: str, variables: str, url: str, patience: Patience, headers: dict[str, str] | None = None
    ) -> None:
        address = _address(engine, url)
        self._engine = engine
        self._variables = variables  # the beginning of the names of its settings
        self._patience = patience
        self._client = httpx.Client(
            base_url=address.copy_with(userinfo=b""),  # a password in it is sent, but never shown
            auth=(address.username, address.password) if address.userinfo else None,
            timeout=patience.timeout_s,
            headers=headers,
        )

    def post(self, path: str, document: dict[str, Any]) -> Any:
        """Return the answer, decoded.

        Raises EngineError; one that is worth another try only after several.
        """
        return patiently(lambda: self._post(path, document), self._patience)

    def _post(self, path: str, document: dict[str, Any]) -> Any:
        try:
            response = self._client.post(path, json=document)
        except httpx.TransportError as error:
            raise EngineBusyError(
                f"{self._engine} at {self._client.base_url} does not answer ({type(error).__name__}: {error})."
            ) from None
        if response.status_code != httpx.codes.OK:
            raise self._refusal(response)
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError:
            raise EngineAnswerError(
                f"{self._engine} answered no JSON, or only a part of it ({len(response.content)} bytes). "
                "Run the command again; if it happens each time, look into the engine's own log."
            ) from None

    def _refusal(self, response: httpx.Response) -> EngineError:
        code, said = response.status_code, _message(response)
        if code in _NO_QUOTA or "insufficient_quota" in response.text:
            return QuotaExceededError(f"{self._engine}: the account has no characters left ({said}).")
        if code == _TOO_MANY_REQUESTS or code >= httpx.codes.INTERNAL_SERVER_ERROR:
            return EngineBusyError(
                f"{self._engine} is busy or broken (status {code}: {said}).", _pause_asked_for(response)
            )
        advice = f" Check {self._variables}_URL and {self._variables}_KEY." if code in _WRONG_DOOR else ""
        return EngineRefusedError(f"{self._engine} refuses the request (status {code}: {said}).{advice}")


def _address(engine: str, url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise EngineRefusedError(
            f"The address of {engine} is none: it begins with http:// or https:// and names a host."
        )
    return address


def _message(response: httpx.Response) -> str:
    """Return what the engine says about it, as far as it is fit for one line."""
    try:
        document = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        document = None
    error = document.get("error", document.get("message")) if isinstance(document, dict) else None
    if isinstance(error, dict):
        error = error.get("message")
    return " ".join(str(error or response.reason_phrase).split())[:SHOWN]


def _pause_asked_for(response: httpx.Response) -> float | None:
    """Return the seconds of Retry-After; a date there is rare, and the usual pauses do."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdecimal() else None
