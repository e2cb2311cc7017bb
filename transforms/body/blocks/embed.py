"""Embeds: what could not be resolved to a player is at least a link."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.grammar import Block
from transforms.body.contract import BodyContext
from transforms.body.embeds import embed

_LEGACY_NAMES = (
    "amazon-kindle animoto cloudup collegehumor crowdsignal dailymotion facebook flickr hulu imgur instagram issuu "
    "kickstarter meetup-com mixcloud polldaddy reddit reverbnation screencast scribd slideshare smugmug soundcloud "
    "speaker speaker-deck spotify ted tiktok tumblr twitter videopress vimeo wordpress wordpress-tv youtube"
)
_LONE_URL = re.compile(r"(<div class=\"wp-block-embed__wrapper\">\s*)(https?://[^\s<>\"]+)(\s*</div>)")


def _embed(block: Block, html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    url = block.text_attribute("url")
    if not html.strip():
        return (embed(url, context) or _link(url)) if url else ""
    return _LONE_URL.sub(lambda match: match[1] + _link(match[2]) + match[3], html)


def _link(url: str) -> str:
    shown = escape(url)
    return f'<a href="{shown}">{shown}</a>'


EMBEDS = BlockFamily(("core/embed", *(f"core-embed/{name}" for name in _LEGACY_NAMES.split())), _embed)
