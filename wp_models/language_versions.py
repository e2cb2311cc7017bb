"""Objects that hold several languages at once, as TranslatePress and qTranslate keep them: one version per language.

The version in an object's own language has WordPress's number. Each other one has a number made of WordPress's and of
its language: the same from run to run, and higher than any of WordPress's own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import NamedTuple

LOWEST = 1 << 32
"""The lowest number of a version; below it are WordPress's own."""

DICTIONARY_PARTS = 4096

_TYPED = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "×": "x", "′": "'", "″": '"'}
)
_HYPHENS = re.compile("-{2,}")

Languages = Mapping[int, tuple[str, ...]]
"""Languages by WordPress's number, the object's own language left out."""


class Words(NamedTuple):
    """What a plugin's dictionary says in place of a text."""

    text: str
    is_machine: bool


def version_number(source_id: int, language: str) -> int:
    """Return the number of an object's version in a language that is not its own."""
    return (zlib.crc32(language.encode()) >> 2 | 1 << 30) << 32 | source_id


def source_number(number: int) -> int:
    """Return WordPress's number of an object, whichever version of it is given."""
    return number & (LOWEST - 1) if is_version(number) else number


def is_version(number: int) -> bool:
    """Return whether a number is that of a version, and not WordPress's own."""
    return number >= LOWEST


def number_in_wordpress(number: int) -> int | None:
    """Return WordPress's number of an object; None for a version, which WordPress does not count."""
    return None if is_version(number) else number


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Which objects of a site exist in which languages."""

    plugin: str = ""  # translatepress | qtranslate; empty on all other sites
    languages: tuple[str, ...] = ()  # the default first
    posts: Languages = field(default_factory=dict)
    terms: Languages = field(default_factory=dict)  # by term_taxonomy_id; menus are terms
    hidden: frozenset[str] = frozenset()  # languages that visitors do not see
    own_languages: Mapping[int, str] = field(default_factory=dict)  # of posts not written in the default language
    slugs: Mapping[int, str] = field(default_factory=dict)  # of versions of posts, where they differ
    term_slugs: Mapping[int, str] = field(default_factory=dict)  # likewise
    names: Mapping[int, str] = field(default_factory=dict)  # of versions of terms, where a plugin keeps them apart
    words: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)  # a dictionary by language, by `words_key`
    word_prints: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # of its parts: see prints_of_words

    def language_of(self, number: int) -> str | None:
        """Return the language of a version; None for an object as WordPress numbers it."""
        if not is_version(number):
            return None
        source_id = source_number(number)
        return next((code for code in self.languages if version_number(source_id, code) == number), None)


NO_VERSIONS = Versions()


def numbers_of_versions(source_ids: Iterable[int], languages: Languages) -> list[int]:
    """Return the numbers of all versions of these objects."""
    return [version_number(number, code) for number in source_ids for code in languages.get(number, ())]


def with_versions(fingerprints: Mapping[int, str], languages: Languages) -> Mapping[int, str]:
    """Return the fingerprints together with those of the objects' versions, which are read from the same rows."""
    if not languages:
        return fingerprints
    found = dict(fingerprints)
    for number, codes in languages.items():
        if number in fingerprints:
            found.update((version_number(number, code), fingerprints[number]) for code in codes)
    return found


def word_part(key: str) -> int:
    """Return which of its parts a dictionary keeps a text in."""
    return zlib.crc32(key.encode()) % DICTIONARY_PARTS


def prints_of_words(words: Mapping[str, Words]) -> tuple[int, ...]:
    """Return a fingerprint of each part of a dictionary, so that a text that changes touches few of its users."""
    prints = [0] * DICTIONARY_PARTS
    for key, found in words.items():
        said = f"{key}\n{found.text}\n{found.is_machine}".encode()
        prints[word_part(key)] ^= int.from_bytes(blake2b(said, digest_size=8).digest())
    return tuple(prints)


def words_key(text: str) -> str:
    """Return a text as dictionaries are asked for it, whether WordPress has set its typography yet or not.

    White space, also that which does not break, is one space.
    """
    return _HYPHENS.sub("-", " ".join(text.translate(_TYPED).split()))
