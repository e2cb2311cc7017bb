"""What a family of blocks is: the names it takes and what it renders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transforms.body.blocks.grammar import Block
from transforms.body.contract import BodyContext


@dataclass(frozen=True, slots=True)
class BlockFamily:
    """Blocks whose saved HTML is not yet what WordPress shows.

    `render` gets the HTML of the block with its inner blocks rendered, and `expand`, which renders the
    blocks of another body. A sealed family is rendered without its inner blocks: they are templates, not content.
    """

    names: tuple[str, ...]
    render: Callable[[Block, str, BodyContext, Callable[[str], str]], str]  # (block, html, context, expand) > HTML
    sealed: bool = False
