"""Records of sites whose objects hold several languages, each brought into its own before it is transformed.

qTranslate keeps all languages in every text: each record takes its own. TranslatePress keeps texts of one language and
dictionaries: a version takes what they say for its title, its names and its search data; its body follows when it is
rendered, for that is what the dictionaries were made from.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape

from transforms.contract import Issue
from transforms.seo import PREFIXES
from transforms.site import Site
from transforms.versioned_site import VersionedSite
from wp_models.language_versions import is_version
from wp_models.languages.inline_tags import languages_in
from wp_models.languages.settings import QTRANSLATE
from wp_models.records import Meta, Record, WpMenu, WpOption, WpPost, WpTerm, WpUser

PHRASE = re.compile(r"\w\W+\w")
"""Two words: a single one in a custom field may be a name that code looks for."""


def in_its_language(record: Record, site: Site) -> Record:
    """Return a record with its texts in its language, and with references to versions in that language."""
    if not isinstance(site, VersionedSite):
        return record
    match record:
        case WpPost():
            return _post(record, site)
        case WpTerm():
            return _term(record, site)
        case WpMenu():
            return _menu(record, site)
        case WpOption():
            return replace(record, value=site.spoken_data(record.value))
        case WpUser():
            return replace(record, display_name=site.spoken(record.display_name), meta=_metas(record.meta, site))
    return record


def _post(post: WpPost, site: VersionedSite) -> WpPost:
    entry = site.post(post.id)
    return replace(
        post,
        title=_line(post.title, site),
        content=site.spoken(post.content),
        excerpt=_line(post.excerpt, site),
        status=entry.status if entry else post.status,
        slug=entry.slug if entry else post.slug,
        parent_id=entry.parent_id if entry else post.parent_id,
        term_taxonomy_ids=tuple(map(site.version_of_term, post.term_taxonomy_ids)),
        meta=_metas(post.meta, site),
    )


def _term(term: WpTerm, site: VersionedSite) -> WpTerm:
    entry = site.term(term.id)
    if entry is None or term.name is None:
        return term
    return replace(
        term,
        term_id=entry.term_id,
        parent_term_id=entry.parent_term_id,
        name=_line(entry.name, site),
        slug=entry.slug,
        description=_line(term.description, site),
        meta=_metas(term.meta, site),
    )


def _menu(menu: WpMenu, site: VersionedSite) -> WpMenu:
    return replace(
        menu,
        items=tuple(replace(item, title=_line(item.title, site), meta=_metas(item.meta, site)) for item in menu.items),
        post_titles={post: _line(title, site) for post, title in menu.post_titles.items()},
    )


def _line(text: str, site: VersionedSite) -> str:
    """Return a short text in the language of the site's view."""
    if not site.has_dictionary:
        return site.spoken(text)
    found = site.words(unescape(text))
    return text if found is None else escape(unescape(found), quote=False)


def _metas(meta: Meta, site: VersionedSite) -> Meta:
    if not site.has_dictionary:
        return {key: tuple(map(site.spoken_data, values)) for key, values in meta.items()}
    return {
        key: tuple(_line(value, site) for value in values) if _is_text(key, values) else values
        for key, values in meta.items()
    }


def _is_text(key: str, values: tuple[str, ...]) -> bool:
    """Return whether a meta holds what a reader may see: search data, and custom fields of several words."""
    is_shown = key.startswith(PREFIXES) or not key.startswith("_")
    return is_shown and any(PHRASE.search(value) for value in values)


def words_left_out(record: Record, site: Site) -> tuple[Issue, ...]:
    """Return an issue when a post's texts hold languages for which there is no version of it."""
    if not isinstance(site, VersionedSite) or not isinstance(record, WpPost) or is_version(record.id):
        return ()
    if site.versions.plugin != QTRANSLATE:
        return ()
    texts = (record.title, record.excerpt, record.content, record.first_meta("_wp_attachment_image_alt") or "")
    spoken = {code for text in texts for code in languages_in(text)}
    kept = {site.language, *site.versions.posts.get(record.id, ())}
    left = [code for code in site.versions.languages if code in spoken - kept]
    why = "files have one language" if record.type == "attachment" else "its content has none in that language"
    return (Issue("languages.left_out", f"Its words in {', '.join(left)} were left out: {why}."),) if left else ()
