"""What is stored of a site's files, as plain values: read once a run, for content that shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

Connection = psycopg.Connection[Any]

MEDIA_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class StoredVariant:
    """One stored file of an attachment."""

    store_key: str
    mime_type: str
    width: int | None
    height: int | None
    byte_size: int
    role: str
    quality: int | None


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """One row of `cms.media` with its files, the main one first."""

    id: UUID
    wp_post_id: int
    kind: str
    title: str
    alt_text: str
    caption: str
    source_path: str | None
    mime_type: str | None
    width: int | None
    height: int | None
    byte_size: int | None
    sha256: str | None
    store_key: str | None
    placeholder: str | None
    status: str
    status_reason: str | None
    exif: Mapping[str, str]
    variants: tuple[StoredVariant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShrunkPicture:
    """One picture that became smaller; `store_key` is that of its smallest file."""

    title: str
    bytes_before: int
    bytes_after: int
    width: int
    height: int
    store_key: str


MEDIA = """
    SELECT media.id, wp_post_id, kind::text, title, alt_text, caption, source_path, mime_type, width, height, byte_size,
        sha256, store_key, placeholder, status::text, status_reason, exif
    FROM cms.media
    WHERE site_id = %(site_id)s AND wp_post_id IS NOT NULL AND deleted_at IS NULL
"""
MADE_OF = """
    AND media.sha256 = %(sha256)s AND EXISTS (
        SELECT FROM migration.entity_state AS state
        WHERE state.site_id = media.site_id AND entity = 'media' AND source_id = wp_post_id
            AND transform_version = %(version)s
    )
"""
VARIANTS = """
    SELECT media_id, variant.store_key, variant.mime_type, variant.width, variant.height, variant.byte_size, role,
        quality
    FROM cms.media_variants AS variant JOIN cms.media ON media.id = media_id
    WHERE media_id = ANY (%s)
    ORDER BY media_id, variant.store_key <> media.store_key, variant.width DESC NULLS LAST, variant.store_key
"""

PICTURES = """
    WITH shrunk AS (
        SELECT DISTINCT ON (media.sha256) media.*, main.byte_size AS bytes_after
        FROM cms.media
        JOIN cms.media_variants AS main ON main.media_id = media.id AND main.store_key = media.store_key
        WHERE media.site_id = %(site_id)s AND media.deleted_at IS NULL AND media.status = 'converted'
            AND media.width IS NOT NULL AND media.height IS NOT NULL AND media.byte_size > main.byte_size
        ORDER BY media.sha256, media.id
    ), most AS (
        SELECT * FROM shrunk ORDER BY byte_size - bytes_after DESC, id LIMIT %(limit)s
    )
    SELECT coalesce(nullif(alt_text, ''), nullif(title, ''), source_path, '') AS title, byte_size AS bytes_before,
        bytes_after, width, height, least.store_key
    FROM most
    JOIN LATERAL (
        SELECT store_key FROM cms.media_variants WHERE media_id = most.id ORDER BY width NULLS LAST LIMIT 1
    ) AS least ON true
    ORDER BY byte_size - bytes_after DESC, most.id
"""


def read_media(connection: Connection, site_id: int) -> Iterator[StoredMedia]:
    """Yield a site's media by WordPress id; a portion at a time is in memory."""
    with connection.transaction(), connection.cursor("media") as cursor:
        cursor.execute(f"{MEDIA} ORDER BY wp_post_id".encode(), {"site_id": site_id})
        while rows := cursor.fetchmany(MEDIA_AT_ONCE):
            yield from _with_variants(connection, rows)


def find_media(connection: Connection, site_id: int, *, version: int, sha256: str) -> StoredMedia | None:
    """Return the first of a site's media that this transform version made of one source file."""
    statement = f"{MEDIA}{MADE_OF} ORDER BY wp_post_id LIMIT 1"
    key = {"site_id": site_id, "version": version, "sha256": sha256}
    rows = connection.execute(statement.encode(), key).fetchall()
    return next(_with_variants(connection, rows)) if rows else None


def _with_variants(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> Iterator[StoredMedia]:
    variants: dict[UUID, list[StoredVariant]] = {}
    for media_id, *variant in connection.execute(VARIANTS, ([row[0] for row in rows],)):
        variants.setdefault(media_id, []).append(StoredVariant(*variant))
    for row in rows:
        yield StoredMedia(*(*row, tuple(variants.get(row[0], ()))))


def read_shrunk_pictures(connection: Connection, site_id: int, *, limit: int) -> list[ShrunkPicture]:
    """Return the pictures that lost most bytes."""
    with connection.cursor(row_factory=class_row(ShrunkPicture)) as cursor:
        return cursor.execute(PICTURES, {"site_id": site_id, "limit": limit}).fetchall()


def media_digest(connection: Connection, site_id: int) -> str:
    """Return one value for everything stored of a site's media: an edit in the CMS changes it, too."""
    statement = """
        SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(row, 'UTF8')), ''::bytea ORDER BY row), '')), 'hex')
        FROM (
            SELECT media::text AS row FROM cms.media AS media WHERE site_id = %(site_id)s
            UNION ALL SELECT variant::text FROM cms.media_variants AS variant WHERE site_id = %(site_id)s
        ) AS rows
    """
    row = connection.execute(statement, {"site_id": site_id}).fetchone()
    return str(row[0]) if row else ""
