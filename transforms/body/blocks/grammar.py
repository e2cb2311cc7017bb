"""The grammar of blocks: a body's comments read into a tree, once, without recursion.

Any closing comment closes the innermost open block, whatever it names, as in WordPress. A block that is
never closed ends where its parent ends; a closing comment without a block is dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import orjson

from cms_models.rows import Json
from transforms.body.remembered import Remembered

MARK = "<!-- wp:"  # has_blocks() looks for exactly this

_NAME = r"[a-z][a-z0-9_-]*+(?:/[a-z][a-z0-9_-]*+)?"
# Attributes end at a brace before the end of a comment; hand-written ones may hold "-->", but not another comment.
_ATTRIBUTES = r"\{(?:[^}<]++|<(?!!--)|\}(?!\s+/?-->))*+\}"
_COMMENT = re.compile(rf"(?a)(<!--\s++/?wp:{_NAME}\s++(?:{_ATTRIBUTES}\s++)?/?-->)")
_PARTS_OF_COMMENT = re.compile(rf"(?a)<!--\s++(/)?wp:({_NAME})\s++({_ATTRIBUTES}\s++)?(/)?-->")


@dataclass(slots=True)
class Block:
    """One block; `parts` holds its own HTML and its inner blocks in the order they stand."""

    name: str | None  # with namespace; None for HTML outside any block
    attributes: dict[str, Json] | None  # None when the JSON is invalid
    parts: list[str | Block] = field(default_factory=list)

    @property
    def inner_blocks(self) -> list[Block]:
        """Return the blocks inside, in order."""
        return [part for part in self.parts if isinstance(part, Block)]

    @property
    def inner_html(self) -> str:
        """Return the block's own HTML, without that of its inner blocks."""
        return "".join(part for part in self.parts if isinstance(part, str))

    def leaf_html(self) -> str | None:
        """Return the whole HTML of a block without inner ones, as most are; None for any other."""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        return None if self.parts else ""

    def attribute(self, name: str) -> Json:
        """Return an attribute of the comment; None when it is not there."""
        return self.attributes.get(name) if self.attributes else None

    def text_attribute(self, name: str) -> str:
        """Return a string attribute of the comment, or an empty string."""
        value = self.attribute(name)
        return value if isinstance(value, str) else ""


@dataclass(slots=True)
class Blocks:
    """The blocks of one body, and where its grammar was broken."""

    whole: Block  # the body: a block without name, whose parts are its blocks and the HTML between them
    every: list[Block]  # those with names, of all levels
    problems: list[tuple[str, str]]  # code, detail

    @property
    def roots(self) -> list[Block]:
        """Return the blocks of the first level; HTML between them is a block without name."""
        return [Block(None, {}, [part]) if isinstance(part, str) else part for part in self.whole.parts]


def parse_blocks(text: str) -> Blocks:
    """Return the tree of a body's blocks."""
    whole = Block(None, {})
    open_blocks: list[Block] = []
    problems: list[tuple[str, str]] = []
    parts = whole.parts
    every: list[Block] = []
    pieces = _COMMENT.split(text)
    if pieces[0]:
        parts.append(pieces[0])
    comments = map(_READ.__getitem__, pieces[1::2])
    for (closes, name, attributes, is_void), after in zip(comments, pieces[2::2], strict=True):
        if not closes:
            block = Block(name, _decode(attributes, name, problems) if attributes else {}, [])
            parts.append(block)
            every.append(block)
            if not is_void:
                open_blocks.append(block)
                parts = block.parts
        elif open_blocks:
            open_blocks.pop()
            parts = open_blocks[-1].parts if open_blocks else whole.parts
        else:
            problems.append(
                ("body.stray_block_closer", f"A closing comment of {name} closes no block; it was dropped.")
            )
        if after:
            parts.append(after)
    problems += (
        ("body.unclosed_block", f"A block {block.name} is never closed; it ends where its parent ends.")
        for block in open_blocks
    )
    return Blocks(whole, every, problems)


def _read(comment: str) -> tuple[bool, str, str, bool]:
    """Return whether a comment closes a block, its full name, its attributes, and whether it is the whole block."""
    ((closes, name, attributes, is_void),) = _PARTS_OF_COMMENT.findall(comment)
    return bool(closes), name if "/" in name else f"core/{name}", attributes, bool(is_void)


_READ = Remembered(_read)


def _decode(text: str, name: str, problems: list[tuple[str, str]]) -> dict[str, Json] | None:
    try:
        decoded = orjson.loads(text)
    except orjson.JSONDecodeError:
        problems.append(
            ("body.invalid_block_json", f"The attributes of a block {name} are no valid JSON; its HTML was kept.")
        )
        return None
    return decoded if isinstance(decoded, dict) else {}
