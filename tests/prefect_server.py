"""A Prefect server for tests, and the command line that talks to it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.servers import free_port

PROJECT = Path(__file__).resolve().parents[1]
TIMEOUT_S = 300  # 180 were once too few for the first run of a schedule, on a busy machine


@dataclass
class Prefect:
    """A Prefect server of one test."""

    folder: Path
    port: int
    environment: dict[str, str]

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "prefect", *words]

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words), cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=TIMEOUT_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, **body: Any) -> Any:
        answer = httpx.post(f"http://127.0.0.1:{self.port}/api/{path}", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def runs(self, *states: str) -> list[dict[str, Any]]:
        """Flow runs in some of these states, by the time they began."""
        found = self.ask("flow_runs/filter", flow_runs={"state": {"name": {"any_": list(states)}}}, limit=200)
        return sorted(found, key=lambda run: str(run["start_time"]))

    @contextmanager
    def running(self, *words: str) -> Iterator[None]:
        """Run a command that does not end, as long as this lasts."""
        with (self.folder / f"{words[0]}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(*words), cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def running_prefect(folder: Path, variables: Mapping[str, str]) -> Iterator[Prefect]:
    """Yield a server that keeps its files in a folder; `variables` join the environment of its commands."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WPFERRY", "PREFECT"))}
    environment = {
        **kept,
        "PYTHONPATH": str(PROJECT),
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "1",
        "PREFECT_SERVER_SERVICES_LATE_RUNS_AFTER_SECONDS": "1",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        **variables,
    }
    server = Prefect(folder, port, environment)
    with server.running("server", "start", "--host", "127.0.0.1", "--port", str(port)):
        eventually(lambda: is_healthy(port), "the Prefect server answers")
        yield server


def is_healthy(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=5).is_success
    except httpx.HTTPError:
        return False


def eventually(is_true: Callable[[], object], what: str) -> None:
    give_up_at = time.monotonic() + TIMEOUT_S
    while not _is_now(is_true):
        assert time.monotonic() < give_up_at, f"still not so after {TIMEOUT_S} s: {what}"
        time.sleep(0.5)


def _is_now(is_true: Callable[[], object]) -> bool:
    try:
        return bool(is_true())
    except httpx.TimeoutException:  # on a busy machine the server may be late to answer: asked again, it does
        return False
