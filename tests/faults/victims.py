"""Runs of the command line that are there to be killed.

`python -m tests.faults.victims` imports everything once and forks a process for each run, which costs milliseconds
instead of seconds; the process leads a group of its own and tells, line by line, which stage it has reached.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 120
KILLED = -signal.SIGKILL
CRASHED = 86
BEGIN = "begin"


@dataclass
class Victim:
    """One run: where it is, and how it ended."""

    pid: int
    code: int | None = None
    stages: list[tuple[str, float]] = field(default_factory=list)  # name, seconds since the start
    exchanges: int = 0  # with the CMS, in a run that ended by itself


class Victims:
    """Starts runs and watches them."""

    def __init__(self, server: subprocess.Popen[bytes], log: Path) -> None:
        self._server = server
        self._log = log
        self._lines: list[str] = []
        self._rest = b""

    def said(self) -> str:
        """Return all that runs have said so far."""
        return self._log.read_text()

    def start(
        self, folder: Path, *arguments: str | Path, crash_at: int | None = None, worker_processes: bool = False
    ) -> Victim:
        """Start `wpferry` in a folder; with `crash_at` it dies before that exchange with the CMS."""
        order = {
            "folder": str(folder),
            "arguments": [str(word) for word in arguments],
            "crash_at": crash_at,
            "worker_processes": worker_processes,
        }
        assert self._server.stdin
        self._server.stdin.write(json.dumps(order).encode() + b"\n")
        self._server.stdin.flush()
        while not (line := self._line(TIMEOUT_S)).startswith("pid "):
            pass  # what a run before still says
        return Victim(int(line.split()[1]))

    def watch(self, victim: Victim, *, until: str | None = None, seconds: float = TIMEOUT_S) -> None:
        """Follow a run to its end, to a stage, or for some seconds."""
        give_up_at = time.monotonic() + seconds
        while victim.code is None and (left := give_up_at - time.monotonic()) > 0:
            try:
                word, value = self._line(left).split()
            except TimeoutError:
                return
            if word == "stage":
                name, at = value.split("@")
                victim.stages.append((name, float(at)))
                if name == until:
                    return
            elif word == "exchanges":
                victim.exchanges = int(value)
            elif word == "exit":
                victim.code = int(value)

    def run(self, folder: Path, *arguments: str | Path, crash_at: int | None = None) -> Victim:
        """Run to the end."""
        victim = self.start(folder, *arguments, crash_at=crash_at)
        self.watch(victim)
        assert victim.code is not None, "it hangs"
        return victim

    def kill(self, victim: Victim) -> None:
        """Kill the whole process group, as `kill -9` does."""
        os.killpg(victim.pid, signal.SIGKILL)
        self.watch(victim)

    def _line(self, seconds: float) -> str:
        assert self._server.stdout
        give_up_at = time.monotonic() + seconds
        while not self._lines:
            ready, _, _ = select.select([self._server.stdout], [], [], max(0.0, give_up_at - time.monotonic()))
            if not ready:
                raise TimeoutError
            piece = os.read(self._server.stdout.fileno(), 65536)
            assert piece, "the server of victims has ended"
            *lines, self._rest = (self._rest + piece).split(b"\n")
            self._lines += [line.decode() for line in lines]
        return self._lines.pop(0)


@contextmanager
def running_victims(log: Path) -> Iterator[Victims]:
    """Yield a server of victims; what they say goes to the log."""
    command = [sys.executable, "-m", "tests.faults.victims"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WPFERRY")}
    with log.open("ab") as said:
        server = subprocess.Popen(
            command, cwd=PROJECT, env={**kept, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said,
        )  # fmt: skip
    try:
        yield Victims(server, log)
    finally:
        assert server.stdin
        server.stdin.close()
        server.wait(timeout=TIMEOUT_S)


def _serve() -> None:
    import flows.cli
    import flows.ending
    import flows.failures

    children: set[int] = set()
    orders = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.005)
        if ready:
            piece = os.read(0, 65536)
            if not piece:
                return
            orders += piece
            *lines, orders = orders.split(b"\n")
            for line in lines:
                if (pid := os.fork()) == 0:
                    _live(json.loads(line), flows.cli)
                children.add(pid)
                _tell(f"pid {pid}")
        while children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            children.discard(pid)
            _tell(f"exit {os.waitstatus_to_exitcode(status)}")


def _live(order: dict[str, Any], cli: Any) -> None:
    from flows import execution

    code: object = 1
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that runs tests behind its back ignores it
        os.chdir(order["folder"])
        exchanges = _count_exchanges(order["crash_at"])
        if order["worker_processes"]:
            execution.SMALL_SITE = 0
        cli.reporter_for = lambda **_: _Announcer(time.monotonic())
        try:
            cli.main(order["arguments"])
        except SystemExit as left:
            code = left.code
        _tell(f"exchanges {exchanges[0]}")
    finally:
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 1)


def _count_exchanges(crash_at: int | None) -> list[int]:
    """Count what is asked of the CMS, statement by statement, BEGIN, COMMIT and pieces of COPY included."""
    from cms_models import db
    from cms_models.patience import PatientConnection

    exchanges = [0]

    class Doomed(PatientConnection):
        def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
            exchanges[0] += 1
            if exchanges[0] == crash_at:
                os._exit(CRASHED)
            return super().wait(gen, *args, **kwargs)

    db.PatientConnection = Doomed  # type: ignore[misc]
    return exchanges


class _Announcer:
    """Tells the stages of a run as it goes on; the time before the first and after the last one are stages as well."""

    def __init__(self, started: float) -> None:
        self._started = started
        self._announce(BEGIN)

    def _announce(self, name: str) -> None:
        _tell(f"stage {name}@{time.monotonic() - self._started:.4f}")

    @contextmanager
    def stage(self, name: str, objects: int) -> Iterator[_Advancing]:
        self._announce(name)
        yield _Advancing(lambda: self._announce(f"batch-of-{name}"))
        self._announce(f"after-{name}")


@dataclass
class _Advancing:
    """Stages of one group begin together: what sets them apart is when their batches are done."""

    announce: Callable[[], None]

    def advance(self, objects: int) -> None:
        self.announce()


def _tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    _serve()
