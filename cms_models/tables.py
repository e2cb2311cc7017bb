"""Tables of the schema `cms`, the single source: migrations, staging and upserts follow them.

Rules that other code relies on: a row class of `cms_models.rows` has the columns of its table, except those
in `MADE_BY_THE_DATABASE`; new columns go to the end, as `ALTER TABLE` puts them there and `loaded_hash`
counts on their order. The file is long because the schema is read as a whole.

References of a row to rows of its own table (`parent_id`, `translated_from_id`) and to translation groups have
no foreign key: batches commit in any order, so a child may arrive before its parent. `verify` checks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Enum,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from cms_models import columns
from cms_models.columns import (
    TIMESTAMPTZ,
    json_object,
    key,
    reference,
    reference_indexes,
    references,
    required,
    site,
    texts,
    tombstone,
)
from cms_models.rows import CONTENT_TABLES, REFERENCE_COLUMNS, MediaKind, MediaStatus, Status, TranslationOrigin

SCHEMA = columns.SCHEMA
MADE_BY_THE_DATABASE = frozenset({"search", "deleted_at"})

SEARCHED_CHARACTERS = 500
"""How much of the plain text is searched, besides title and excerpt.

Measured on the embedded Postgres 18, for 10,000 rows: to_tsvector takes 0.7 s of server time for 500 characters,
1.4 s for 1,000 and 6 s for 5,000, while all the rest of loading them takes 5 s. The cut also keeps the vector far
below its limit of 1 MB, whatever the body.
"""

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    },
)


def closed_set(name: str, values: type[StrEnum] | Sequence[str]) -> Enum:
    """Return a Postgres enum of the schema."""
    return Enum(*(str(value) for value in values), name=name, metadata=metadata, schema=SCHEMA)


CONTENT_STATUS = closed_set("content_status", Status)
TRANSLATION_ORIGIN = closed_set("translation_origin", TranslationOrigin)
MEDIA_KIND = closed_set("media_kind", MediaKind)
MEDIA_STATUS = closed_set("media_status", MediaStatus)
COMMENT_STATUS = closed_set("comment_status", ("approved", "pending", "spam", "trash"))
REDIRECT_ORIGIN = closed_set("redirect_origin", ("old_slug", "permalink", "plugin", "attachment", "shortlink"))


sites = Table(
    "sites",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    required("key", Text, unique=True),
    *texts("name", "url", "default_language"),
    required("languages", ARRAY(Text), server_default="{}"),
    required("timezone", Text, server_default="UTC"),
)

users = Table(
    "users",
    metadata,
    key(),
    site(),
    required("wp_user_id", BigInteger),
    required("login", Text),
    Column("email", Text),
    *texts("display_name", "first_name", "last_name", "bio", "url"),
    required("roles", ARRAY(Text), server_default="{}"),
    Column("password_hash", Text),
    Column("password_scheme", Text),
    Column("avatar_url", Text),
    Column("registered_at", TIMESTAMPTZ),
    tombstone(),
    UniqueConstraint("site_id", "wp_user_id"),
)

user_metadata = Table(
    "user_metadata",
    metadata,
    key(),
    site(),
    reference("user_id", "users", on_delete="CASCADE", nullable=False),
    required("key", Text),
    Column("value", JSONB),
    Index("user_metadata_user_id_idx", "user_id"),
)

terms = Table(
    "terms",
    metadata,
    key(),
    site(),
    Column("wp_term_taxonomy_id", BigInteger),
    Column("wp_term_id", BigInteger),
    required("taxonomy", Text),
    required("slug", Text),
    required("name", Text),
    *texts("description"),
    Column("parent_id", Uuid),
    Column("language", Text),
    Column("translation_group_id", Uuid),
    Column("path", Text),
    json_object("meta"),
    json_object("seo"),
    tombstone(),
    required("translation_origin", TRANSLATION_ORIGIN, server_default="source"),
    Column("translated_from_id", Uuid),
    UniqueConstraint("site_id", "wp_term_taxonomy_id"),
    Index("terms_path_idx", "path", postgresql_using="hash"),
    Index("terms_slug_idx", "slug", postgresql_using="hash"),
    *reference_indexes("terms", ["parent_id", "translation_group_id"]),
)

media = Table(
    "media",
    metadata,
    key(),
    site(),
    Column("wp_post_id", BigInteger),
    required("kind", MEDIA_KIND),
    *texts("title", "alt_text", "caption", "description"),
    Column("source_path", Text),
    Column("source_url", Text),
    Column("mime_type", Text),
    Column("width", Integer),
    Column("height", Integer),
    Column("byte_size", BigInteger),
    Column("sha256", Text),
    Column("store_key", Text),
    Column("placeholder", Text),
    required("status", MEDIA_STATUS),
    Column("status_reason", Text),
    json_object("exif"),
    Column("language", Text),
    Column("translation_group_id", Uuid),
    Column("created_at", TIMESTAMPTZ),
    Column("updated_at", TIMESTAMPTZ),
    tombstone(),
    UniqueConstraint("site_id", "wp_post_id"),
    *reference_indexes("media", ["sha256", "store_key", "translation_group_id"]),
)

media_variants = Table(
    "media_variants",
    metadata,
    key(),
    site(),
    reference("media_id", "media", on_delete="CASCADE", nullable=False),
    required("store_key", Text),
    required("mime_type", Text),
    Column("width", Integer),
    Column("height", Integer),
    required("byte_size", BigInteger, server_default="0"),
    required("role", Text, server_default="original"),
    Column("quality", SmallInteger),
    Index("media_variants_media_id_idx", "media_id"),
)

SEARCH = f"""
    setweight(to_tsvector('simple'::regconfig, left(title, 500)), 'A')
    || setweight(to_tsvector('simple'::regconfig, left(excerpt, 500)), 'B')
    || setweight(to_tsvector('simple'::regconfig, left(content_text, {SEARCHED_CHARACTERS})), 'C')
