"""A connection that does not wait for ever: a server that hangs would hang the run, and all that are scheduled."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

RV = TypeVar("RV")

SILENCE_S = 900  # the longest index of a large site takes minutes, in which the server says nothing
READY_NONE = 0  # what psycopg tells a waiting generator when nothing has happened

NETWORK = {
    "connect_timeout": "10",
    # A machine that vanished acknowledges nothing: a minute later the connection is lost, here ...
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",
}
SESSION = {
    # ... and on the server, where a lost session would keep the site's lock for hours.
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "lock_timeout": "30s",  # an editor's open transaction may hold up a batch, but not for ever
    "idle_in_transaction_session_timeout": "0",  # a slow source may take longer than the server grants
}


class PatientConnection(psycopg.Connection[Any]):
    """Fails when the server says nothing for `SILENCE_S` seconds while something is asked of it."""

    def wait(self, gen: Generator[Any, Any, RV], *args: Any, **kwargs: Any) -> RV:
        """Wait for what the server is asked."""
        return super().wait(self._bounded(gen), *args, **kwargs)

    def _bounded(self, waiting: Generator[Any, Any, RV]) -> Generator[Any, Any, RV]:
        heard_at = time.monotonic()
        try:
            awaited = next(waiting)
            while True:
                ready = yield awaited
                now = time.monotonic()
                if ready != READY_NONE:
                    heard_at = now
                elif now - heard_at > SILENCE_S:
                    self.pgconn.finish()  # what comes after must not wait for it again
                    raise psycopg.OperationalError(f"it has said nothing for {SILENCE_S} s")
                awaited = waiting.send(ready)
        except StopIteration as done:
            result: RV = done.value
            return result
