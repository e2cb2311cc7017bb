"""The wp_* tables: finds their prefix and the blogs of a network, and describes the columns that are read.

Table prefixes and multisite are known here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, TableClause, column, inspect, select, table, text

from wp_models.errors import NotWordPressError, SourceRefusedError
from wp_models.values import text as clean_text

CORE_TABLES = ("posts", "postmeta", "options", "terms", "term_taxonomy", "term_relationships")
NETWORK_TABLES = ("users", "usermeta")
SHARED_TABLES = (*NETWORK_TABLES, "sitemeta", "mlp_relationships", "mlp_content_relations", "multilingual_linked")
"""What a network keeps once for all of its blogs, plugins' tables included."""

BLOG_PREFIX = re.compile(r"(.*?)(\d+)_")
MAIN_BLOG = 1

COLUMNS = {
    "posts": "ID post_author post_date post_date_gmt post_content post_title post_excerpt post_status comment_status "
    "post_password post_name post_modified post_modified_gmt post_parent guid menu_order post_type post_mime_type "
    "comment_count",
    "postmeta": "meta_id post_id meta_key meta_value",
    "terms": "term_id name slug term_group",
    "term_taxonomy": "term_taxonomy_id term_id taxonomy description parent count",
    "term_relationships": "object_id term_taxonomy_id term_order",
    "termmeta": "meta_id term_id meta_key meta_value",
    "users": "ID user_login user_pass user_nicename user_email user_url user_registered display_name",
    "usermeta": "umeta_id user_id meta_key meta_value",
    "comments": "comment_ID comment_post_ID comment_author comment_author_email comment_author_url comment_date "
    "comment_date_gmt comment_content comment_approved comment_type comment_parent user_id",
    "commentmeta": "meta_id comment_id",
    "links": "link_id link_url link_name",
    "options": "option_id option_name option_value autoload",
    "icl_translations": "translation_id element_type element_id trid language_code source_language_code",
    "icl_translation_status": "translation_id status",
    "icl_strings": "id context name value",
    "icl_string_translations": "string_id language status value",
    "sitemeta": "meta_id meta_key meta_value",
    "mlp_relationships": "id type",
    "mlp_content_relations": "relationship_id site_id content_id",
    "multilingual_linked": "ml_id ml_source_blogid ml_source_elementid ml_blogid ml_elementid ml_type",
    "redirection_items": "id url regex position group_id status action_type action_code action_data match_type",
    "redirection_groups": "id status",
    "rank_math_redirections": "id sources url_to header_code status",
    "redirects": "id url_from url_to status type",
    "aioseo_posts": "id post_id title description keyphrases canonical_url og_title og_description og_image_custom_url "
    "twitter_title twitter_description robots_default robots_noindex robots_nofollow robots_noarchive "
    "robots_nosnippet robots_noimageindex",
    "blogs": "blog_id domain path archived spam deleted",
}
CHANGING_TABLES = ("aioseo_posts", "redirects")
"""Tables of plugins that are read only when they have all these columns."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where one blog keeps its tables."""

    prefix: str  # of the blog's own tables, such as wp_ or wp_2_
    base_prefix: str  # of users and usermeta, which a network shares
    blog_id: int
    tables: frozenset[str]  # names without the prefix
    recoded: frozenset[tuple[str, str]] = frozenset()  # (table, column) kept in another charset than UTF-8

    def table(self, name: str) -> TableClause:
        """Return a table by its name without the prefix; it need not exist (see `has`)."""
        return _described(self.base_prefix if name in SHARED_TABLES else self.prefix, name)

    def has(self, name: str) -> bool:
        """Return whether the table exists; those of plugins, and users in a partial dump, may not."""
        return name in self.tables


@dataclass(frozen=True, slots=True)
class Blog:
    """One site of a network."""

    id: int
    domain: str
    path: str
    is_public: bool  # neither archived nor spam nor deleted


@lru_cache(maxsize=256)
def _described(prefix: str, name: str) -> TableClause:
    return table(prefix + name, *(column(column_name) for column_name in COLUMNS[name].split()))


def find_installation(
    connection: Connection, description: str, *, prefix: str | None = None, blog_id: int | None = None
) -> Installation:
    """Return the one WordPress of a database, or the one that `prefix` and `blog_id` name.

    Raises NotWordPressError when there is none, SourceRefusedError when there are several to choose from.
    """
    names = _table_names(connection)
    networks = _networks(names)
    if prefix is not None:
        base, blog_id = _chosen_by_prefix(networks, prefix, blog_id, description)
    else:
        base = _only_network(connection, networks, description)
    blogs = networks[base]
    if blog_id is None:
        blog_id = min(blogs)
    if blog_id not in blogs:
        known = ", ".join(str(known) for known in sorted(blogs))
        raise NotWordPressError(f"{description} has no blog {blog_id}. It has {known}: name one of them.")
    own_prefix = blogs[blog_id]
    if site_url(connection, own_prefix) is None:
        raise NotWordPressError(
            f"{description} has tables named {own_prefix}posts and so on, but no option siteurl in "
            f"{own_prefix}options, so WordPress was never set up there. Check that it is the right database."
        )
    tables = _own_tables(names, own_prefix, base)
    tables -= {name for name in CHANGING_TABLES if name in tables and not _is_as_known(connection, own_prefix, name)}
    return Installation(own_prefix, base, blog_id, tables, _recoded(connection, own_prefix, base))


