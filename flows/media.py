"""Attachments > files of the media store: found, checked, converted, stored; each ends with a status and a reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import BufferedReader
from threading import Lock

from cms_models.media_store import MediaStore
from cms_models.rows import MediaStatus
from transforms.attached_files import attached_path, likely_paths, original_path
from transforms.contract import MediaFile, RecordRejectedError, StoredFile
from transforms.file_types import HEAD_BYTES, suffix_of
from transforms.images import DEFAULT_RULES, ConvertedFile, ImageRules
from transforms.uploaded_files import PICTURE_TYPES, convert_file, is_converted, type_of
from wp_models.errors import UploadsError
from wp_models.records import WpPost
from wp_models.uploads import Uploads

MEDIA_VERSION = 2  # raise it when the same bytes become other files: every picture is encoded again

Known = Callable[[str], MediaFile | None]
"""Gives what became of a file before, under the same recipe, by the SHA-256 of its bytes."""


Convert = Callable[[bytes, str, ImageRules], ConvertedFile]
"""Turns the bytes of a picture, of this MIME type, into the files that are stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRules:
    """How pictures are converted, and which files are taken at all."""

    images: ImageRules = DEFAULT_RULES
    max_file_bytes: int | None = None  # of what is no picture

    @property
    def recipe(self) -> str:
        """Return what decides, beside its bytes, what a picture becomes; files of another recipe are not known."""
        images = self.images
        parts = (MEDIA_VERSION, images.max_width, *images.widths, images.quality, images.method)
        return "-".join(map(str, parts))

    @property
    def limits(self) -> str:
        """Return what decides whether a file is taken: when it changes, every file is looked at again."""
        images = self.images
        parts = (images.max_bytes, images.max_pixels, images.max_frame_pixels, images.max_animation_pixels)
        return "-".join(map(str, (*parts, self.max_file_bytes)))


@dataclass(frozen=True, slots=True)
class ConvertedBatch:
    """What became of a batch's files."""

    files: Mapping[int, MediaFile]  # by post id
    encoded_count: int  # pictures that went through the encoder


def convert_batch(
    posts: Sequence[WpPost],
    uploads: Uploads | None,
    store: MediaStore,
    known: Known,
    rules: MediaRules,
    *,
    threads: int = 1,
    convert: Convert = convert_file,
) -> ConvertedBatch:
    """Return what became of each attachment's file. At most `threads` pictures are in memory, other files never.

    Pictures that are known are not encoded again, nor is one that several attachments share. What is wrong with a
    file stands in its result; only the store and `known` raise.
    """
    batch = _Batch(uploads, store, known, rules, convert)
    with ThreadPoolExecutor(max(1, threads), thread_name_prefix="media") as pool:
        files = dict(zip((post.id for post in posts), pool.map(batch.convert, posts), strict=True))
    return ConvertedBatch(files, batch.encoded_count())


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the threads of a batch share."""

    uploads: Uploads | None
    store: MediaStore
    known: Known
    rules: MediaRules
    convert_data: Convert = convert_file
    _results: dict[str, Future[MediaFile]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def convert(self, post: WpPost) -> MediaFile:
        if self.uploads is None:
            return _missing("No uploads were given: name their folder or archive as `uploads`, and run again.")
        path = attached_path(post)
        found = self.uploads.find_exact(path) if path else None
        if path is None or found is None:
            return self._taken_instead(self.uploads, post)
        original = original_path(post, path)
        found_original = self.uploads.find_exact(original) if original else None
        if found_original:
            file = self._file(self.uploads, found_original)
            if file.status is not MediaStatus.REJECTED:
                return file
        return self._file(self.uploads, found)  # the copy that WordPress shows may be smaller, and whole

    def encoded_count(self) -> int:
        results = (result.result() for result in self._results.values())
        return sum(bool(file.files) and file.mime_type in PICTURE_TYPES for file in results)

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
        file = MediaFile(status=MediaStatus.REJECTED, source_path=path)
        try:
            file = replace(file, byte_size=uploads.size(path))
            with uploads.open(path) as stream:
                return self._taken(stream, file, path)
        except UploadsError as error:
            return replace(file, reason=str(error))

    def _taken(self, stream: BufferedReader, file: MediaFile, path: str) -> MediaFile:
        try:
            mime_type = type_of(_read_at_start(stream, HEAD_BYTES), path)
        except RecordRejectedError as error:
            return replace(file, reason=error.detail, sha256=hashlib.file_digest(stream, "sha256").hexdigest())
        is_picture = is_converted(mime_type)
        limit, setting = (
            (self.rules.images.max_bytes, "images.max_bytes")
            if is_picture
            else (self.rules.max_file_bytes, "max_file_bytes")
        )
        if limit is not None and (file.byte_size or 0) > limit:
            reason = f"{path} has {file.byte_size:,} bytes, over the limit of {limit:,} (`{setting}`)."
            return replace(file, reason=reason, mime_type=mime_type)
        return self._picture(stream, file, mime_type) if is_picture else self._kept(stream, file, mime_type)

    def _kept(self, stream: BufferedReader, file: MediaFile, mime_type: str) -> MediaFile:
        stored = self.store.put_stream(stream, suffix_of(mime_type))
        only = StoredFile(store_key=stored.key, mime_type=mime_type, byte_size=stored.byte_size, role="original")
        return replace(
            file, status=MediaStatus.KEPT, reason=f"{mime_type} is kept as it is.", mime_type=mime_type,
            sha256=stored.sha256, byte_size=stored.byte_size, files=(only,),
        )  # fmt: skip

    def _picture(self, stream: BufferedReader, file: MediaFile, mime_type: str) -> MediaFile:
        data = stream.read()
        digest = hashlib.sha256(data).hexdigest()
        source = replace(file, sha256=digest, byte_size=len(data), mime_type=mime_type)
        result = self._known(digest) or self._once(digest, lambda: self._converted(data, source))
        return replace(result, source_path=file.source_path)

    def _known(self, digest: str) -> MediaFile | None:
        with self._lock:
            file = self.known(digest)
        if file is None or not file.files or not all(self.store.exists(stored.store_key) for stored in file.files):
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

    def _converted(self, data: bytes, source: MediaFile) -> MediaFile:
        try:
            converted = self.convert_data(data, source.mime_type or "", self.rules.images)
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


def _read_at_start(stream: BufferedReader, size: int) -> bytes:
    """Return the first bytes of a file and stand before them again."""
    head = stream.read(size)
    stream.seek(0)
    return head


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
