"""Languages and translation groups of a site, from whichever plugin keeps them."""

from __future__ import annotations

from dataclasses import replace

from transforms.contract import Issue, Languages
from transforms.languages.networks import read_network
from transforms.languages.polylang import read_polylang
from transforms.languages.versions import read_versions
from transforms.languages.wpml import read_wpml
from wp_models.languages.settings import POLYLANG, QTRANSLATE, TRANSLATEPRESS, WPML, plugins_by_standing
from wp_models.records import WpSite

READERS = {POLYLANG: read_polylang, WPML: read_wpml, TRANSLATEPRESS: read_versions, QTRANSLATE: read_versions}
DEFAULT_LANGUAGE = "en"  # WordPress without WPLANG speaks American English


def read_languages(wp: WpSite) -> Languages:
    """Return the site's languages.

    Where two plugins left their data, as after a change from WPML to Polylang, the active one is believed.
    """
    for plugin in plugins_by_standing(wp.options):
        languages = READERS[plugin](wp)
        if languages is not None:
            return _with_missing_languages(wp, languages)
    network = read_network(wp)
    if network is not None:
        return network
    locale = wp.options.get("WPLANG") or DEFAULT_LANGUAGE
    code = locale.split("_")[0].lower()
    return Languages(default=code, codes=(code,))


def without_language_rows(wp: WpSite) -> WpSite:
    """Return the site without the plugins' own rows, one for each object: who has read the languages needs no more."""
    return replace(wp, wpml=(), language_links=())


def _with_missing_languages(wp: WpSite, languages: Languages) -> Languages:
    """Add an issue to each post and page without language, which such a plugin shows in none."""
    issues = dict(languages.issues)
    for post in wp.posts.values():
        if post.type in ("post", "page") and post.id not in languages.of_post and post.status != "auto-draft":
            issue = Issue("languages.missing", "No language is set for it. Set one in WordPress or in the CMS.")
            issues[post.id] = (*issues.get(post.id, ()), issue)
    return replace(languages, issues=issues)
