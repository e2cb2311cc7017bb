"""Words of its own that one use of a synced pattern shows in place of the shared ones."""

from __future__ import annotations

from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser

from cms_models.rows import Json
from transforms.body.blocks.grammar import Block

Overrides = Mapping[str, Json]  # by the name that a block of the pattern bears in its metadata

_ELEMENTS = {
    "core/paragraph": "p",
    "core/heading": "h1, h2, h3, h4, h5, h6",
    "core/button": "a, button",
    "core/image": "img",
}
_WORDS = {"core/paragraph": "content", "core/heading": "content", "core/button": "text"}
_ATTRIBUTES = {
    "core/button": {"url": "href", "linkTarget": "target", "rel": "rel"},
    "core/image": {"url": "src", "alt": "alt", "title": "title"},
}


def with_overrides(block: Block, html: str, overrides: Overrides) -> str:
    """Return a block of a pattern with the words and addresses of the place that uses it."""
    values = _values(block, overrides)
    if not values or not block.name:
        return html
    tree = LexborHTMLParser(html, is_fragment=True)
    node = tree.css_first(_ELEMENTS[block.name])
    if node is None:
        return html
    words = values.get(_WORDS.get(block.name, ""))
    if words is not None:
        node.inner_html = words
    for name, attribute in _ATTRIBUTES.get(block.name, {}).items():
        if name in values:
            node.attrs[attribute] = values[name]
    return tree.html or ""


def _values(block: Block, overrides: Overrides) -> dict[str, str]:
    """Return the texts that are given for a block, if it is one that takes them."""
    metadata = block.attribute("metadata")
    if block.name not in _ELEMENTS or not isinstance(metadata, dict) or not metadata.get("bindings"):
        return {}
    given = overrides.get(str(metadata.get("name")))
    return {name: value for name, value in given.items() if isinstance(value, str)} if isinstance(given, dict) else {}
