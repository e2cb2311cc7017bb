"""What a run reads of its source before it knows what to do: the site, and the fingerprints of what is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from transforms.registry import ENTITIES
from wp_models.fingerprints import read_fingerprints
from wp_models.language_versions import Languages, numbers_of_versions, with_versions
from wp_models.queries import MenuQuery, PostQuery, Query, TermQuery
from wp_models.reader import read_keys
from wp_models.records import WpSite
from wp_models.site_index import read_site
from wp_models.sources import Source

InSource = Mapping[int, str] | Iterable[int]
"""Fingerprints by source id, or plain ids where nothing is known yet to compare them with."""

POSTS = frozenset(entity.name for entity in ENTITIES if isinstance(entity.source, PostQuery))
OTHERS: Mapping[str, Query] = {entity.name: entity.source for entity in ENTITIES if entity.name not in POSTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A source as a run found it: the site, and fingerprints that may still be on their way."""

    wordpress: WpSite
    _posts: Future[Mapping[int, str]] | None
    _others: Future[dict[str, InSource]]

    def posts(self) -> Mapping[int, str] | None:
        """Return the fingerprints of all posts but revisions, which take longest; None when no post is known yet."""
        return with_versions(self._posts.result(), self.wordpress.versions.posts) if self._posts else None

    def others(self) -> Iterator[tuple[str, InSource]]:
        """Yield each entity whose objects are no posts with what is in the source, and keep none of it in memory."""
        terms = self.wordpress.versions.terms
        found = self._others.result()
        for name, query in OTHERS.items():
            yield name, _with_versions(found.pop(name), terms if isinstance(query, TermQuery | MenuQuery) else {})


@contextmanager
def reading(source: Source, known: Collection[str]) -> Iterator[Reading]:
    """Yield the site while fingerprints are read, of entities that something is known of.

    Each sees the source at a moment of its own. An edit in between is taken up by this run or by the next one, as a row
    keeps the fingerprint of the record it was made of and the stamps of what it was told.
    """
    with ThreadPoolExecutor(2, thread_name_prefix="reading") as threads:
        posts = threads.submit(_read_posts, source) if POSTS & frozenset(known) else None
        others = threads.submit(_read_others, source, known)
        with source.connect() as connection:
            wordpress = read_site(connection, source)
        yield Reading(wordpress=wordpress, _posts=posts, _others=others)


def _read_posts(source: Source) -> Mapping[int, str]:
    with source.connect() as connection:
        return read_fingerprints(connection, source, PostQuery())


def _read_others(source: Source, known: Collection[str]) -> dict[str, InSource]:
    with source.connect() as connection:
        return {
            name: read_fingerprints(connection, source, query)
            if name in known
            else read_keys(connection, source, query)
            for name, query in OTHERS.items()
        }


def _with_versions(found: InSource, languages: Languages) -> InSource:
    if isinstance(found, Mapping):
        return with_versions(found, languages)
    keys = list(found)
    return [*keys, *numbers_of_versions(keys, languages)]
