"""Files: each one that the CMS names is in the store, whole, and what it says it is."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from cms_models.verify_queries import MediaFacts, VariantFacts
from reports.checks.contract import About
from reports.verification import Difference

LAYER = "media"
HASH_SIGNS = 32  # of SHA-256 in a key
WITH_FILE = frozenset({"converted", "kept"})
PICTURES = frozenset({"image/webp", "image/jpeg", "image/png", "image/gif", "image/avif"})


def check_media(media: MediaFacts, keys: frozenset[str]) -> Iterator[Difference]:
    """Yield a media row without its file, and one without reason to have none."""
    if media.status in WITH_FILE and (media.store_key is None or media.store_key not in keys):
        says = "names no file among its variants."
        yield About(LAYER, "media", media.wp_id, media.title).differs(
            "store_key", source=media.status, target=media.store_key, sentence=says
        )
    elif media.status not in WITH_FILE and not media.status_reason:
        says = f"is {media.status!r} without a reason."
        yield About(LAYER, "media", media.wp_id, media.title).differs(
            "status", source=None, target=media.status, sentence=says
        )


def check_file(variant: VariantFacts, data: bytes | None, *, in_full: bool) -> Iterator[Difference]:
    """Yield what is wrong with one stored file; `data` is None where it is missing. A sample is decoded in full."""
    problem = _problem(variant, data, in_full=in_full)
    if problem is not None:
        what = f"{variant.store_key} {problem}"
        yield About(LAYER, "media", variant.media, variant.title).differs(
            "file", source=variant.store_key, target=problem, sentence=what
        )


def _problem(variant: VariantFacts, data: bytes | None, *, in_full: bool) -> str | None:
    if data is None:
        return "is missing in the media store."
    stem = variant.store_key.rpartition(".")[0] or variant.store_key
    if sha256(data).hexdigest()[:HASH_SIGNS] != stem.rpartition("/")[2]:
        return "is not what was stored: its bytes have another hash than its name."
    if len(data) != variant.byte_size:
        return f"has {len(data)} bytes where the CMS says {variant.byte_size}."
    if variant.mime_type in PICTURES and variant.is_converted:  # what was kept may be damaged, as its reason says
        return _picture_problem(variant, data, in_full=in_full)
    return None


def _picture_problem(variant: VariantFacts, data: bytes, *, in_full: bool) -> str | None:
    try:
        with Image.open(BytesIO(data)) as image:
            size = image.size
            if in_full:
                image.load()
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        return f"is no picture that can be shown: {error}"
    stated = (variant.width, variant.height)
    if None not in stated and set(stated) != set(size):
        return f"is {size[0]} × {size[1]} pixels where the CMS says {stated[0]} × {stated[1]}."
    return None
