"""Pixels as every browser expects them: upright, eight bits a channel, RGB or RGBA, in a colour space it knows."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageMath, ImageOps
from PIL.ExifTags import Base

MAX_PROFILE_BYTES = 4096  # screens and cameras need about 500; the tables of printers and scanners are applied

_SPACES = {"RGB": "RGB ", "RGBA": "RGB ", "L": "GRAY", "CMYK": "CMYK"}  # ICC's names
_SIDEWAYS = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
_SCREEN_GAMMA = 1 / 2.2
_SRGB = ImageCms.createProfile("sRGB")


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return width and height as a viewer sees them, by the header alone."""
    width, height = image.size
    return (height, width) if _orientation(image) in _SIDEWAYS else (width, height)


def upright_rgb(image: Image.Image) -> tuple[Image.Image, bytes | None]:
    """Decode: return the picture turned upright as RGB or RGBA, and the ICC profile it still needs.

    No profile means sRGB. The orientation is applied and gone; a fully opaque alpha channel is dropped.
    Raises what Pillow's decoders raise, and ValueError for pixels that have no honest eight-bit form.
    """
    icc: bytes = image.info.get("icc_profile") or b""
    if _orientation(image) != 1:
        image = ImageOps.exif_transpose(image)
    image.load()
    pixels = _eight_bit_colours(image)
    profile = _profile_of(pixels, icc) if icc else None
    if profile is None:
        pixels = _in_mode("RGB", pixels) if pixels.mode != "RGBA" else pixels
        return (pixels if icc else _with_gamma_of_screens(pixels, image.info)), None
    if pixels.mode in {"RGB", "RGBA"} and len(icc) <= MAX_PROFILE_BYTES:
        return pixels, icc
    return _to_srgb(pixels, profile), None


def _orientation(image: Image.Image) -> int:
    if image.format == "WEBP":
        return 1  # browsers show it as it lies, whatever its EXIF says
    try:
        orientation = image.getexif().get(Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _eight_bit_colours(image: Image.Image) -> Image.Image:
    """Return the picture as L, CMYK, RGB, or RGBA where something is transparent."""
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    if image.mode == "F":
        raise ValueError("floating-point pixels have no fixed white")
    if image.has_transparency_data:
        image = _in_mode("RGBA", image)
        is_opaque = image.getextrema()[-1] == (255, 255)
        return image.convert("RGB") if is_opaque else image
    if image.mode == "1":
        return image.convert("L")
    return image if image.mode in _SPACES else image.convert("RGB")


def _in_mode(mode: str, image: Image.Image) -> Image.Image:
    """Return the picture in a mode; itself when it is in it, for `convert` would copy hundreds of megabytes."""
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return 16-bit greys as 8-bit ones; Pillow's own conversion would clip them to white."""
    transparent = image.info.get("transparency")
    wide = _in_mode("I", image)
    grey = wide.point(lambda value: value * (1 / 257)).convert("L")
    grey.info.pop("transparency", None)
    if isinstance(transparent, int):  # PNG: this one grey is clear
        opaque = ImageMath.lambda_eval(lambda images: (images["grey"] != transparent) * 255, grey=wide)
        grey.putalpha(opaque.convert("L"))
    return grey


def _profile_of(pixels: Image.Image, icc: bytes) -> ImageCms.ImageCmsProfile | None:
    """Return the embedded profile, unless it cannot be read, describes pixels of another mode, or says sRGB."""
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        name = ImageCms.getProfileDescription(profile)
    except (OSError, ImageCms.PyCMSError):
        return None
    return profile if profile.profile.xcolor_space == _SPACES[pixels.mode] and "srgb" not in name.lower() else None


def _with_gamma_of_screens(pixels: Image.Image, info: Mapping[Any, Any]) -> Image.Image:
    """Return the colours that a PNG's gAMA chunk means: old Macs wrote other values than those that screens show."""
    gamma = info.get("gamma")
    if not isinstance(gamma, float) or "srgb" in info or not 0.1 <= gamma <= 2 or abs(gamma / _SCREEN_GAMMA - 1) < 0.05:
        return pixels
    light = [(value / 255) ** (1 / gamma) for value in range(256)]
    table = [round(255 * (12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055)) for x in light]
    return pixels.point(table * 3 + list(range(256)) * (len(pixels.getbands()) - 3))


def _to_srgb(pixels: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    mode = "RGBA" if pixels.mode == "RGBA" else "RGB"
    try:
        return ImageCms.profileToProfile(pixels, profile, _SRGB, outputMode=mode) or _in_mode(mode, pixels)
    except ImageCms.PyCMSError:
        return _in_mode(mode, pixels)
