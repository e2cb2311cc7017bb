"""The quick way to paragraphs gives what WordPress's rules give, wherever it gives anything."""

from __future__ import annotations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from transforms.body.autop import by_the_rules
from transforms.body.paragraphs import plain_paragraphs

ELEMENTS = ("p", 'p class="a"', "div", "li", "ul", "h2", "blockquote", "td", "form", "b", "center")
TAGS = st.sampled_from([*(f"<{name}>" for name in ELEMENTS), *(f"</{name.split()[0]}>" for name in ELEMENTS)])
OTHERS = st.sampled_from(
    ["<hr />", "<img/>", "<!--more-->", "<link>", "[gallery]", "a < b", "<", "a", "b c", "<br>", "<a\nb>", "<div\nb>",
     "<!-- a\nb -->", "<!-- <p> -->", "a < b\n\nc <b>d</b>", "a < b\n\nc"]
)  # fmt: skip
SPACES = st.sampled_from(["\n", "\n\n", "\r\n", "\r", " ", "\n  ", " \n", "\t", ""])
SOUP = st.recursive(
    st.lists(st.one_of(OTHERS, TAGS, SPACES, SPACES), max_size=6).map("".join),
    lambda inner: st.builds(
        lambda name, before, content, after: f"<{name}>{before}{content}{after}</{name.split()[0]}>{after}",
        st.sampled_from(ELEMENTS), SPACES, inner, SPACES,
    ) | st.lists(inner, max_size=4).map("".join),
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(SOUP)
@example("<ul>\n\t<li>a\n<ul><li>b</li></ul>\n</li></ul>\n<blockquote>c\nd</blockquote>e\n\nf<hr />g")
@example("<li>a</blockquote>")
@example("a < b<p>[gallery]</div>")
@example("a < b\n\n<ul>\n\t<li>c</li>\n</ul>")
@example("a < b\n\n<p>\n<p>c")
@example("<div>\n  a</div>\n  </div>")
def test_plain_paragraphs_are_those_of_the_rules(text: str) -> None:
    assume(text.strip(" \n\r\t\v\x00"))
    made = plain_paragraphs(text)
    assert made is None or made == by_the_rules(f"{text}\n")


def test_texts_of_the_usual_kind_need_no_rules() -> None:
    usual = (
        "A <b>b</b>\nline.\r\n\r\n<h2>c</h2>\n<ul>\n\t<li>d</li>\n</ul>\n<!--more-->\n<blockquote>e < f</blockquote>"
        "\ng < h\n\n<ul>\n\t<li>i</li>\n</ul>"
    )
    assert plain_paragraphs(usual) == by_the_rules(f"{usual}\n")
