"""Blocks that stand for another body: synced patterns, and patterns by name."""

from __future__ import annotations

from collections.abc import Callable

from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.dynamic import placeholder
from transforms.body.blocks.grammar import Block
from transforms.body.contract import BodyContext


def _synced_pattern(block: Block, html: str, context: BodyContext, expand: Callable[[str], str]) -> str:
    """Return the body a synced pattern refers to; what stood in its place is shown when there is none."""
    reference = block.attribute("ref")
    if not isinstance(reference, int):
        return html
    if reference in context.open_references:
        context.report(
            "body.reference_cycle", f"The synced pattern {reference} contains itself; the inner one was left out."
        )
        return ""
    body = context.site.shared_body(reference)
    if body is None:
        context.report("body.missing_reference", f"The synced pattern {reference} does not exist or is not published.")
        return html
    outer = context.open_references, context.overrides
    own = block.attribute("content")
    context.open_references = (*context.open_references, reference)
    context.overrides = own if isinstance(own, dict) else {}
    try:
        return expand(body)
    finally:
        context.open_references, context.overrides = outer


def _named_pattern(block: Block, html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    """Patterns by name live in a theme's or a plugin's code, where no database says what they hold."""
    return html if html.strip() else placeholder(block, context)


REFERENCES = (BlockFamily(("core/block",), _synced_pattern), BlockFamily(("core/pattern",), _named_pattern))
