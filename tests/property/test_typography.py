"""Typography that is told without cutting a text at its tags, against that of each text between them."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from transforms.body.plain_typography import plain_typography
from transforms.body.shortcodes import SHORTCODES
from transforms.body.skeleton import skeleton_of
from transforms.body.texturize import text_by_text

PIECES = st.sampled_from(
    ["<", ">", "<p>", "</p>", '<a href="x">', "</a>", "<img title='a - b' src=1x2>", "<!--", "-->", "<!--more-->",
     "<pre>", "</pre>", "[", "]", "[caption]", '[caption id="1"]', "[/caption]", "[gallery]", "[foo]", "[1]",
     "a", "b c", " ", "\n", "&", "&amp;", "&nbsp;", "&#39;", "-", "--", "x", "2x3", "0", ".", "...", "(tm)", "!",
     "'", '"', "`", "é", "\xa0", "/", "\x00", "\x01"]
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=12).map("".join)


@settings(max_examples=2_000, deadline=None)
@given(SOUP)
@example("<!-- a > 'b' -->")
@example("a < b & c <b>d</b>")
@example("<a title='[b] & c'>d</a> & e")
@example("[caption=1 'b']")
@example("[caption\xa0&#39;--;]")
@example("<!--]&-->")
@example("<pre>a & b</pre>")
@example("a -<b>-</b>")
def test_plain_typography_is_that_of_each_text(text: str) -> None:
    for shortcodes in (SHORTCODES, ()):
        plain = plain_typography(text, skeleton_of(text), shortcodes)
        assert plain is None or plain == text_by_text(text, shortcodes)


@pytest.mark.parametrize(
    "text",
    [
        '<p class="a">A “b” &amp; c, 3 × 4!</p>\n<!--more-->\n<p>d & e < f</p>\n<img src="g-3x4.jpg" />',
        '[caption id="1" align="alignnone"]<a href="/b/">c</a> d[/caption]\ne',
        '<p>a &amp; b</p><a href="/?c=1&amp;d=2">e</a>',
    ],
)
def test_texts_of_the_usual_kind_are_plain(text: str) -> None:
    assert plain_typography(text, skeleton_of(text), SHORTCODES) == text_by_text(text, SHORTCODES)


@pytest.mark.parametrize("text", ["it's", 'a "b"', "a...", "a -- b", "a - b", "2x3", "a (tm)", "``a''", "a -<b>c</b>"])
def test_what_has_signs_to_set_is_not_plain(text: str) -> None:
    assert plain_typography(text, skeleton_of(text), SHORTCODES) is None
