"""Bytes of an upload > what is stored of it. What it is, its bytes say; its name may lie."""

from __future__ import annotations

from pathlib import PurePosixPath

from cms_models.rows import MediaStatus
from transforms.contract import RecordRejectedError
from transforms.file_types import SVG, is_named_as_picture, sniff
from transforms.images import DEFAULT_RULES, ConvertedFile, EncodedFile, ImageRules, convert_image
from transforms.svg import clean_svg

PICTURE_TYPES = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/bmp", "image/tiff"}
)
ACTIVE_TYPES = frozenset({"text/html", "application/x-php"})


def type_of(head: bytes, name: str) -> str:
    """Return the MIME type of an upload, by its first HEAD_BYTES.

    Raises RecordRejectedError: "media.empty", "media.not_a_picture" for other things under a picture's name, and
    "media.active_content" for pages and programs.
    """
    if not head:
        raise RecordRejectedError("media.empty", "The file is empty (0 bytes): its upload failed. Upload it again.")
    mime_type = sniff(head, name)
    if is_named_as_picture(name) and not mime_type.startswith("image/"):
        suffix = PurePosixPath(name).suffix
        detail = f"The file is named {suffix} but holds {mime_type}: no picture. Upload the picture again."
        raise RecordRejectedError("media.not_a_picture", detail)
    if mime_type in ACTIVE_TYPES:
        detail = f"The file holds {mime_type}, which could run as a part of the site. Put it there by hand if wanted."
        raise RecordRejectedError("media.active_content", detail)
    return mime_type


def is_converted(mime_type: str) -> bool:
    """Return whether files of a type go through `convert_file`; all others are kept as they are."""
    return mime_type in PICTURE_TYPES or mime_type == SVG


def convert_file(data: bytes, mime_type: str, rules: ImageRules = DEFAULT_RULES) -> ConvertedFile:
    """Return a picture as WebP, or an SVG without scripts. Raises what `convert_image` and `clean_svg` raise."""
    return _convert_svg(data) if mime_type == SVG else convert_image(data, rules)


def _convert_svg(data: bytes) -> ConvertedFile:
    svg = clean_svg(data)
    original = EncodedFile(data=svg.data, mime_type=SVG, role="original", width=svg.width, height=svg.height)
    reason = f"Taken out of the SVG: {', '.join(svg.removed)}." if svg.removed else "SVG is kept as it is."
    return ConvertedFile(
        status=MediaStatus.KEPT, reason=reason, mime_type=SVG, width=svg.width, height=svg.height, files=(original,)
    )
