"""qTranslate, qTranslate-X and -XT: every text holds all its languages, between tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from sqlalchemy import Connection, or_, select

from wp_models.language_versions import Versions, version_number
from wp_models.languages.inline_tags import in_language, languages_in
from wp_models.languages.settings import QTRANSLATE, read_qtranslate_languages
from wp_models.php_data import try_loads
from wp_models.records import TermEntry
from wp_models.tables import Installation
from wp_models.values import text

TAGS = ("%[:__]%", "%[:___]%", "%{:__}%", "%{:___}%", "%<!--:__-->%", "%<!--:___-->%")  # patterns of LIKE
SLUG_KEYS = ("qtranslate_slug_", "_qts_slug_")  # of qTranslate-XT, and of the plugin Qtranslate Slug before it
NOT_SPLIT = ("attachment", "revision", "nav_menu_item", "acf-field", "acf-field-group")
TERM_NAMES = "qtranslate_term_name"


def read_versions(
    connection: Connection, site: Installation, options: Mapping[str, str], terms: Mapping[int, TermEntry]
) -> Versions | None:
    """Return in which languages there is what; None for a site that never ran qTranslate."""
    languages = read_qtranslate_languages(options)
    if len(languages) < 2:
        return None
    posts = dict(_languages_of_posts(connection, site, languages))
    names = _term_names(options, terms, languages)
    in_terms = {number: tuple(found) for number, found in names.items()}
    used = {code for codes in chain(posts.values(), in_terms.values()) for code in codes}
    menus = [number for number, term in terms.items() if term.taxonomy == "nav_menu"]
    return Versions(
        plugin=QTRANSLATE,
        languages=languages,
        posts={post: codes[1:] for post, codes in posts.items() if len(codes) > 1},
        terms=in_terms | dict.fromkeys(menus, tuple(code for code in languages[1:] if code in used)),
        own_languages={post: codes[0] for post, codes in posts.items() if codes[0] != languages[0]},
        slugs=_slugs(connection, site, "postmeta", languages),
        term_slugs=_term_slugs(connection, site, languages, terms),
        names={version_number(number, code): name for number, found in names.items() for code, name in found.items()},
    )


def _languages_of_posts(
    connection: Connection, site: Installation, languages: tuple[str, ...]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the languages of each post that has tags: those of its content, else those of its title."""
    posts = site.table("posts").c
    tagged = (column.like(pattern) for column in (posts.post_title, posts.post_content) for pattern in TAGS)
    query = select(posts.ID, posts.post_title, posts.post_content)
    query = query.where(posts.post_type.not_in(NOT_SPLIT), or_(*tagged)).order_by(posts.ID)
    for number, title, content in connection.execute(query, execution_options={"yield_per": 500}):
        spoken = languages_in(text(content)) or languages_in(text(title))
        if known := tuple(code for code in languages if code in spoken):
            yield number, known


def _term_names(
    options: Mapping[str, str], terms: Mapping[int, TermEntry], languages: tuple[str, ...]
) -> dict[int, dict[str, str]]:
    """Return the names of terms by language, the default left out; menus have none of their own."""
    stored = try_loads(options.get(TERM_NAMES))
    by_name = stored if isinstance(stored, dict) else {}
    found: dict[int, dict[str, str]] = {}
    for number, term in terms.items():
        if term.taxonomy == "nav_menu":
            continue
        translated = by_name.get(term.name)
        own = translated if isinstance(translated, dict) else {}
        in_texts = {*languages_in(term.name), *languages_in(term.description)}
        names = {
            code: name if isinstance(name := own.get(code), str) and name else in_language(term.name, code, languages)
            for code in languages[1:]
            if own.get(code) or code in in_texts
        }
        if names:
            found[number] = names
    return found


def _slugs(connection: Connection, site: Installation, table: str, languages: tuple[str, ...]) -> dict[int, str]:
    """Return the slugs of other languages than the default, by the version of the post or term_id; XT's come last."""
    if not site.has(table):
        return {}
    owner = site.table(table).c["term_id" if table == "termmeta" else "post_id"]
    metas = site.table(table).c
    codes = {f"{prefix}{code}": code for prefix in reversed(SLUG_KEYS) for code in languages[1:]}
    query = select(owner, metas.meta_key, metas.meta_value).where(metas.meta_key.in_(list(codes)))
    rows = sorted(connection.execute(query), key=lambda row: list(codes).index(row[1]))
    return {version_number(number, codes[key]): slug for number, key, value in rows if (slug := text(value))}


def _term_slugs(
    connection: Connection, site: Installation, languages: tuple[str, ...], terms: Mapping[int, TermEntry]
) -> dict[int, str]:
    of_term_ids = _slugs(connection, site, "termmeta", languages)
    return {
        version_number(number, code): of_term_ids[key]
        for number, term in (terms.items() if of_term_ids else ())
        for code in languages[1:]
        if (key := version_number(term.term_id, code)) in of_term_ids
    }
