from __future__ import annotations

from typing import Any

from cms_models.language_queries import StoredLanguage
from cms_models.report_queries import StoredContent
from reports.content_counts import content_counts, language_counts, search_counts
from reports.evidence import ContentCount, LanguageCount
from reports.outcome import SourceContent


def make_stored(kind: str, language: str | None, from_source: int, **changes: Any) -> StoredContent:
    values: dict[str, Any] = {
        "entity": kind, "kind": kind, "language": language, "from_source": from_source, "made_here": 0,
        "with_address": from_source, "published": from_source, "titled": 0, "described": 0, "canonical": 0, "hidden": 0,
    }  # fmt: skip
    return StoredContent(**{**values, **changes})


def make_language(language: str | None, things: int = 10, **changes: Any) -> StoredLanguage:
    values: dict[str, Any] = {
        "entity": "pages", "kind": "pages", "language": language, "source": 0, "human": 0, "machine": 0, "stale": 0,
        "things": things,
    }  # fmt: skip
    return StoredLanguage(**{**values, **changes})


def in_source(kind: str, language: str | None, count: int, entity: str = "") -> SourceContent:
    return SourceContent(entity=entity or kind, kind=kind, language=language, count=count)


def test_what_wordpress_had_stands_beside_what_the_cms_has_the_largest_kinds_first() -> None:
    found = (in_source("pages", "en", 3), in_source("articles", "es", 4), in_source("articles", "en", 9))
    stored = [
        make_stored("articles", "en", 8),
        make_stored("articles", "es", 4, made_here=2),
        make_stored("pages", "en", 3),
    ]
    counts = content_counts(found, stored)
    assert [(one.kind, one.language, one.in_wordpress, one.in_cms, one.made_in_cms, one.missing) for one in counts] == [
        ("articles", "en", 9, 8, 0, 1),
        ("articles", "es", 4, 4, 2, 0),
        ("pages", "en", 3, 3, 0, 0),
    ]


def test_what_only_one_side_has_is_counted_too() -> None:
    counts = content_counts((in_source("pages", None, 2),), [make_stored("event", "en", 1, entity="entries")])
    assert counts == (
        ContentCount(kind="pages", language=None, in_wordpress=2, in_cms=0),
        ContentCount(kind="event", language="en", in_wordpress=0, in_cms=1),
    )


def test_a_type_that_is_named_like_a_table_stays_apart_from_it() -> None:
    found = (in_source("articles", "en", 5), in_source("articles", "en", 2, entity="entries"))
    stored = [make_stored("articles", "en", 5), make_stored("articles", "en", 2, entity="entries")]
    assert [(one.in_wordpress, one.in_cms) for one in content_counts(found, stored)] == [(5, 5), (2, 2)]


def test_what_is_there_in_another_language_is_missing_in_this_one() -> None:
    spanish = make_language("es", human=4, machine=3, stale=1, source=1)
    counts = language_counts([make_language("en", source=9), spanish, make_language(None, 10)])
    assert counts == (
        LanguageCount(kind="pages", language="en", source=9, missing=1),
        LanguageCount(kind="pages", language="es", source=1, human=4, machine=3, stale=1, missing=2),
    )
    assert counts[1].present == 8


def test_a_kind_without_anything_in_a_language_misses_all_of_it() -> None:
    rows = [
        make_language("en", source=10), make_language(None, 10),
        make_language("fr", entity="terms", kind="terms", source=2),
        make_language(None, 2, entity="terms", kind="terms"),
    ]  # fmt: skip
    assert {(one.kind, one.language): one.missing for one in language_counts(rows)} == {
        ("pages", "en"): 0, ("pages", "fr"): 10, ("terms", "en"): 2, ("terms", "fr"): 0,
    }  # fmt: skip


def test_a_site_of_one_language_has_nothing_to_translate() -> None:
    assert language_counts([make_language("en", source=10), make_language(None, 10)]) == ()
    assert language_counts([]) == ()


def test_search_data_are_added_up_over_languages_and_kinds_without_published_content_left_out() -> None:
    stored = [
        make_stored("articles", "en", 5, titled=2), make_stored("articles", "es", 4, titled=1, hidden=1),
        make_stored("pages", "en", 12), make_stored("products", "en", 3, published=0),
    ]  # fmt: skip
    found = search_counts(stored)
    assert [(one.kind, one.published, one.titled, one.hidden) for one in found] == [
        ("pages", 12, 0, 0), ("articles", 9, 3, 1),
    ]  # fmt: skip
