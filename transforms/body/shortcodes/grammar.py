"""The grammar of shortcodes, as WordPress reads them: tags, attributes, escapes, and what replaces a call.

A call runs from its tag to the first closing tag of the same name, so a shortcode cannot hold itself.
Every scan moves forward only: a body of megabytes full of half-written tags stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from html import escape

from transforms.body.contract import BodyContext, Call, Shortcode
from transforms.body.skeleton import flesh_around, skeleton_of
from transforms.body.texturize import TAGS

Registry = Mapping[str, Shortcode]

MAX_DEPTH = 60  # names nest at most once each in sound content; deeper is an attack on the stack

_NAME = re.compile(r"\[([^<>&/\[\]\x00-\x20=]+)")
_REST = re.compile(r"([^\]/]*+(?:/(?!\])[^\]/]*+)*+)(/)?\]")
# Of brackets in tags and comments the skeleton tells, but for those behind a > in a comment.
_FLESH = flesh_around(b"<>[]!")
_BRACKET_IN_TAG = re.compile(rb"<[^<>\[\]]*+[\[\]]")
_BRACKET_IN_COMMENT = re.compile(r"!--(?<=<!--)(?:[^\[<-]|-(?!->)|<(?!!--))*+\[")  # stops where the next one begins
_TAG_NAME = re.compile(r"(?a)<\s*[a-zA-Z0-9]+\s*")
_ATTRIBUTE_OF_TAG = re.compile(
    r"""(?a)(?:[_a-zA-Z][-_a-zA-Z0-9:.]*+|\[\[?[^\[\]]++\]\]?+)"""
    r"""(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"']++(?:\s|\Z))|(?:\s|\Z))\s*+"""
)
_QUOTE = re.compile("[\"']")
_ANY_TAG = re.compile("<[^>]*>")
_CALL_AS_TAG = re.compile(r"(?a)<\s*\[\[?[^\[\]]+\]")
_ATTRIBUTE = re.compile(
    r"""([\w-]+)\s*=\s*"([^"]*)"(?=\s|$)|([\w-]+)\s*=\s*'([^']*)'(?=\s|$)|([\w-]+)\s*=\s*([^\s'"]+)(?=\s|$)"""
    r"""|"([^"]*)"(?=\s|$)|'([^']*)'(?=\s|$)|(\S+)(?=\s|$)"""
)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_CONTROL = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "v": "\v", "b": "\b", "f": "\f"}
_SOUND_HTML = re.compile(r"[^<]*(?:<[^>]*>[^<]*)*\Z")
_BREAK = re.compile(r"<br\s*/?>\s*\n|</?p>")
_SPACES = str.maketrans({"\u00a0": " ", "\u200b": " "})


def expand_shortcodes(text: str, context: BodyContext, registry: Registry) -> str:
    """Return the text with every call of a registered shortcode replaced; `[[name]]` becomes `[name]`."""
    if "[" not in text:
        return text
    return _expand(text, context, registry, 0)


def _expand(text: str, context: BodyContext, registry: Registry, depth: int) -> str:
    if "[" not in text:
        return text
    if depth > MAX_DEPTH:
        context.report("body.shortcodes_too_deep", f"Shortcodes nest deeper than {MAX_DEPTH}; the innermost stay text.")
        return text
    if depth == 0:
        text = _outside_tags(text, context, registry)
    expand = partial(_expand, context=context, registry=registry, depth=depth + 1)
    parts: list[str] = []
    position = 0
    for start, end, replaced in _calls(text, registry):
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


def find_calls(text: str, registry: Registry) -> Iterator[Call]:
    """Yield the outermost calls of registered shortcodes, escaped ones left out."""
    for _, _, found in _calls(text, registry):
        if isinstance(found, Call):
            yield found


