"""What replaces calls of shortcodes: in texts what they render, in the attributes of tags as WordPress allows it."""

from __future__ import annotations

import re
from functools import partial
from html import escape

from transforms.body.contract import BodyContext, Call
from transforms.body.shortcodes.grammar import Registry, find_calls, placed_calls
from transforms.body.texturize import TAGS

_MAX_DEPTH = 60  # names nest at most once each in sound content; deeper is an attack on the stack

_BRACKET_IN_TAG = re.compile(rb"<[^<>\[\]]*+[\[\]]")
_BRACKET_IN_COMMENT = re.compile(r"<!--(?:[^\[\]<-]|-(?!->)|<(?!!--))*+[\[\]]")  # stops where the next one begins
_TAG_NAME = re.compile(r"(?a)<\s*[a-zA-Z0-9]+\s*")
_ATTRIBUTE_OF_TAG = re.compile(
    r"""(?a)(?:[_a-zA-Z][-_a-zA-Z0-9:.]*+|\[\[?[^\[\]]++\]\]?+)"""
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"']++(?:\s|\Z))|(?:\s|\Z))\s*+"""
)
_QUOTE = re.compile("[\"']")
_ANY_TAG = re.compile("<[^>]*>")
_CALL_AS_TAG = re.compile(r"(?a)<\s*\[\[?[^\[\]]+\]")


def expand_shortcodes(text: str, context: BodyContext, registry: Registry) -> str:
    """Return the text with every call of a registered shortcode replaced; `[[name]]` becomes `[name]`.

    Calls in tags have to be settled first.
    """
    return _expand(text, context, registry, 0)


def _expand(text: str, context: BodyContext, registry: Registry, depth: int) -> str:
    if "[" not in text:
        return text
    if depth > _MAX_DEPTH:
        context.report(
            "body.shortcodes_too_deep", f"Shortcodes nest deeper than {_MAX_DEPTH}; the innermost stay text."
        )
        return text
    expand = partial(_expand, context=context, registry=registry, depth=depth + 1)
    parts: list[str] = []
    position = 0
    for start, end, replaced in placed_calls(text, registry):
        if position < start:
            parts.append(text[position:start])
        position = end
        if isinstance(replaced, str):
            parts.append(replaced)
        else:
            parts.append(registry[replaced.name].render(replaced, context, expand))
    if not position:
        return text
    if position < len(text):
        parts.append(text[position:])
    return "".join(parts)


def has_brackets_in_tags(text: str, skeleton: bytes) -> bool:
    """Return whether a text with this skeleton has brackets in tags or comments.

    To WordPress a bare < begins a tag, too, which ends at the next >.
    """
    return _BRACKET_IN_TAG.search(skeleton) is not None or (
        b"<!" in skeleton and _BRACKET_IN_COMMENT.search(text) is not None
    )


def settle_calls_in_tags(text: str, context: BodyContext, registry: Registry) -> str:
    """Return a text with what calls in the attributes of tags render, and without any other brackets in tags."""
    pieces = TAGS.split(text)
    for place in range(1, len(pieces), 2):
        if "[" in pieces[place] or "]" in pieces[place]:
            pieces[place] = _settled(pieces[place], context, registry)
    return "".join(pieces)


def _settled(tag: str, context: BodyContext, registry: Registry) -> str:
    """Return a tag without calls. What stays in brackets is encoded, so that it cannot pair with any in the text."""
    if not tag.startswith("<!--"):
        tag = (_with_calls if _CALL_AS_TAG.match(tag) else _with_calls_in_attributes)(tag, context, registry)
        for call in find_calls(tag, registry):
            context.report(
                "body.swallowed_shortcode",
                f"[{call.name}] stands in what WordPress takes for a tag, as behind a bare <: it stays, unrun.",
            )
    return tag.replace("[", "&#91;").replace("]", "&#93;")


def _with_calls_in_attributes(tag: str, context: BodyContext, registry: Registry) -> str:
    """Return a tag with what the calls in its attributes render; one that holds anything else stays as it is."""
    name = _TAG_NAME.match(tag)
    if name is None:
        return tag
    inside = tag[name.end() :].removesuffix(">")
    if inside.rstrip().endswith("/"):
        inside = inside.rstrip()[:-1].rstrip()
    attributes: list[str] = []
    position = 0
    while position < len(inside):
        attribute = _ATTRIBUTE_OF_TAG.match(inside, position)
        if attribute is None:
            return tag
        attributes.append(attribute[0])
        position = attribute.end()
    made = [_with_calls(attribute, context, registry) if "[" in attribute else attribute for attribute in attributes]
    return "".join((name[0], *made, tag[name.end() + len(inside) :]))


def _with_calls(attribute: str, context: BodyContext, registry: Registry) -> str:
    """Return an attribute with what its calls render: between quotes their words, as there can be no elements."""
    expand = partial(_expand, context=context, registry=registry, depth=1)
    is_quoted = _QUOTE.search(attribute, 0, attribute.index("[")) is not None
    for start, end, call in reversed(list(placed_calls(attribute, registry))):
        if isinstance(call, Call):
            rendered = registry[call.name].render(call, context, expand)
            if is_quoted:
                rendered = escape(_ANY_TAG.sub("", rendered).strip())
            attribute = f"{attribute[:start]}{rendered}{attribute[end:]}"
    return attribute
