"""What went into a body must have come out of it."""

from __future__ import annotations

import pytest

from reports.checks.bodies import check_body, check_raw, check_references, references
from tests.unit.reports.checks.sides import SITE, body

NOTHING: frozenset[str] = frozenset()
LONG = " ".join(f"word{number}" for number in range(60))


def test_a_body_that_came_through_has_no_difference() -> None:
    raw = '<!-- wp:paragraph --><p>"Quoted" &amp; <a href="https://x.test/">linked</a></p><!-- /wp:paragraph -->'
    html = '<p>“Quoted” &amp; <a href="https://x.test/">linked</a></p>'
    assert list(check_body("articles", body(raw, html, "“Quoted” & linked"), NOTHING)) == []


def test_a_word_taken_out_of_the_markup_is_found_by_the_plain_text() -> None:
    given = body("One two three", "<p>One three</p>", "One two three")
    [found] = check_body("articles", given, NOTHING)
    assert found.field == "content_html"
    assert "'two'" in found.sentence


def test_blocks_and_invisible_signs_part_no_words() -> None:
    given = body("A\n\nB zero\u200bwidth", "<p>A</p><p>B zero\u200bwidth</p>", "A B zerowidth")
    assert list(check_body("articles", given, NOTHING)) == []


def test_many_lost_words_are_found_and_a_few_forgiven() -> None:
    most = " ".join(LONG.split()[:40])
    [found] = check_body("articles", body(LONG, most, most), NOTHING)
    assert found.sentence.endswith("lost 20 of 60 words, such as 'word40', 'word41', 'word42'.") or "20 of 60" in (
        found.sentence
    )
    but_one = " ".join(LONG.split()[:59])
    assert list(check_body("articles", body(LONG, but_one, but_one), NOTHING)) == []


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        ("<h2>a</h2>", "headings"),
        ('<a href="/x">a</a>', "links"),
        ('<img src="x">a', "images"),
        ("<table><tr><td>a</td></tr></table>", "tables"),
        ("<ul><li>a</li></ul>", "list items"),
        ("<blockquote>a</blockquote>", "quotes"),
    ],
)
def test_each_kind_of_part_is_counted(raw: str, what: str) -> None:
    [found] = check_body("articles", body(raw, "<p>a</p>", "a"), NOTHING)
    assert found.sentence.endswith(f"lost {what}: 1 in WordPress, 0 in the CMS.")


def test_declared_losses_are_no_difference_but_harmless_issues_excuse_nothing() -> None:
    given = body("<h2>a</h2>", "<p>a</p>", "a")
    assert list(check_body("articles", given, frozenset({"body.dynamic_block"}))) == []
    assert len(list(check_body("articles", given, frozenset({"body.broken_link"})))) == 1


def test_shortcodes_scripts_and_comments_are_no_words() -> None:
    raw = "[gallery ids='1,2']<script>var a b c d e f</script><!-- a b c d e f --><style>p {a: b}</style>Seen"
    assert list(check_body("articles", body(raw, "<p>Seen</p>", "Seen"), NOTHING)) == []


def test_links_and_files_of_a_body_are_followed() -> None:
    html = (
        '<a href="/2024/05/gone/">a</a><a href="/known/#part">b</a><a href="https://x.test/y/">c</a>'
        '<img src="/media/ab/cd/1.webp" srcset="/media/ab/cd/2.webp 480w, /media/ab/cd/1.webp 960w">'
    )
    found = references(body("", html, ""), "/media/")
    assert found.links == ("/2024/05/gone/", "/known/")
    assert found.files == ("ab/cd/1.webp", "ab/cd/2.webp")
    sentences = [one.sentence for one in check_references("articles", found, {"/known"}, {"ab/cd/1.webp"}, SITE)]
    assert len(sentences) == 2
    assert "links to /2024/05/gone/, where nothing stands." in sentences[0]
    assert "shows the file ab/cd/2.webp, which no media has." in sentences[1]


def test_a_link_that_was_broken_in_wordpress_is_no_difference() -> None:
    given = body('<a href="https://site.test/gone/">a</a>', '<a href="/gone/">a</a>', "a")
    assert references(given, "/media/").links == ()


def test_a_raw_body_is_shown_from_where_it_parts() -> None:
    [found] = check_raw("articles", body("x" * 200 + "cut"), "x" * 200 + "whole")
    assert found.field == "source_content"
    assert found.source_value is not None
    assert found.source_value.endswith("xwhole")
    assert list(check_raw("articles", body("same"), "same")) == []
