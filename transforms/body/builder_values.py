"""What stands in a builder's attribute when it is not the text itself: packed text, JSON, or a live value."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Mapping

from transforms.body.contract import BodyContext

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def decoded(value: str) -> str:
    """Return what base64 text stands for; text that only looks like base64 (`test`) is returned as it is."""
    # wptexturize() makes a multiplication sign of the x between two digits, also in base64.
    packed = value.strip().replace("&#215;", "x").replace("×", "x")
    if not packed:
        return value
    try:
        raw = base64.b64decode(packed, validate=True)
        text = raw.decode()
    except (binascii.Error, ValueError):
        return value
    return value if base64.b64encode(raw).decode() != packed or _CONTROL.search(text) else text


def read_json(text: str) -> object:
    """Return what JSON stands for, without halves of surrogate pairs: no database takes them.

    Raises ValueError or RecursionError for what is no JSON.
    """
    found = json.loads(text)
    if "\\ud" in text.lower():
        found = json.loads(json.dumps(found, ensure_ascii=False).encode(errors="ignore"))
    return found


def json_object(text: str) -> dict[str, object]:
    """Return a JSON object; empty when the text is none."""
    try:
        found = read_json(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


_POST_VALUES: Mapping[str, Callable[[BodyContext], str]] = {
    "title": lambda context: context.post.title,
    "excerpt": lambda context: context.post.excerpt,
    "id": lambda context: str(context.post.id),
    "url": lambda context: context.site.path(context.post.id) or "",
    "site_title": lambda context: context.site.option("blogname") or "",
    "site_tagline": lambda context: context.site.option("blogdescription") or "",
    "site_url": lambda context: context.site.home_url,
}


def live_value(context: BodyContext, source: str, field: str = "") -> str | None:
    """Return what a dynamic attribute shows of the post or the site; None when it cannot be told.

    `source` is one of title, excerpt, id, url, field (a meta of the post), site_title, site_tagline, site_url.
    """
    if source == "field":
        return context.post.first_meta(field)
    read = _POST_VALUES.get(source)
    return read(context) if read else None
