"""Attachments, and what became of their files."""

from __future__ import annotations

from urllib.parse import quote

from cms_models.rows import MediaKind, MediaRow, MediaStatus, MediaVariantRow, Row, TranslationGroupRow
from transforms.attached_files import likely_paths
from transforms.contract import Entity, MediaFile, Skipped, Transformed
from transforms.placement import place
from transforms.site import Site
from transforms.values.dates import moment
from transforms.values.text import plain_line, plain_text
from wp_models.queries import PostQuery
from wp_models.records import WpPost

NO_FILE = MediaFile(
    status=MediaStatus.MISSING, reason="WordPress names no file for it, or there are no uploads to read."
)
DOCUMENTS = ("text/", "application/pdf", "application/msword", "application/rtf", "application/vnd.")


def transform_media(post: WpPost, site: Site) -> Transformed | Skipped:
    """Return the media row and one variant row for each stored file, the main file first."""
    placement = place(post.type, post.status, site.rules)
    if placement.skip_reason is not None:
        return Skipped(placement.skip_reason)
    file = site.media_file(post.id) or NO_FILE
    mime_type = file.mime_type or post.mime_type or None
    group_id = site.group_of_post(post.id)
    created_at = moment(post.published_at, post.published_local, site.timezone)
    row = MediaRow(
        id=site.row_id("media", post.id),
        site_id=site.id,
        wp_post_id=post.id,
        kind=_kind(mime_type),
        title=plain_text(post.title),
        alt_text=plain_line(post.first_meta("_wp_attachment_image_alt") or ""),
        caption=plain_line(post.excerpt),
        description=plain_line(post.content),
        source_path=file.source_path or next(likely_paths(post), None),
        source_url=_source_url(post, site),
        mime_type=mime_type,
        width=file.width,
        height=file.height,
        byte_size=file.byte_size,
        sha256=file.sha256,
        store_key=file.files[0].store_key if file.files else None,
        placeholder=file.placeholder,
        status=file.status,
        status_reason=file.reason,
        exif=dict(file.exif),
        language=site.language_of_post(post.id),
        translation_group_id=group_id,
        created_at=created_at,
        updated_at=moment(post.modified_at, post.modified_local, site.timezone) or created_at,
    )
    rows: list[Row] = [row, *_variants(post, row, file, site)]
    if group_id is not None:
        rows.append(TranslationGroupRow(id=group_id, site_id=site.id, kind="media"))
    return Transformed(rows=tuple(rows), issues=site.languages.issues.get(post.id, ()))


def _kind(mime_type: str | None) -> MediaKind:
    family = (mime_type or "").partition("/")[0]
    if family in ("image", "video", "audio"):
        return MediaKind(family)
    return MediaKind.DOCUMENT if (mime_type or "").startswith(DOCUMENTS) else MediaKind.OTHER


def _variants(post: WpPost, row: MediaRow, file: MediaFile, site: Site) -> list[MediaVariantRow]:
    return [
        MediaVariantRow(
            id=site.row_id("media_variants", f"{post.id}/{stored.role}"),
            site_id=site.id,
            media_id=row.id,
            store_key=stored.store_key,
            mime_type=stored.mime_type,
            width=stored.width,
            height=stored.height,
            byte_size=stored.byte_size,
            role=stored.role,
            quality=stored.quality,
        )
        for stored in file.files
    ]


def _source_url(post: WpPost, site: Site) -> str | None:
    """Return the address WordPress serves the file at; its guid only where no file is named, as WordPress does."""
    url = site.file_url(post.id)
    return quote(url, safe=":/?&=#") if url else post.guid or None


MEDIA = Entity(name="media", source=PostQuery(), transform=transform_media, version=1)
