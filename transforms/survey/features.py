"""What the bodies of a site are made of, and how each kind of it is carried, by the registries that carry it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from transforms.body.blocks import BLOCKS
from transforms.body.blocks.dynamic import DYNAMIC
from transforms.body.blocks.grammar import MARK, Block, Blocks, parse_blocks
from transforms.body.builder_elements import nothing, placeholder, unwrapped
from transforms.body.elementor import renderer_of, should_use_elementor, widget_types
from transforms.body.elementor_widget import placeholder_widget, unknown_widget
from transforms.body.shortcodes import BUILDER_ELEMENTS, SHORTCODES
from transforms.body.shortcodes.unknown import unknown_names
from wp_models.records import WpPost

_NAME = re.compile(r"(?<!\[)\[([a-zA-Z][\w-]*)(?=[\s\]/])")


class Carried(StrEnum):
    """How much of a feature comes along."""

    FULLY = "fully"
    UNWRAPPED = "unwrapped"  # what it encloses comes along, what it did with it does not
    PLACEHOLDER = "as a placeholder"  # an empty element with its attributes, for the new front end to fill
    NOT = "not"


class FeatureKind(StrEnum):
    """Kinds of things that bodies are made of."""

    BLOCK = "block"
    SHORTCODE = "shortcode"
    WIDGET = "widget"  # of Elementor


@dataclass(frozen=True, slots=True)
class Feature:
    """One kind of block, shortcode or widget."""

    kind: FeatureKind
    name: str
    carried: Carried


@dataclass(frozen=True, slots=True)
class PageBuilder:
    """A plugin that keeps pages in a form of its own, and the signs of a page that it made."""

    name: str
    carried: Carried
    how: str  # in words for people
    shortcode: str = ""  # how its shortcodes begin
    meta: str = ""  # what it keeps beside the post


_TAKEN_APART = (Carried.FULLY, "taken apart into plain HTML")
_AS_SAVED = (Carried.FULLY, "as the HTML it saved in the content")
_WORDS = (Carried.UNWRAPPED, "the words between its tags, without its layout")
_ELSEWHERE = (Carried.NOT, "it keeps its pages outside the content, in a form that is not read")

PAGE_BUILDERS = (
    PageBuilder("Avada Fusion Builder", *_TAKEN_APART, shortcode="fusion_"),
    PageBuilder("WPBakery Page Builder", *_TAKEN_APART, shortcode="vc_"),
    PageBuilder("Divi Builder", *_TAKEN_APART, shortcode="et_pb_"),
    PageBuilder("Elementor", *_TAKEN_APART, meta="_elementor_data"),
    PageBuilder("Beaver Builder", *_AS_SAVED, meta="_fl_builder_data"),
    PageBuilder("SiteOrigin Page Builder", *_AS_SAVED, meta="panels_data"),
    PageBuilder("Brizy", *_AS_SAVED, meta="brizy-post"),
    PageBuilder("Visual Composer Website Builder", *_AS_SAVED, meta="vcv-pageContent"),
    PageBuilder("Enfold Layout Builder", *_WORDS, shortcode="av_"),
    PageBuilder("Cornerstone", *_WORDS, shortcode="cs_"),
    PageBuilder("Thrive Architect", *_ELSEWHERE, meta="tve_updated_post"),
    PageBuilder("Bricks", *_ELSEWHERE, meta="_bricks_page_content_2"),
    PageBuilder("Oxygen", *_ELSEWHERE, meta="ct_builder_shortcodes"),
    PageBuilder("BeTheme Builder", *_ELSEWHERE, meta="mfn-page-items"),
)


def blocks_of(post: WpPost) -> Blocks | None:
    """Return the blocks of a post's content; None for classic content."""
    return parse_blocks(post.content) if MARK in post.content else None


def features_of(post: WpPost, blocks: Blocks | None) -> Counter[Feature]:
    """Return how often each feature is used in a post."""
    features: Counter[Feature] = Counter()
    if blocks is not None:
        named = Counter((block.name, carried_block(block)) for block in blocks.every if block.name is not None)
        features.update({Feature(FeatureKind.BLOCK, *of): count for of, count in named.items()})
    if "[" in post.content:
        features.update(_shortcodes(post.content))
    if should_use_elementor(post):
        types = widget_types(post.first_meta("_elementor_data") or "")
        features.update(Feature(FeatureKind.WIDGET, name, carried_widget(name)) for name in types)
    return features


def builders_of(post: WpPost, features: Counter[Feature]) -> list[PageBuilder]:
    """Return the page builders whose signs a post bears."""
    names = [feature.name for feature in features if feature.kind is FeatureKind.SHORTCODE]
    return [
        builder
        for builder in PAGE_BUILDERS
        if (builder.meta and post.first_meta(builder.meta))
        or (builder.shortcode and any(name.startswith(builder.shortcode) for name in names))
    ]


def carried_block(block: Block) -> Carried:
    """Return how a block is carried: one that saved its HTML comes along whoever made it."""
    family = BLOCKS.get(block.name or "")
    if family is DYNAMIC:
        return Carried.PLACEHOLDER
    if any(not isinstance(part, str) or part.strip() for part in block.parts) or (
        family and block.name != "core/pattern"
    ):
        return Carried.FULLY
    return Carried.PLACEHOLDER if block.attributes else Carried.NOT


def _shortcodes(text: str) -> Counter[Feature]:
    unknown = unknown_names(text, SHORTCODES)
    names = Counter(name for name in _NAME.findall(text) if name in SHORTCODES or name in unknown)
    found: Counter[Feature] = Counter()
    for name, count in names.items():
        carried = carried_shortcode(name, encloses=f"[/{name}]" in text)
        found[Feature(FeatureKind.SHORTCODE, name, carried)] += count
    return found


@lru_cache(maxsize=4_096)
def carried_shortcode(name: str, *, encloses: bool) -> Carried:
    """Return how a shortcode is carried; of one that nobody knows the words come along that it encloses."""
    renderer = BUILDER_ELEMENTS.get(name)
    if renderer is placeholder:
        return Carried.PLACEHOLDER
    if renderer is nothing:
        return Carried.NOT
    if renderer is unwrapped:
        return Carried.UNWRAPPED
    if name in SHORTCODES:
        return Carried.FULLY
    return Carried.UNWRAPPED if encloses else Carried.PLACEHOLDER


@lru_cache(maxsize=1_024)
def carried_widget(name: str) -> Carried:
    """Return how an Elementor widget is carried; of one that nobody knows the words are kept."""
    renderer = renderer_of(name)
    if renderer is placeholder_widget:
        return Carried.PLACEHOLDER
    return Carried.UNWRAPPED if renderer is unknown_widget else Carried.FULLY
