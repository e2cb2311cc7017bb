"""A tree of blocks as HTML and as JSON. Both walk with a stack of their own: no depth of nesting can break them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from html import escape

from cms_models.rows import Json
from transforms.body.blocks.bindings import with_bound_values
from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.dynamic import placeholder
from transforms.body.blocks.grammar import Block, Blocks, parse_blocks
from transforms.body.contract import BodyContext
from transforms.body.sanitize import is_active, sanitize

Registry = Mapping[str, BlockFamily]

MAX_TREE_DEPTH = 100  # two levels of JSON each; orjson and front ends stop at some 250


def render_blocks(blocks: Blocks, context: BodyContext, registry: Registry) -> str:
    """Return the HTML of a body's blocks; dynamic ones are placeholders, broken grammar is reported."""
    for code, detail in blocks.problems:
        context.report(code, detail)
    expand = partial(_expand, context=context, registry=registry)
    pending: list[tuple[Block, int, list[str]]] = [(blocks.whole, 0, [])]
    while True:
        block, at, done = pending.pop()
        family = registry.get(block.name) if block.name else None
        parts = () if family and family.sealed else block.parts
        inner: Block | None = None
        while inner is None and at < len(parts):
            part = parts[at]
            at += 1
            if isinstance(part, str):
                done.append(part)
            elif (html := _plain_html(part, registry)) is not None:
                done.append(html)
            else:
                inner = part
        if inner:
            pending += (block, at, done), (inner, 0, [])
            continue
        html = "".join(done)
        if family:
            html = family.render(block, html, context, expand)
        elif block.name and not html.strip() and block.attributes:
            html = placeholder(block, context)
        if block.attributes and "metadata" in block.attributes:
            html = with_bound_values(block, html, context)
        if not pending:
            return html
        pending[-1][2].append(html)


def _plain_html(block: Block, registry: Registry) -> str | None:
    """Return the HTML of a block that is nothing more; None for any other."""
    html = block.leaf_html()
    if block.name in registry or (block.attributes and ("metadata" in block.attributes or not html or html.isspace())):
        return None
    return html


def _expand(text: str, context: BodyContext, registry: Registry) -> str:
    return render_blocks(parse_blocks(text), context, registry)


def block_tree(blocks: Blocks, context: BodyContext) -> Json:
    """Return the blocks as JSON, named and nested as WordPress's own parser gives them.

    A leaf has its `innerHTML`; a block with inner blocks has `innerContent`, in which null stands for the next of
    them. White space between blocks is left out; addresses lead where they lead in the body's HTML, and active
    content is gone from here too.
    """
    _clean_parts(blocks, context)
    made: list[Json] = []
    pending: list[tuple[list[str | Block], list[Json], int]] = [(blocks.whole.parts, made, 1)]
    while pending:
        parts, target, depth = pending.pop()
        for block in parts:
            if isinstance(block, str):
                if depth == 1 and block.strip():
                    target.append({"blockName": None, "attrs": {}, "innerHTML": block})
                continue
            attributes = block.attributes
            node: dict[str, Json] = {
                "blockName": block.name,
                "attrs": _rewritten(attributes, context) if attributes and context.rewritten else attributes,
            }
            target.append(node)
            leaf = block.leaf_html()
            if leaf is not None:
                node["innerHTML"] = leaf
            elif depth >= MAX_TREE_DEPTH:
                node["innerHTML"] = _all_html(block)
            else:
                node["innerContent"] = [part if isinstance(part, str) else None for part in block.parts]
                children: list[Json] = []
                node["innerBlocks"] = children
                pending.append((block.parts, children, depth + 1))
    return made


def _clean_parts(blocks: Blocks, context: BodyContext) -> None:
    """Rewrite the addresses in the blocks' own HTML, and sanitise what may be active."""
    every = [blocks.whole, *blocks.every]
    if context.rewritten:
        _point_at_new_addresses(every, context.rewritten)
    active = _active_among([part for block in every for part in block.parts if isinstance(part, str)])
    if active:
        hosts = context.site.rules.embed_hosts
        for block in every:
            block.parts = [
                sanitize(part, hosts) if isinstance(part, str) and part in active else part for part in block.parts
            ]


def _active_among(texts: Sequence[str]) -> frozenset[str]:
    """Return those that may be active: few if any are, so halves are looked at until they are found."""
    if not is_active("\x00".join(texts)):
        return frozenset()
    if len(texts) == 1:
        return frozenset(texts)
    half = len(texts) // 2
    return _active_among(texts[:half]) | _active_among(texts[half:])


def _point_at_new_addresses(every: Iterable[Block], rewritten: Mapping[str, str]) -> None:
    """Set the new address wherever one that was rewritten stands in quotes."""
    written = {old: escape(new) for old, new in rewritten.items()}
    written |= {escape(old, quote=False): new for old, new in written.items() if "&" in old}
    for block in every:
        for place, part in enumerate(block.parts):
            if isinstance(part, str) and '"' in part:
                block.parts[place] = '"'.join([written.get(piece, piece) for piece in part.split('"')])


def _rewritten(value: Json, context: BodyContext) -> Json:
    """Return attributes with the addresses that the body's HTML has rewritten."""
    if not value or not context.rewritten:
        return value
    if isinstance(value, str):
        return context.rewritten.get(value, value)
    if isinstance(value, dict):
        return {name: _rewritten(item, context) for name, item in value.items()}
    return [_rewritten(item, context) for item in value] if isinstance(value, list) else value


def _all_html(block: Block) -> str:
    """Return the HTML of a block and everything inside it, without the comments."""
    html: list[str] = []
    pending: list[str | Block] = [block]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            html.append(part)
        else:
            pending += reversed(part.parts)
    return "".join(html)