def list_blogs(connection: Connection, *, prefix: str | None = None) -> tuple[Blog, ...]:
    """Return the sites of a network by id; empty when WordPress is no network. `prefix` is the network's base."""
    names = _table_names(connection)
    bases = [prefix] if prefix is not None else sorted(base for base in _networks(names) if f"{base}blogs" in names)
    if not bases or f"{bases[0]}blogs" not in names:
        return ()
    blogs = _described(bases[0], "blogs")
    found = connection.execute(select(*blogs.c).order_by(blogs.c.blog_id))
    return tuple(
        Blog(int(number), clean_text(domain), clean_text(path), not any(int(flag or 0) for flag in flags))
        for number, domain, path, *flags in found
    )


def site_url(connection: Connection, prefix: str) -> str | None:
    """Return the option siteurl of the blog with this prefix; None when it has none."""
    options = _described(prefix, "options")
    query = select(options.c.option_value).where(options.c.option_name == "siteurl").limit(1)
    found = connection.execute(query).scalar()
    return clean_text(found) if found is not None else None


def _table_names(connection: Connection) -> frozenset[str]:
    return frozenset(inspect(connection).get_table_names())


def _networks(names: frozenset[str]) -> dict[str, dict[int, str]]:
    """Return the table prefix of each blog, by blog id, by base prefix. A single site is a network of one blog."""
    complete = [
        name.removesuffix("posts")
        for name in names
        if name.endswith("posts") and all(name.removesuffix("posts") + core in names for core in CORE_TABLES)
    ]
    networks: dict[str, dict[int, str]] = {}
    for prefix in sorted(complete, key=len):  # the unnumbered main blog first: it wins over a wp_1_ of older networks
        base, blog_id = _base_and_blog(prefix, names, complete)
        networks.setdefault(base, {}).setdefault(blog_id, prefix)
    return networks


def _base_and_blog(prefix: str, names: frozenset[str], complete: Iterable[str]) -> tuple[str, int]:
    numbered = BLOG_PREFIX.fullmatch(prefix)
    if numbered and f"{prefix}users" not in names:  # with users of its own it is a site that happens to be called so
        base, blog_id = numbered.groups()
        if base in complete or f"{base}users" in names:
            return base, int(blog_id)
    return prefix, MAIN_BLOG


def _chosen_by_prefix(
    networks: dict[str, dict[int, str]], prefix: str, blog_id: int | None, description: str
) -> tuple[str, int | None]:
    if prefix in networks:
        return prefix, blog_id
    for base, blogs in networks.items():
        for number, own_prefix in blogs.items():
            if own_prefix == prefix and blog_id in (None, number):
                return base, number
    found = ", ".join(repr(own) for blogs in networks.values() for own in blogs.values()) or "none"
    raise NotWordPressError(
        f"{description} has no WordPress tables with the prefix {prefix!r}. Prefixes found: {found}. "
        "Check --prefix, or leave it out to have it found."
    )


def _only_network(connection: Connection, networks: dict[str, dict[int, str]], description: str) -> str:
    if not networks:
        raise NotWordPressError(
            f"{description} holds no WordPress: no set of tables ends in {', '.join(CORE_TABLES)}. "
            "Check that it is the right database, and that the dump has all tables."
        )
    if len(networks) == 1:
        return next(iter(networks))
    addresses = {base: site_url(connection, blogs[min(blogs)]) for base, blogs in networks.items()}
    live = {base: address for base, address in addresses.items() if address is not None}
    if len(live) == 1:
        return next(iter(live))
    listed = ", ".join(f"--prefix {base} ({address or 'no address'})" for base, address in sorted(addresses.items()))
    raise SourceRefusedError(f"{description} holds {len(addresses)} WordPress sites. Choose one: {listed}.")


def _own_tables(names: frozenset[str], prefix: str, base: str) -> frozenset[str]:
    own = {name.removeprefix(prefix) for name in names if name.startswith(prefix)}
    if prefix == base:
        return frozenset(name for name in own if not re.match(r"\d+_", name))
    return frozenset(own | {name for name in SHARED_TABLES if base + name in names})


def _is_as_known(connection: Connection, prefix: str, name: str) -> bool:
    there = {one["name"] for one in inspect(connection).get_columns(prefix + name)}
    return there.issuperset(COLUMNS[name].split())


def _recoded(connection: Connection, prefix: str, base: str) -> frozenset[tuple[str, str]]:
    """Return the text columns whose bytes are not UTF-8, so that hashing them needs a conversion first."""
    if connection.dialect.name == "sqlite":
        return frozenset()
    found = connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() "
            "AND character_set_name NOT IN ('utf8mb4', 'utf8mb3', 'utf8', 'ascii')"
        )
    )
    described = {(base if name in SHARED_TABLES else prefix) + name: name for name in COLUMNS}
    return frozenset((described[name], column_name) for name, column_name in found if name in described)
