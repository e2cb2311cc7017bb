"""Blocks by name: which of them are more than their saved HTML, and what they become."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.dynamic import DYNAMIC
from transforms.body.blocks.embed import EMBEDS
from transforms.body.blocks.pictures import PICTURES
from transforms.body.blocks.references import REFERENCES
from transforms.body.blocks.text import TEXT

FAMILIES: tuple[BlockFamily, ...] = (*REFERENCES, *TEXT, *PICTURES, EMBEDS, DYNAMIC)

BLOCKS: Mapping[str, BlockFamily] = {name: family for family in FAMILIES for name in family.names}
