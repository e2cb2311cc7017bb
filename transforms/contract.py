"""What every transform sees and gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cms_models.rows import MediaStatus, Row, TranslationOrigin
from wp_models.queries import Query


class RecordRejectedError(Exception):
    """A record that cannot be loaded; it becomes a dead letter. `detail` says what a person can do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Issue:
    """A finding on a loaded row: something changed, was guessed or got lost."""

    code: str  # dotted, stable
    detail: str  # a sentence for people, with the place it stands in


@dataclass(frozen=True, slots=True)
class Transformed:
    """Rows of one record; the first is the record's own, the others belong to it."""

    rows: tuple[Row, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A record that is left out on purpose, and why, in words for people."""

    reason: str
    issues: tuple[Issue, ...] = ()  # what a person has to know of it, beyond the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One kind of thing that is migrated: where it comes from and what makes rows of it."""

    name: str
    source: Query
    transform: Callable[[Any, Any], Transformed | Skipped]  # (record, Site)
    version: int  # raise it when the output changes: every record is transformed again


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One stored file of a picture."""

    store_key: str
    width: int
    height: int
    mime_type: str = "image/webp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What content needs to know of an attachment."""

    id: int  # WordPress's
    row_id: UUID
    kind: str  # MediaKind
    store_key: str | None  # None when there is no file
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    title: str = ""
    alt_text: str = ""
    caption: str = ""
    variants: tuple[Variant, ...] = ()  # by width, ascending; includes the main file


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """One file that conversion put into the media store."""

    store_key: str
    mime_type: str
    byte_size: int
    role: str  # original | webp | w480, w960 ... (a width) | thumbnail
    width: int | None = None
    height: int | None = None
    quality: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFile:
    """What became of an attachment's file: found, converted, stored, or why not."""

    status: MediaStatus
    reason: str | None = None  # a sentence for people, unless converted
    source_path: str | None = None  # the file that was really read, below uploads/
    sha256: str | None = None  # of the source file
    byte_size: int | None = None  # of the source file
    mime_type: str | None = None  # by content, not by name
    width: int | None = None  # after orientation
    height: int | None = None
    placeholder: str | None = None  # data: URL
    exif: Mapping[str, str] = field(default_factory=dict)
    files: tuple[StoredFile, ...] = ()  # the main file first


@dataclass(frozen=True, slots=True)
class Reference:
    """A row that other rows may refer to."""

    table: str
    row_id: UUID


@dataclass(frozen=True, slots=True)
class Address:
    """What a URL of the site leads to: a path of the new site, a media file, or nothing any more."""

    # post | term | author | archive | media | home | date | search | feed, or system: the dashboard, the API ...,
    # redirect: what a plugin's rule leads to (path may have a host and a query), missing
    kind: str
    path: str | None = None  # where it leads now, with query and fragment left to the caller
    source_id: int | None = None
    named_by: tuple[str, ...] = ()  # parameters of the query that say what it is: p, cat ...
    is_former: bool = False  # found by an old slug, a redirect or a guess of WordPress's


DEFAULT_EMBED_HOSTS = (
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "vimeo.com",
    "player.vimeo.com",
    "dailymotion.com",
    "soundcloud.com",
    "w.soundcloud.com",
    "open.spotify.com",
    "google.com",
    "maps.google.com",
    "openstreetmap.org",
    "twitter.com",
    "platform.twitter.com",
    "x.com",
    "instagram.com",
    "facebook.com",
    "tiktok.com",
    "ted.com",
    "embed.ted.com",
    "slideshare.net",
    "issuu.com",
    "codepen.io",
    "calendly.com",
    "wordpress.tv",
    "videopress.com",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """The site's settings that change what transforms make; part of what is compared between runs."""

    types: Mapping[str, str] = field(default_factory=dict)  # post type > articles, pages, portfolios, products, entries
    statuses: Mapping[str, str] = field(default_factory=dict)  # odd post_status > one of WordPress's own
    embed_hosts: frozenset[str] = frozenset(DEFAULT_EMBED_HOSTS)
    media_base_url: str = "/media/"  # what stands before a store key in content
    old_hosts: frozenset[str] = frozenset()  # other host names this site had


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """Languages and translation groups, whichever plugin keeps them. Groups are named by their source."""

    default: str
    codes: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)  # what each calls itself: Español
    rtl: frozenset[str] = frozenset()
    of_post: Mapping[int, str] = field(default_factory=dict)
    of_term: Mapping[int, str] = field(default_factory=dict)  # by term_taxonomy_id
    group_of_post: Mapping[int, str] = field(default_factory=dict)
    group_of_term: Mapping[int, str] = field(default_factory=dict)  # by term_taxonomy_id
    network: str = ""  # groups are this network's, not the site's: their members stand in several sites
    original_of_post: Mapping[int, int] = field(default_factory=dict)  # translation > the post it was made from
    copies: frozenset[int] = frozenset()  # posts that hold the source's text, no translation of it
    machine_made: frozenset[int] = frozenset()  # posts that a machine translated and nobody has gone over
    url_mode: str = "directory"  # directory | subdomain | domain | query | content
    prefix_default: bool = False  # the default language has its own directory too
    url_prefixes: Mapping[str, str] = field(default_factory=dict)  # language > directory, e.g. "es" or "language/es"
    home_urls: Mapping[str, str] = field(default_factory=dict)  # language > its own domain, where it has one
    home_pages: Mapping[str, int] = field(default_factory=dict)  # language > page on front
    issues: Mapping[int, tuple[Issue, ...]] = field(default_factory=dict)  # by post: damaged groups
    term_issues: Mapping[int, tuple[Issue, ...]] = field(default_factory=dict)  # by term_taxonomy_id, likewise

    def origin_of_post(self, post_id: int) -> TranslationOrigin:
        """Return who wrote a post's words: a copy's are its original's."""
        if post_id in self.copies or post_id not in self.original_of_post:
            return TranslationOrigin.SOURCE
        return TranslationOrigin.MACHINE if post_id in self.machine_made else TranslationOrigin.HUMAN
