"""Blocks whose output is a query over the live site: each becomes one placeholder that a front end can fill."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import orjson

from transforms.body.blocks.contract import BlockFamily
from transforms.body.blocks.grammar import Block
from transforms.body.contract import BodyContext


def placeholder(block: Block, context: BodyContext) -> str:
    """Return an empty element that carries a block's name and attributes, and report it."""
    attributes = orjson.dumps(block.attributes or {}).decode()
    context.report(
        "body.dynamic_block",
        f"The block {block.name} shows what the site holds at the moment; a placeholder with its attributes was kept.",
    )
    return f'<div data-wp-block="{block.name}" data-attributes="{escape(attributes)}"></div>'


def _render(block: Block, _html: str, context: BodyContext, _expand: Callable[[str], str]) -> str:
    return placeholder(block, context)


_NAMES = (
    "archives avatar breadcrumbs calendar categories comments comments-query-loop comment-author-avatar "
    "comment-author-name comment-content comment-date comment-edit-link comment-reply-link comment-template "
    "comments-pagination comments-pagination-next comments-pagination-numbers comments-pagination-previous "
    "comments-title latest-comments latest-posts legacy-widget loginout navigation navigation-link "
    "navigation-submenu page-list page-list-item post-author post-author-biography post-author-name post-comments "
    "post-comments-count post-comments-form post-comments-link post-content post-date post-excerpt "
    "post-featured-image post-navigation-link post-template post-terms post-time-to-read post-title query "
    "query-no-results query-pagination query-pagination-next query-pagination-numbers query-pagination-previous "
    "query-title query-total rss search site-logo site-tagline site-title tag-cloud template-part "
    "term-count term-description term-name term-template terms-query"
)

DYNAMIC = BlockFamily(tuple(f"core/{name}" for name in _NAMES.split()), _render, sealed=True)
