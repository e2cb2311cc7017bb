"""A worker that does all that a run does and keeps nothing: its transaction is its caller's, its files are nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO
from typing import BinaryIO

from PIL import Image

from cms_models import db
from cms_models.media_store import PIECE_BYTES, MediaStore, StoredStream, key_of, store_key
from cms_models.rows import MediaStatus
from flows.media import ConvertedBatch
from flows.worker import Worker, WorkerSpec
from transforms.images import ConvertedFile, EncodedFile, ImageRules
from transforms.uploaded_files import PICTURE_TYPES, convert_file
from wp_models.records import Record

WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class PictureToConvert:
    """A picture that a run would encode."""

    source_path: str
    byte_size: int


class ReadOnlyStore(MediaStore):
    """A media store that says under which key it would keep a file."""

    def put(self, data: bytes, suffix: str) -> str:
        """Return the key that the file would have."""
        return store_key(data, suffix)

    def put_stream(self, stream: BinaryIO, suffix: str) -> StoredStream:
        """Return what would be stored."""
        digest = hashlib.sha256()
        for piece in iter(partial(stream.read, PIECE_BYTES), b""):
            digest.update(piece)
        return StoredStream(key_of(digest.hexdigest(), suffix), digest.hexdigest(), stream.tell())


class Rehearsal(Worker):
    """Takes batches on a connection whose transaction will be rolled back."""

    def __init__(self, spec: WorkerSpec, connection: db.Connection) -> None:
        super().__init__(spec)
        self._connection = connection
        self._to_encode: set[str] = set()
        self.to_convert: list[PictureToConvert] = []

    @cached_property
    def _cms(self) -> db.Connection:
        return self._connection

    @cached_property
    def _store(self) -> MediaStore:
        return ReadOnlyStore(self.spec.media_url)

    def _converted(self, records: Sequence[Record]) -> tuple[tuple[Record, ...], ConvertedBatch]:
        posts, converted = super()._converted(records)
        self.to_convert.extend(
            PictureToConvert(file.source_path or "", file.byte_size or 0)
            for file in converted.files.values()
            if file.sha256 in self._to_encode
        )
        return posts, converted

    def _convert(self, data: bytes, mime_type: str, rules: ImageRules) -> ConvertedFile:
        """Return files of the sizes that the picture would have, encoded or not: only their headers are read."""
        if mime_type not in PICTURE_TYPES:
            return convert_file(data, mime_type, rules)
        try:
            with Image.open(BytesIO(data)) as picture:
                width, height = picture.size
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return convert_file(data, mime_type, rules)  # it is refused, and says why
        digest = hashlib.sha256(data).hexdigest()
        self._to_encode.add(digest)
        main = min(width, rules.max_width)
        widths = [main, *(one for one in sorted(rules.widths, reverse=True) if one < main)]
        files = tuple(
            EncodedFile(
                data=f"{digest}/{one}".encode(),
                mime_type=WEBP,
                role="webp" if one == main else f"w{one}",
                width=one,
                height=max(1, round(height * one / width)),
            )
            for one in widths
        )
        return ConvertedFile(status=MediaStatus.CONVERTED, mime_type=mime_type, width=width, height=height, files=files)
