"""The site's index with a post and a term for each language that one of WordPress's holds besides its own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import Connection

from wp_models.language_versions import NO_VERSIONS, Versions, version_number
from wp_models.languages import qtranslate, translatepress
from wp_models.languages.settings import POLYLANG, QTRANSLATE, TRANSLATEPRESS, WPML, plugins_by_standing
from wp_models.records import PostEntry, TermEntry, WpSite
from wp_models.tables import Installation


def with_language_versions(connection: Connection, site: Installation, wp: WpSite) -> WpSite:
    """Return the site with its language versions; the same site where no plugin keeps such."""
    versions = _read_versions(connection, site, wp)
    return wp if versions is NO_VERSIONS else _Expansion(wp, versions).site()


def _read_versions(connection: Connection, site: Installation, wp: WpSite) -> Versions:
    if "trp_settings" not in wp.options and "qtranslate_enabled_languages" not in wp.options:
        return NO_VERSIONS
    for plugin in plugins_by_standing(wp.options):
        found = None
        if (plugin == POLYLANG and wp.language_links) or (plugin == WPML and wp.wpml):
            break  # a plugin with a post for each language is believed first
        if plugin == TRANSLATEPRESS:
            found = translatepress.read_versions(connection, site, wp.options, wp.posts, wp.terms)
        elif plugin == QTRANSLATE:
            found = qtranslate.read_versions(connection, site, wp.options, wp.terms)
        if found is not None:
            return found
    return NO_VERSIONS


class _Expansion:
    """A site's index while versions are added. Versions refer to versions of their language where there are any."""

    def __init__(self, wp: WpSite, versions: Versions) -> None:
        self._wp = wp
        self._versions = versions
        self._codes_of_terms: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        for number, codes in versions.terms.items():
            term = wp.terms[number]
            self._codes_of_terms[term.taxonomy, term.term_id].update(codes)

    def site(self) -> WpSite:
        """Return the site with its versions."""
        wp, versions = self._wp, self._versions
        posts = [self._post(wp.posts[post], code) for post, codes in versions.posts.items() for code in codes]
        terms = [self._term(wp.terms[term], code) for term, codes in versions.terms.items() for code in codes]
        pairs = [(post, code) for post, codes in versions.posts.items() for code in codes]
        categories = {
            version_number(post, code): tuple(self._term_id("category", one, code) for one in wp.categories[post])
            for post, code in pairs
            if post in wp.categories
        }
        primary = {
            version_number(post, code): self._term_id("category", wp.primary_categories[post], code)
            for post, code in pairs
            if post in wp.primary_categories
        }
        return replace(
            wp,
            versions=versions,
            posts={**wp.posts, **{post.id: post for post in posts}},
            terms={**wp.terms, **{term.id: term for term in terms}},
            categories={**wp.categories, **categories},
            primary_categories={**wp.primary_categories, **primary},
        )

    def _post(self, post: PostEntry, code: str) -> PostEntry:
        number, parent = version_number(post.id, code), post.parent_id
        if parent is not None and code in self._versions.posts.get(parent, ()):
            parent = version_number(parent, code)
        slug = self._versions.slugs.get(number, post.slug)
        is_hidden = code in self._versions.hidden and post.status == "publish"
        return replace(post, id=number, slug=slug, parent_id=parent, status="draft" if is_hidden else post.status)

    def _term(self, term: TermEntry, code: str) -> TermEntry:
        number, parent = version_number(term.id, code), term.parent_term_id
        return replace(
            term,
            id=number,
            term_id=version_number(term.term_id, code),
            name=self._versions.names.get(number, term.name),
            slug=self._versions.term_slugs.get(number, term.slug),
            parent_term_id=None if parent is None else self._term_id(term.taxonomy, parent, code),
        )

    def _term_id(self, taxonomy: str, term_id: int, code: str) -> int:
        is_there = code in self._codes_of_terms.get((taxonomy, term_id), ())
        return version_number(term_id, code) if is_there else term_id
