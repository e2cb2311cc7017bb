"""Languages of a site whose posts hold all of them at once: TranslatePress and qTranslate.

A group is an object with its versions; the object itself is what the others were translated from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit, urlunsplit

from transforms.contract import Languages
from transforms.languages.groups import is_on, mapping_or_empty
from transforms.languages.wpml import RTL_LANGUAGES
from wp_models.language_versions import Versions, version_number
from wp_models.languages.settings import QTRANSLATE, read_translatepress_setup
from wp_models.php_data import try_loads
from wp_models.records import WpSite

QTRANSLATE_MODES = {"1": "query", "2": "directory", "3": "subdomain", "4": "domain"}
WITHOUT_LANGUAGE = frozenset({"attachment", "nav_menu_item"})


def read_versions(wp: WpSite) -> Languages | None:
    """Return the languages of a site that has versions of posts; None for any other."""
    versions = wp.versions
    if not versions.plugin:
        return None
    default = versions.languages[0]
    if versions.plugin == QTRANSLATE:
        mode, prefix_default, prefixes, home_urls = _qtranslate_urls(wp, versions.languages)
    else:
        mode, prefix_default, prefixes, home_urls = _translatepress_urls(wp)
    return Languages(
        default=default,
        codes=versions.languages,
        names=_names(wp),
        rtl=RTL_LANGUAGES.intersection(versions.languages),
        of_post=_of_posts(wp, versions),
        of_term=_of_objects(wp.terms, versions, default),
        group_of_post=_groups("post", versions.posts),
        group_of_term=_groups("term", versions.terms),
        original_of_post={version_number(post, code): post for post, codes in versions.posts.items() for code in codes},
        url_mode=mode,
        prefix_default=prefix_default,
        url_prefixes=prefixes,
        home_urls=home_urls,
        home_pages=_home_pages(wp, versions, mode),
    )


def _of_posts(wp: WpSite, versions: Versions) -> dict[int, str]:
    written = (number for number, post in wp.posts.items() if post.type not in WITHOUT_LANGUAGE)
    return _of_objects(written, versions, versions.languages[0]) | dict(versions.own_languages)


def _of_objects(numbers: Iterable[int], versions: Versions, default: str) -> dict[int, str]:
    return {number: versions.language_of(number) or default for number in numbers}


def _groups(kind: str, languages: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    return {
        member: f"{kind}:{number}"
        for number, codes in languages.items()
        for member in (number, *(version_number(number, code) for code in codes))
    }


def _home_pages(wp: WpSite, versions: Versions, mode: str) -> dict[str, int]:
    """Return the front page in each language; with ?lang= all homes have one path, which is the default's."""
    page = wp.options.get("page_on_front") or ""
    if wp.options.get("show_on_front") != "page" or not page.isdecimal() or int(page) not in wp.posts:
        return {}
    number = int(page)
    own = versions.own_languages.get(number, versions.languages[0])
    others = versions.posts.get(number, ()) if mode != "query" else ()
    return {own: number} | {code: version_number(number, code) for code in others}


def _names(wp: WpSite) -> dict[str, str]:
    """Return what qTranslate's settings call the languages; TranslatePress asks WordPress, whose lists are not here."""
    names = mapping_or_empty(try_loads(wp.options.get("qtranslate_language_names")))
    return {code: name for code in wp.versions.languages if isinstance(name := names.get(code), str)}


Urls = tuple[str, bool, dict[str, str], dict[str, str]]
"""Mode, whether the default language has a directory, directories, homes."""


def _translatepress_urls(wp: WpSite) -> Urls:
    setup = read_translatepress_setup(wp.options)
    languages = setup.languages if setup else ()
    shown = languages if setup and setup.prefixes_default else languages[1:]
    return "directory", bool(setup and setup.prefixes_default), {one.code: one.directory for one in shown}, {}


def _qtranslate_urls(wp: WpSite, codes: tuple[str, ...]) -> Urls:
    mode = QTRANSLATE_MODES.get(wp.options.get("qtranslate_url_mode") or "", "directory")
    if not wp.options.get("permalink_structure") and mode == "directory":
        mode = "query"
    hides_default = is_on(wp.options.get("qtranslate_hide_default_language", "1"))
    shown = codes[1:] if hides_default else codes
    home = (wp.options.get("home") or wp.options.get("siteurl") or "").rstrip("/")
    if mode == "directory":
        return mode, not hides_default, {code: code for code in shown}, {}
    if mode == "query":
        return mode, not hides_default, {}, {}
    parts = urlsplit(home)
    domains = mapping_or_empty(try_loads(wp.options.get("qtranslate_domains"))) if mode == "domain" else {}
    homes = {codes[0]: home}
    for code in shown:
        stored = domains.get(code)
        host = stored if isinstance(stored, str) and stored else f"{code}.{parts.netloc.removeprefix('www.')}"
        homes[code] = host.rstrip("/") if "://" in host else urlunsplit(parts._replace(netloc=host.rstrip("/")))
    return mode, not hides_default, {}, homes
