"""What a camera wrote into a picture, as plain texts. Where it was taken is left out on purpose."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from PIL import Image
from PIL.ExifTags import IFD, Base

MAX_CHARACTERS = 500

_TEXTS = {
    "caption": Base.ImageDescription,
    "artist": Base.Artist,
    "copyright": Base.Copyright,
}
_CAMERA_TEXTS = {"lens": Base.LensModel}
_CAMERA_NUMBERS = {
    "aperture": Base.FNumber,
    "exposure_s": Base.ExposureTime,
    "focal_length_mm": Base.FocalLength,
    "iso": Base.ISOSpeedRatings,
}
_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")


def read_exif(image: Image.Image) -> Mapping[str, str]:
    """Return camera, taken_at, caption, copyright and the like, as far as they are there and readable.

    `taken_at` is ISO 8601, with an offset when the camera noted one.
    """
    try:
        exif = image.getexif()
        camera = exif.get_ifd(IFD.Exif)
    except (
        OSError,
        SyntaxError,
        ValueError,
        KeyError,
        TypeError,
        struct.error,
    ):  # broken EXIF: the picture is still one
        return {}
    found = {name: _text(exif.get(tag)) for name, tag in _TEXTS.items()}
    found["camera"] = _camera(_text(exif.get(Base.Make)), _text(exif.get(Base.Model)))
    found["taken_at"] = _date(
        _text(camera.get(Base.DateTimeOriginal)) or _text(exif.get(Base.DateTime)),
        _text(camera.get(Base.OffsetTimeOriginal)),
    )
    found |= {name: _text(camera.get(tag)) for name, tag in _CAMERA_TEXTS.items()}
    found |= {name: _number(camera.get(tag)) for name, tag in _CAMERA_NUMBERS.items()}
    return {name: value for name, value in sorted(found.items()) if value}


def _text(raw: Any) -> str:
    if isinstance(raw, bytes):
        raw = raw.decode("utf-8", "replace")
    if not isinstance(raw, str):
        return ""
    with suppress(UnicodeError):
        raw = raw.encode("latin-1").decode("utf-8")  # EXIF says ASCII, cameras and editors write UTF-8
    printable = "".join(character for character in raw.split("\0")[0] if character.isprintable() or character == "\n")
    return printable.strip()[:MAX_CHARACTERS]


def _camera(make: str, model: str) -> str:
    return model if model.lower().startswith(make.lower()) else f"{make} {model}".strip()


def _date(raw: str, offset: str) -> str:
    date = _DATE.fullmatch(raw)
    if date is None or date[1] == "0000":
        return ""
    year, month, day, time = date.groups()
    return f"{year}-{month}-{day}T{time}{offset if _OFFSET.fullmatch(offset) else ''}"


def _number(raw: Any) -> str:
    if isinstance(raw, tuple):
        raw = raw[0] if raw else None
    try:
        number = float(raw)
    except (TypeError, ValueError, ZeroDivisionError):
        return ""
    return f"{number:.6g}" if 0 < number < 1e9 else ""
