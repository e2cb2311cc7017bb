"""What a block shows in place of its saved words: those of one use of a synced pattern, or of the post's metas."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from transforms.body.blocks.grammar import Block
from transforms.body.contract import BodyContext

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


def with_bound_values(block: Block, html: str, context: BodyContext) -> str:
    """Return a block's HTML with the words and addresses that its bindings lead to; what leads nowhere stays."""
    values = _values(block, context)
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


def _values(block: Block, context: BodyContext) -> dict[str, str]:
    """Return the texts that are bound to a block's attributes, if it is one that takes them."""
    metadata = block.attribute("metadata")
    bindings = metadata.get("bindings") if isinstance(metadata, dict) else None
    if block.name not in _ELEMENTS or not isinstance(metadata, dict) or not isinstance(bindings, dict) or not bindings:
        return {}
    own = context.overrides.get(str(metadata.get("name")))
    values = {name: text for name, text in own.items() if isinstance(text, str)} if isinstance(own, dict) else {}
    for name, binding in bindings.items():
        if isinstance(binding, dict) and binding.get("source") == "core/post-meta":
            arguments = binding.get("args")
            key = arguments.get("key") if isinstance(arguments, dict) else None
            # WordPress, too, shows no protected meta here: those whose names begin with an underscore.
            value = context.post.first_meta(key) if isinstance(key, str) and not key.startswith("_") else None
            if value:
                values[name] = value
    return values
