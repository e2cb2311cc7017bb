"""Addresses of translations that WordPress never had, made as the site's own languages make theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from transforms.contract import Languages
from transforms.permalinks import Permalinks
from wp_models.records import WpSite

DIRECTORY = "directory"
SHARED = "content"
"""The URL mode without any sign of the language: a path means one thing in all languages."""


@dataclass(frozen=True, slots=True)
class TranslatedAddresses:
    """Paths in any language, from those of the language that is translated."""

    languages: Languages
    home_path: str = ""  # of a WordPress below its host's root, without its last slash
    root: str = ""  # "index.php" on servers that cannot do without it
    bases: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (part of a path, language) > its translation

    def home(self, language: str) -> str:
        """Return the home path of a language."""
        prefix = self._prefix(language)
        return f"{self.home_path}/{prefix}/" if prefix else f"{self.home_path}/"

    def path(self, source_path: str, source_language: str, language: str, *, slug: tuple[str, str]) -> str:
        """Return the path of a translation; `slug` is the source's and the translation's.

        Parts that are no slug (dates, numbers, bases) stay, or become what the site says for the language.
        """
        if source_path.rstrip("/") == self.home(source_language).rstrip("/"):
            return self.home(language)
        *above, last = self._below_home(source_path, source_language).rstrip("/").split("/")
        parts = [self.bases.get((part, language), part) for part in above]
        parts.append(slug[1] if last == slug[0] else last)
        slash = "/" if source_path.endswith("/") else ""
        return self._localised("/".join(parts) + slash, language)

    @staticmethod
    def below(parent_path: str, slug: str, source_path: str) -> str:
        """Return the path of a translation below its parent's."""
        return f"{parent_path.rstrip('/')}/{slug}{'/' if source_path.endswith('/') else ''}"

    def _prefix(self, language: str) -> str:
        """Return the directory of a language, made like the others' when the site does not have the language yet."""
        known = self.languages.url_prefixes
        if language in known or self.languages.url_mode != DIRECTORY or language == self.languages.default:
            return known.get(language, "")
        like = next((prefix.removesuffix(code) for code, prefix in known.items() if prefix.endswith(code)), "")
        return like + language

    def _below_home(self, path: str, language: str) -> str:
        rest = path.removeprefix(self.home_path).lstrip("/")
        if self.root:
            rest = rest.removeprefix(self.root).lstrip("/")
        prefix = self._prefix(language)
        return rest.removeprefix(f"{prefix}/") if prefix else rest

    def _localised(self, rest: str, language: str) -> str:
        parts = (self.root or "", self._prefix(language), rest)
        return f"{self.home_path}/" + "/".join(part for part in parts if part)


def read_addresses(wordpress: WpSite, known: Languages) -> TranslatedAddresses:
    """Return how a site makes the addresses of its languages, without all that else is known of them."""
    permalinks = Permalinks(wordpress, known)
    root = "index.php" if permalinks.structure.startswith("/index.php/") else ""
    languages = Languages(
        default=known.default, codes=known.codes, url_mode=known.url_mode, url_prefixes=known.url_prefixes
    )
    return TranslatedAddresses(languages, permalinks.home_path, root, wordpress.url_slugs)
