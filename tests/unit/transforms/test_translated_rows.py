"""What a translation takes from its original, and what it does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

import pytest

from cms_models.rows import (
    NAMESPACE,
    ArticleRow,
    PageRow,
    Status,
    TermRelationshipRow,
    TermRow,
    TranslationOrigin,
)
from transforms.translated_rows import (
    Place,
    linked_paths,
    translated_content,
    translated_relationships,
    translated_term,
)
from transforms.values.slugs import free_slug, slug_of

PATHS = {"/a/": "/es/a/", "/": "/es/"}


def make_id(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def make_place(**fields: Any) -> Place:
    ordinary = {"id": make_id("es"), "language": "es", "group_id": make_id("group"), "slug": "uno", "path": "/es/uno/"}
    return Place(**{**ordinary, **fields})


def make_article(**fields: Any) -> ArticleRow:
    ordinary: dict[str, Any] = {
        "id": make_id("en"), "site_id": 1, "wp_post_id": 7, "slug": "one", "path": "/one/", "title": "One",
        "status": Status.PUBLISHED, "language": "en",
    }  # fmt: skip
    return ArticleRow(**{**ordinary, **fields})


def translated(row: Any, place: Place | None = None, **more: Any) -> Any:
    given = {"origin": TranslationOrigin.MACHINE, "status": Status.DRAFT, "paths": PATHS, "terms": {}}
    return translated_content(row, place or make_place(), **{**given, **more})


def test_a_translation_is_a_row_of_its_own_in_the_group_of_its_original() -> None:
    row = translated(make_article(is_sticky=True, source_content="raw", featured_media_id=make_id("picture")))
    assert (row.id, row.wp_post_id, row.language, row.slug, row.path) == (make_id("es"), None, "es", "uno", "/es/uno/")
    assert (row.translation_group_id, row.translated_from_id) == (make_id("group"), make_id("en"))
    assert (row.status, row.translation_origin) == (Status.DRAFT, TranslationOrigin.MACHINE)
    assert (row.source_content, row.featured_media_id, row.is_sticky) == ("", make_id("picture"), True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<p><a href="/a/">x</a></p>', '<p><a href="/es/a/">x</a></p>'),
        ('<p><a href="/a/?b=1#c">x</a></p>', '<p><a href="/es/a/?b=1#c">x</a></p>'),
        ('<p><a href="/">x</a></p>', '<p><a href="/es/">x</a></p>'),
        ('<p><a href="/b/">x</a></p>', '<p><a href="/b/">x</a></p>'),
        ('<p><a href="//example.org/a/">x</a></p>', '<p><a href="//example.org/a/">x</a></p>'),
        ('<p><a href="https://example.org/a/">x</a></p>', '<p><a href="https://example.org/a/">x</a></p>'),
        ('<p>href="/a/"</p>', '<p>href="/a/"</p>'),
    ],
)
def test_links_lead_to_translations_where_there_are_any(before: str, after: str) -> None:
    assert translated(make_article(content_html=before)).content_html == after


def test_blocks_lead_where_the_body_leads() -> None:
    html = '<p><a href="/a/?x=1&amp;y=2">x</a></p>'
    row = make_article(content_html=html, blocks=[{"attrs": {"url": "/a/?x=1&y=2"}, "innerHTML": html}])
    [block] = translated(row).blocks
    assert block == {
        "attrs": {"url": "/es/a/?x=1&y=2"}, "innerHTML": '<p><a href="/es/a/?x=1&amp;y=2">x</a></p>',
    }  # fmt: skip


def test_the_plain_text_is_that_of_the_translated_body() -> None:
    assert translated(make_article(content_html="<p>Uno</p><p>dos</p>", content_text="One")).content_text == "Uno dos"


def test_search_engines_are_not_sent_back_to_the_original() -> None:
    seo = {"title": "Uno", "canonical": "/one/", "og": {"title": "Uno", "url": "/one/"}}
    assert translated(make_article(seo=seo)).seo == {"title": "Uno", "og": {"title": "Uno"}}


def test_the_main_term_is_the_translated_one() -> None:
    seo = {"primary_terms": {"category": str(make_id("news")), "tag": str(make_id("alone"))}}
    row = translated(make_article(seo=seo), terms={make_id("news"): make_id("noticias")})
    assert row.seo == {"primary_terms": {"category": str(make_id("noticias")), "tag": str(make_id("alone"))}}


def test_pages_stand_below_the_translated_parent() -> None:
    page = PageRow(
        id=make_id("en"), site_id=1, wp_post_id=7, slug="a", path="/a/", title="A", status=Status.PUBLISHED,
        parent_id=make_id("parent"),
    )  # fmt: skip
    assert translated(page, make_place(parent_id=make_id("padre"))).parent_id == make_id("padre")
    assert translated(page).parent_id is None


def test_links_to_terms_lead_to_translated_ones_each_once() -> None:
    links = [
        TermRelationshipRow(id=make_id(name), site_id=1, term_id=make_id(name), article_id=make_id("en"), position=at)
        for at, name in enumerate(("news", "noticias", "alone"))
    ]
    terms = {make_id("news"): make_id("noticias")}
    found = list(translated_relationships(links, "article_id", make_id("es"), "test", terms))
    assert [link.term_id for link in found] == [make_id("noticias"), make_id("alone")]
    assert {link.article_id for link in found} == {make_id("es")}
    assert not {link.id for link in found} & {link.id for link in links}


def test_a_translated_term_is_none_of_wordpresss() -> None:
    term = TermRow(
        id=make_id("en"),
        site_id=1,
        wp_term_taxonomy_id=3,
        wp_term_id=4,
        taxonomy="category",
        slug="news",
        name="Noticias",
    )
    row = translated_term(term, make_place(), origin=TranslationOrigin.HUMAN)
    assert (row.wp_term_taxonomy_id, row.wp_term_id, row.slug, row.taxonomy) == (None, None, "uno", "category")
    assert (row.translation_origin, row.translated_from_id) == (TranslationOrigin.HUMAN, make_id("en"))


def test_linked_paths_are_those_of_this_site() -> None:
    html = '<a href="/b/#x">b</a><a href="/a/">a</a><a href="https://example.org/c/">c</a><a href="/a/">a</a>'
    assert linked_paths(html) == ("/a/", "/b/")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("¿Qué es la luz?", "que-es-la-luz"),
        ("L’été à l'atelier", "lete-a-latelier"),
        ("Straße & Œuvre", "strasse-oeuvre"),
        ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
        ("Северный свет", "северный-свет"),
        ("北の光", "北の光"),
        ("  ", ""),
        ("💡", ""),
    ],
)
def test_slugs_are_made_of_titles(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_long_slugs_end_at_a_word_within_wordpresss_limit() -> None:
    assert len(slug_of("luz del norte " * 40).encode()) <= 200
    assert not slug_of("luz del norte " * 40).endswith("-")
    assert 0 < len(slug_of("光" * 300).encode()) <= 200


def test_taken_slugs_are_numbered() -> None:
    assert [free_slug("a", taken) for taken in ((), ("a",), ("a", "a-2"))] == ["a", "a-2", "a-3"]