"""


def content_table(name: str, *own: Column[Any], indexes: Sequence[Index] = ()) -> Table:
    """Return one of the five content tables: the shared columns, then its own."""
    return Table(
        name,
        metadata,
        key(),
        site(),
        Column("wp_post_id", BigInteger),
        required("slug", Text),
        Column("path", Text),
        required("title", Text),
        *texts("excerpt", "content_html", "content_text"),
        Column("blocks", JSONB),
        *texts("source_content"),
        required("status", CONTENT_STATUS),
        required("is_password_protected", Boolean, server_default=text("false")),
        Column("published_at", TIMESTAMPTZ),
        Column("created_at", TIMESTAMPTZ),
        Column("updated_at", TIMESTAMPTZ),
        reference("author_id", "users", on_delete="SET NULL"),
        Column("language", Text),
        Column("translation_group_id", Uuid),
        required("translation_origin", TRANSLATION_ORIGIN, server_default="source"),
        Column("translated_from_id", Uuid),
        reference("featured_media_id", "media", on_delete="SET NULL"),
        required("comment_status", Text, server_default="open"),
        json_object("seo"),
        json_object("custom_fields"),
        *own,
        tombstone(),
        Column("search", TSVECTOR, Computed(SEARCH, persisted=True)),
        UniqueConstraint("site_id", "wp_post_id"),
        # Deferred, so that two translations may swap their languages in one batch. Rows without a group are free:
        # NULLs are distinct.
        UniqueConstraint("site_id", "translation_group_id", "language", deferrable=True, initially="DEFERRED"),
        # Paths and slugs are of any length; a B-tree refuses a key of more than 2.7 kB, a hash index takes it.
        Index(f"{name}_path_idx", "path", postgresql_using="hash"),
        Index(f"{name}_slug_idx", "slug", postgresql_using="hash"),
        Index(f"{name}_listing_idx", "site_id", "status", text("published_at DESC")),
        Index(f"{name}_search_idx", "search", postgresql_using="gin"),
        *reference_indexes(name, ["author_id", "featured_media_id"]),
        *indexes,
    )


articles = content_table(
    "articles",
    required("is_sticky", Boolean, server_default=text("false")),
    required("format", Text, server_default="standard"),
)
pages = content_table(
    "pages",
    Column("parent_id", Uuid),
    required("menu_order", Integer, server_default="0"),
    Column("template", Text),
    required("is_front_page", Boolean, server_default=text("false")),
    required("is_posts_page", Boolean, server_default=text("false")),
    indexes=reference_indexes("pages", ["parent_id"]),
)
portfolios = content_table(
    "portfolios",
    Column("project_url", Text),
    Column("client", Text),
    required("gallery", ARRAY(Uuid), server_default="{}"),
)
products = content_table(
    "products",
    Column("sku", Text),
    Column("price", Numeric),
    Column("sale_price", Numeric),
    Column("currency", Text),
    Column("stock", Integer),
    Column("product_type", Text),
    Column("parent_id", Uuid),
    json_object("attributes"),
    indexes=reference_indexes("products", ["parent_id"]),
)
entries = content_table(
    "entries",
    required("entry_type", Text),
    Column("parent_id", Uuid),
    required("menu_order", Integer, server_default="0"),
    indexes=[Index("entries_entry_type_idx", "site_id", "entry_type"), *reference_indexes("entries", ["parent_id"])],
)

CONTENT_REFERENCES = [REFERENCE_COLUMNS[name] for name in CONTENT_TABLES]
COMMENTED = (*CONTENT_TABLES, "media")

term_relationships = Table(
    "term_relationships",
    metadata,
    key(),
    site(),
    reference("term_id", "terms", on_delete="CASCADE", nullable=False),
    *references(CONTENT_TABLES, on_delete="CASCADE"),
    required("position", Integer, server_default="0"),
    CheckConstraint(f"num_nonnulls({', '.join(CONTENT_REFERENCES)}) = 1", name="one_reference"),
    Index("term_relationships_term_id_idx", "term_id"),
    *reference_indexes("term_relationships", CONTENT_REFERENCES),
)

comments = Table(
    "comments",
    metadata,
    key(),
    site(),
    required("wp_comment_id", BigInteger),
    Column("parent_id", Uuid),
    *references(COMMENTED, on_delete="CASCADE"),
    reference("user_id", "users", on_delete="SET NULL"),
    *texts("author_name"),
    Column("author_email", Text),
    Column("author_url", Text),
    *texts("content_html"),
    required("status", COMMENT_STATUS),
    required("type", Text, server_default="comment"),
    Column("created_at", TIMESTAMPTZ),
    tombstone(),
    UniqueConstraint("site_id", "wp_comment_id"),
    CheckConstraint(f"num_nonnulls({', '.join([*CONTENT_REFERENCES, 'media_id'])}) = 1", name="one_reference"),
    *reference_indexes("comments", ["parent_id", *CONTENT_REFERENCES, "media_id", "user_id"]),
)

menus = Table(
    "menus",
    metadata,
    key(),
    site(),
    required("slug", Text),
    required("name", Text),
    required("locations", ARRAY(Text), server_default="{}"),
    Column("language", Text),
    tombstone(),
)

menu_items = Table(
    "menu_items",
    metadata,
    key(),
    site(),
    reference("menu_id", "menus", on_delete="CASCADE", nullable=False),
    Column("parent_id", Uuid),
    required("position", Integer, server_default="0"),
    *texts("label"),
    Column("url", Text),
    *references((*CONTENT_TABLES, "terms"), on_delete="SET NULL"),
    Column("target", Text),
    required("css_classes", ARRAY(Text), server_default="{}"),
    CheckConstraint(f"num_nonnulls({', '.join([*CONTENT_REFERENCES, 'term_id'])}) <= 1", name="one_reference"),
    Index("menu_items_menu_id_idx", "menu_id"),
    *reference_indexes("menu_items", [*CONTENT_REFERENCES, "term_id"]),
)

# Neither paths nor option names are unique: WordPress may delete and remake them under a new number, and the
# new row arrives before the old one is known to be gone.
redirects = Table(
    "redirects",
    metadata,
    key(),
    site(),
    required("from_path", Text),
    Column("to_path", Text),
    required("status_code", SmallInteger, server_default="301"),
    required("is_regex", Boolean, server_default=text("false")),
    required("origin", REDIRECT_ORIGIN),
    CheckConstraint("to_path IS NOT NULL OR status_code = 410", name="target"),
    Index("redirects_from_path_idx", "from_path", postgresql_using="hash"),
)

settings = Table(
    "settings",
    metadata,
    key(),
    site(),
    required("key", Text),
    Column("value", JSONB),
    required("autoload", Boolean, server_default=text("true")),
    Index("settings_key_idx", "site_id", "key"),
)

translation_groups = Table(
    "translation_groups",
    metadata,
    key(),
    site(),
    required("kind", Text),
)
