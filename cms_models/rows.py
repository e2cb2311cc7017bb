"""Frozen values of what is written: rows of the `cms` tables, state, issues, dead letters, batches.

Field names equal column names; a test compares them. Columns the database makes itself
(`search`, `deleted_at`) are not fields here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from hashlib import sha1
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

NAMESPACE = uuid5(NAMESPACE_URL, "https://wpferry.dev/rows")
NAMESPACE_DIGEST = sha1(NAMESPACE.bytes, usedforsecurity=False)

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None


@lru_cache(16_384)  # authors, terms and pictures are asked for by many rows
def row_id(site_key: str, entity: str, source_id: int | str) -> UUID:
    """Return the primary key of a source object's row: computed, so that references need no query.

    It is what uuid5() makes of the namespace, in half the time.
    """
    digest = NAMESPACE_DIGEST.copy()
    digest.update(f"{site_key}/{entity}/{source_id}".encode())
    return UUID(bytes=digest.digest()[:16], version=5)


class Status(StrEnum):
    """Status of content, as the CMS names it."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    DRAFT = "draft"
    PENDING = "pending"
    PRIVATE = "private"
    TRASHED = "trashed"


class TranslationOrigin(StrEnum):
    """Who wrote a row's words: the site's own source text, a machine, or a human translator."""

    SOURCE = "source"
    MACHINE = "machine"
    HUMAN = "human"


class MediaKind(StrEnum):
    """What a file is to a reader."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    OTHER = "other"


class MediaStatus(StrEnum):
    """What became of a file."""

    CONVERTED = "converted"
    KEPT = "kept"
    MISSING = "missing"
    REJECTED = "rejected"


class Outcome(StrEnum):
    """What became of a source object; each has exactly one. `DELETED` is gone from the source."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REJECTED = "rejected"
    CONFLICT = "conflict"
    DELETED = "deleted"


