"""The text rules of classic content: each case is what WordPress itself makes of the text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import make_post, make_site, make_site_data
from transforms.body.autop import autop, unwrap_lone_shortcodes
from transforms.body.clickable import make_clickable
from transforms.body.pipeline import render_body, render_comment
from transforms.body.signs import signs_of
from transforms.body.smilies import smilies
from transforms.body.texturize import texturize
from transforms.contract import Languages
from transforms.site import Site


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ('She said "yes" twice.', "She said “yes” twice."),
        ("It's the dogs' bowl", "It’s the dogs’ bowl"),
        ("the '80s and '99", "the ’80s and ’99"),
        ("'quoted'", "‘quoted’"),
        ("a 6' 2\" door", "a 6′ 2″ door"),
        ('"6\' wide" and "2"', "“6′ wide” and “2”"),
        ("'tis 'em", "’tis ’em"),
        ("one -- two --- three - four", "one — two — three – four"),
        ("pages 3--4, xn--bcher", "pages 3–4, xn--bcher"),
        ("wait... (tm)", "wait… ™"),
        ("2x4 and 0x7f", "2×4 and 0x7f"),
        ("R&D &amp; &copy; &copy 1999", "R&amp;D &amp; &copy; &amp;copy 1999"),
    ],
)
def test_texts_get_the_signs_wordpress_gives_them(plain: str, shown: str) -> None:
    assert texturize(plain) == shown


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en_GB", "“It’s” ‘so’ 3–4"),
        ("de_DE_formal", "„It’s“ ‚so‘ 3–4"),
        ("de", "„It’s“ ‚so‘ 3–4"),
        ("fr_FR", "«\xa0It’s\xa0» ‘so’ 3–4"),
        ("es_ES", "«It’s» ‘so’ 3–4"),
        ("es_MX", "“It’s” ‘so’ 3–4"),
        ("ru_RU", "«It’s» ‘so’ 3—4"),
        ("sv_SE", "”It’s” ’so’ 3–4"),
    ],
)
def test_quotes_are_those_of_the_language(locale: str, shown: str) -> None:
    assert texturize("\"It's\" 'so' 3--4", signs=signs_of(locale)) == shown


def test_a_site_of_one_language_has_the_quotes_of_its_locale() -> None:
    site = make_site(options={"WPLANG": "de_DE"})
    assert render_body(make_post(content='Ein "Wort"'), site).html == "<p>Ein „Wort“</p>"
    assert render_comment('Ein "Wort"', site).html == "<p>Ein „Wort“</p>"


def test_a_site_of_several_languages_has_the_quotes_of_each_post() -> None:
    english, french = make_post(1, content='A "word"'), make_post(2, content='Un "mot"')
    data = make_site_data([english, french])
    languages = Languages(default="en", codes=("en", "fr"), of_post={1: "en", 2: "fr"})
    site = Site(replace(data, languages=languages))
    assert render_body(english, site).html == "<p>A “word”</p>"
    assert render_body(french, site).html == "<p>Un «&nbsp;mot&nbsp;»</p>"


def test_a_quote_that_opens_before_a_tag_is_still_an_opening_one() -> None:
    assert texturize('"<em>yes</em>" and <b>"no"</b>') == "“<em>yes</em>” and <b>“no”</b>"


def test_tags_comments_and_code_stay_as_they_are() -> None:
    html = """<a title="it's">x</a><!-- "c" --><pre>"a" -- b</pre><code>'x'</code>"""
    assert texturize(html) == html


def test_quotes_inside_the_tags_of_known_shortcodes_stay() -> None:
    text = '[gallery ids="1,2"] [sic "so"]'
    assert texturize(text, {"gallery"}) == '[gallery ids="1,2"] [sic “so”]'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>\n"),
        ("One\r\nTwo", "<p>One<br />\nTwo</p>\n"),
        ("   ", ""),
        ("<h2>Head</h2>\nText", "<h2>Head</h2>\n<p>Text</p>\n"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<blockquote>Said</blockquote>", "<blockquote><p>Said</p></blockquote>\n"),
        ("a<br />\nb", "<p>a<br />\nb</p>\n"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>\n"),
        ("<div>in</div>after", "<div>in</div>\n<p>after</p>\n"),
        ('<a\nhref="x">y</a>', '<p><a\nhref="x">y</a></p>\n'),
        ("<script>a\nb</script>", "<p><script>a\nb</script></p>\n"),
        ("a\n<hr />\nb", "<p>a</p>\n<hr />\n<p>b</p>\n"),
    ],
)
def test_blank_lines_become_paragraphs(text: str, html: str) -> None:
    assert autop(text) == html


def test_a_shortcode_alone_in_its_paragraph_stands_without_it() -> None:
    known = {"gallery", "caption"}
    assert unwrap_lone_shortcodes("<p>[gallery]</p>\n<p>a [gallery]</p>", known) == "[gallery]\n<p>a [gallery]</p>"
    assert unwrap_lone_shortcodes("<p> [caption]x[/caption] </p>", known) == "[caption]x[/caption]"
    assert unwrap_lone_shortcodes("<p>[other]</p>", known) == "<p>[other]</p>"


def test_smilies_between_spaces_become_emoji_but_not_in_words_or_code() -> None:
    assert smilies("Hi :) and :cool: <b>;-)</b>") == "Hi 🙂 and 😎 <b>😉</b>"
    assert smilies("http://x:8 a:) <code>:)</code>") == "http://x:8 a:) <code>:)</code>"


def test_addresses_in_comments_become_links() -> None:
    assert make_clickable("See http://a.test/x.") == 'See <a href="http://a.test/x">http://a.test/x</a>.'
    assert make_clickable("(http://a.test/b_(c))") == '(<a href="http://a.test/b_(c)">http://a.test/b_(c)</a>)'
    assert make_clickable("www.a.test and me@a.test") == (
        '<a href="http://www.a.test">http://www.a.test</a> and <a href="mailto:me@a.test">me@a.test</a>'
    )


def test_addresses_that_are_links_already_stay() -> None:
    html = '<a href="http://a.test">http://a.test</a> <code>http://b.test</code>'
    assert make_clickable(html) == html
