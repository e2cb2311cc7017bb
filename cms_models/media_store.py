"""Where media files live: a folder or any store fsspec knows, each file under the hash of its bytes.

A key is the same wherever and however often a file is stored, so storing again is free and nothing is overwritten.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any, BinaryIO, cast

import fsspec
from fsspec.implementations.local import LocalFileSystem

from cms_models.errors import TargetError, TargetFullError, TargetRefusedError, TargetUnavailableError

_KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}(\.[a-z0-9]{1,8})?")
_PASSWORD = re.compile(r"(?<=//)[^/@]*@")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG}
)
PIECE_BYTES = 1 << 20  # of a stream, in memory at once


@dataclass(frozen=True, slots=True)
class StoredStream:
    """What was stored of a stream."""

    key: str
    sha256: str
    byte_size: int


def store_key(data: bytes, suffix: str) -> str:
    """Return the key of a file: `ab/cd/` and 128 bits of its SHA-256, with a suffix such as `.webp`."""
    return key_of(sha256(data).hexdigest(), suffix)


def key_of(digest: str, suffix: str) -> str:
    """Return the key of a file whose SHA-256 is known."""
    return f"{digest[:2]}/{digest[2:4]}/{digest[:32]}{suffix}"


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One file of the store as its listing shows it."""

    key: str
    byte_size: int
    modified_at: datetime | None  # None where the store does not say


class MediaStore:
    """Files by key. Raises TargetFullError, TargetRefusedError or TargetUnavailableError; threads may share it."""

    def __init__(self, url: str) -> None:
        self.name = _PASSWORD.sub("", url)
        try:
            self._files, self._root = fsspec.url_to_fs(url)
        except (ValueError, ImportError, OSError) as error:
            sentence = f"The media store {self.name} cannot be opened: {error}. Name a folder, or a URL fsspec knows."
            raise TargetRefusedError(sentence) from error
        self._is_local = isinstance(self._files, LocalFileSystem)

    def put(self, data: bytes, suffix: str) -> str:
        """Store a file unless it is there already, whole or not at all, and return its key."""
        key = store_key(data, suffix)
        with self._clear_errors(f"cannot store {key}"):
            if self._size(key) != len(data):  # a power cut may have left an empty file under its name
                self._write(key, data)
        return key

    def put_stream(self, stream: BinaryIO, suffix: str) -> StoredStream:
        """Store a file of any size as `put` does, a piece at a time.

        An OSError of the stream's would pass for one of the store's: let it raise another.
        """
        digest, size = sha256(), 0
        with self._clear_errors("cannot store a file"), self._unfinished() as part:
            for piece in iter(partial(stream.read, PIECE_BYTES), b""):
                digest.update(piece)
                size += part.write(piece)
            part.flush()
            key = key_of(digest.hexdigest(), suffix)
            if self._size(key) != size:
                self._finish(Path(part.name), key)
        return StoredStream(key, digest.hexdigest(), size)

    def exists(self, key: str) -> bool:
        """Return whether a file is there."""
        with self._clear_errors(f"cannot look for {key}"):
            return self._size(key) is not None

    def open(self, key: str) -> IO[bytes]:
        """Return a file to read from; close it."""
        with self._clear_errors(f"cannot read {key}"):
            try:
                return cast("IO[bytes]", self._files.open(self._path(key), "rb"))
            except FileNotFoundError as error:
                sentence = f"The media store {self.name} has no file {key}. Run `wpferry migrate` to convert it again."
                raise TargetRefusedError(sentence) from error

    def read(self, key: str) -> bytes:
        """Return the bytes of a file."""
        with self.open(key) as file:
            return file.read()

    def delete(self, key: str) -> None:
        """Remove a file; it need not be there."""
        with self._clear_errors(f"cannot delete {key}"):
            if self._size(key) is not None:
                self._files.rm_file(self._path(key))

    def keys(self) -> Iterator[str]:
        """Yield the key of every file, in order; other files that lie there are left out."""
        return (found.key for found in self.files())

    def files(self) -> Iterator[StoredObject]:
        """Yield every file with its size and age, in the order of keys; other files that lie there are left out."""
        with self._clear_errors("cannot be listed"):
            found: dict[str, dict[str, Any]] = self._files.find(self._root, detail=True)
        for path, info in sorted(found.items()):
            key = path.removeprefix(str(self._root)).lstrip("/")
            if _KEY.fullmatch(key):
                yield StoredObject(key, int(info.get("size") or 0), _modified_at(info))

    def _path(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no key of a media store")
        return f"{str(self._root).rstrip('/')}/{key}"

    def _size(self, key: str) -> int | None:
        try:
            info: dict[str, Any] = self._files.info(self._path(key))
        except FileNotFoundError:
            return None
        return cast("int", info["size"])

    def _write(self, key: str, data: bytes) -> None:
        if not self._is_local:
            self._files.pipe_file(self._path(key), data)  # object stores show a file when it is whole
            return
        with self._unfinished() as part:
            part.write(data)
            part.flush()
            self._finish(Path(part.name), key)

    @contextmanager
    def _unfinished(self) -> Iterator[IO[bytes]]:
        """Yield a temporary file, gone afterwards unless it was finished; within the store when that is a folder."""
        folder = None
        if self._is_local:
            folder = str(self._root)
            Path(folder).mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, prefix=".", suffix=".part", delete=False) as part:
            try:
                yield part
            finally:
                Path(part.name).unlink(missing_ok=True)

    def _finish(self, part: Path, key: str) -> None:
        """Put a whole temporary file under its key."""
        if not self._is_local:
            self._files.put_file(str(part), self._path(key))
            return
        path = Path(self._path(key))
        path.parent.mkdir(parents=True, exist_ok=True)
        part.chmod(0o644)  # a web server of another user reads it
        part.replace(path)

    @contextmanager
    def _clear_errors(self, what: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._explained(what, error) from error

    def _explained(self, what: str, error: OSError) -> TargetError:
        failed = f"The media store {self.name} {what}"
        reason = error.strerror or str(error)
        if error.errno in _FULL:
            return TargetFullError(f"{failed}: no space is left. Make room, then run again: what is stored is kept.")
        if isinstance(error, FileNotFoundError | PermissionError) or error.errno in _REFUSED:
            return TargetRefusedError(f"{failed}: {reason}. Allow wpferry to write there, or set another media store.")
        return TargetUnavailableError(f"{failed}: {reason}. Run again when it answers: what is stored is kept.")


def _modified_at(info: Mapping[str, Any]) -> datetime | None:
    """Return when a file was written, under whichever name its store says that."""
    found = next((info[name] for name in ("mtime", "LastModified", "last_modified", "created") if info.get(name)), None)
    if isinstance(found, int | float):
        return datetime.fromtimestamp(found, UTC)
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None
