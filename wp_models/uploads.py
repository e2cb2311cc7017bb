"""Bytes of a site's uploaded files: from a folder, or from an archive that is unpacked once.

Nothing outside the uploads folder is ever read or written, whatever names and links a database or an archive holds.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tarfile
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Protocol
from urllib.parse import unquote

from wp_models.errors import UploadsError

ROOTS_IN_ARCHIVES = ("wp-content/uploads", "uploads")
BLOG_FOLDERS = ("sites/{}", "blogs.dir/{}/files")  # of networks since WordPress 3.5, and before
LIKE_UPLOADS = re.compile(r"\d{4}|sites")  # what only an uploads folder itself has


class Uploads(Protocol):
    """A site's uploaded files, by their path below the uploads folder, such as 2024/05/tree.jpg."""

    def find(self, path: str) -> str | None:
        """Return the name of the file that a stored path means; None when there is none.

        Stored paths may be percent-encoded, in another Unicode form or in another case than the file's name.
        """

    def size(self, path: str) -> int:
        """Return the size in bytes of a file that `find` or `names` gave. Raises UploadsError."""

    def read(self, path: str, *, max_bytes: int) -> bytes:
        """Return the bytes of a file that `find` or `names` gave. Raises UploadsError, also when it is larger."""

    def names(self) -> Iterator[str]:
        """Return the names of all files, sorted."""


@dataclass(frozen=True, slots=True)
class FolderUploads:
    """Uploads in a folder of this machine."""

    root: Path  # resolved

    def find(self, path: str) -> str | None:
        """Return the name of the file that a stored path means; None when there is none."""
        for spelling in dict.fromkeys((path, unquote(path))):
            for form in (spelling, unicodedata.normalize("NFC", spelling), unicodedata.normalize("NFD", spelling)):
                if _regular_file(self.root, form) is not None:
                    return _clean(form)
        by_folded_name = _names_by_folded(self.root)
        for spelling in (path, unquote(path)):
            clean = _clean(spelling)
            if clean is not None and (name := by_folded_name.get(_folded(clean))) is not None:
                return name
        return None

    def size(self, path: str) -> int:
        """Return the size of a file in bytes. Raises UploadsError when there is none."""
        return self._existing(path).stat().st_size

    def read(self, path: str, *, max_bytes: int) -> bytes:
        """Return a file's bytes. Raises UploadsError when there is none, or more than max_bytes."""
        try:
            with self._existing(path).open("rb") as file:
                content = file.read(max_bytes + 1)
        except OSError as error:
            raise UploadsError(f"The upload {path} cannot be read: {error.strerror}. Check its permissions.") from error
        if len(content) > max_bytes:
            raise UploadsError(f"The upload {path} has more than {max_bytes:,} bytes, the limit for one file.")
        return content

    def names(self) -> Iterator[str]:
        """Return the names of all files, sorted."""
        yield from sorted(_walk(self.root))

    def _existing(self, path: str) -> Path:
        found = _regular_file(self.root, path)
        if found is None:
            raise UploadsError(f"There is no upload {path} below {self.root}. Check that the uploads are complete.")
        return found


def open_uploads(location: str, *, cache: Path, blog_id: int | None = None) -> Uploads:
    """Return the uploads in a folder, .tar, .tar.gz or .zip; `blog_id` names the blog of a network.

    An archive is unpacked below `cache`, once for each version of the file. A leading wp-content/uploads/ or uploads/
    is passed over. Raises UploadsError when there is nothing to open.
    """
    if "://" in location:
        raise UploadsError(
            f"Uploads cannot be read from {location.partition('?')[0]} yet: give a folder or an archive."
        )
    path = Path(location).expanduser()
    if path.is_dir():
        root = path
    elif path.is_file():
        root = _unpacked(path.resolve(), cache)
    else:
        raise UploadsError(f"There are no uploads at {path}: no such folder or archive. Check the path.")
    root = _uploads_root(root.resolve())
    if blog_id is not None and blog_id > 1:
        own = (root / pattern.format(blog_id) for pattern in BLOG_FOLDERS)
        root = next((folder for folder in own if folder.is_dir()), root)
    return FolderUploads(root)


def _uploads_root(folder: Path) -> Path:
    """Return the uploads folder in what was given: the folder itself, unless it is a site's or an archive's root."""
    if not any(LIKE_UPLOADS.fullmatch(entry.name) for entry in folder.iterdir()):
        for below in ROOTS_IN_ARCHIVES:
            found = folder / below
            if found.is_dir() and not found.is_symlink():
                return found.resolve()
    return folder


def _unpacked(archive: Path, cache: Path) -> Path:
    """Return the folder that an archive's files are in, unpacked now unless they are there already."""
    status = archive.stat()
    version = hashlib.sha256(f"{archive}\n{status.st_size}\n{status.st_mtime_ns}".encode()).hexdigest()[:24]
    target = cache / "uploads" / f"{archive.name.partition('.')[0]}-{version}"
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=target.name, suffix=".part", dir=target.parent))
    try:
        for name, content in _members(archive):
            with content:
                _write(part, name, content)
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


def _members(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Return the regular files of an archive; links, devices and folders are passed over."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as unzipped:
            for entry in unzipped.infolist():
                kind = stat.S_IFMT(entry.external_attr >> 16)
                if not entry.is_dir() and kind in (0, stat.S_IFREG):
                    yield entry.filename, unzipped.open(entry)
        return
    try:
        opened = tarfile.open(archive, "r|*")  # noqa: SIM115 - closed below; only opening it tells an archive from others
    except tarfile.ReadError:
        raise UploadsError(f"{archive} is no folder and no archive (.tar, .tar.gz, .zip). Check the path.") from None
    with opened:
        for member in opened:
            if member.isreg() and (content := opened.extractfile(member)) is not None:
                yield member.name, content


def _write(root: Path, name: str, content: IO[bytes]) -> None:
    """Write one member below the root; one whose name leads elsewhere is no upload, and is left out."""
    clean = _clean(name)
    if clean is None:
        return
    path = root / clean
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
    except (NotADirectoryError, IsADirectoryError, FileExistsError, ValueError):
        return  # the archive has a file and a folder of one name: the first one stays


def _regular_file(root: Path, path: str) -> Path | None:
    """Return the regular file at a path, or None; a link is followed only to what is below the root."""
    clean = _clean(path)
    if clean is None:
        return None
    try:
        found = (root / clean).resolve(strict=True)
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, RuntimeError, ValueError):  # missing, a loop of links, a name no file system takes
        return None


def _clean(path: str) -> str | None:
    """Return a path below the root in its simplest form; None for one that leads out of it."""
    if not path or "\0" in path or "\\" in path or path.startswith("/"):
        return None
    parts = [part for part in PurePosixPath(path).parts if part != "."]
    return "/".join(parts) if parts and ".." not in parts else None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _walk(root: Path, below: str = "") -> Iterator[str]:
    """Return the names of all files below a root. Linked folders are passed over: they may lead in circles."""
    with os.scandir(root / below) as entries:
        for entry in entries:
            name = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(root, name)
            elif entry.is_file(follow_symlinks=False) or (entry.is_symlink() and _regular_file(root, name)):
                yield name


@lru_cache(maxsize=4)
def _names_by_folded(root: Path) -> dict[str, str]:
    """Return file names by their form without case; read once a process, as uploads do not change under a run."""
    return {_folded(name): name for name in _walk(root)}
