"""Terms that are kept, terms that are fixed, and files that cannot be used."""

from __future__ import annotations

import pytest

from transforms.translation.glossary import GlossaryError, read_glossary
from transforms.translation.segments import cut

GLOSSARY = "term,es,fr\nWordPress,,\ncheckout,caja,paiement\nblog post,entrada,\n"


def translated(html: str, words: str, glossary: str = GLOSSARY) -> str:
    document = cut(html, read_glossary(glossary).terms("en", "es"))
    return document.put_back({segment.hash: words for segment in document.segments}).text


def test_kept_and_fixed_terms_are_marks_that_carry_their_translation() -> None:
    terms = read_glossary(GLOSSARY).terms("en", "es")
    segment = cut("<p>The checkout of WordPress, a blog post</p>", terms).segments[0]
    assert segment.text == "The ⟦1/⟧ of ⟦2/⟧, a ⟦3/⟧"
    assert segment.placeholders == ("checkout", "WordPress", "blog post")
    html = "<p>The checkout of WordPress, a blog post</p>"
    assert translated(html, "La ⟦1/⟧ de ⟦2/⟧, una ⟦3/⟧") == "<p>La caja de WordPress, una entrada</p>"
    assert translated(html, "La caisse de ⟦2/⟧, una ⟦3/⟧") == html


def test_a_term_alone_needs_no_engine() -> None:
    document = cut('<h2>Checkout</h2><img alt="checkout">', read_glossary(GLOSSARY).terms("en", "es"))
    assert document.segments == ()
    assert document.put_back({}).text == '<h2>Caja</h2><img alt="caja">'


def test_terms_are_whole_words_and_keep_their_first_letter() -> None:
    html = "<p>Checkout is no checkoutbox</p>"
    assert translated(html, "⟦1/⟧ no es checkoutbox") == "<p>Caja no es checkoutbox</p>"


def test_terms_are_not_looked_for_in_addresses() -> None:
    glossary = "term,es\nshop,tienda\n24/7,siempre\n"
    html = "<p>Our shop: shop@a.test or https://shop.test/shop, 24/7</p>"
    assert translated(html, "Nuestra ⟦1/⟧: ⟦2/⟧ o ⟦3/⟧, ⟦4/⟧", glossary) == (
        "<p>Nuestra tienda: shop@a.test o https://shop.test/shop, siempre</p>"
    )


def test_terms_are_escaped() -> None:
    glossary = "term,es\nfish,pez & <mar>\n"
    assert translated("<p>A fish there</p>", "Un ⟦1/⟧ ahí", glossary) == "<p>Un pez &amp; &lt;mar&gt; ahí</p>"


def test_a_term_with_translations_is_free_where_it_has_none() -> None:
    assert set(read_glossary(GLOSSARY).terms("en", "fr").fixed) == {"WordPress", "checkout", "Checkout"}
    assert set(read_glossary(GLOSSARY).terms("en", "de").fixed) == {"WordPress"}


@pytest.mark.parametrize(("source", "target", "count"), [("en", "es-mx", 2), ("es", "en", 2), ("fr", "es", 0)])
def test_columns_are_languages(source: str, target: str, count: int) -> None:
    assert len(read_glossary("en;es\nhouse;casa\n").terms(source, target).fixed) == count


def test_only_segments_with_a_changed_term_change_their_hash() -> None:
    before = read_glossary("term,es\nhouse,casa\n").terms("en", "es")
    after = read_glossary("term,es\nhouse,hogar\ngarden,jardín\n").terms("en", "es")
    html = "<p>The house</p><p>The garden</p><p>The street</p>"
    old, new = cut(html, before).segments, cut(html, after).segments
    assert [one.hash == other.hash for one, other in zip(old, new, strict=True)] == [False, False, True]
    assert [bool(one.glossary_version) for one in new] == [True, True, False]
    assert before.version != after.version


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("term,es,ES\n", "two columns"),
        ("term,es\na,b,c\n", "Line 2"),
        ("term,es\nhouse,casa\nhouse,hogar\n", "two ways"),
        (f'term,es\n"{"a" * 200_000}"', "no CSV"),
    ],
)
def test_files_that_cannot_be_used_are_refused(text: str, words: str) -> None:
    with pytest.raises(GlossaryError, match=words):
        read_glossary(text)


def test_files_of_spreadsheets_are_read() -> None:
    glossary = read_glossary('\ufeffterm;es\r\n"a; b";c\r\n;\r\n')
    assert glossary.rows == (("a; b", "c"),)
