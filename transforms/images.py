"""Bytes of a picture > WebP files in several widths, a tiny preview and what its camera noted."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO

from PIL import Image

from cms_models.rows import MediaStatus
from transforms.contract import RecordRejectedError
from transforms.exif import read_exif
from transforms.pixels import upright_rgb, upright_size
from transforms.webp import MAX_WEBP_SIDE_PX, WEBP, encode_animation, encode_still, preview_url

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")  # Pillow's other decoders are never tried
_LOSSY_FORMATS = frozenset({"JPEG", "MPO", "WEBP", "AVIF"})  # MPO: a JPEG with a depth map or HDR picture behind it
_PACKED_TYPES = frozenset({"image/png", "image/gif"})
_ANIMATED_FORMATS = frozenset({"GIF", "PNG"})  # animated WebP and AVIF stay as they are
_FLAT_COLOURS = 256  # a drawing with no more is smaller and exact without loss
_DRAWN_BITS = 4  # per pixel of a PNG: a photo needs three times as many, so that trying it without loss is in vain
_WORTH_A_FILE = 0.8  # of the next wider file's width; a file that saves less of it saves a browser nothing
UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    LookupError,
    TypeError,
    RuntimeError,
    struct.error,
    zlib.error,
)

warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # remarks on damage, which has its reason here
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageRules:
    """How pictures are converted, and what is refused before it is decoded."""

    max_width: int = 2560
    widths: tuple[int, ...] = (480, 960, 1600)  # further files for srcset
    quality: int = 80
    method: int = 2  # libwebp's effort, 0 to 6: 2 is twice as fast as 4 for 2 % more bytes
    max_bytes: int = 64 * 1024 * 1024
    max_pixels: int = 89_478_485  # where Pillow begins to speak of decompression bombs
    max_frame_pixels: int = 8_294_400  # of an animation (4K): its encoder holds several frames
    max_animation_pixels: int = 500_000_000  # of all frames


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedFile:
    """One file to store."""

    data: bytes
    mime_type: str
    role: str  # original | webp | w480, w960 ... (a width)
    width: int | None = None
    height: int | None = None
    quality: int | None = None  # None: as it was, or without loss


@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertedFile:
    """What became of a file: converted, or kept and why."""

    status: MediaStatus
    reason: str | None = None
    mime_type: str  # of the source, by content
    width: int | None = None  # of the source, upright
    height: int | None = None
    files: tuple[EncodedFile, ...]  # the main file first
    placeholder: str | None = None  # data: URL
    exif: Mapping[str, str] = field(default_factory=dict)


DEFAULT_RULES = ImageRules()


def convert_image(data: bytes, rules: ImageRules = DEFAULT_RULES) -> ConvertedFile:
    """Return a picture as WebP: the main file at most `max_width` wide, then smaller ones; never enlarged.

    The original stays the main file, with a reason, where WebP would not be smaller, where the picture is WebP
    already or too tall for it, and where its pixels cannot all be decoded: of a truncated JPEG browsers still show
    the upper part, and a migration must not make that less.
    Raises RecordRejectedError: "media.unreadable", "media.too_many_bytes" or "media.too_many_pixels".
    """
    image = open_picture(data, rules)
    width, height = upright_size(image)
    original = EncodedFile(data=data, mime_type=_mime_type(image), width=width, height=height, role="original")
    kept = ConvertedFile(
        status=MediaStatus.KEPT,
        mime_type=original.mime_type,
        width=width,
        height=height,
        files=(original,),
        exif=read_exif(image),
    )
    try:
        if image.format in _ANIMATED_FORMATS and getattr(image, "is_animated", False):
            return _convert_animation(image, kept, rules)
        return _convert_still(image, kept, rules)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(rules) from error
    except UNREADABLE as error:
        return replace(kept, reason=damage_of(error))


def open_picture(data: bytes, rules: ImageRules) -> Image.Image:
    """Return the picture with only its header read; raises what `convert_image` raises."""
    if len(data) > rules.max_bytes:
        detail = f"The picture has {len(data):,} bytes, over the limit of {rules.max_bytes:,}; upload a smaller one."
        raise RecordRejectedError("media.too_many_bytes", detail)
    try:
        image = Image.open(BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(rules) from error
    except UNREADABLE as error:
        detail = "The picture's header cannot be read: the file is damaged. Upload it again from its original."
        raise RecordRejectedError("media.unreadable", detail) from error
    if image.width * image.height > rules.max_pixels:
        raise _too_many_pixels(rules)
    return image


def _too_many_pixels(rules: ImageRules) -> RecordRejectedError:
    detail = f"The picture has more than the {rules.max_pixels:,} pixels allowed; upload a smaller one."
    return RecordRejectedError("media.too_many_pixels", detail)


def _mime_type(image: Image.Image) -> str:
    return "image/jpeg" if image.format == "MPO" else Image.MIME[image.format or ""]


def damage_of(error: Exception) -> str:
    """Return what an error of the decoder means for the file, in words for people."""
    what = "The file ends before its picture does" if "truncated" in str(error) else "Its pixels cannot be decoded"
    return f"{what}; kept as it is, browsers may show a part of it. Upload a whole copy if there is one."


def _convert_still(image: Image.Image, kept: ConvertedFile, rules: ImageRules) -> ConvertedFile:
    size = upright_size(image)
    width = min(size[0], rules.max_width)
    reason = _why_not_webp(image, size, width)
    exact = width == size[0] and image.format not in _LOSSY_FORMATS
    if image.format in {"JPEG", "MPO"}:
        image.draft(None, (width, width))  # decode at half or a quarter of the size where that is enough
    pixels, profile = upright_rgb(image)
    pixels = _resized(pixels, width, size)
    main = kept.files[0]
    if reason is None:
        webp = _encode_main(pixels, profile, rules, is_exact=exact, is_drawn=_is_drawn(main))
        if len(webp.data) < len(main.data):
            main = webp
        else:
            reason = f"WebP would not be smaller ({len(webp.data):,} bytes for {len(main.data):,})."
    narrower = tuple(_narrower(pixels, size, rules))
    smaller = (_encode(scaled, f"w{scaled.width}", profile, rules) for scaled in narrower)
    return replace(
        kept,
        status=MediaStatus.KEPT if reason else MediaStatus.CONVERTED,
        reason=reason,
        files=(main, *(file for file in smaller if len(file.data) < len(main.data))),  # of no use otherwise
        placeholder=preview_url(narrower[-1] if narrower else pixels),
    )


def _is_drawn(file: EncodedFile) -> bool:
    """Return whether a picture packs as well as only drawings do, at any number of colours."""
    pixel_count = (file.width or 0) * (file.height or 0)
    return file.mime_type in _PACKED_TYPES and len(file.data) * 8 < _DRAWN_BITS * pixel_count


def _encode_main(
    pixels: Image.Image, profile: bytes | None, rules: ImageRules, *, is_exact: bool, is_drawn: bool
) -> EncodedFile:
    """Return the smallest of the main files worth making; without loss where that costs nothing."""
    if is_exact and pixels.getcolors(_FLAT_COLOURS) is not None:
        return _encode(pixels, "webp", profile, rules, lossless=True)
    lossy = _encode(pixels, "webp", profile, rules)
    if not (is_exact and is_drawn):
        return lossy
    lossless = _encode(pixels, "webp", profile, rules, lossless=True)
    return lossless if len(lossless.data) <= len(lossy.data) else lossy


def _why_not_webp(image: Image.Image, size: tuple[int, int], width: int) -> str | None:
    frames = getattr(image, "n_frames", 1)
    if image.format == "TIFF" and frames > 1:
        return f"It has {frames} pages, and WebP holds one."
    if image.format in {"WEBP", "AVIF"} and frames > 1:
        return f"It is an animated {image.format} already."
    if image.format == "WEBP" and width == size[0]:
        return "It is WebP already."
    height = _height_at(width, size)
    if height > MAX_WEBP_SIDE_PX:
        return f"It is {height:,} pixels high, and WebP holds {MAX_WEBP_SIDE_PX:,}."
    return None


def _narrower(pixels: Image.Image, size: tuple[int, int], rules: ImageRules) -> Iterator[Image.Image]:
    """Yield the picture in the narrower widths, wide ones first: each is made of the one before, at half the cost."""
    for width in narrower_widths(pixels.width, rules):
        if _height_at(width, size) <= MAX_WEBP_SIDE_PX:
            pixels = _resized(pixels, width, size)
            yield pixels


def narrower_widths(width: int, rules: ImageRules) -> Iterator[int]:
    """Yield the widths of the further files of a picture whose main file is `width` wide, the widest first."""
    for narrower in sorted(set(rules.widths), reverse=True):
        if narrower <= width * _WORTH_A_FILE:
            width = narrower
            yield width


def _convert_animation(image: Image.Image, kept: ConvertedFile, rules: ImageRules) -> ConvertedFile:
    frames, area = getattr(image, "n_frames", 1), image.width * image.height
    if area > rules.max_frame_pixels or area * frames > rules.max_animation_pixels:
        return replace(kept, reason=f"An animation of {frames:,} frames of {kept.width} x {kept.height} is too large.")
    if max(image.size) > MAX_WEBP_SIDE_PX:
        return replace(kept, reason=f"WebP holds {MAX_WEBP_SIDE_PX:,} pixels on a side.")
    if image.info.get("default_image"):
        return replace(kept, reason="Its still picture is no frame of the animation, and WebP has no place for it.")
    first, profile = upright_rgb(image)
    kept = replace(kept, placeholder=preview_url(first))
    webp = encode_animation(image, profile, quality=rules.quality, method=rules.method)
    if len(webp) >= len(kept.files[0].data):
        reason = f"An animated WebP would not be smaller ({len(webp):,} bytes for {len(kept.files[0].data):,})."
        return replace(kept, reason=reason)
    main = replace(kept.files[0], data=webp, mime_type=WEBP, role="webp", quality=rules.quality)
    return replace(kept, status=MediaStatus.CONVERTED, files=(main,))


def _height_at(width: int, size: tuple[int, int]) -> int:
    return max(1, round(size[1] * width / size[0]))


def _resized(pixels: Image.Image, width: int, size: tuple[int, int]) -> Image.Image:
    target = (width, _height_at(width, size))
    # As WordPress does. Lanczos takes a third longer for 0.1 dB in photos and 1.4 dB in small letters; Hamming, a
    # third faster than this, makes letters visibly uneven.
    return pixels if pixels.size == target else pixels.resize(target, Image.Resampling.BICUBIC)


def _encode(
    pixels: Image.Image, role: str, profile: bytes | None, rules: ImageRules, *, lossless: bool = False
) -> EncodedFile:
    return EncodedFile(
        data=encode_still(pixels, profile, quality=rules.quality, method=rules.method, lossless=lossless),
        mime_type=WEBP,
        width=pixels.width,
        height=pixels.height,
        role=role,
        quality=None if lossless else rules.quality,
    )
