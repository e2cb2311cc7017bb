"""Texts of a site that are no content (its name and tagline, titles of widgets, labels) in its other languages.

Polylang, WPML and qTranslate keep them apart from the options they translate. They are read as one setting for each
language, `translations.es`, whose number is negative: no option of WordPress's has such a one.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from wp_models.languages.inline_tags import data_in_language, is_tagged, languages_in
from wp_models.languages.qtranslate import TAGS
from wp_models.languages.settings import read_qtranslate_languages
from wp_models.languages.wpml import COMPLETE
from wp_models.left_out import is_setting
from wp_models.php_data import PhpValue, decode, try_loads
from wp_models.records import WpOption
from wp_models.tables import Installation
from wp_models.values import text

PREFIX = "translations."
POLYLANG_TEXTS = "_pll_strings_translations"
QTRANSLATE_OPTIONS = ("qtranslate_enabled_languages", "qtranslate_default_language")


class SiteText(NamedTuple):
    """One text in another language. `context` and `name` say where it is from, as far as the plugin notes it."""

    language: str
    source: PhpValue
    translation: PhpValue
    context: str = ""
    name: str = ""


def read_site_texts(connection: Connection, site: Installation) -> list[WpOption]:
    """Return a setting for each language in which the site has such texts, by language."""
    by_language: defaultdict[str, list[SiteText]] = defaultdict(list)
    for read in (_of_polylang, _of_wpml, _of_qtranslate):
        for found in read(connection, site):
            by_language[found.language].append(found)
    return [_setting(language, texts) for language, texts in sorted(by_language.items())]


def _setting(language: str, texts: list[SiteText]) -> WpOption:
    entries = [{name: value for name, value in one._asdict().items() if value and name != "language"} for one in texts]
    value = json.dumps(entries, ensure_ascii=False)
    fingerprint = hashlib.sha256(value.encode()).hexdigest()
    number = -1 - zlib.crc32(language.encode())
    return WpOption(
        id=number, name=PREFIX + language, value=value, autoload=False, is_json=True, fingerprint=fingerprint
    )


def _of_polylang(connection: Connection, site: Installation) -> Iterator[SiteText]:
    """Yield pairs that a meta of the language's term lists; before version 3.4 a post held them for the term."""
    terms, taxonomies, posts = site.table("terms").c, site.table("term_taxonomy").c, site.table("posts").c
    post_metas = site.table("postmeta").c
    languages = select(terms.slug, terms.term_id).where(
        taxonomies.term_id == terms.term_id, taxonomies.taxonomy == "language"
    )
    slugs = {text(slug): term for slug, term in connection.execute(languages.order_by(terms.term_id))}
    if not slugs:
        return
    of_posts = select(posts.post_title, post_metas.meta_value).where(
        posts.post_type == "polylang_mo", post_metas.post_id == posts.ID, post_metas.meta_key == POLYLANG_TEXTS
    )
    stored = {text(title).removeprefix("polylang_mo_"): value for title, value in connection.execute(of_posts)}
    if site.has("termmeta"):
        metas = site.table("termmeta").c
        query = select(metas.term_id, metas.meta_value).where(metas.meta_key == POLYLANG_TEXTS)
        stored |= {str(term): value for term, value in connection.execute(query)}
    for slug, term in slugs.items():
        pairs = try_loads(text(stored.get(str(term))))
        for pair in pairs if isinstance(pairs, list) else ():
            source, translation = pair if isinstance(pair, list) and len(pair) == 2 else ("", "")
            if isinstance(source, str) and isinstance(translation, str) and translation and translation != source:
                yield SiteText(slug, source, translation)


def _of_wpml(connection: Connection, site: Installation) -> Iterator[SiteText]:
    if not (site.has("icl_strings") and site.has("icl_string_translations")):
        return
    strings, translations = site.table("icl_strings").c, site.table("icl_string_translations").c
    query = (
        select(translations.language, strings.value, translations.value, strings.context, strings.name)
        .where(translations.string_id == strings.id, translations.status == COMPLETE)
        .where(translations.value.is_not(None), translations.value != "")
        .order_by(strings.id)
    )
    for row in connection.execute(query):
        yield SiteText(*map(text, row))


def _of_qtranslate(connection: Connection, site: Installation) -> Iterator[SiteText]:
    options = site.table("options").c
    setup = _options(connection, site, options.option_name.in_(QTRANSLATE_OPTIONS))
    languages = read_qtranslate_languages(setup)
    if len(languages) < 2:
        return
    tagged = _options(connection, site, or_(*(options.option_value.like(pattern) for pattern in TAGS)))
    for name, value in tagged.items():
        if not (is_setting(name) and is_tagged(value)):
            continue
        source = decode(data_in_language(value, languages[0], languages))
        for code in languages[1:]:
            if code in languages_in(value):
                translation = decode(data_in_language(value, code, languages))
                yield SiteText(code, source, translation, context="option", name=name)


def _options(connection: Connection, site: Installation, wanted: ColumnElement[bool]) -> dict[str, str]:
    options = site.table("options").c
    query: Select[tuple[str, str]] = select(options.option_name, options.option_value).where(wanted)
    return {text(name): text(value) for name, value in connection.execute(query.order_by(options.option_id))}
