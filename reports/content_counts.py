"""Content, languages and search data of a site in numbers: what the CMS answered, held against what WordPress had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cms_models.language_queries import StoredLanguage
from cms_models.report_queries import StoredContent
from reports.evidence import ContentCount, LanguageCount, SearchCount
from reports.outcome import SourceContent


def content_counts(found: Sequence[SourceContent], stored: Sequence[StoredContent]) -> tuple[ContentCount, ...]:
    """Hold what WordPress had against what the CMS has, by kind and language; the largest kinds come first."""
    in_source = {(one.entity, one.kind, one.language): one.count for one in found}
    in_cms = {(one.entity, one.kind, one.language): one for one in stored}
    of_kind: Counter[tuple[str, str]] = Counter()
    for (entity, kind, _), count in in_source.items():
        of_kind[entity, kind] += count
    keys = sorted(
        {*in_source, *in_cms},
        key=lambda key: (-of_kind[key[:2]], key[:2], -in_source.get(key, 0), key[2] or ""),
    )
    return tuple(
        ContentCount(
            kind=key[1],
            language=key[2],
            in_wordpress=in_source.get(key, 0),
            in_cms=in_cms[key].from_source if key in in_cms else 0,
            made_in_cms=in_cms[key].made_here if key in in_cms else 0,
        )
        for key in keys
    )


def language_counts(stored: Sequence[StoredLanguage]) -> tuple[LanguageCount, ...]:
    """Return every kind in every language, with what is missing; the language that most is written in comes first."""
    written: Counter[str] = Counter()
    for one in stored:
        if one.language is not None:
            written[one.language] += one.source
    if len(written) < 2:
        return ()
    found = {(one.entity, one.kind, one.language): one for one in stored}
    things = {(one.entity, one.kind): one.things for one in stored if one.language is None}
    return tuple(
        _of_language(kind, language, every, found.get((entity, kind, language)))
        for (entity, kind), every in sorted(things.items(), key=lambda pair: (-pair[1], pair[0]))
        for language in sorted(written, key=lambda language: (-written[language], language))
    )


def _of_language(kind: str, language: str, every: int, one: StoredLanguage | None) -> LanguageCount:
    if one is None:
        return LanguageCount(kind=kind, language=language, missing=every)
    return LanguageCount(
        kind=kind,
        language=language,
        source=one.source,
        human=one.human,
        machine=one.machine,
        stale=one.stale,
        missing=max(0, every - one.source - one.human - one.machine),
    )


def search_counts(stored: Sequence[StoredContent]) -> tuple[SearchCount, ...]:
    """Add up what search engines are told, by kind; the largest kinds come first."""
    kinds = dict.fromkeys((one.entity, one.kind) for one in stored if one.published)
    counts = [
        SearchCount(kind=kind[1], **{
            name: sum(getattr(one, name) for one in stored if (one.entity, one.kind) == kind)
            for name in ("published", "titled", "described", "canonical", "hidden")
        })
        for kind in kinds
    ]  # fmt: skip
    return tuple(sorted(counts, key=lambda one: (-one.published, one.kind)))
