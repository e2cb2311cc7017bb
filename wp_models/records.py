"""Frozen values of what the source holds; the reader makes them, the transforms read them.

Odd values of WordPress are already honest here: zero dates are `None`, ids of nobody are `None`,
NUL bytes are gone. Texts are otherwise exactly as stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wp_models.language_versions import NO_VERSIONS, Versions

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
    is_json: bool = False  # made by the reader, of what a plugin keeps elsewhere
    fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WpRedirect:
    """One redirect that the source implies: WordPress's own, or a rule of a plugin.

    WordPress's own name a post (`old_slug`, `old_date`, `attachment`, `shortlink`, `query`) or a term or an author
    (`query`, on sites with plain links); rules (`rule`) name the address they answer at.
    """

    id: int  # made of the plugin and of its own number: see wp_models.redirect_rules
    kind: str  # rule | old_slug | old_date | attachment | shortlink | query
    place: str  # where a person finds it in WordPress
    owner_id: int | None = None  # of the post, term_taxonomy or user it leads to
    owner: str = "post"  # post | term | author
    old_slug: str | None = None  # as stored: percent-encoded
    old_date: datetime | None = None  # naive, the site's wall time
    source: str = ""  # of a rule: an address, or a pattern
    match: str = "exact"  # exact | prefix | suffix | contains | regex
    is_below_home: bool = True  # source and target start at the site's home, not at its host's root
    target: str | None = None  # of a rule; None: gone
    status_code: int = 301
    order: int = 0  # of rules for one address the lowest applies
    ignored_for: str | None = None  # why WordPress did not apply it, or why no redirect can say what it does
    fingerprint: str = ""


Record = WpPost | WpTerm | WpUser | WpComment | WpMenu | WpOption | WpRedirect


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
    is_duplicate: bool = False  # a copy of the source text
    is_machine: bool = False  # translated automatically, and accepted by nobody
    is_outdated: bool = False  # the source has changed since


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatedField:
    """One text of something that was translated in WPML, in both languages, as stored."""

    job: int
    source_language: str
    target_language: str
    name: str  # title, body, t_12, package-string-5-8 ...
    source: str
    target: str
    is_machine: bool  # translated automatically, and accepted by nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """What ties a blog to those of other languages in its network."""

    name: str  # the network's address without its scheme: part of what its groups are called
    locale: str  # of this blog: de_DE or de-DE
    locales: tuple[str, ...]  # of all of its blogs, this one's among them
    groups_of_posts: Mapping[int, str]
    groups_of_terms: Mapping[int, str]  # by term_taxonomy_id


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
    redirects: Mapping[int, WpRedirect] = field(default_factory=dict)  # old slugs, old dates and plugins' rules
    url_slugs: Mapping[tuple[str, str], str] = field(default_factory=dict)  # WPML: by (slug, language)
    network: Network | None = None  # of a blog that has translations in other blogs
    versions: Versions = NO_VERSIONS  # posts and terms of other languages within one object; among the above by number
