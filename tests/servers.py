"""Throw-away servers for tests: started once a session on free ports, stopped at its end."""

from __future__ import annotations

import gzip
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymysql

START_TIMEOUT_S = 60
FAST_MARIADB = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--innodb-log-file-size=128M",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--max-allowed-packet=64M",
    "--character-set-server=utf8mb4",
)


@dataclass(frozen=True)
class MariaDb:
    """A running server; its user `wpferry` may do everything."""

    socket: Path
    port: int

    def url(self, database: str) -> str:
        return f"mysql+pymysql://wpferry:wpferry@127.0.0.1:{self.port}/{database}"

    def execute(self, *statements: str) -> None:
        with closing(pymysql.connect(unix_socket=str(self.socket), user="wpferry", password="wpferry")) as connection:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            connection.commit()

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Yield the URL of a fresh empty database; drop it afterwards."""
        self.execute(f"DROP DATABASE IF EXISTS `{name}`", f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE IF EXISTS `{name}`")

    def restore(self, dump: Path, database: str) -> None:
        """Run a dump (.sql or .sql.gz) with the server's own client, as an administrator would."""
        client = _program("mariadb", "mysql")
        assert client, "the MariaDB client is missing: run tests/install_servers.sh"
        command = [client, "--no-defaults", f"--socket={self.socket}", "-uwpferry", "-pwpferry", "--binary-mode"]
        with (gzip.open if dump.suffix == ".gz" else Path.open)(dump, "rb") as text:
            done = subprocess.run([*command, database], input=text.read(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")


def mariadb_is_installed() -> bool:
    return _program("mariadbd", "mysqld") is not None and _program("mariadb-install-db", "mysql_install_db") is not None


@contextmanager
def running_mariadb(folder: Path, *, buffer_pool_mb: int = 256) -> Iterator[MariaDb]:
    """Yield a server of its own, with its data in `folder`; works as root and as an ordinary user."""
    server, installer = _program("mariadbd", "mysqld"), _program("mariadb-install-db", "mysql_install_db")
    assert server
    assert installer
    user = pwd.getpwuid(os.geteuid()).pw_name
    data, log = folder / "data", folder / "server.log"
    arguments = ("--no-defaults", f"--user={user}", f"--datadir={data}")
    install = [installer, *arguments, "--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(install, check=True, capture_output=True)
    # A socket path may not exceed about 100 bytes, and pytest's folders come close to that.
    socket_path = Path(f"/tmp/wpferry-mariadb-{os.getpid()}.sock")
    port = free_port()
    init = folder / "init.sql"
    grant = "GRANT ALL ON *.* TO wpferry@'{}' IDENTIFIED BY 'wpferry' WITH GRANT OPTION;\n"  # one statement a line
    init.write_text("".join(grant.format(host, host) for host in ("localhost", "127.0.0.1")))
    place = (f"--socket={socket_path}", f"--port={port}", "--bind-address=127.0.0.1", f"--init-file={init}")
    pool = f"--innodb-buffer-pool-size={buffer_pool_mb}M"
    with log.open("wb") as output:
        process = subprocess.Popen([server, *arguments, *place, pool, *FAST_MARIADB], stdout=output, stderr=output)
    try:
        running = MariaDb(socket_path, port)
        _wait_until_answers(running, process, log)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(timeout=START_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        socket_path.unlink(missing_ok=True)


def _wait_until_answers(running: MariaDb, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            running.execute("SELECT 1")
        except pymysql.MySQLError:
            assert process.poll() is None, f"mariadbd ended: {log.read_text(errors='replace')[-2000:]}"
            assert time.monotonic() < give_up_at, f"mariadbd does not answer: {log.read_text(errors='replace')[-2000:]}"
            time.sleep(0.1)
        else:
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program(*names: str) -> str | None:
    """Find a program, also where distributions put servers that ordinary users do not have on their path."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"])
    return next((found for name in names if (found := shutil.which(name, path=path))), None)
