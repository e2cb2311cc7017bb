"""TranslatePress: one post for all languages, and a dictionary of the texts on its page for each language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from html import unescape
from typing import NamedTuple

from sqlalchemy import Connection, select

from wp_models.language_versions import Versions, Words, prints_of_words, version_number, words_key
from wp_models.languages.columns import own_columns, table_columns
from wp_models.languages.settings import TRANSLATEPRESS, Language, read_translatepress_setup
from wp_models.records import PostEntry, TermEntry
from wp_models.tables import Installation
from wp_models.values import id_or_none, integer, text

HUMAN = 2  # 1: a machine; 3: taken over from a similar text
DEPRECATED = 2  # a block of several texts that is cut in another way today
SHOWN = frozenset({"publish", "future", "private", "draft", "pending"})
WITHOUT_PAGE = frozenset({"attachment", "nav_menu_item", "acf-field", "acf-field-group", "wp_block", "custom_css"})
SLUG_KINDS = ("automatically_translated", "translated")
POST_OF_TEXT = "post_parent_id"


def read_versions(
    connection: Connection,
    site: Installation,
    options: Mapping[str, str],
    posts: Mapping[int, PostEntry],
    terms: Mapping[int, TermEntry],
) -> Versions | None:
    """Return in which languages there is what, with the dictionaries; None without TranslatePress."""
    setup = read_translatepress_setup(options)
    if setup is None:
        return None
    default, *others = setup.languages
    dictionaries = {one.code: _dictionary(connection, site, default, one) for one in others}
    words = {code: dictionary.words for code, dictionary in dictionaries.items() if dictionary.words}
    if not words:
        return None
    of_posts = _texts_of_posts(connection, site)
    titles = _titles(connection, site, posts)
    in_posts: dict[int, tuple[str, ...]] = {}
    for number, title in titles.items():
        texts = of_posts.get(number, frozenset())
        codes = tuple(code for code in words if title in words[code] or texts & dictionaries[code].originals)
        if codes:
            in_posts[number] = codes
    in_terms = {
        number: codes
        for number, term in terms.items()
        if (codes := tuple(code for code in words if _key(term.name) in words[code] or term.taxonomy == "nav_menu"))
    }
    slugs, term_slugs = _slugs(connection, site, others, posts, terms)
    return Versions(
        plugin=TRANSLATEPRESS,
        languages=tuple(one.code for one in setup.languages),
        posts=in_posts,
        terms=in_terms,
        hidden=frozenset(one.code for one in setup.languages if not one.is_public),
        slugs=slugs,
        term_slugs=term_slugs,
        words=words,
        word_prints={code: prints_of_words(dictionary) for code, dictionary in words.items()},
    )


class _Dictionary(NamedTuple):
    """What one language says."""

    words: Mapping[str, Words]
    originals: frozenset[int]  # ids of the texts that have a translation


def _dictionary(connection: Connection, site: Installation, default: Language, language: Language) -> _Dictionary:
    name = f"trp_dictionary_{default.locale}_{language.locale}".lower()
    if not site.has(name):
        return _Dictionary({}, frozenset())
    columns = own_columns(
        connection, site.prefix + name, "original", "translated", "status", "block_type", "original_id", "id"
    )
    query = select(*columns).where(columns[1].is_not(None), columns[1] != "", columns[2] != 0).order_by(columns[5])
    words: dict[str, Words] = {}
    originals: set[int] = set()
    for original, translated, status, block_type, original_id, _ in connection.execute(query):
        key = _key(text(original))
        if integer(block_type) == DEPRECATED or not key:
            continue
        found = Words(text(translated).strip(), is_machine=integer(status) != HUMAN)
        if key not in words or words[key].is_machine:  # of several, what a person wrote
            words[key] = found
        originals.add(integer(original_id))
    return _Dictionary(words, frozenset(originals) - {0})


def _texts_of_posts(connection: Connection, site: Installation) -> Mapping[int, frozenset[int]]:
    """Return the ids of the texts that TranslatePress has met in each post."""
    if not site.has("trp_original_meta"):
        return {}
    columns = table_columns(site.prefix + "trp_original_meta", "original_id", "meta_key", "meta_value")
    found: dict[int, set[int]] = defaultdict(set)
    for original, post in connection.execute(select(columns[0], columns[2]).where(columns[1] == POST_OF_TEXT)):
        if number := id_or_none(post):
            found[number].add(original)
    return {number: frozenset(originals) for number, originals in found.items()}


def _titles(connection: Connection, site: Installation, posts: Mapping[int, PostEntry]) -> dict[int, str]:
    """Return the titles of what has a page, as dictionaries are asked for them."""
    columns = site.table("posts").c
    query = select(columns.ID, columns.post_title).where(columns.post_type != "revision").order_by(columns.ID)
    return {
        number: _key(text(title))
        for number, title in connection.execute(query, execution_options={"yield_per": 5_000})
        if number in posts and posts[number].status in SHOWN and posts[number].type not in WITHOUT_PAGE
    }


def _slugs(
    connection: Connection,
    site: Installation,
    languages: Collection[Language],
    posts: Mapping[int, PostEntry],
    terms: Mapping[int, TermEntry],
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the slugs of versions of posts and of terms; the table of slugs overrules metas, as on the site."""
    of_posts = dict(_slugs_in_metas(connection, site, "postmeta", languages))
    of_term_ids = dict(_slugs_in_metas(connection, site, "termmeta", languages))
    in_table = dict(_slugs_in_table(connection, site, languages))
    of_terms: dict[int, str] = {}
    for language in languages:
        of_posts.update(
            (version_number(post.id, language.code), slug)
            for post in (posts.values() if in_table else ())
            if (slug := in_table.get((post.slug, language.code)))
        )
        for term in terms.values() if in_table or of_term_ids else ():
            stored = of_term_ids.get(version_number(term.term_id, language.code))
            if slug := in_table.get((term.slug, language.code)) or stored:
                of_terms[version_number(term.id, language.code)] = slug
    return of_posts, of_terms


def _slugs_in_metas(
    connection: Connection, site: Installation, table: str, languages: Collection[Language]
) -> Iterator[tuple[int, str]]:
    if not site.has(table):
        return
    metas = site.table(table).c
    keys = {
        f"_trp_{kind}_slug_{one.locale}": one.code
        for kind in ("automatically_translated", "translated")
        for one in languages
    }
    owner = metas.term_id if table == "termmeta" else metas.post_id
    rows = connection.execute(select(owner, metas.meta_key, metas.meta_value).where(metas.meta_key.in_(list(keys))))
    for number, key, slug in sorted(rows, key=lambda row: list(keys).index(row[1])):  # what people wrote comes last
        if slug:
            yield version_number(number, keys[key]), text(slug)


def _slugs_in_table(
    connection: Connection, site: Installation, languages: Collection[Language]
) -> Iterator[tuple[tuple[str, str], str]]:
    if not (site.has("trp_slug_originals") and site.has("trp_slug_translations")):
        return
    codes = {one.locale: one.code for one in languages}
    number, original = table_columns(site.prefix + "trp_slug_originals", "id", "original")
    of, translated, locale = table_columns(
        site.prefix + "trp_slug_translations", "original_id", "translated", "language"
    )
    for slug, better, language in connection.execute(select(original, translated, locale).where(of == number)):
        if text(language) in codes and better:
            yield (text(slug), codes[text(language)]), text(better)


def _key(raw: str) -> str:
    """Return a stored text as dictionaries are asked for it: some versions kept entities, others what those mean."""
    return words_key(unescape(raw))
