"""Attachments > files of the media store: found, checked, converted, stored; each ends with a status and a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import PurePosixPath
from threading import Lock

from cms_models.media_store import MediaStore
from cms_models.rows import MediaStatus
from transforms.attached_files import attached_path, is_same_path, likely_paths, original_path
from transforms.contract import MediaFile, RecordRejectedError, StoredFile
from transforms.file_types import suffix_of
from transforms.images import ImageRules
from transforms.uploaded_files import convert_file
from wp_models.errors import UploadsError
from wp_models.records import WpPost
from wp_models.uploads import Uploads

MEDIA_VERSION = 1  # raise it when the same bytes become other files: every picture is encoded again


def recipe(rules: ImageRules) -> str:
    """Return what decides, beside its bytes, what a picture becomes; files of another recipe are not `known`."""
    parts = (MEDIA_VERSION, rules.max_width, *rules.widths, rules.quality, rules.method)
    return "-".join(str(part) for part in parts)


def convert_batch(
    posts: Sequence[WpPost],
    uploads: Uploads | None,
    store: MediaStore,
    known: Mapping[str, MediaFile],
    rules: ImageRules,
    *,
    threads: int = 1,
) -> dict[int, MediaFile]:
    """Return what became of each attachment's file, by post id. At most `threads` files are in memory.

    `known` holds files of the same recipe by the SHA-256 of their source: these are not encoded again, nor is a file
    that several attachments share. What is wrong with a file stands in its result; only the store raises.
    """
    batch = _Batch(uploads, store, known, rules)
    with ThreadPoolExecutor(max(1, threads), thread_name_prefix="media") as pool:
        return dict(zip((post.id for post in posts), pool.map(batch.convert, posts), strict=True))


def convert_attachment(
    post: WpPost, uploads: Uploads | None, store: MediaStore, known: Mapping[str, MediaFile], rules: ImageRules
) -> MediaFile:
    """Return what became of one attachment's file, as `convert_batch` does."""
    return _Batch(uploads, store, known, rules).convert(post)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the threads of a batch share."""

    uploads: Uploads | None
    store: MediaStore
    known: Mapping[str, MediaFile]
    rules: ImageRules
    _results: dict[str, Future[MediaFile]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def convert(self, post: WpPost) -> MediaFile:
        if self.uploads is None:
            return _missing("No uploads were given: name their folder or archive as `uploads`, and run again.")
        path = attached_path(post)
        found = self._find(path)
        if path is None or found is None:
            return self._taken_instead(self.uploads, post)
        original = self._find(original_path(post, path))
        file = self._file(self.uploads, original or found)
        if original and file.status is MediaStatus.REJECTED:
            return self._file(self.uploads, found)  # too large or damaged: the copy that WordPress shows is not
        return file

    def _find(self, path: str | None) -> str | None:
        """Return the file at exactly this path; `Uploads.find` alone also takes what merely looks like it."""
        found = self.uploads.find(path) if self.uploads and path else None
        return found if found and path and is_same_path(found, path) else None

    def _taken_instead(self, uploads: Uploads, post: WpPost) -> MediaFile:
        """Return the file that a visitor would see, or what is left of it; to WordPress it is missing."""
        why = _why_missing(post)
        for path in likely_paths(post):
            found = uploads.find(path)
            file = self._file(uploads, found) if found else None
            if file and file.status is not MediaStatus.REJECTED:
                reason = f"{why} {found} was taken in its place: check it, and correct the attachment in WordPress."
                return replace(file, status=MediaStatus.MISSING, reason=reason)
        return _missing(why)

    def _file(self, uploads: Uploads, path: str) -> MediaFile:
        limit = self.rules.max_bytes
        try:
            size = uploads.size(path)
            if size > limit:
                reason = f"{path} has {size:,} bytes, over the limit of {limit:,} (`images.max_bytes`)."
                return MediaFile(status=MediaStatus.REJECTED, reason=reason, source_path=path, byte_size=size)
            data = uploads.read(path, max_bytes=limit)
        except UploadsError as error:
            return MediaFile(status=MediaStatus.REJECTED, reason=str(error), source_path=path)
        digest = sha256(data).hexdigest()
        file = self._known(digest) or self._once(
            f"{digest}{PurePosixPath(path).suffix}", lambda: self._converted(data, digest, path)
        )
        return replace(file, source_path=path)

    def _known(self, digest: str) -> MediaFile | None:
        file = self.known.get(digest)
        if file is None or not (file.mime_type or "").startswith("image/"):
            return None  # all else is kept as it is, at no cost, and depends on its name
        if not file.files or not all(self.store.exists(stored.store_key) for stored in file.files):
            return None
        return _as_found(file) if file.status is MediaStatus.MISSING else file

    def _once(self, key: str, convert: Callable[[], MediaFile]) -> MediaFile:
        """Return the result for a key from whichever thread came first; the others wait for it."""
        with self._lock:
            is_first = key not in self._results
            result = self._results.setdefault(key, Future())
        if is_first:
            try:
                result.set_result(convert())
            except BaseException as error:
                result.set_exception(error)
                raise
        return result.result()

    def _converted(self, data: bytes, digest: str, path: str) -> MediaFile:
        source = MediaFile(status=MediaStatus.REJECTED, source_path=path, sha256=digest, byte_size=len(data))
        try:
            converted = convert_file(data, path, self.rules)
        except RecordRejectedError as error:
            return replace(source, reason=error.detail)
        files = tuple(
            StoredFile(
                store_key=self.store.put(file.data, suffix_of(file.mime_type)),
                mime_type=file.mime_type,
                byte_size=len(file.data),
                role=file.role,
                width=file.width,
                height=file.height,
                quality=file.quality,
            )
            for file in converted.files
        )
        return replace(
            source,
            status=converted.status,
            reason=converted.reason,
            mime_type=converted.mime_type,
            width=converted.width,
            height=converted.height,
            placeholder=converted.placeholder,
            exif=converted.exif,
            files=files,
        )


def _missing(reason: str) -> MediaFile:
    return MediaFile(status=MediaStatus.MISSING, reason=reason)


def _why_missing(post: WpPost) -> str:
    path = post.first_meta("_wp_attached_file")
    if not path:
        return "WordPress has no file name for this attachment."
    if attached_path(post) is None:
        return f"WordPress looks for {path!r}, a path of another server."
    return f"WordPress looks for {path!r}, and the uploads have no such file."


def _as_found(file: MediaFile) -> MediaFile:
    """Return a file that was taken in place of a missing one as what it is where it belongs."""
    if file.files[0].role == "original":
        return replace(file, status=MediaStatus.KEPT, reason="It is kept as it is.")
    return replace(file, status=MediaStatus.CONVERTED, reason=None)
