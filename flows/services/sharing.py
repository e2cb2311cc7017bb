"""One embedded server per folder, shared by every wpferry process that needs it."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from flows.services.errors import ServiceUnavailableError


@contextmanager
def shared_server(folder: Path, *, start: Callable[[], str], stop: Callable[[], None]) -> Iterator[str]:
    """Yield the URL that `start` returns; whoever leaves last calls `stop`.

    `start` finds a server that is running already, also one that a killed process left behind. Users are
    counted by file locks, not by a list of process ids: the kernel drops the lock of a killed process.
    """
    turn = folder / "turn.lock"
    with ExitStack() as opened:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            users = opened.enter_context((folder / "users.lock").open("a"))
            with _alone(turn):
                fcntl.flock(users, fcntl.LOCK_SH)
                url = start()
        except OSError as error:
            message = (
                f"An embedded server cannot use {folder}: {error.strerror or error}. Put that right and run again."
            )
            raise ServiceUnavailableError(message) from error
        try:
            yield url
        finally:
            with _alone(turn):
                if _is_last(users.fileno()):
                    stop()
                fcntl.flock(users, fcntl.LOCK_UN)  # forked workers may still hold the file open


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold a lock so that servers are started and stopped by one process at a time."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)


def _is_last(users: int) -> bool:
    """Tell whether no other process uses the server; gives up this process's own share."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
