"""Archives of files, unpacked once for each version; no member is ever written outside its folder."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from wp_models.errors import UploadsError

NANOSECONDS = 1_000_000_000  # of a second
COPIED_BYTES = 1 << 20  # at once


def path_below(path: str) -> str | None:
    """Return a path below a folder in its simplest form; None for one that leads out of it."""
    if not path or "\0" in path or "\\" in path or path.startswith("/"):
        return None
    parts = [part for part in path.split("/") if part not in {"", "."}]
    return "/".join(parts) if parts and ".." not in parts else None


def unpacked(archive: Path, cache: Path) -> Path:
    """Return the folder that an archive's files are in, unpacked now unless they are there already."""
    status = archive.stat()
    version = hashlib.sha256(f"{archive}\n{status.st_size}\n{status.st_mtime_ns}".encode()).hexdigest()[:24]
    target = cache / "uploads" / f"{archive.name.partition('.')[0]}-{version}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=target.name, suffix=".part", dir=target.parent))
    try:
        for member in _members(archive):
            with member.content:
                _write(part, member)
        part.rename(target)
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UploadsError(
            f"The uploads archive {archive} is cut or corrupt ({error}). Copy it again, or make it again."
        ) from error
    except OSError as error:
        if target.is_dir():  # another process was faster
            return target
        raise UploadsError(
            f"The uploads archive {archive} cannot be unpacked into {target.parent}: {error}. "
            "Check the room left there."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    content: IO[bytes]
    modified_ns: int


def _members(archive: Path) -> Iterator[_Member]:
    """Return the regular files of an archive; links, devices and folders are passed over."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as unzipped:
            for entry in unzipped.infolist():
                kind = stat.S_IFMT(entry.external_attr >> 16)
                if not entry.is_dir() and kind in (0, stat.S_IFREG):
                    yield _Member(entry.filename, unzipped.open(entry), _modified_ns(entry))
        return
    try:
        opened = tarfile.open(archive, "r|*")  # noqa: SIM115 - closed below; only opening it tells an archive from others
    except tarfile.ReadError:
        raise UploadsError(f"{archive} is no folder and no archive (.tar, .tar.gz, .zip). Check the path.") from None
    with opened:
        for member in opened:
            if member.isreg() and (content := opened.extractfile(member)) is not None:
                yield _Member(member.name, content, int(member.mtime * NANOSECONDS))


def _modified_ns(entry: zipfile.ZipInfo) -> int:
    """Return when a member was changed. A zip knows even seconds only: the rest is taken from its checksum."""
    try:
        seconds = int(datetime(*entry.date_time, tzinfo=UTC).timestamp())
    except ValueError:  # the month 0 of writers without a clock
        seconds = 0
    return seconds * NANOSECONDS + entry.CRC % NANOSECONDS


def _write(root: Path, member: _Member) -> None:
    """Write one member below the root; one whose name leads elsewhere is no upload, and is left out."""
    clean = path_below(member.name)
    if clean is None:
        return
    path = root / clean
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(member.content, file, COPIED_BYTES)
        with suppress(OSError, OverflowError):  # times before 1901 or after 2446
            os.utime(path, ns=(member.modified_ns, member.modified_ns))  # a new archive of the same files changes none
    except (NotADirectoryError, IsADirectoryError, FileExistsError, ValueError):
        return  # the archive has a file and a folder of one name: the first one stays
