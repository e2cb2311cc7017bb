"""What a file of the media library is and what is wrong with it, found without converting it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image

from transforms.contract import Issue, RecordRejectedError
from transforms.file_types import HEAD_BYTES, SVG, is_named_as_picture, sniff, suffix_of
from transforms.images import UNREADABLE, ImageRules, damage_of, open_picture
from transforms.pixels import upright_size
from transforms.svg import clean_svg
from transforms.uploaded_files import ACTIVE_TYPES, PICTURE_TYPES

DECODED_PX = 64  # JPEG decodes at an eighth of its size in a third of the time, and reads all its data
EXTREME_RATIO = 30
_SAME_SUFFIX = {".jpeg": ".jpg", ".jpe": ".jpg", ".tiff": ".tif"}
_PLAIN_NAME = re.compile(r"[\w.@~-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class FileLook:
    """What one file is."""

    mime_type: str  # by content
    pixels: int  # 0 for what is no picture
    issues: tuple[Issue, ...]


def look_at_file(data: bytes, name: str, rules: ImageRules) -> FileLook:
    """Return what a file is and what is wrong with it; `name` is its path below the uploads folder."""
    mime_type = sniff(data[:HEAD_BYTES], name)
    issues: list[Issue] = []
    pixels = 0
    try:
        if mime_type in PICTURE_TYPES:
            pixels = _look_at_picture(data, name, rules, issues)
        elif mime_type == SVG and (removed := clean_svg(data).removed):
            issues.append(Issue("media.active_svg", f"{name} holds {', '.join(removed)}, which is taken out."))
    except RecordRejectedError as error:
        issues.append(Issue(error.code, f"{name}: {error.detail}"))
    if not data:
        issues.append(Issue("media.empty", f"{name} is empty (0 bytes)."))
    elif is_named_as_picture(name) and not mime_type.startswith("image/"):
        issues.append(Issue("media.not_a_picture", f"{name} is named as a picture but holds {mime_type}."))
    elif mime_type in ACTIVE_TYPES:
        issues.append(Issue("media.active_content", f"{name} holds {mime_type}, which could run."))
    return FileLook(mime_type, pixels, (*issues, *_name_issues(name, mime_type)))


def _look_at_picture(data: bytes, name: str, rules: ImageRules, issues: list[Issue]) -> int:
    image = open_picture(data, rules)
    width, height = upright_size(image)
    unusual = list(_unusual(image, width, height))
    if unusual:
        issues.append(Issue("media.unusual_picture", f"{name} {' and '.join(unusual)}."))
    try:
        if image.format in {"JPEG", "MPO"}:
            image.draft(None, (DECODED_PX, DECODED_PX))
        image.load()
    except UNREADABLE as error:
        issues.append(Issue("media.damaged", f"{name}: {damage_of(error)}"))
    return width * height


def _unusual(image: Image.Image, width: int, height: int) -> Iterator[str]:
    if image.mode in {"CMYK", "YCCK"}:
        yield "has the colours of print (CMYK)"
    if upright_size(image) != image.size:
        yield "lies on its side, and is turned as its camera noted"
    if width == height == 1:
        yield "is a single pixel"
    elif max(width, height) > EXTREME_RATIO * min(width, height):
        yield f"is {width:,} pixels wide and {height:,} high"


def _name_issues(name: str, mime_type: str) -> Iterator[Issue]:
    suffix = PurePosixPath(name).suffix.lower()
    if mime_type in PICTURE_TYPES and _SAME_SUFFIX.get(suffix, suffix) != suffix_of(mime_type):
        called = f"is named {suffix}" if suffix else "has no suffix"
        yield Issue("media.wrong_suffix", f"{name} {called} and holds {mime_type}.")
    if not _PLAIN_NAME.fullmatch(PurePosixPath(name).name) or suffix != PurePosixPath(name).suffix:
        yield Issue("media.odd_name", f"{name} has signs in its name that need encoding in an address.")
