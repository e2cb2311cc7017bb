"""What a run's transforms know of their whole site: plain values, built once and shared by all records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cms_models.rows import CONTENT_TABLES
from transforms.addresses import AddressBook
from transforms.contract import Languages, Media, MediaFile, SiteRules
from transforms.languages import read_languages
from transforms.placement import place
from wp_models.records import PostEntry, WpSite

UPLOADS = "wp-content/uploads"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteData:
    """Everything a `Site` answers from; shared by all records of a run."""

    id: int
    key: str
    wordpress: WpSite
    rules: SiteRules
    languages: Languages
    timezone: tzinfo
    addresses: AddressBook
    uploads_url: str  # address of the uploads folder
    tables: Mapping[int, str]  # content table by post id, for posts that are loaded
    media: Mapping[int, Media] = field(default_factory=dict)
    media_files: Mapping[int, MediaFile] = field(default_factory=dict)  # of the batch's own attachments
    attached: Mapping[tuple[int, str], tuple[int, ...]] = field(default_factory=dict)  # by parent and kind of file
    terms_by_id: Mapping[tuple[str, int], int] = field(default_factory=dict)  # (taxonomy, term_id) > term_taxonomy_id
    stamps: dict[str, str] = field(init=False, default_factory=dict, repr=False)  # of facts: see transforms.facts


def build_site_data(
    wordpress: WpSite,
    rules: SiteRules,
    *,
    site_id: int,
    site_key: str,
    media: Mapping[int, Media],
    languages: Languages | None = None,
) -> SiteData:
    """Return what a run's transforms need to know of their site; `media` is empty until media are loaded.

    The languages are read of the site unless they are given.
    """
    languages = languages or read_languages(wordpress)
    return SiteData(
        id=site_id,
        key=site_key,
        wordpress=wordpress,
        rules=rules,
        languages=languages,
        timezone=_timezone(wordpress.options),
        addresses=AddressBook(wordpress, languages, rules),
        uploads_url=_uploads_url(wordpress),
        tables=_content_tables(wordpress, rules),
        media=media,
        attached=_attached(wordpress),
        terms_by_id={(term.taxonomy, term.term_id): term.id for term in wordpress.terms.values()},
    )


def _timezone(options: Mapping[str, str]) -> tzinfo:
    """Return the site's zone: a named one, else the fixed offset in hours that older sites keep."""
    try:
        return ZoneInfo(options["timezone_string"])
    except (KeyError, ValueError, ZoneInfoNotFoundError):
        pass
    try:
        return timezone(timedelta(hours=float(options.get("gmt_offset") or 0)))
    except ValueError:
        return UTC


def _uploads_url(wordpress: WpSite) -> str:
    """Return the address of the uploads folder, as wp_get_upload_dir() makes it."""
    options = wordpress.options
    if own := options.get("upload_url_path"):
        return own.rstrip("/")
    folder = (options.get("upload_path") or "").strip("/")
    if not folder or ":" in folder or (options.get("upload_path") or "").startswith(("/", "..")):
        folder = UPLOADS if wordpress.blog_id == 1 else f"{UPLOADS}/sites/{wordpress.blog_id}"
    return f"{(options.get('siteurl') or options.get('home') or '').rstrip('/')}/{folder}"


def _content_tables(wordpress: WpSite, rules: SiteRules) -> dict[int, str]:
    tables = {}
    for post in wordpress.posts.values():
        placement = place(post.type, post.status, rules)
        if placement.table in CONTENT_TABLES and placement.skip_reason is None:
            tables[post.id] = placement.table
    return tables


def _attached(wordpress: WpSite) -> dict[tuple[int, str], tuple[int, ...]]:
    """Return each post's pictures, sounds and films, as a [gallery], [audio] or [video] that names none shows them."""
    found: dict[tuple[int, str], list[PostEntry]] = {}
    for post in wordpress.posts.values():
        kind = post.mime_type.partition("/")[0]
        if post.parent_id and post.type == "attachment" and kind in {"image", "audio", "video"}:
            found.setdefault((post.parent_id, kind), []).append(post)
    return {
        key: tuple(post.id for post in sorted(posts, key=lambda post: (post.menu_order, post.id)))
        for key, posts in found.items()
    }