class ConflictPolicy(StrEnum):
    """What happens to a row that was edited both in the CMS and in the source."""

    KEEP_CMS = "keep-cms"  # it stays as it is in the CMS, for a person to decide
    SOURCE_WINS = "source-wins"
    MERGE = "merge"  # field by field: only what was edited on both sides waits for a person


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRow:
    """The columns that all five content tables share."""

    table: ClassVar[str]

    id: UUID
    site_id: int
    wp_post_id: int | None
    slug: str  # percent-decoded
    path: str | None  # URL path on the site; None when WordPress gives it no address of its own
    title: str
    excerpt: str = ""
    content_html: str = ""
    content_text: str = ""
    blocks: Json = None
    source_content: str = ""
    status: Status
    is_password_protected: bool = False
    published_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    author_id: UUID | None = None
    language: str | None = None
    translation_group_id: UUID | None = None
    translation_origin: TranslationOrigin = TranslationOrigin.SOURCE
    translated_from_id: UUID | None = None
    featured_media_id: UUID | None = None
    comment_status: str = "open"
    seo: Json = field(default_factory=dict)
    custom_fields: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow(ContentRow):
    """A post."""

    table: ClassVar[str] = "articles"
    is_sticky: bool = False
    format: str = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow(ContentRow):
    """A page; pages form a tree."""

    table: ClassVar[str] = "pages"
    parent_id: UUID | None = None
    menu_order: int = 0
    template: str | None = None
    is_front_page: bool = False
    is_posts_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioRow(ContentRow):
    """A portfolio item (Avada, Jetpack, Divi)."""

    table: ClassVar[str] = "portfolios"
    project_url: str | None = None
    client: str | None = None
    gallery: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow(ContentRow):
    """A WooCommerce product or variation."""

    table: ClassVar[str] = "products"
    sku: str | None = None
    price: Decimal | None = None
    sale_price: Decimal | None = None
    currency: str | None = None
    stock: int | None = None
    product_type: str | None = None
    parent_id: UUID | None = None
    attributes: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow(ContentRow):
    """Content of any other post type."""

    table: ClassVar[str] = "entries"
    entry_type: str
    parent_id: UUID | None = None
    menu_order: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRow:
    """A term in one taxonomy."""

    table: ClassVar[str] = "terms"
    id: UUID
    site_id: int
    wp_term_taxonomy_id: int | None  # None: a translation that WordPress does not have as a term of its own
    wp_term_id: int | None
    taxonomy: str
    slug: str
    name: str
    description: str = ""
    parent_id: UUID | None = None
    language: str | None = None
    translation_group_id: UUID | None = None
    path: str | None = None
    meta: Json = field(default_factory=dict)
    seo: Json = field(default_factory=dict)
    translation_origin: TranslationOrigin = TranslationOrigin.SOURCE
    translated_from_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRelationshipRow:
    """A term on one piece of content: exactly one of the five references is set."""

    table: ClassVar[str] = "term_relationships"
    id: UUID
    site_id: int
    term_id: UUID
    article_id: UUID | None = None
    page_id: UUID | None = None
    portfolio_id: UUID | None = None
    product_id: UUID | None = None
    entry_id: UUID | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRow:
    """A user of the site."""

    table: ClassVar[str] = "users"
    id: UUID
    site_id: int
    wp_user_id: int
    login: str
    email: str | None = None
    display_name: str = ""
    first_name: str = ""
    last_name: str = ""
    bio: str = ""
    url: str = ""
    roles: tuple[str, ...] = ()
    password_hash: str | None = None
    password_scheme: str | None = None  # phpass | bcrypt_wp | bcrypt | argon2 | md5
    avatar_url: str | None = None
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMetadataRow:
    """One user meta; a key with several values holds a list."""

    table: ClassVar[str] = "user_metadata"
    id: UUID
    site_id: int
    user_id: UUID
    key: str
    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRow:
    """An attachment and what became of its file."""

    table: ClassVar[str] = "media"
    id: UUID
    site_id: int
    wp_post_id: int | None
    kind: MediaKind
    title: str = ""
    alt_text: str = ""
    caption: str = ""
    description: str = ""
    source_path: str | None = None  # below uploads/
    source_url: str | None = None
    mime_type: str | None = None
    width: int | None = None
    height: int | None = None
    byte_size: int | None = None
    sha256: str | None = None  # of the source file
    store_key: str | None = None
    placeholder: str | None = None  # data: URL of a tiny preview
    status: MediaStatus = MediaStatus.MISSING
    status_reason: str | None = None
    exif: Json = field(default_factory=dict)
    language: str | None = None
    translation_group_id: UUID | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaVariantRow:
    """One stored file of a media row."""

    table: ClassVar[str] = "media_variants"
    id: UUID
    site_id: int
    media_id: UUID
    store_key: str
    mime_type: str
    width: int | None = None
    height: int | None = None
    byte_size: int = 0
    role: str = "original"  # original | webp | thumbnail | w480 ...
    quality: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentRow:
    """A comment on one piece of content or media."""

    table: ClassVar[str] = "comments"
    id: UUID
    site_id: int
    wp_comment_id: int
    parent_id: UUID | None = None
    article_id: UUID | None = None
    page_id: UUID | None = None
    portfolio_id: UUID | None = None
    product_id: UUID | None = None
    entry_id: UUID | None = None
    media_id: UUID | None = None
    user_id: UUID | None = None
    author_name: str = ""
    author_email: str | None = None
    author_url: str | None = None
    content_html: str = ""
    status: str = "approved"  # approved | pending | spam | trash
    type: str = "comment"
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuRow:
    """A navigation menu."""

    table: ClassVar[str] = "menus"
    id: UUID
    site_id: int
    slug: str
    name: str
    locations: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItemRow:
    """One item of a menu; at most one reference is set."""

    table: ClassVar[str] = "menu_items"
    id: UUID
    site_id: int
    menu_id: UUID
    parent_id: UUID | None = None
    position: int = 0
    label: str = ""
    url: str | None = None
    article_id: UUID | None = None
    page_id: UUID | None = None
    portfolio_id: UUID | None = None
    product_id: UUID | None = None
    entry_id: UUID | None = None
    term_id: UUID | None = None
    target: str | None = None
    css_classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectRow:
    """An old address and where it leads now."""

    table: ClassVar[str] = "redirects"
    id: UUID
    site_id: int
    from_path: str  # leading slash, no host; with a query it stands for that query only
    to_path: str | None  # None with 410; an address with a host where it leads off the site
    status_code: int = 301
    is_regex: bool = False  # from_path is a pattern (PCRE), to_path may hold $1; for paths that nothing else answers
    origin: str = "permalink"  # old_slug | permalink | plugin | attachment | shortlink


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One option of the site."""

    table: ClassVar[str] = "settings"
    id: UUID
    site_id: int
    key: str
    value: Json
    autoload: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationGroupRow:
    """What the translations of one thing share."""

    table: ClassVar[str] = "translation_groups"
    id: UUID
    site_id: int
    kind: str  # post | term | media


Row = (
    ArticleRow
    | PageRow
    | PortfolioRow
    | ProductRow
    | EntryRow
    | TermRow
    | TermRelationshipRow
    | UserRow
    | UserMetadataRow
    | MediaRow
    | MediaVariantRow
    | CommentRow
    | MenuRow
    | MenuItemRow
    | RedirectRow
    | SettingRow
    | TranslationGroupRow
)

CONTENT_TABLES = ("articles", "pages", "portfolios", "products", "entries")

REFERENCE_COLUMNS: Mapping[str, str] = {
    "articles": "article_id",
    "pages": "page_id",
    "portfolios": "portfolio_id",
    "products": "product_id",
    "entries": "entry_id",
    "media": "media_id",
    "terms": "term_id",
}
"""The column that refers to a row of a table, in comments, menu items and term relationships."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """What wpferry remembers of one source object after a batch."""

    source_id: int
    fingerprint: str
    transform_version: int
    row_id: UUID | None  # None when skipped or rejected
    outcome: Outcome  # LOADED here; the loader turns it into UNCHANGED or CONFLICT
    reason: str | None = None
    facts: tuple[str, ...] = ()  # what the transform asked of the site, e.g. "post:12"


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRow:
    """A finding on a row that was loaded all the same."""

    source_id: int
    code: str  # dotted, stable: body.unknown_shortcode
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterRow:
    """A rejected source object, kept with its error for a retry."""

    source_id: int
    stage: str  # extract | transform | load
    error: str  # dotted code
    detail: str
    payload: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBatch:
    """Everything one transaction writes: one entity, one state per source object."""

    site_id: int
    run_id: UUID
    entity: str
    rows: tuple[Row, ...]
    states: tuple[StateRow, ...]
    issues: tuple[IssueRow, ...] = ()
    dead_letters: tuple[DeadLetterRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What a batch did; the five outcomes sum to its source objects."""

    loaded: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    conflicts: int = 0
    rows_written: int = 0  # in all `cms` tables, inserted, updated or deleted
