"""Frozen values of what the source holds; the reader makes them, the transforms read them.

Odd values of WordPress are already honest here: zero dates are `None`, ids of nobody are `None`,
NUL bytes are gone. Texts are otherwise exactly as stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Meta = Mapping[str, tuple[str, ...]]
"""Values by meta key, each in the order of their meta ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpPost:
    """One row of `posts` with its metas and terms."""

    id: int
    type: str
    status: str
    title: str
    content: str
    excerpt: str = ""
    slug: str = ""  # as stored: percent-encoded, may be empty
    author_id: int | None = None
    parent_id: int | None = None
    menu_order: int = 0
    mime_type: str = ""
    guid: str = ""
    password: str = ""
    comment_status: str = "open"
    published_local: datetime | None = None  # naive, the site's wall time
    published_at: datetime | None = None  # aware UTC
    modified_local: datetime | None = None
    modified_at: datetime | None = None
    meta: Meta = field(default_factory=dict)
    term_taxonomy_ids: tuple[int, ...] = ()  # by term_order, then id
    fingerprint: str = ""

    def first_meta(self, key: str) -> str | None:
        """Return the first value of a meta key, as WordPress's get_post_meta(..., true) does."""
        values = self.meta.get(key)
        return values[0] if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WpTerm:
    """One row of `term_taxonomy` with its row of `terms`; `name` is None when that row is missing."""

    id: int  # term_taxonomy_id
    term_id: int
    taxonomy: str
    name: str | None
    slug: str = ""
    description: str = ""
    parent_term_id: int | None = None
    meta: Meta = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpUser:
    """One row of `users` with its metas (session tokens and keys left out)."""

    id: int
    login: str
    email: str = ""
    nicename: str = ""
    display_name: str = ""
    url: str = ""
    password_hash: str = ""
    registered_at: datetime | None = None
    meta: Meta = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpComment:
    """One row of `comments`."""

    id: int
    post_id: int
    parent_id: int | None = None
    user_id: int | None = None
    author: str = ""
    author_email: str = ""
    author_url: str = ""
    content: str = ""
    approved: str = "1"  # '1', '0', 'spam', 'trash', 'post-trashed'
    type: str = "comment"  # '' before WordPress 5.5
    created_local: datetime | None = None
    created_at: datetime | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpMenu:
    """One term of `nav_menu` with its items, ordered by menu_order."""

    id: int  # term_taxonomy_id
    term: WpTerm
    items: tuple[WpPost, ...] = ()
    post_titles: Mapping[int, str] = field(default_factory=dict)  # of the posts the items point at
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpOption:
    """One row of `options`; secrets and transients are left out by the reader."""

    id: int
    name: str
    value: str
    autoload: bool = True
    fingerprint: str = ""


Record = WpPost | WpTerm | WpUser | WpComment | WpMenu | WpOption


@dataclass(frozen=True, slots=True)
class PostEntry:
    """What the site index keeps of every post that is no revision: enough for addresses and references."""

    id: int
    type: str
    status: str
    slug: str
    parent_id: int | None
    author_id: int | None
    published_local: datetime | None
    menu_order: int = 0
    mime_type: str = ""


@dataclass(frozen=True, slots=True)
class TermEntry:
    """What the site index keeps of every term and taxonomy pair."""

    id: int  # term_taxonomy_id
    term_id: int
    taxonomy: str
    name: str
    slug: str
    parent_term_id: int | None
    description: str  # Polylang keeps its groups and locales here
    term_group: int = 0


@dataclass(frozen=True, slots=True)
class UserEntry:
    """What the site index keeps of every user."""

    id: int
    login: str
    nicename: str
    display_name: str


@dataclass(frozen=True, slots=True)
class CommentEntry:
    """What the site index keeps of every comment that answers another or is answered."""

    id: int
    post_id: int
    parent_id: int | None
    approved: str


@dataclass(frozen=True, slots=True)
class WpmlTranslation:
    """One row of WPML's `icl_translations`; `element_id` of a taxonomy is a term_taxonomy_id."""

    element_type: str
    element_id: int
    group_id: int  # trid
    language: str
    source_language: str | None
    is_duplicate: bool = False  # status 9: a copy of the source text


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """One `acf-field` post: a custom field as Advanced Custom Fields keeps it in the database."""

    id: int
    key: str  # post_name, such as "field_5f3a"; what reference metas name
    name: str  # post_excerpt
    parent_id: int | None  # the field or field group it belongs to
    settings: str  # post_content: serialised, with type, sub-field and layout settings
    position: int = 0  # menu_order among its siblings


@dataclass(frozen=True, slots=True, kw_only=True)
class WpSite:
    """One blog as a whole: what every batch needs to know of the others. Small beside the bodies."""

    prefix: str
    blog_id: int
    tables: frozenset[str]  # names without the prefix
    options: Mapping[str, str]  # raw values, transients left out
    posts: Mapping[int, PostEntry]
    terms: Mapping[int, TermEntry]  # by term_taxonomy_id
    users: Mapping[int, UserEntry]
    attached_files: Mapping[int, str] = field(default_factory=dict)  # `_wp_attached_file` by attachment
    categories: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # term_ids by post, when paths need them
    primary_categories: Mapping[int, int] = field(default_factory=dict)  # term_id by post, likewise
    language_links: tuple[tuple[int, int], ...] = ()  # (object id, term_taxonomy_id) of Polylang's taxonomies
    wpml: tuple[WpmlTranslation, ...] = ()
    shared_bodies: Mapping[int, str] = field(default_factory=dict)  # wp_block, fusion_element: by post id
    field_definitions: Mapping[str, FieldDefinition] = field(default_factory=dict)  # acf-field posts by key
    guid_hosts: Mapping[str, int] = field(default_factory=dict)  # posts by the host in their guid: where they were made
    comments: Mapping[int, CommentEntry] = field(default_factory=dict)  # those in threads only
    skipped_counts: Mapping[str, int] = field(default_factory=dict)  # post types never indexed: revision
