"""Addresses as WordPress gives them: permalink structures, hierarchies, bases, languages.

Paths are percent-decoded, start with a slash, hold no host, and include the directory of a WordPress that
does not live at its host's root. Sources: get_permalink(), get_page_link(), get_term_link() of WordPress.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from transforms.contract import Languages
from transforms.values.slugs import decode_slug
from wp_models.php_data import try_loads
from wp_models.records import PostEntry, TermEntry, WpSite

DEFAULT_STRUCTURE = "/%postname%/"  # what a site with plain links (?p=12) gets in the CMS
ADDRESSED_STATUSES = frozenset({"publish", "private", "future"})
TOKEN = re.compile(r"%(year|monthnum|day|hour|minute|second|post_id|postname|category|author)%")
# Taxonomy > query variable, where WordPress's differs from the taxonomy's name.
QUERY_VARIABLES = {"category": "category_name", "post_tag": "tag"}
NEVER_ADDRESSED = frozenset({
    "nav_menu", "link_category", "language", "term_language", "post_translations", "term_translations",
    "wp_theme", "wp_template_part_area", "wp_pattern_category",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Base:
    """What stands before the slugs of a post type or taxonomy, and whether its slugs stack by parents."""

    prefix: str  # no slashes at either end; may be empty
    is_hierarchical: bool = False


class Permalinks:
    """Paths of one site's posts, terms and authors."""

    def __init__(self, wordpress: WpSite, languages: Languages) -> None:
        self._wp = wordpress
        self._languages = languages
        options = wordpress.options
        self.home_path = urlsplit(options.get("home") or options.get("siteurl") or "").path.rstrip("/")
        structure = options.get("permalink_structure") or DEFAULT_STRUCTURE
        self.structure = structure if structure.startswith("/") else f"/{structure}"
        self._slash = "/" if self.structure.endswith("/") else ""
        self._front = self.structure[: self.structure.find("%")].strip("/") if "%" in self.structure else ""
        self._root = "index.php" if self.structure.startswith("/index.php/") else ""
        self._terms_by_id = {(term.taxonomy, term.term_id): term for term in wordpress.terms.values()}
        self._front_pages = {page: language for language, page in languages.home_pages.items()}
        self._post_bases: dict[str, Base | None] = {}
        self._term_bases: dict[str, Base | None] = {}

    def post_path(self, post_id: int) -> str | None:
        """Return a post's path; None for drafts, the trash and types that have no address."""
        post = self._wp.posts.get(post_id)
        if post is not None and post.type == "attachment":
            return self._attachment_path(post)
        if post is None or post.status not in ADDRESSED_STATUSES:
            return None
        if post.type == "post":
            return self._localised(self._languages.of_post.get(post_id), self._expanded_structure(post))
        if post.type == "page":
            return self._page_path(post)
        if post.type not in self._post_bases:
            self._post_bases[post.type] = self._base_of_type(post.type)
        base = self._post_bases[post.type]
        if base is None:
            return None
        slugs = self._page_uri(post) if base.is_hierarchical else decode_slug(post.slug)
        return self._localised(self._languages.of_post.get(post_id), _joined(base.prefix, slugs) + self._slash)

    def term_path(self, term_taxonomy_id: int) -> str | None:
        """Return a term archive's path; None for taxonomies that have none."""
        term = self._wp.terms.get(term_taxonomy_id)
        if term is None or term.taxonomy in NEVER_ADDRESSED:
            return None
        if term.taxonomy not in self._term_bases:
            self._term_bases[term.taxonomy] = self._base_of_taxonomy(term.taxonomy)
        base = self._term_bases[term.taxonomy]
        if base is None:
            return None
        slugs = self._term_uri(term) if base.is_hierarchical else decode_slug(term.slug)
        if term.taxonomy == "post_format":
            slugs = slugs.removeprefix("post-format-")  # as WordPress's _post_format_link() does
        return self._localised(self._languages.of_term.get(term_taxonomy_id), _joined(base.prefix, slugs) + self._slash)

    def archive_path(self, post_type: str, language: str | None) -> str | None:
        """Return the path of a post type's archive, which stands at the base of its addresses, if it has one."""
        base = None if post_type in {"post", "page", "attachment"} else self._base_of_type(post_type)
        return self._localised(language, base.prefix + self._slash) if base else None

    def author_path(self, user_id: int) -> str | None:
        """Return an author archive's path."""
        user = self._wp.users.get(user_id)
        return self._localised(None, _joined(self._front, "author", user.nicename) + self._slash) if user else None

    def language_home(self, language: str | None) -> str:
        """Return the home path of a language."""
        prefix = self._languages.url_prefixes.get(language or "", "")
        return f"{self.home_path}/{prefix}/" if prefix else f"{self.home_path}/"

    def _localised(self, language: str | None, path: str) -> str:
        prefix = self._languages.url_prefixes.get(language or "", "")
        if not prefix:
            return f"{self.home_path}/{path.lstrip('/')}"
        if self._root and path.lstrip("/").startswith(self._root):
            return f"{self.home_path}/{self._root}/{prefix}/{path.lstrip('/')[len(self._root) :].lstrip('/')}"
        return f"{self.home_path}/{prefix}/{path.lstrip('/')}"

    def _expanded_structure(self, post: PostEntry) -> str:
        date = post.published_local
        user = self._wp.users.get(post.author_id or 0)
        values = {
            "year": f"{date.year:04d}" if date else "0000",
            "monthnum": f"{date.month:02d}" if date else "00",
            "day": f"{date.day:02d}" if date else "00",
            "hour": f"{date.hour:02d}" if date else "00",
            "minute": f"{date.minute:02d}" if date else "00",
            "second": f"{date.second:02d}" if date else "00",
            "post_id": str(post.id),
            "postname": decode_slug(post.slug),
            "category": self._category_uri(post.id) if "%category%" in self.structure else "",
            "author": user.nicename if user else "",
        }
        return TOKEN.sub(lambda token: values[token[1]], self.structure)

    def _category_uri(self, post_id: int) -> str:
        """Return the slugs of the primary category, else of the one with the lowest id, parents first."""
        ids = sorted(self._wp.categories.get(post_id, ()))
        primary = self._wp.primary_categories.get(post_id)
        chosen = primary if primary in ids else ids[0] if ids else None
        term = self._terms_by_id.get(("category", chosen)) if chosen else None
        if term is not None:
            return self._term_uri(term)
        default = self._wp.options.get("default_category") or "0"
        term = self._terms_by_id.get(("category", int(default))) if default.isdigit() else None
        return decode_slug(term.slug) if term else "uncategorized"

    def _term_uri(self, term: TermEntry) -> str:
        slugs, seen = [decode_slug(term.slug)], {term.term_id}
        parent = self._terms_by_id.get((term.taxonomy, term.parent_term_id or 0))
        while parent is not None and parent.term_id not in seen:
            slugs.append(decode_slug(parent.slug))
            seen.add(parent.term_id)
            parent = self._terms_by_id.get((term.taxonomy, parent.parent_term_id or 0))
        return "/".join(reversed(slugs))

    def _page_path(self, page: PostEntry) -> str:
        language = self._languages.of_post.get(page.id)
        if page.id in self._front_pages:
            return self.language_home(self._front_pages[page.id])
        if self._wp.options.get("show_on_front") == "page" and self._wp.options.get("page_on_front") == str(page.id):
            return self.language_home(language)
        uri = self._page_uri(page)
        return self._localised(language, _joined(self._root, uri) + self._slash if uri else "")

    def _page_uri(self, page: PostEntry) -> str:
        """Return the slugs of a page and its ancestors, whatever their type or status, as get_page_uri() does."""
        slugs, seen = [decode_slug(page.slug)], {page.id}
        parent = self._wp.posts.get(page.parent_id or 0)
        while parent is not None and parent.id not in seen:
            slugs.append(decode_slug(parent.slug))
            seen.add(parent.id)
            parent = self._wp.posts.get(parent.parent_id or 0)
        return "/".join(slug for slug in reversed(slugs) if slug)

    def _attachment_path(self, attachment: PostEntry) -> str | None:
        if not attachment.slug:
            return None
        slug = decode_slug(attachment.slug)
        parent = self._parent_path(attachment)
        if parent is None:
            return self._localised(self._languages.of_post.get(attachment.id), slug + self._slash)
        between = "attachment/" if slug.isdigit() or "%category%" in self.structure else ""
        return f"{parent.rstrip('/')}/{between}{slug}{self._slash}"

    def _parent_path(self, attachment: PostEntry) -> str | None:
        """Return the path of what an attachment hangs on; an attachment under attachments stands alone."""
        parent = self._wp.posts.get(attachment.parent_id or 0)
        return self.post_path(parent.id) if parent is not None and parent.type != "attachment" else None

    def _base_of_type(self, post_type: str) -> Base | None:
        if post_type == "product":
            option = try_loads(self._wp.options.get("woocommerce_permalinks", ""))
            product_base = option.get("product_base") if isinstance(option, Mapping) else None
            return Base(str(product_base).strip("/") if product_base else "product")
        found = self._base_in_rules(post_type)
        if found is None and self._rules:
            return None  # WordPress gives types without a rewrite rule no path
        if found is not None and not self._rules_are_stale:
            return found
        if post_type == "avada_portfolio":
            option = try_loads(self._wp.options.get("fusion_options", ""))
            slug = option.get("portfolio_slug") if isinstance(option, Mapping) else None
            return Base(_joined(self._front, str(slug or "portfolio-items")))
        slug = found.prefix if found else post_type
        # Rules older than the permalink structure lack its static prefix, which a type has by default (with_front).
        return Base(
            slug if slug.startswith(self._front) else _joined(self._front, slug), bool(found and found.is_hierarchical)
        )

    def _base_of_taxonomy(self, taxonomy: str) -> Base | None:
        if taxonomy in QUERY_VARIABLES:
            default = "tag" if taxonomy == "post_tag" else taxonomy
            option = (self._wp.options.get("tag_base" if taxonomy == "post_tag" else "category_base") or "").strip("/")
            prefix = _joined(self._root, option) if option else _joined(self._front, default)
            return Base(prefix, is_hierarchical=taxonomy == "category")
        if taxonomy == "post_format":
            return Base(_joined(self._front, "type"))
        found = self._base_in_rules(taxonomy)
        if found is None and self._rules:
            return None
        if found is not None and not self._rules_are_stale:
            return found
        slug = found.prefix if found else taxonomy
        return Base(
            slug if slug.startswith(self._front) else _joined(self._front, slug), bool(found and found.is_hierarchical)
        )

    @cached_property
    def _rules(self) -> tuple[tuple[str, str], ...]:
        rules = try_loads(self._wp.options.get("rewrite_rules", ""))
        if not isinstance(rules, Mapping):
            return ()
        return tuple((str(pattern), str(query)) for pattern, query in rules.items())

    @cached_property
    def _rules_are_stale(self) -> bool:
        """Return whether the cached rules were made before the category base they should have."""
        base = self._base_of_taxonomy("category")
        wanted = f"{base.prefix}/(.+?)/?$" if base else ""
        return not any(pattern.endswith(wanted) and "category_name=" in query for pattern, query in self._rules)

    def _base_in_rules(self, name: str) -> Base | None:
        """Return the base of a type or taxonomy as the cached rewrite rules show it."""
        for prefix, group in self._rule_heads(QUERY_VARIABLES.get(name, name)):
            return Base(prefix, is_hierarchical=group == "(.+?)")
        return None

    def _rule_heads(self, variable: str) -> Iterator[tuple[str, str]]:
        """Yield the literal text before the group that a query variable takes, and that group."""
        taken = re.compile(rf"[?&]{re.escape(variable)}=\$matches\[\d+\](?:&page=\$matches\[\d+\])?$")
        for pattern, query in self._rules:
            if not taken.search(query):
                continue
            # Polylang and WPML put a group of language codes in front.
            rest = re.sub(r"^\((?:[a-z-]{2,7}\|?)+\)/", "", pattern)
            head = re.fullmatch(r"([^()\[\]]*?)/?(\(\[\^/\]\+\)|\(\.\+\?\))(?:\(\?:/\(\[0-9\]\+\)\))?\??/?\?\$", rest)
            if head:
                yield head[1].replace("\\", ""), head[2]


def _joined(*parts: str) -> str:
    return "/".join(part.strip("/") for part in parts if part.strip("/"))
