"""A MongoDB-protocol server inside the project folder, for metrics of sites without a MongoDB of their own."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flows.services.errors import ServiceUnavailableError
from flows.services.processes import command_of
from flows.services.sharing import shared_server
from reports.metrics import answers

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 10
ATTEMPTS = 3  # another program may take the free port before the server does


@contextmanager
def embedded_mongodb(folder: Path) -> Iterator[str]:
    """Yield the URL of a MongoDB-protocol server (NX-27017, over SQLite) whose data live in `folder`.

    The server is started when it is not running and stopped by the last process that uses it.
    Raises ServiceUnavailableError.
    """
    server = _Server(folder.absolute())
    with shared_server(server.folder, start=server.start, stop=server.stop) as url:
        yield url


@dataclass(frozen=True)
class _Server:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def pid_file(self) -> Path:
        return self.folder / "server.pid"

    @property
    def port_file(self) -> Path:
        return self.folder / "server.port"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def start(self) -> str:
        if self._pid() is not None and (port := _number(self.port_file)) and answers(url := _url(port)):
            return url
        self.stop()
        self.data.mkdir(exist_ok=True)
        for _ in range(ATTEMPTS):
            if started := self._try_port(_free_port()):
                logger.info("embedded MongoDB server started", extra={"folder": str(self.folder)})
                return started
        raise ServiceUnavailableError(self._failure())

    def stop(self) -> None:
        """End the server if it runs, and forget one that was killed."""
        pid = self._pid()
        if pid is not None:
            _end(pid)
            logger.info("embedded MongoDB server stopped", extra={"folder": str(self.folder)})
        self.pid_file.unlink(missing_ok=True)
        self.port_file.unlink(missing_ok=True)

    def _pid(self) -> int | None:
        """Return the server's process id; None when it does not run, or when its number is another program's by now."""
        pid = _number(self.pid_file)
        return pid if pid and str(self.data) in command_of(pid) else None

    def _try_port(self, port: int) -> str | None:
        command = [sys.executable, "-m", "nx_27017.nx_27017", "--host", HOST, "--port", str(port)]
        places = ["--data-dir", str(self.data), "--pid-file", str(self.pid_file), "--log-file", os.devnull]
        with self.log.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
                [*command, *places],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C must not end it before the last metrics are written
            )
        give_up_at = time.monotonic() + START_TIMEOUT_S
        while process.poll() is None:
            if answers(_url(port)):
                self.port_file.write_text(str(port))
                return _url(port)
            if time.monotonic() > give_up_at:
                process.kill()
                process.wait()
                raise ServiceUnavailableError(self._failure())
            time.sleep(0.05)
        return None

    def _failure(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines() if self.log.exists() else []
        cause = lines[-1].strip() if lines else "no reason given"
        return (
            f"The embedded MongoDB server in {self.folder} did not start: {cause}. "
            f"Put that right (the log is {self.log}) and run again, or name a MongoDB of your own with --metrics."
        )


def _url(port: int) -> str:
    return f"mongodb://{HOST}:{port}"


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _end(pid: int) -> None:
    """End a process, gently first."""
    for request in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, request)
        give_up_at = time.monotonic() + STOP_TIMEOUT_S
        while time.monotonic() < give_up_at:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)  # our own child stays a zombie until it is waited for
            if not command_of(pid):
                return
            time.sleep(0.02)
