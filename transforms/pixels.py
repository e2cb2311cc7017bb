"""Pixels as every browser expects them: upright, eight bits a channel, RGB or RGBA, in a colour space it knows."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageCms, ImageMath, ImageOps
from PIL.ExifTags import Base

MAX_PROFILE_BYTES = (
    4096  # screens and cameras need about 500; the tables of printers and scanners are applied
)

_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK"}  # ICC's names
_SIDEWAYS = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height
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
    profile = image.info.get("icc_profile")
    if _orientation(image) != 1:
        image = ImageOps.exif_transpose(image)
    image.load()
    pixels, alpha = _split(image)
    pixels, profile = _to_known_space(pixels, profile if isinstance(profile, bytes) else None)
    if alpha is not None:
        pixels.putalpha(alpha)
    return pixels, profile


def _orientation(image: Image.Image) -> int:
    try:
        orientation = image.getexif().get(Base.Orientation, 1)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):
        return 1
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1


def _split(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return the colours as L, RGB or CMYK, and the alpha channel when anything is transparent."""
    if image.mode.startswith("I"):
        image = _eight_bits(image)
    if image.mode == "F":
        raise ValueError("floating-point pixels have no fixed white")
    alpha = None
    if image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        if alpha.getextrema() == (255, 255):
            alpha = None
        return image.convert("RGB"), alpha
    if image.mode == "1":
        return image.convert("L"), None
    return (image if image.mode in _SPACES else image.convert("RGB")), None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Return 16-bit greys as 8-bit ones; Pillow's own conversion would clip them to white."""
    transparent = image.info.get("transparency")
    grey = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    grey.info.pop("transparency", None)
    if isinstance(transparent, int):  # PNG: this one grey is clear
        opaque = ImageMath.lambda_eval(lambda images: (images["grey"] != transparent) * 255, grey=image.convert("I"))
        grey.putalpha(opaque.convert("L"))
    return grey


def _to_known_space(pixels: Image.Image, icc: bytes | None) -> tuple[Image.Image, bytes | None]:
    profile = _profile_for(pixels.mode, icc)
    if profile is None:
        return _as_rgb(pixels), None
    if pixels.mode == "RGB":
        if "srgb" in (ImageCms.getProfileDescription(profile) or "").lower():
            return pixels, None
        if icc is not None and len(icc) <= MAX_PROFILE_BYTES:
            return pixels, icc
    try:
        converted = ImageCms.profileToProfile(pixels, profile, _SRGB, outputMode="RGB")
    except ImageCms.PyCMSError:
        converted = None
    return converted or _as_rgb(pixels), None


def _as_rgb(pixels: Image.Image) -> Image.Image:
    return pixels if pixels.mode == "RGB" else pixels.convert("RGB")


def _profile_for(mode: str, icc: bytes | None) -> ImageCms.ImageCmsProfile | None:
    """Return the embedded profile if it can be read and describes pixels of this mode."""
    if not icc:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        space = profile.profile.xcolor_space
    except (OSError, ImageCms.PyCMSError):
        return None
    return profile if space == _SPACES.get(mode) else None
