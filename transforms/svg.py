"""SVG is a program as much as a picture: what it may hold is listed here, all else is taken out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from lxml import etree

from transforms.contract import RecordRejectedError

MAX_BYTES = 10 * 1024 * 1024

_SVG = "http://www.w3.org/2000/svg"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_NAMESPACED_ATTRIBUTES = frozenset(
    {
        _XLINK_HREF,
        "{http://www.w3.org/1999/xlink}title",
        "{http://www.w3.org/XML/1998/namespace}lang",
        "{http://www.w3.org/XML/1998/namespace}space",
    }
)
# fmt: off
_ELEMENTS = frozenset({
    "svg", "g", "defs", "symbol", "use", "switch", "a", "title", "desc", "metadata", "style", "view", "path",
    "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath", "image", "marker",
    "linearGradient", "radialGradient", "stop", "pattern", "clipPath", "mask", "filter", "feBlend",
    "feColorMatrix", "feComponentTransfer", "feComposite", "feConvolveMatrix", "feDiffuseLighting",
    "feDisplacementMap", "feDistantLight", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG",
    "feFuncR", "feGaussianBlur", "feMerge", "feMergeNode", "feMorphology", "feOffset", "fePointLight",
    "feSpecularLighting", "feSpotLight", "feTile", "feTurbulence", "animate", "animateMotion",
    "animateTransform", "mpath",
})
# fmt: on
_ANIMATED_LINK = re.compile(r"(.*:)?href\Z", re.IGNORECASE)

_HERE = re.compile(r"\s*#")
_EMBEDDED_PICTURE = re.compile(r"\s*data:image/(png|jpe?g|gif|webp|avif);base64,", re.IGNORECASE)
_WEB_LINK = re.compile(r"\s*(https?:|mailto:|tel:|#|/(?!/))", re.IGNORECASE)
_ACTIVE_TEXT = re.compile(
    r"""url\(\s*+["']?+\s*+(?!\#|data:(image/(png|jpe?g|gif|webp|avif)|font/|application/(x-)?font))
    | @import | image-set\( | javascript: | expression\s*\( | behavior\s*: | -moz-binding""",
    re.IGNORECASE | re.VERBOSE,
)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(px)?\s*\Z")


@dataclass(frozen=True, slots=True)
class CleanSvg:
    """A drawing that can do nothing but be drawn."""

    data: bytes  # the source's own bytes when nothing had to go
    width: int | None
    height: int | None
    removed: tuple[str, ...]  # what was taken out, in words: "script", "onclick (3 times)"


def clean_svg(data: bytes) -> CleanSvg:
    """Return a drawing without scripts, handlers, foreign markup and references to other addresses.

    Raises RecordRejectedError("media.unsafe_svg") for what cannot be read as XML within libxml2's limits.
    """
    root = _parse(data)
    removed: Counter[str] = Counter()
    _clean_attributes(root, removed)
    _clean_children(root, removed)
    if next(root.itersiblings(etree.ProcessingInstruction, preceding=True), None) is not None:
        removed["processing instruction"] += 1  # <?xml-stylesheet?>; the root alone is written
    has_declarations = root.getroottree().docinfo.internalDTD is not None  # its entities are resolved by now
    words = tuple(name if count == 1 else f"{name} ({count} times)" for name, count in sorted(removed.items()))
    width, height = _size(root)
    clean = etree.tostring(root, encoding="utf-8") if words or has_declarations else data
    return CleanSvg(clean, width, height, words)


def _parse(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise _unsafe(f"it has {len(data):,} bytes, over the limit of {MAX_BYTES:,}")
    # lxml resolves entities of the file itself, with which Illustrator declares namespaces, and fetches none.
    parser = etree.XMLParser(remove_comments=True, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unsafe(f"it is no well-formed XML ({error})") from error
    if root.tag not in {f"{{{_SVG}}}svg", "svg"}:
        raise _unsafe(f"its root is <{etree.QName(root).localname}>")
    return root


def _unsafe(reason: str) -> RecordRejectedError:
    detail = f"The SVG cannot be checked for scripts: {reason}. Export it again as plain SVG."
    return RecordRejectedError("media.unsafe_svg", detail)


def _clean_children(parent: etree._Element, removed: Counter[str]) -> None:
    for child in list(parent):
        if _is_allowed_element(child):
            _clean_attributes(child, removed)
            _clean_children(child, removed)
        else:
            removed[etree.QName(child).localname if isinstance(child.tag, str) else "processing instruction"] += 1
            _remove(child)


def _is_allowed_element(element: etree._Element) -> bool:
    if not isinstance(element.tag, str):  # processing instruction, unresolved entity
        return False
    name = etree.QName(element)
    if name.namespace not in {None, _SVG} or name.localname not in _ELEMENTS:
        return False
    if name.localname == "style":
        css = "".join(str(text) for text in element.itertext())
        return not _is_active(css)
    return not _ANIMATED_LINK.match(element.get("attributeName", ""))


def _clean_attributes(element: etree._Element, removed: Counter[str]) -> None:
    local_name = etree.QName(element).localname
    for key, value in element.items():
        name = str(key)
        if not _is_allowed_attribute(local_name, name, str(value)):
            removed[etree.QName(name).localname] += 1
            del element.attrib[name]


def _is_allowed_attribute(element: str, name: str, value: str) -> bool:
    if name in {"href", _XLINK_HREF}:
        if element == "a":
            return _WEB_LINK.match(value) is not None
        return bool(_HERE.match(value) or (element == "image" and _EMBEDDED_PICTURE.match(value)))
    if name.startswith("{"):
        return name in _NAMESPACED_ATTRIBUTES
    return not name.lower().startswith("on") and name != "src" and not _is_active(value)


def _is_active(text: str) -> bool:
    """Return whether CSS or an attribute value reaches outside the file, or could by an escape or a comment."""
    return _ACTIVE_TEXT.search(_CSS_COMMENT.sub("", text)) is not None or "\\" in text


def _remove(element: etree._Element) -> None:
    """Take an element out, but not the text behind it."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _size(root: etree._Element) -> tuple[int | None, int | None]:
    width, height = (_LENGTH.match(root.get(name, "")) for name in ("width", "height"))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = re.findall(r"-?\d+(?:\.\d+)?", root.get("viewBox", ""))
    return (round(float(box[2])), round(float(box[3]))) if len(box) == 4 else (None, None)
