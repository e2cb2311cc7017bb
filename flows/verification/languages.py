"""Texts that hold several languages, as qTranslate keeps them, brought into the one that a check compares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from wp_models.languages.inline_tags import data_in_language, in_language
from wp_models.languages.settings import (
    POLYLANG,
    QTRANSLATE,
    TRANSLATEPRESS,
    WPML,
    plugins_by_standing,
    read_qtranslate_languages,
    read_translatepress_setup,
)
from wp_models.verify_queries import PostFacts


@dataclass(frozen=True, slots=True)
class DefaultLanguage:
    """Takes texts of the source in the site's default language; leaves those of most sites as they are."""

    languages: tuple[str, ...] = ()  # the default first; none where each text has one language

    def post(self, post: PostFacts) -> PostFacts:
        """Return a post in the default language."""
        if not self.languages:
            return post
        meta = {key: self.data(value) for key, value in post.meta.items()}
        return replace(post, title=self.text(post.title), excerpt=self.text(post.excerpt), meta=meta)

    def mapping(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return named values with all texts among them in the default language."""
        if not self.languages:
            return values
        return {name: self.text(value) if isinstance(value, str) else value for name, value in values.items()}

    def text(self, text: str) -> str:
        """Return a text in the default language."""
        return in_language(text, self.languages[0], self.languages) if self.languages else text

    def data(self, text: str) -> str:
        """Return a text, or serialised data with all texts in it, in the default language."""
        return data_in_language(text, self.languages[0], self.languages) if self.languages else text


def read_default_language(options: Mapping[str, str], noted: Mapping[str, list[Any]]) -> DefaultLanguage:
    """Return how texts of a site are read; `noted` is what plugins with a post for each language keep."""
    languages = read_qtranslate_languages(options)
    kept = {POLYLANG: noted.get("polylang"), WPML: noted.get("wpml")}
    for plugin in plugins_by_standing(options) if len(languages) > 1 else ():
        if kept.get(plugin) or (plugin == TRANSLATEPRESS and read_translatepress_setup(options)):
            break
        if plugin == QTRANSLATE:
            return DefaultLanguage(languages)
    return DefaultLanguage()
