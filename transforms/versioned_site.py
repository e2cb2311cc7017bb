"""The view of a record that is one language version of an object: it meets the others in its own language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from cms_models.rows import TranslationOrigin
from transforms.contract import Address, Reference
from transforms.site import Site
from transforms.site_data import SiteData
from wp_models.language_versions import (
    Versions,
    is_version,
    source_number,
    version_number,
    word_part,
    words_key,
)
from wp_models.languages.inline_tags import data_in_language, in_language
from wp_models.languages.settings import QTRANSLATE
from wp_models.records import Record, TermEntry, WpPost, WpSite


def view_of(record: Record, data: SiteData) -> Site:
    """Return the record's view of its site, in its own language where objects of the site hold several."""
    versions = data.wordpress.versions
    if not versions.plugin:
        return Site(data)
    language = versions.language_of(record.id)
    if language is None and isinstance(record, WpPost):
        language = versions.own_languages.get(record.id)
    return VersionedSite(data, language or versions.languages[0], record)


def said_in_default_language(wordpress: WpSite, text: str) -> str:
    """Return a text of the site's, in the default language where texts hold all of theirs."""
    versions = wordpress.versions
    return in_language(text, versions.languages[0], versions.languages) if versions.plugin == QTRANSLATE else text


class VersionedSite(Site):
    """Answers with the versions in one language, and with the others where there are none in it."""

    __slots__ = ("_record", "language", "origins", "versions")

    def __init__(self, data: SiteData, language: str, record: Record) -> None:
        super().__init__(data)
        self._record = record
        self.language = language
        self.versions: Versions = data.wordpress.versions
        self.origins: Counter[TranslationOrigin] = Counter()  # who wrote what the dictionary was asked for

    @property
    def has_dictionary(self) -> bool:
        """Return whether texts of this language are looked up in a dictionary."""
        return self.language in self.versions.words

    def words(self, text: str) -> str | None:
        """Return what the dictionary says for a text; None where it has no words for it."""
        key = words_key(text)
        if not key or not self.has_dictionary:
            return None
        self.facts.add(f"words:{self.language}:{word_part(key)}")
        found = self.versions.words[self.language].get(key)
        if found is None:
            return None
        self.origins[TranslationOrigin.MACHINE if found.is_machine else TranslationOrigin.HUMAN] += 1
        return found.text

    def spoken(self, text: str) -> str:
        """Return a text in the language of this view, where texts hold all of theirs; else as it is."""
        if self.versions.plugin != QTRANSLATE:
            return text
        return in_language(text, self.language, self.versions.languages)

    def spoken_data(self, text: str) -> str:
        """Return a text, or serialised data with all texts in it, likewise."""
        if self.versions.plugin != QTRANSLATE:
            return text
        return data_in_language(text, self.language, self.versions.languages)

    def version_of_post(self, post_id: int) -> int:
        """Return a post's version in the language of this view; the post itself where there is none."""
        return self._version(post_id, self.versions.posts, "post")

    def version_of_term(self, term_taxonomy_id: int) -> int:
        """Return a term's version in the language of this view; the term itself where there is none."""
        return self._version(term_taxonomy_id, self.versions.terms, "term")

    def row_id(self, entity: str, source_id: int | str) -> UUID:
        """Return the row id of a source object or of a version of it; it need not exist."""
        if isinstance(source_id, int) and is_version(source_id):
            # With a slash it would be the translation that wpferry made, which gives way to this one.
            source_id = f"{source_number(source_id)}:{self.versions.language_of(source_id)}"
        return super().row_id(entity, source_id)

    def stored_content(self, post: WpPost) -> str:
        """Return a post's content as the source holds it: in all languages where they stand in one text."""
        return self._record.content if isinstance(self._record, WpPost) else post.content

    def option(self, name: str) -> str | None:
        """Return the raw value of an option."""
        value = super().option(name)
        return self.spoken_data(value) if value else value

    def content(self, post_id: int) -> Reference | None:
        """Return the row of a loaded post; None when it is missing, skipped or no content."""
        return self.content_itself(self.version_of_post(post_id))

    def path(self, post_id: int) -> str | None:
        """Return a post's URL path on the site."""
        return super().path(self.version_of_post(post_id))

    def term_by_id(self, taxonomy: str, term_id: int) -> TermEntry | None:
        """Return a term by taxonomy and term_id, as metas and menus name it."""
        found = super().term_by_id(taxonomy, term_id)
        return self.term(self.version_of_term(found.id)) if found else None

    def term_number(self, taxonomy: str, term_id: int) -> int | None:
        """Return a term's term_taxonomy_id, or its version's."""
        found = super().term_number(taxonomy, term_id)
        return self.version_of_term(found) if found else None

    def shared_body(self, post_id: int) -> str | None:
        """Return the raw content of a published reusable block or global builder element."""
        body = super().shared_body(post_id)
        return self.spoken(body) if body else body

    def resolve(self, url: str) -> Address | None:
        """Return what a URL leads a reader of this language to, as the plugins turn links."""
        address = super().resolve(url)
        if address is None or self.language == self.versions.languages[0]:
            return address
        if address.kind == "home":
            return replace(address, path=self._data.addresses.permalinks.language_home(self.language))
        if address.source_id is None or address.kind not in ("post", "term"):
            return address
        if address.kind == "post":
            number = self.version_of_post(address.source_id)
            path = self._data.addresses.post_path(number)
        else:
            number = self.version_of_term(address.source_id)
            path = self._data.addresses.term_path(number)
        return replace(address, source_id=number, path=path) if path else address

    def origin_of_post(self, post_id: int) -> TranslationOrigin:
        """Return who wrote the words of a post that has an original, as far as they have been looked up."""
        return self._looked_up(super().origin_of_post(post_id))

    def origin_of_term(self, term_taxonomy_id: int) -> TranslationOrigin:
        """Return who wrote a term's words, likewise."""
        return self._looked_up(super().origin_of_term(term_taxonomy_id))

    def _looked_up(self, origin: TranslationOrigin) -> TranslationOrigin:
        """Return whose words were found for a translation: a machine's as soon as one of them is."""
        if origin == TranslationOrigin.SOURCE or not self.has_dictionary:
            return origin
        found = (TranslationOrigin.MACHINE, TranslationOrigin.HUMAN)
        return next((one for one in found if self.origins[one]), TranslationOrigin.SOURCE)

    def _version(self, number: int, languages: Mapping[int, tuple[str, ...]], kind: str) -> int:
        if is_version(number) or self.language == self.versions.languages[0]:
            return number
        version = version_number(number, self.language)
        self.facts.add(f"{kind}:{version}")  # there may be one, some day
        return version if self.language in languages.get(number, ()) else number
