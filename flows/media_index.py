"""Stored media as transforms see them: what content shows, and which files need no converting again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cms_models.media_queries import StoredMedia
from cms_models.rows import MediaKind, MediaStatus
from reports.outcome import MediaSummary
from transforms.contract import Media, MediaFile, StoredFile, Variant


def media_by_id(stored: Iterable[StoredMedia]) -> dict[int, Media]:
    """Return what content needs to know of each attachment."""
    return {one.wp_post_id: _media(one) for one in stored}


def summary_of(files: Iterable[MediaFile]) -> MediaSummary:
    """Count what became of files; bytes are those of pictures that are in the store."""
    counts: Counter[MediaStatus] = Counter()
    images = bytes_before = bytes_after = 0
    for file in files:
        counts[file.status] += 1
        if (file.mime_type or "").startswith("image/"):
            images += 1
            if file.files:
                bytes_before += file.byte_size or 0
                bytes_after += file.files[0].byte_size
    return MediaSummary(
        images=images,
        converted=counts[MediaStatus.CONVERTED],
        kept=counts[MediaStatus.KEPT],
        missing=counts[MediaStatus.MISSING],
        rejected=counts[MediaStatus.REJECTED],
        bytes_before=bytes_before,
        bytes_after=bytes_after,
    )


def _media(stored: StoredMedia) -> Media:
    variants = (
        Variant(store_key=one.store_key, width=one.width, height=one.height, mime_type=one.mime_type)
        for one in stored.variants
        if one.width and one.height
    )
    return Media(
        id=stored.wp_post_id,
        row_id=stored.id,
        kind=MediaKind(stored.kind),
        store_key=stored.store_key,
        mime_type=stored.mime_type,
        width=stored.width,
        height=stored.height,
        title=stored.title,
        alt_text=stored.alt_text,
        caption=stored.caption,
        variants=tuple(sorted(variants, key=lambda variant: variant.width)),
    )


def media_file(stored: StoredMedia) -> MediaFile:
    """Return what became of an attachment's file."""
    return MediaFile(
        status=MediaStatus(stored.status),
        reason=stored.status_reason,
        source_path=stored.source_path,
        sha256=stored.sha256,
        byte_size=stored.byte_size,
        mime_type=stored.mime_type,
        width=stored.width,
        height=stored.height,
        placeholder=stored.placeholder,
        exif=stored.exif,
        files=tuple(
            StoredFile(
                store_key=one.store_key, mime_type=one.mime_type, byte_size=one.byte_size, role=one.role,
                width=one.width, height=one.height, quality=one.quality,
            )
            for one in stored.variants
        ),
    )  # fmt: skip
