"""Records and sites for tests: give what a test is about, the rest is ordinary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cms_models.rows import row_id
from transforms.contract import Media, MediaFile, SiteRules
from transforms.site import Site
from transforms.site_data import SiteData, build_site_data
from wp_models.records import (
    CommentEntry,
    PostEntry,
    TermEntry,
    UserEntry,
    WpComment,
    WpmlTranslation,
    WpOption,
    WpPost,
    WpSite,
    WpTerm,
    WpUser,
)

SITE_KEY = "test"
OPTIONS = {
    "siteurl": "https://example.test",
    "home": "https://example.test",
    "blogname": "Example",
    "permalink_structure": "/%postname%/",
    "stylesheet": "twentytwentyone",
    "timezone_string": "UTC",
}
MetaGiven = Mapping[str, str | Sequence[str]]


def make_meta(meta: MetaGiven) -> dict[str, tuple[str, ...]]:
    """Metas as the reader gives them; a single value may be given as a plain text."""
    return {key: (value,) if isinstance(value, str) else tuple(value) for key, value in meta.items()}


def make_post(id: int = 1, *, meta: MetaGiven | None = None, **fields: Any) -> WpPost:  # noqa: A002
    """A published post of 1 May 2024, noon UTC."""
    noon = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
    ordinary: dict[str, Any] = {
        "type": "post",
        "status": "publish",
        "title": f"Post {id}",
        "content": "<p>Text</p>",
        "slug": f"post-{id}",
        "published_local": noon.replace(tzinfo=None),
        "published_at": noon,
        "modified_local": noon.replace(tzinfo=None),
        "modified_at": noon,
        "fingerprint": f"post-{id}",
    }
    return WpPost(id=id, meta=make_meta(meta or {}), **{**ordinary, **fields})


def make_attachment(id: int = 1, *, file: str = "2024/05/picture.jpg", **fields: Any) -> WpPost:  # noqa: A002
    """A picture of the media library."""
    ordinary: dict[str, Any] = {"type": "attachment", "status": "inherit", "content": "", "mime_type": "image/jpeg"}
    return make_post(id, **{**ordinary, "meta": {"_wp_attached_file": file}, **fields})


def make_term(id: int = 1, *, meta: MetaGiven | None = None, **fields: Any) -> WpTerm:  # noqa: A002
    """A category whose term_id differs from its term_taxonomy_id, as in any old database."""
    ordinary: dict[str, Any] = {
        "term_id": id + 1000,
        "taxonomy": "category",
        "name": f"Term {id}",
        "slug": f"term-{id}",
        "fingerprint": f"term-{id}",
    }
    return WpTerm(id=id, meta=make_meta(meta or {}), **{**ordinary, **fields})


def make_user(id: int = 1, *, meta: MetaGiven | None = None, **fields: Any) -> WpUser:  # noqa: A002
    """A user without roles."""
    ordinary: dict[str, Any] = {
        "login": f"user{id}",
        "nicename": f"user{id}",
        "display_name": f"User {id}",
        "email": f"user{id}@example.test",
        "registered_at": datetime(2020, 1, 1, tzinfo=UTC),
        "fingerprint": f"user-{id}",
    }
    return WpUser(id=id, meta=make_meta(meta or {}), **{**ordinary, **fields})


def make_comment(id: int = 1, *, post_id: int = 1, **fields: Any) -> WpComment:  # noqa: A002
    """An approved comment."""
    ordinary: dict[str, Any] = {
        "author": "A reader",
        "content": "Well said.",
        "created_at": datetime(2024, 5, 2, 12, 0, tzinfo=UTC),
        "fingerprint": f"comment-{id}",
    }
    return WpComment(id=id, post_id=post_id, **{**ordinary, **fields})


def make_option(name: str, value: str, *, id: int = 1) -> WpOption:  # noqa: A002
    """An option as stored."""
    return WpOption(id=id, name=name, value=value, fingerprint=f"option-{id}")


def make_media(id: int, **fields: Any) -> Media:  # noqa: A002
    """A picture that is in the media store."""
    ordinary: dict[str, Any] = {"kind": "image", "store_key": f"{id:02x}/picture.webp", "width": 800, "height": 600}
    return Media(id=id, row_id=row_id(SITE_KEY, "media", id), **{**ordinary, **fields})


def make_site_data(
    posts: Iterable[WpPost] = (),
    *,
    terms: Iterable[WpTerm] = (),
    users: Iterable[WpUser] = (),
    comments: Iterable[WpComment] = (),
    media: Iterable[Media] = (),
    media_files: Mapping[int, MediaFile] | None = None,
    options: Mapping[str, str] | None = None,
    rules: SiteRules | None = None,
    wpml: Iterable[WpmlTranslation] = (),
    **wordpress: Any,
) -> SiteData:
    """A site that holds these records; its media library is those of the posts that are attachments, and `media`."""
    posts = tuple(posts)
    source = WpSite(
        prefix=wordpress.pop("prefix", "wp_"),
        blog_id=wordpress.pop("blog_id", 1),
        tables=wordpress.pop("tables", frozenset()),
        options={**OPTIONS, **(options or {})},
        posts={post.id: _post_entry(post) for post in posts},
        terms={term.id: _term_entry(term) for term in terms},
        users={user.id: UserEntry(user.id, user.login, user.nicename, user.display_name) for user in users},
        attached_files={post.id: file for post in posts if (file := post.first_meta("_wp_attached_file"))},
        comments={
            comment.id: CommentEntry(comment.id, comment.post_id, comment.parent_id, comment.approved)
            for comment in comments
        },
        wpml=tuple(wpml),
        **wordpress,
    )
    library = {post.id: make_media(post.id) for post in posts if post.type == "attachment"}
    library.update((item.id, item) for item in media)
    data = build_site_data(source, rules or SiteRules(), site_id=1, site_key=SITE_KEY, media=library)
    return replace(data, media_files=media_files or {})


def make_site(posts: Iterable[WpPost] = (), **given: Any) -> Site:
    """One record's view of a site that holds these records; see make_site_data."""
    return Site(make_site_data(posts, **given))


def _post_entry(post: WpPost) -> PostEntry:
    known = {name: getattr(post, name) for name in PostEntry.__slots__ if hasattr(post, name)}
    return PostEntry(**known)


def _term_entry(term: WpTerm) -> TermEntry:
    return TermEntry(
        id=term.id,
        term_id=term.term_id,
        taxonomy=term.taxonomy,
        name=term.name or "",
        slug=term.slug,
        parent_term_id=term.parent_term_id,
        description=term.description,
    )
