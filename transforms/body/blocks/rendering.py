"""A tree of blocks as HTML and as JSON. Both walk with a stack of their own: no depth of nesting can break them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cms_models.rows import Json
from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.dynamic import placeholder
from transforms.body.blocks.grammar import Block, Blocks, parse_blocks
from transforms.body.contract import BodyContext

Registry = Mapping[str, BlockFamily]

MAX_TREE_DEPTH = 100  # two levels of JSON each; orjson and front ends stop at some 250


def render_blocks(blocks: Blocks, context: BodyContext, registry: Registry) -> str:
    """Return the HTML of a body's blocks; dynamic ones are placeholders, broken grammar is reported."""
    for code, detail in blocks.problems:
        context.report(code, detail)
    expand = partial(_expand, context=context, registry=registry)
    finished: list[str] = []
    pending: list[tuple[Block, int, list[str]]] = []
    for root in blocks.roots:
        pending.append((root, 0, []))
        while pending:
            block, at, done = pending.pop()
            family = registry.get(block.name) if block.name else None
            parts = () if family and family.sealed else block.parts
            while at < len(parts) and isinstance(part := parts[at], str):
                done.append(part)
                at += 1
            if at < len(parts):
                pending.append((block, at + 1, done))
                inner = parts[at]
                if isinstance(inner, Block):
                    pending.append((inner, 0, []))
                continue
            html = "".join(done)
            if family:
                html = family.render(block, html, context, expand)
            elif block.name and not html.strip() and block.attributes:
                html = placeholder(block, context)
            (pending[-1][2] if pending else finished).append(html)
    return "".join(finished)


def _expand(text: str, context: BodyContext, registry: Registry) -> str:
    return render_blocks(parse_blocks(text), context, registry)


def block_tree(blocks: Blocks) -> Json:
    """Return the blocks as JSON, named and nested as the WordPress REST API's parsed blocks are.

    A leaf has its `innerHTML`; a block with inner blocks has `innerContent`, in which null stands for the next of
    them. White space between blocks is left out.
    """
    made: list[Json] = []
    pending = [(root, made, 1) for root in reversed(blocks.roots)]
    while pending:
        block, target, depth = pending.pop()
        if block.name is None and not block.inner_html.strip():
            continue
        node: dict[str, Json] = {"blockName": block.name, "attrs": block.attributes}
        target.append(node)
        inner = block.inner_blocks
        if not inner or depth >= MAX_TREE_DEPTH:
            node["innerHTML"] = _all_html(block) if inner else block.inner_html
            continue
        node["innerContent"] = [part if isinstance(part, str) else None for part in block.parts]
        children: list[Json] = []
        node["innerBlocks"] = children
        pending += [(child, children, depth + 1) for child in reversed(inner)]
    return made


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
