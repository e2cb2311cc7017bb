"""What replaces calls of shortcodes: in texts what they render, in the attributes of tags as WordPress allows it."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    return _replaced(text, registry, lambda call: registry[call.name].render(call, context, expand))


def _replaced(text: str, registry: Registry, render: Callable[[Call], str]) -> str:
    """Return a text with what `render` makes of its outermost calls, escaped ones without their escapes."""
    parts: list[str] = []
    position = 0
    for start, end, found in placed_calls(text, registry):
        if position < start:
            parts.append(text[position:start])
        position = end
        parts.append(found if isinstance(found, str) else render(found))
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
    return _with_tags(text, partial(_settled, context=context, registry=registry))


def without_brackets_in_tags(text: str) -> str:
    """Return a text whose tags have references for brackets, so that none can pair with one in the text."""
    return _with_tags(text, _encoded)


def _with_tags(text: str, change: Callable[[str], str]) -> str:
    pieces = TAGS.split(text)
    pieces[1::2] = [change(tag) if "[" in tag or "]" in tag else tag for tag in pieces[1::2]]
    return "".join(pieces)


def _encoded(tag: str) -> str:
    return tag.replace("[", "&#91;").replace("]", "&#93;")


def _settled(tag: str, context: BodyContext, registry: Registry) -> str:
    if not tag.startswith("<!--"):
        tag = (_with_calls if _CALL_AS_TAG.match(tag) else _with_calls_in_attributes)(tag, context, registry)
        for call in find_calls(tag, registry):
            context.report(
                "body.swallowed_shortcode",
                f"[{call.name}] stays text, as WordPress shows it: the < before it begins a tag to WordPress. "
                "Write that as &lt; to have it run.",
            )
    return _encoded(tag)


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
    if not _QUOTE.search(attribute, 0, attribute.index("[")):
        return _expand(attribute, context, registry, 0)
    expand = partial(_expand, context=context, registry=registry, depth=1)
    return _replaced(
        attribute,
        registry,
        lambda call: escape(_ANY_TAG.sub("", registry[call.name].render(call, context, expand)).strip()),
    )
