"""What checks may know of the whole site, read from both sides before the layers begin."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cms_models.verify_queries import read_issue_codes
from flows.verification.languages import DefaultLanguage, read_default_language
from flows.wiring import OpenSite
from reports.checks.addresses import ADDRESSED
from reports.checks.contract import Context, Placed
from transforms.placement import entity_of, place
from wp_models.verify_addresses import read_nicenames, read_page_tree, read_translations
from wp_models.verify_queries import Kind, Translation, read_kinds
from wp_models.verify_records import read_options, read_terms, read_users

HIDING = re.compile(r'"noindex-([\w-]+)";(?:b:1|i:1|s:\d+:"(?:1|on)")|"pt_([\w-]+)_robots";a:\d+:\{[^}]*"noindex"')
HIDING_ANYTHING = re.compile(
    r'"robots_global";a:\d+:\{[^}]*"noindex"|"noindex";(?:b:1|i:1|s:\d+:"1")|"noindex":\s*true'
)
SEO_OPTIONS = ("wpseo_titles", "rank-math-options-titles", "seopress_titles_option_name", "aioseo_options_dynamic")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSide:
    """What is read of WordPress once and looked at by several layers."""

    options: Mapping[int, tuple[str, str]]
    users: Mapping[int, Mapping[str, Any]]
    terms: Mapping[int, Mapping[str, Any]]
    kinds: tuple[Kind, ...]
    placed: Mapping[tuple[str, str], Placed]
    translations: Mapping[str, list[Translation]]
    spoken: DefaultLanguage  # the one in which texts are compared

    def option(self, name: str) -> str:
        """Return the value of an option; empty when there is none."""
        return next((value for found, value in self.options.values() if found == name), "")

    def keys_of_posts(self) -> dict[str, list[int]]:
        """Return the ids of the posts that should have a row, by entity."""
        keys: dict[str, list[int]] = defaultdict(list)
        for kind in self.kinds:
            placed = self.placed[kind.type, kind.status]
            if placed.skip_reason is None:
                keys[placed.entity].append(kind.id)
        return keys

    def public_posts(self) -> set[tuple[str, int]]:
        """Return entity and id of the posts that had an address."""
        return {
            (placed.entity, kind.id)
            for kind in self.kinds
            if kind.status in ADDRESSED and (placed := self.placed[kind.type, kind.status]).skip_reason is None
        }

    def skipped_posts(self) -> dict[str, int]:
        """Return how many posts are left out by rule, by entity."""
        numbers: dict[str, int] = defaultdict(int)
        for kind in self.kinds:
            placed = self.placed[kind.type, kind.status]
            numbers[placed.entity] += placed.skip_reason is not None
        return numbers


def read_source_side(source: Any, site: OpenSite) -> SourceSide:
    """Return what several layers ask of WordPress; `source` is an open connection to it."""
    rules = site.target.settings.rules()
    kinds = tuple(read_kinds(source, site.source))
    placed = {}
    for kind in {(one.type, one.status) for one in kinds}:
        found = place(*kind, rules)
        status = str(found.status) if found.status else None
        placed[kind] = Placed(found.table or entity_of(kind[0], rules), status, found.skip_reason)
    options = read_options(source, site.source)
    translations = read_translations(source, site.source)
    spoken = read_default_language(dict(options.values()), translations)
    return SourceSide(
        options={number: (name, spoken.data(value)) for number, (name, value) in options.items()},
        users={number: spoken.mapping(user) for number, user in read_users(source, site.source).items()},
        terms={number: spoken.mapping(term) for number, term in read_terms(source, site.source).items()},
        kinds=kinds,
        placed=placed,
        translations=translations,
        spoken=spoken,
    )


def read_context(
    source: Any, connection: Any, site: OpenSite, site_id: int, side: SourceSide, loaded: Mapping[str, frozenset[int]]
) -> Context:
    """Return what the checks of single objects may know of all others; `loaded` are the ids that have a row."""
    home = side.option("home") or side.option("siteurl")
    return Context(
        site_key=site.target.key,
        home_path=unquote(urlsplit(home).path.rstrip("/")),
        permalinks=side.option("permalink_structure"),
        front_pages=_front_pages(side),
        zone=_zone(side),
        placed=side.placed,
        posts={number: entity for entity, numbers in loaded.items() if entity in POSTS for number in numbers},
        users=loaded["users"],
        nicenames=read_nicenames(source, site.source),
        terms={
            (term["taxonomy"], term["term_id"]): number
            for number, term in side.terms.items()
            if number in loaded["terms"]
        },
        loaded_terms=loaded["terms"],
        term_names={number: unescape(term["name"] or "") for number, term in side.terms.items()},
        tree=read_page_tree(source, site.source),
        hidden_types=_hidden_types(side),
        issues=read_issue_codes(connection, site_id),
    )


POSTS = frozenset({"articles", "pages", "portfolios", "products", "entries", "media"})


def _front_pages(side: SourceSide) -> frozenset[int]:
    """Return the page that is shown at home, and its translations."""
    page = side.option("page_on_front")
    if side.option("show_on_front") != "page" or not page.isdecimal():
        return frozenset()
    rows = [row for found in side.translations.values() for row in found if not row.is_term and row.group]
    groups = {row.group for row in rows if row.id == int(page)}
    return frozenset({int(page), *(row.id for row in rows if row.group in groups)})


def _hidden_types(side: SourceSide) -> frozenset[str]:
    """Return the post types that a setting for all of their posts may keep out of search engines."""
    settings = " ".join(side.option(name) for name in SEO_OPTIONS)
    if HIDING_ANYTHING.search(settings):
        return frozenset(kind.type for kind in side.kinds)
    return frozenset(name for found in HIDING.findall(settings) for name in found if name)


def _zone(side: SourceSide) -> tzinfo:
    try:
        return ZoneInfo(side.option("timezone_string"))
    except (ValueError, ZoneInfoNotFoundError):
        pass
    try:
        return timezone(timedelta(hours=float(side.option("gmt_offset") or 0)))
    except ValueError:
        return UTC
