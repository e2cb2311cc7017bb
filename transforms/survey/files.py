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
from transforms.uploaded_files import PICTURE_TYPES, type_of

DECODED_PX = 64  # JPEG decodes at an eighth of its size in a third of the time, and reads all its data
EXTREME_RATIO = 30
_MARK_IN_DATA = re.compile(rb"\xff[^\x00\xff]")
_MARKS_AFTER_DATA = frozenset((0xC4, 0xD9, 0xDA, 0xDB, 0xDC, 0xDD, 0xFE, *range(0xE0, 0xF0)))  # tables, scans, the end
_SAME_SUFFIX = {".jpeg": ".jpg", ".jpe": ".jpg", ".tiff": ".tif"}
_PLAIN_NAME = re.compile(r"[\w.@~-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class FileLook:
    """What one file is."""

    mime_type: str  # by content
    pixels: int  # 0 for what is no picture
    issues: tuple[Issue, ...]


def look_at_file(data: bytes, name: str, rules: ImageRules) -> FileLook:
    """Return what a file is and what is wrong with it; `name` is its path below the uploads folder.

    Of what is neither picture nor drawing, its first HEAD_BYTES will do.
    """
    head = data[:HEAD_BYTES]
    mime_type = sniff(head, name)
    issues: list[Issue] = []
    pixels = 0
    try:
        mime_type = type_of(head, name)
        if mime_type in PICTURE_TYPES:
            pixels = _look_at_picture(data, name, rules, issues)
        elif mime_type == SVG and (removed := clean_svg(data).removed):
            issues.append(Issue("media.active_svg", f"{name} holds {', '.join(removed)}, which is taken out."))
    except RecordRejectedError as error:
        issues.append(Issue(error.code, f"{name}: {error.detail}"))
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
    else:
        if image.format == "JPEG" and _is_broken_inside(data):
            issues.append(Issue("media.damaged", f"{name} is broken in its middle: what follows shows wrong."))
    return width * height


def _is_broken_inside(jpeg: bytes) -> bool:
    """Return whether the data of a JPEG hold a mark that cannot stand there; decoders guess on without a word."""
    has_restarts = False
    position = 2
    while (marker := jpeg[position : position + 2]) and marker[:1] == b"\xff" and marker != b"\xff\xd9":
        has_restarts = has_restarts or marker == b"\xff\xdd"
        position += 2 + int.from_bytes(jpeg[position + 2 : position + 4])
        if marker != b"\xff\xda":
            continue
        while (found := _MARK_IN_DATA.search(jpeg, position)) is not None:
            mark = found[0][1]
            if 0xD0 <= mark <= 0xD7 and has_restarts:
                position = found.end()
                continue
            if mark not in _MARKS_AFTER_DATA:
                return True
            position = found.start()
            break
        else:
            return False
    return False


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
    if not _PLAIN_NAME.fullmatch(PurePosixPath(name).name):
        yield Issue("media.odd_name", f"{name} has signs in its name that need encoding in an address.")
    elif suffix != PurePosixPath(name).suffix:
        yield Issue("media.odd_name", f"{name} has a suffix in capitals.")
    elif is_named_as_picture(PurePosixPath(name).stem):
        yield Issue("media.odd_name", f"{name} has two suffixes.")
