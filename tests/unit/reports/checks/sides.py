"""Values of both sides for tests of checks: give what a test is about, the rest is ordinary and equal."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cms_models.verify_queries import Body, ContentFacts
from reports.checks.contract import Context, Placed, PostPair
from wp_models.verify_queries import PostFacts

AT = datetime(2024, 5, 17, 10, 0, tzinfo=UTC)
LOCAL = AT.replace(tzinfo=None)

POST = PostFacts(
    id=7, type="post", status="publish", title="Hello", slug="hello", excerpt="", author=1, parent=None, menu_order=0,
    has_password=False, comment_status="open", published_local=LOCAL, published_at=AT, modified_local=LOCAL,
    modified_at=AT, meta={}, terms=(3,),
)  # fmt: skip
ROW = ContentFacts(
    table="articles", wp_id=7, slug="hello", path="/2024/05/hello/", title="Hello", excerpt="", status="published",
    is_password_protected=False, published_at=AT, created_at=AT, updated_at=AT, author=1, featured=None,
    comment_status="open", seo={}, parent=None, menu_order=None, terms=(3,), body_sha256="",
)  # fmt: skip
SITE = Context(
    site_key="site",
    home_path="",
    permalinks="/%year%/%monthnum%/%postname%/",
    front_pages=frozenset(),
    zone=UTC,
    placed={
        ("post", "publish"): Placed("articles", "published"),
        ("post", "draft"): Placed("articles", "draft"),
        ("page", "publish"): Placed("pages", "published"),
    },
    posts={7: "articles", 9: "media"},
    users=frozenset({1}),
    nicenames={1: "ruth"},
    terms={("category", 3): 3},
    loaded_terms=frozenset({3, 4}),
    term_names={3: "News"},
    tree={},
)


def pair(source: dict[str, Any] | None = None, target: dict[str, Any] | None = None) -> PostPair:
    """A post that is equal on both sides but for what is given."""
    row = replace(ROW, **(target or {}))
    return PostPair(row.table, replace(POST, **(source or {})), row)


def body(source_content: str = "", content_html: str = "", content_text: str = "") -> Body:
    return Body(7, "Hello", source_content, content_html, content_text)
