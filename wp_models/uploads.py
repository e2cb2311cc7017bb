"""Bytes of a site's uploaded files: from a folder, or from an archive that is unpacked once.

Nothing outside the uploads folder is ever read, whatever names and links a database or an archive holds.
"""

from __future__ import annotations

import io
import os
import re
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

from wp_models.archives import path_below, unpacked
from wp_models.errors import UploadsError

ROOTS_IN_ARCHIVES = ("wp-content/uploads", "uploads")
BLOG_FOLDERS = ("sites/{}", "blogs.dir/{}/files")  # of networks since WordPress 3.5, and before
LIKE_UPLOADS = re.compile(r"\d{4}|sites")  # what only an uploads folder itself has


class Uploads(Protocol):
    """A site's uploaded files, by their path below the uploads folder, such as 2024/05/tree.jpg.

    Paths that `find`, `find_exact` or `names` gave are names; what takes a name raises UploadsError without its file.
    """

    def find(self, path: str) -> str | None:
        """Return the name of the file that a stored path may mean; None when there is none.

        Stored paths may be percent-encoded, in another Unicode form or in another case than the file's name.
        """

    def find_exact(self, path: str) -> str | None:
        """Return the name of the file that stands at a path, in either Unicode form: archives from a Mac change it."""

    def stamp(self, name: str) -> str:
        """Return what changes when the file is replaced: its size and the time it was written."""

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""

    def open(self, name: str) -> io.BufferedReader:
        """Return a file to read from, which raises UploadsError too; close it."""

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """Return the bytes of a file. Raises UploadsError also when it is larger."""

    def names(self) -> Iterator[str]:
        """Return the names of all files, sorted."""


class _Upload(io.FileIO):
    """An open file whose errors are sentences."""

    def __init__(self, root: str, name: str) -> None:
        self._upload_name = name
        with self._clear_errors():
            super().__init__(f"{root}/{name}")

    def readinto(self, buffer: Any, /) -> int | None:
        """Read into a buffer: what everything a BufferedReader does comes down to."""
        with self._clear_errors():
            return super().readinto(buffer)

    def readall(self) -> bytes:
        """Read what is left."""
        with self._clear_errors():
            return super().readall()

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            sentence = f"The upload {self._upload_name} cannot be read: {error.strerror}."
            raise UploadsError(f"{sentence} Check its permissions and its disk.") from error


class FolderUploads:
    """Uploads in a folder of this machine, which is taken to stay as it is as long as this object is used."""

    def __init__(self, root: Path) -> None:
        self._root = str(root.resolve())
        self._folder = cache(self._resolved_folder)
        self._entries_by_folded = cache(self._read_entries)

    def find(self, path: str) -> str | None:
        """Return the name of the file that a stored path may mean; None when there is none."""
        spellings = dict.fromkeys((path, unquote(path)))
        exact = next(filter(None, map(self.find_exact, spellings)), None)
        return exact or next(filter(None, map(self._find_folded, spellings)), None)

    def find_exact(self, path: str) -> str | None:
        """Return the name of the file that stands at a path, in either Unicode form."""
        forms = (path,) if path.isascii() else (path, *(unicodedata.normalize(form, path) for form in ("NFC", "NFD")))
        for form in forms:
            name = path_below(form)
            if name is not None and self._status(name) is not None:
                return name
        return None

    def stamp(self, name: str) -> str:
        """Return the size and the time of the last change."""
        status = self._existing(name)
        return f"{status.st_size}-{status.st_mtime_ns}"

    def size(self, name: str) -> int:
        """Return the size of a file in bytes."""
        return self._existing(name).st_size

    def open(self, name: str) -> io.BufferedReader:
        """Return a file to read from; close it."""
        self._existing(name)
        return io.BufferedReader(_Upload(self._root, name))

    def read(self, name: str, *, max_bytes: int) -> bytes:
        """Return a file's bytes. Raises UploadsError when there is none, or more than max_bytes."""
        with self.open(name) as file:
            content = file.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise UploadsError(f"The upload {name} has more than {max_bytes:,} bytes, the limit for one file.")
        return content

    def names(self) -> Iterator[str]:
        """Return the names of all files, sorted."""
        yield from sorted(self._walk(""))

    def _existing(self, name: str) -> os.stat_result:
        path = path_below(name)
        status = self._status(path) if path is not None else None
        if status is None:
            raise UploadsError(f"There is no upload {name} below {self._root}. Check that the uploads are complete.")
        return status

    def _status(self, name: str) -> os.stat_result | None:
        """Return what the system knows of a regular file; a link is followed only to what is below the root.

        Folders are resolved once: the rest is one system call a file, of which a site has 100 000.
        """
        folder, _, last = name.rpartition("/")
        within = self._folder(folder)
        if within is None:
            return None
        path = f"{within}/{last}"
        try:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                target = Path(path).resolve(strict=True)
                if not target.is_relative_to(self._root):
                    return None
                status = target.stat()
        except (OSError, RuntimeError, ValueError):  # missing, a loop of links, a name no file system takes
            return None
        return status if stat.S_ISREG(status.st_mode) else None

    def _resolved_folder(self, folder: str) -> str | None:
        try:
            found = Path(self._root, folder).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            return None
        return str(found) if found.is_relative_to(self._root) else None

    def _find_folded(self, path: str) -> str | None:
        """Return the file whose path differs only in case and Unicode form; only the folders on its way are read."""
        clean = path_below(path)
        if clean is None:
            return None
        name = ""
        for part in clean.split("/"):
            entry = self._entries_by_folded(name).get(_folded(part))
            if entry is None:
                return None
            name = f"{name}/{entry}" if name else entry
        return name if self._status(name) is not None else None

    def _read_entries(self, folder: str) -> dict[str, str]:
        within = self._folder(folder)
        if within is None:
            return {}
        try:
            with os.scandir(within) as entries:
                names = sorted((entry.name for entry in entries), reverse=True)  # of two names the first one stays
        except OSError:
            return {}
        return {_folded(name): name for name in names}

    def _walk(self, below: str) -> Iterator[str]:
        """Return the names of all files below a folder. Linked folders are passed over: they may lead in circles."""
        with os.scandir(Path(self._root, below)) as entries:
            for entry in entries:
                name = f"{below}/{entry.name}" if below else entry.name
                if entry.is_dir(follow_symlinks=False):
                    yield from self._walk(name)
                elif entry.is_file(follow_symlinks=False) or (entry.is_symlink() and self._status(name)):
                    yield name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


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
        root = unpacked(path.resolve(), cache)
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
