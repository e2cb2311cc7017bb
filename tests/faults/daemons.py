"""Servers that are stopped, killed, frozen and started again while something works with them."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pymysql

from flows.services.postgres import embedded_postgres
from tests.servers import MariaDb, running_mariadb


class Daemon:
    """A server process with its children, known by where it writes its number."""

    def __init__(self, pid_file: Path, start: Callable[[], None]) -> None:
        self._pid_file = pid_file
        self._start = start
        self._timers: list[threading.Timer] = []

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(int(self._pid_file.read_text().split("\n", 1)[0]))

    def end(self, how: signal.Signals) -> None:
        """Send a signal that ends it, and wait until it has ended."""
        process = self.process
        children = process.children(recursive=True)
        process.send_signal(how)
        psutil.wait_procs([process, *children], timeout=30)

    def freeze(self) -> None:
        """Let it hang: it accepts connections, as the kernel does, and says nothing."""
        for process in self._family():
            process.suspend()

    def thaw(self) -> None:
        """Let it go on."""
        for process in self._family():
            process.resume()

    def start(self) -> None:
        """Start it again."""
        self._start()

    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Do something while the test goes on."""
        self._timers.append(threading.Timer(seconds, what))
        self._timers[-1].start()

    def settle(self) -> None:
        """Wait for what was put off."""
        for timer in self._timers:
            timer.join()

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def own_postgres(folder: Path) -> Iterator[tuple[str, Daemon]]:
    """Yield the URL of a Postgres for one test, and its daemon."""
    with ExitStack() as opened:

        def start() -> str:
            return opened.enter_context(embedded_postgres(folder, durable=False))

        url = start()
        daemon = Daemon(folder / "data" / "postmaster.pid", lambda: str(start()) and None)
        try:
            yield url, daemon
        finally:
            daemon.settle()


@contextmanager
def own_mariadb(folder: Path) -> Iterator[tuple[MariaDb, Daemon]]:
    """Yield a MariaDB for one module, and its daemon."""
    with running_mariadb(folder) as server:
        pid_file = _pid_file(server)
        command = psutil.Process(int(pid_file.read_text())).cmdline()
        started: list[subprocess.Popen[bytes]] = []

        def start() -> None:
            started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            give_up_at = time.monotonic() + 60
            while time.monotonic() < give_up_at:
                try:
                    server.execute("SELECT 1")
                except pymysql.MySQLError:
                    time.sleep(0.1)
                else:
                    return

        daemon = Daemon(pid_file, start)
        try:
            yield server, daemon
        finally:
            daemon.settle()
            for process in started:
                process.terminate()
                process.wait(timeout=60)


def _pid_file(server: MariaDb) -> Path:
    login = {"unix_socket": str(server.socket), "user": "wpferry", "password": "wpferry"}
    with pymysql.connect(**login) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT @@datadir, @@pid_file")
        [(data, name)] = cursor.fetchall()
    return Path(data, name)
