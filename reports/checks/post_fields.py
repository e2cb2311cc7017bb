"""The plain fields of posts: what WordPress stores in a column stands in one of the CMS, cleaned but not changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cms_models.verify_queries import ContentFacts
from reports.checks.contract import About, Context, Field, PostPair
from reports.checks.texts import same_slug, same_text, utc
from reports.verification import Difference

LAYER = "fields"
WITHOUT_DATE = frozenset({"draft", "pending"})

TITLE = Field("title", same_text)
SLUG = Field("slug", same_slug)
EXCERPT = Field("excerpt", same_text)
STATUS = Field("status")
PASSWORD = Field("is_password_protected")
PUBLISHED = Field("published_at")
CREATED = Field("created_at")
UPDATED = Field("updated_at")
COMMENTS = Field("comment_status")
ORDER = Field("menu_order")
ALT_TEXT = Field("alt_text", same_text)
CAPTION = Field("caption", same_text)


def check_fields(pair: PostPair, site: Context) -> Iterator[Difference]:
    """Yield the plain fields of a post or of a media that differ."""
    yield from About(LAYER, pair.entity, pair.source.id, pair.source.title).compare(_pairs(pair, site))


def _pairs(pair: PostPair, site: Context) -> Iterator[tuple[Field, Any, Any]]:
    source, target = pair.source, pair.target
    made = utc(source.published_at, source.published_local, site.zone)
    yield TITLE, source.title, target.title
    yield CREATED, made, target.created_at
    yield UPDATED, utc(source.modified_at, source.modified_local, site.zone) or made, target.updated_at
    if not isinstance(target, ContentFacts):
        yield ALT_TEXT, source.meta.get("_wp_attachment_image_alt", ""), target.alt_text
        yield CAPTION, source.excerpt, target.caption
        return
    status = site.placed[source.type, source.status].status
    unpublished = status in WITHOUT_DATE and source.published_at is None
    yield SLUG, source.slug, target.slug
    yield EXCERPT, source.excerpt, target.excerpt
    yield STATUS, status, target.status
    yield PASSWORD, source.has_password, target.is_password_protected
    yield PUBLISHED, None if unpublished else made, target.published_at
    yield COMMENTS, "open" if source.comment_status == "open" else "closed", target.comment_status
    if target.menu_order is not None:
        yield ORDER, source.menu_order, target.menu_order
