"""Settings of plugins for several languages: which of them a site runs, and in which languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from wp_models.languages.inline_tags import CODE
from wp_models.php_data import PhpValue, try_loads

POLYLANG, WPML, TRANSLATEPRESS, QTRANSLATE = "polylang", "sitepress-multilingual-cms", "translatepress", "qtranslate"
PLUGINS = (POLYLANG, WPML, TRANSLATEPRESS, QTRANSLATE)
"""What the plugins' folders are called or begin with, in the order in which what they left is believed."""


def plugins_by_standing(options: Mapping[str, str]) -> list[str]:
    """Return the plugins in the order in which they are believed: active ones first, for others leave their data."""
    active = try_loads(options.get("active_plugins"))
    folders = [plugin.partition("/")[0] for plugin in _texts(active)]
    return sorted(PLUGINS, key=lambda name: not any(folder.startswith(name) for folder in folders))


class Language(NamedTuple):
    """One language of the site."""

    code: str  # as the CMS knows it
    locale: str
    directory: str
    is_public: bool = True  # else only those who are logged in see it


@dataclass(frozen=True, slots=True)
class Setup:
    """The site's languages, the default first, and whether the default has a directory, too."""

    languages: tuple[Language, ...]
    prefixes_default: bool


def read_translatepress_setup(options: Mapping[str, str]) -> Setup | None:
    """Return how TranslatePress is set up; None for a site that never ran it or has one language."""
    settings = try_loads(options.get("trp_settings"))
    if not isinstance(settings, dict):
        return None
    default, stored = settings.get("default-language"), settings.get("translation-languages")
    slugs = settings.get("url-slugs")
    directories = slugs if isinstance(slugs, dict) else {}
    if not isinstance(default, str) or not default:
        return None
    known = list(dict.fromkeys((default, *filter(None, _texts(stored)))))
    if len(known) < 2:
        return None
    public = {default, *_texts(settings.get("publish-languages", stored))}
    languages = tuple(
        Language(code, locale, str(directories.get(locale) or code), locale in public)
        for locale, code in ((locale, _code(locale, known)) for locale in known)
    )
    return Setup(languages, settings.get("add-subdirectory-to-default-language") == "yes")


def read_qtranslate_languages(options: Mapping[str, str]) -> tuple[str, ...]:
    """Return qTranslate's languages, the default first; none for a site that never ran it."""
    stored = _texts(try_loads(options.get("qtranslate_enabled_languages")))
    enabled = [code for code in stored if re.fullmatch(CODE, code)]
    default = options.get("qtranslate_default_language") or ""
    return tuple(dict.fromkeys((default, *enabled))) if default in enabled else tuple(enabled)


def _code(locale: str, locales: Collection[str]) -> str:
    """Return the language of a locale, with its country where the site has several of that language."""
    language = locale.partition("_")[0].lower()
    is_alone = sum(other.partition("_")[0].lower() == language for other in locales) == 1
    return language if is_alone else locale.lower().replace("_", "-")


def _texts(value: PhpValue) -> list[str]:
    """Return the texts of a PHP array, whether it is kept as a list or with keys."""
    values = list(value.values()) if isinstance(value, dict) else value
    return [text for text in values if isinstance(text, str)] if isinstance(values, list) else []
