"""Pixels > bytes of WebP, still and animated, and a preview short enough to stand in a page."""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO

from PIL import Image

WEBP = "image/webp"
MAX_WEBP_SIDE_PX = 16_383
MAX_PREVIEW_CHARACTERS = 200

_PREVIEWS = ((16, 40), (12, 25), (8, 10))  # side in pixels and quality; the first whose URL is short enough


def encode_still(
    pixels: Image.Image, profile: bytes | None, *, quality: int, method: int, lossless: bool = False
) -> bytes:
    """Return pixels as WebP; without loss `quality` is an effort, too."""
    target = BytesIO()
    pixels.save(
        target,
        "WEBP",
        lossless=lossless,
        quality=quality,
        method=method,
        icc_profile=profile or b"",
        exif=b"",
        xmp=b"",
    )
    return target.getvalue()


def encode_animation(image: Image.Image, profile: bytes | None, *, quality: int, method: int) -> bytes:
    """Return all frames of a picture, each as long as it was, and as often."""
    durations = []
    for frame in range(getattr(image, "n_frames", 1)):
        image.seek(frame)
        durations.append(image.info.get("duration", 0))
    loop = _plays(image)
    image.seek(0)
    target = BytesIO()
    image.save(
        target,
        "WEBP",
        save_all=True,
        duration=durations,
        loop=loop,
        background=(0, 0, 0, 0),
        allow_mixed=True,  # flat frames stay exact
        quality=quality,
        method=method,
        icc_profile=profile or b"",
    )
    return target.getvalue()


def preview_url(pixels: Image.Image) -> str:
    """Return a few blurred pixels as a data: URL, for a page to show while the picture loads."""
    url = ""
    for side, quality in _PREVIEWS:
        preview = pixels if max(pixels.size) <= side else pixels.resize(_within(pixels.size, side), reducing_gap=2.0)
        target = BytesIO()
        preview.save(
            target, "WEBP", quality=quality, alpha_quality=quality, method=6, icc_profile=b"", exif=b"", xmp=b""
        )
        url = f"data:{WEBP};base64,{b64encode(target.getvalue()).decode()}"
        if len(url) <= MAX_PREVIEW_CHARACTERS:
            break
    return url


def _plays(image: Image.Image) -> int:
    """Return how often an animation plays, 0 for ever: GIF counts the repeats, or has no count and plays once."""
    loop = image.info.get("loop")
    if image.format == "GIF":
        return 1 if loop is None else int(loop) + 1 if loop else 0
    return int(loop or 0)


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    scale = side / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