def _calls(text: str, registry: Registry) -> Iterator[tuple[int, int, Call | str]]:
    """Yield (start, end, call) for each call, or (start, end, text) for an escaped one."""
    never_closed: set[str] = set()  # so that a text of openings without end is not searched for each of them
    position = 0
    while opening := _NAME.search(text, position):
        name = opening[1]
        position = opening.end()
        if name not in registry:
            continue
        rest = _REST.match(text, position)
        if rest is None:
            if text.find("]", position) < 0:
                return
            continue
        start, end = opening.start(), rest.end()
        tag, content = text[start:end], None
        if not rest[2] and name not in never_closed:
            at = text.find(f"[/{name}]", end)
            if at < 0:
                never_closed.add(name)
            else:
                content = text[end:at]
                end = at + len(name) + 3
        position = end
        if start and text[start - 1] == "[" and text[end : end + 1] == "]":
            yield start - 1, end + 1, text[start:end]
            position = end + 1
            continue
        attributes, positional = parse_attributes(rest[1])
        yield start, end, Call(name, attributes, positional, content, tag)


@lru_cache(4_096)
def parse_attributes(text: str) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return named and positional attributes of a tag, with names in lower case.

    A value that holds half an HTML tag is emptied, as WordPress does. Paragraphs and breaks that
    wpautop() put between the lines of a long tag are no part of it.
    """
    text = (text if text.isascii() else text.translate(_SPACES)).strip()
    if not text:
        return {}, ()
    if "<" in text:
        text = _BREAK.sub("\n", text).strip()
    named: dict[str, str] = {}
    positional: list[str] = []
    for match in _ATTRIBUTE.finditer(text):
        name, value = match[1] or match[3] or match[5], match[match.lastindex or 0] or ""
        if "\\" in value and match[9] is None:
            value = _ESCAPE.sub(_unescape, value)
        if "<" in value and not _SOUND_HTML.match(value):
            value = ""
        if name:
            named[name.lower()] = value
        else:
            positional.append(value)
    return named, tuple(positional)


def _unescape(match: re.Match[str]) -> str:
    """Undo a backslash as PHP's stripcslashes() does."""
    sequence = match[1]
    if sequence[0] == "x" and len(sequence) > 1:
        return chr(int(sequence[1:], 16))
    if sequence[0] in "01234567":
        return chr(int(sequence, 8) & 0xFF)
    return _CONTROL.get(sequence, sequence)


def _outside_tags(text: str, context: BodyContext, registry: Registry) -> str:
    """Settle calls in tags and comments. To WordPress a bare < begins a tag, too, which ends at the next >."""
    skeleton = skeleton_of(text, _FLESH)
    if not _BRACKET_IN_TAG.search(skeleton) and not (b"<!" in skeleton and _BRACKET_IN_COMMENT.search(text)):
        return text
    pieces = TAGS.split(text)
    for place in range(1, len(pieces), 2):
        if ("[" in pieces[place] or "]" in pieces[place]) and not _CALL_AS_TAG.match(pieces[place]):
            tag = _with_calls_in_attributes(pieces[place], context, registry)
            # What stays in brackets is encoded, so that it cannot pair with a tag in the text.
            pieces[place] = tag.replace("[", "&#91;").replace("]", "&#93;")
    return "".join(pieces)


def _with_calls_in_attributes(tag: str, context: BodyContext, registry: Registry) -> str:
    """Return a tag with what the calls in its attributes render; one that holds anything else stays as it is."""
    name = _TAG_NAME.match(tag)
    if name is None:
        return tag
    inside = tag[name.end() :].removesuffix(">")
    if inside.rstrip().endswith("/"):
        inside = inside.rstrip()[:-1].rstrip()
    made = [name[0]]
    position = 0
    while position < len(inside):
        attribute = _ATTRIBUTE_OF_TAG.match(inside, position)
        if attribute is None:
            return tag
        made.append(_with_calls(attribute[0], context, registry) if "[" in attribute[0] else attribute[0])
        position = attribute.end()
    return "".join((*made, tag[name.end() + len(inside) :]))


def _with_calls(attribute: str, context: BodyContext, registry: Registry) -> str:
    """Return an attribute with what its calls render: between quotes their words, as there can be no elements."""
    expand = partial(_expand, context=context, registry=registry, depth=1)
    is_quoted = _QUOTE.search(attribute, 0, attribute.index("[")) is not None
    for start, end, call in reversed(list(_calls(attribute, registry))):
        if isinstance(call, Call):
            rendered = registry[call.name].render(call, context, expand)
            if is_quoted:
                rendered = escape(_ANY_TAG.sub("", rendered).strip())
            attribute = f"{attribute[:start]}{rendered}{attribute[end:]}"
    return attribute
