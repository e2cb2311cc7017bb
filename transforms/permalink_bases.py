"""What stands before the slugs of each post type and taxonomy: options of WordPress, and its cached rewrite rules.

Types and taxonomies are registered by code that the database does not hold; their bases show in `rewrite_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from wp_models.php_data import try_loads
from wp_models.records import WpSite

# Taxonomy > query variable, where WordPress's differs from the taxonomy's name.
QUERY_VARIABLES = {"category": "category_name", "post_tag": "tag"}
# What a rule for single things looks like: base/([^/]+)(?:/([0-9]+))?/?$ or base/(.+?)/?$
RULE_HEAD = re.compile(r"([^()\[\]]*?)/?(\(\[\^/\]\+\)|\(\.\+\?\))(?:\(\?:/\(\[0-9\]\+\)\))?\??/?\?\$")


@dataclass(frozen=True, slots=True)
class Base:
    """What stands before the slugs of a post type or taxonomy, and whether its slugs stack by parents."""

    prefix: str  # no slashes at either end; may be empty
    is_hierarchical: bool = False


class Bases:
    """Bases of one site. `front` is the static head of the permalink structure, `root` is index.php or empty."""

    def __init__(self, wordpress: WpSite, *, front: str, root: str) -> None:
        self._options = wordpress.options
        self._front = front
        self._root = root
        self._of_types: dict[str, Base | None] = {}
        self._of_taxonomies: dict[str, Base | None] = {}

    def of_type(self, post_type: str) -> Base | None:
        """Return a post type's base; None for one without addresses of its own."""
        if post_type not in self._of_types:
            self._of_types[post_type] = self._read_type(post_type)
        return self._of_types[post_type]

    def of_taxonomy(self, taxonomy: str) -> Base | None:
        """Return a taxonomy's base; None for one without archives."""
        if taxonomy not in self._of_taxonomies:
            self._of_taxonomies[taxonomy] = self._read_taxonomy(taxonomy)
        return self._of_taxonomies[taxonomy]

    def of_archive(self, post_type: str) -> Base | None:
        """Return the base of a post type's archive; None for one that the cached rules know no archive of."""
        query = f"post_type={post_type}"
        for pattern, target in self._rules:
            if target.endswith(query) and target[-len(query) - 1] in "?&":
                head = re.fullmatch(r"([^()\[\]?*]+?)/\?\$", _without_languages(pattern))
                if head:
                    return Base(head[1].replace("\\", ""))
        return None

    @cached_property
    def of_authors(self) -> Base:
        """Return the base of author archives."""
        found = None if self._rules_are_stale else self._in_rules("author_name")
        return found or Base(joined(self._front, "author"))

    def _read_type(self, post_type: str) -> Base | None:
        if post_type == "product":
            option = try_loads(self._options.get("woocommerce_permalinks", ""))
            product_base = option.get("product_base") if isinstance(option, Mapping) else None
            return Base(str(product_base).strip("/") if product_base else "product")
        found = self._in_rules(post_type)
        if found is None and self._rules:
            return None  # WordPress gives types without a rewrite rule no path
        if found is not None and not self._rules_are_stale:
            return found
        if post_type == "avada_portfolio":
            option = try_loads(self._options.get("fusion_options", ""))
            slug = option.get("portfolio_slug") if isinstance(option, Mapping) else None
            return Base(joined(self._front, str(slug or "portfolio-items")))
        return self._with_front(found, post_type)

    def _read_taxonomy(self, taxonomy: str) -> Base | None:
        if taxonomy in QUERY_VARIABLES:
            default = "tag" if taxonomy == "post_tag" else taxonomy
            option = (self._options.get("tag_base" if taxonomy == "post_tag" else "category_base") or "").strip("/")
            prefix = joined(self._root, option) if option else joined(self._front, default)
            return Base(prefix, is_hierarchical=taxonomy == "category")
        if taxonomy == "post_format":
            return Base(joined(self._front, "type"))
        found = self._in_rules(taxonomy)
        if found is None and self._rules:
            return None
        return found if found is not None and not self._rules_are_stale else self._with_front(found, taxonomy)

    def _with_front(self, found: Base | None, name: str) -> Base:
        """Return a base below the static head of the structure, where it is by default (with_front).

        Rules older than the permalink structure lack that head.
        """
        slug = found.prefix if found else name
        prefix = slug if slug.startswith(self._front) else joined(self._front, slug)
        return Base(prefix, bool(found and found.is_hierarchical))

    @cached_property
    def _rules(self) -> tuple[tuple[str, str], ...]:
        rules = try_loads(self._options.get("rewrite_rules", ""))
        if not isinstance(rules, Mapping):
            return ()
        return tuple((str(pattern), str(query)) for pattern, query in rules.items())

    @cached_property
    def _rules_are_stale(self) -> bool:
        """Return whether the cached rules were made before the category base they should have."""
        base = self._read_taxonomy("category")
        wanted = f"{base.prefix}/(.+?)/?$" if base else ""
        return not any(pattern.endswith(wanted) and "category_name=" in query for pattern, query in self._rules)

    def _in_rules(self, name: str) -> Base | None:
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
            head = RULE_HEAD.fullmatch(_without_languages(pattern))
            if head:
                yield head[1].replace("\\", ""), head[2]


def _without_languages(pattern: str) -> str:
    """Return a rule's pattern without the group of language codes that Polylang and WPML put in front."""
    return re.sub(r"^\([a-z|-]+\)/", "", pattern)


def joined(*parts: str) -> str:
    """Return parts of a path with one slash between them and none around."""
    return "/".join(part.strip("/") for part in parts if part.strip("/"))
