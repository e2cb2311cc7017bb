"""Which attributes of a block's comment are words: those of `role: content` in WordPress that no HTML repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from cms_models.rows import Json
from transforms.translation.contract import Field, Path, TextKind

_PLAIN_NAMES = frozenset(["alt", "mediaAlt", "placeholder", "title", "description", "customText", "prefix", "suffix"])
_ANY_BLOCK = ("alt", "caption", "buttonText", "label", "placeholder")  # in blocks of plugins these are words, too
_BLOCKS: Mapping[str, tuple[str, ...]] = {
    "core/cover": ("alt",),
    "core/more": ("customText",),
    "core/navigation-link": ("label", "title", "description"),
    "core/navigation-submenu": ("label", "title", "description"),
    "core/post-author": ("byline",),
    "core/post-excerpt": ("moreText",),
    "core/post-terms": ("prefix", "suffix"),
    "core/read-more": ("content",),
    "core/search": ("label", "placeholder", "buttonText"),
    **dict.fromkeys(
        (
            "core/categories", "core/comments-pagination-next", "core/comments-pagination-previous", "core/form-input",
            "core/home-link", "core/page-list-item", "core/post-navigation-link", "core/query-pagination-next",
            "core/query-pagination-previous", "core/social-link", "core/tab",
        ),
        ("label",),
    ),
}  # fmt: skip

_Words = tuple[Path, Mapping[str, Json], tuple[str, ...]]  # where values stand, the values, names of those with words


def words_of_attributes(name: str, attributes: Json) -> Iterator[tuple[Path, Field]]:
    """Return the words in a block's attributes, each with its place among them."""
    if not isinstance(attributes, Mapping):
        return
    names = _BLOCKS.get(name, () if name.startswith("core/") else _ANY_BLOCK)
    own: tuple[_Words, ...] = (((), attributes, names),)
    for place, values, wanted in chain(own, _overrides(name, attributes), _tracks(name, attributes)):
        for attribute in wanted:
            text = values.get(attribute)
            if isinstance(text, str) and text:
                kind = TextKind.PLAIN if attribute in _PLAIN_NAMES else TextKind.HTML
                yield (*place, attribute), Field(kind, text)


def _overrides(name: str, attributes: Mapping[str, Json]) -> Iterator[_Words]:
    """Return the words that one use of a synced pattern has in place of the shared ones."""
    content = attributes.get("content")
    if name == "core/block" and isinstance(content, Mapping):
        for key, values in content.items():
            if isinstance(values, Mapping):
                yield ("content", key), values, ("content", "text", "alt", "title", "caption")


def _tracks(name: str, attributes: Mapping[str, Json]) -> Iterator[_Words]:
    tracks = attributes.get("tracks")
    if name == "core/video" and isinstance(tracks, list):
        for position, track in enumerate(tracks):
            if isinstance(track, Mapping):
                yield ("tracks", position), track, ("label",)
