"""Whatever markup is cut and whatever an engine answers: markup stays, marks never show, nothing crashes."""

from __future__ import annotations

import random
import re
from collections import Counter

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from flows.services.translation.pseudo import PseudoEngine
from flows.services.translation.tags import from_tags, to_html, to_xml
from transforms.translation.contract import Segment, Terms
from transforms.translation.markup import tokens
from transforms.translation.merge import fit
from transforms.translation.pieces import Document
from transforms.translation.placeholders import MARK, has_words
from transforms.translation.segments import cut, cut_plain

_PIECES = """
    <p> </p> <b> </b> <i> </i> <a> <a\nhref='/x'> </a> <div> </div> <ul><li> </li></ul> <table><tr><td>
    </td></tr></table> <br> <br/> <hr> <img\nalt="A&#8217;cat"> <img\nalt='x"y'> <img\nalt=bare>
    <pre> </pre> <pre\nclass="wp-block-verse">
    <code> </code> <script> </script> <style> </style> <svg> </svg> <textarea> </textarea> <select> <iframe> </iframe>
    <span\ntranslate="no"> <span\nclass=notranslate> </span> <!-- --> <!--> <![CDATA[ ]]> <?php ?> </ > < <p <a\nhref= "
    ' & &amp; &lt;b&gt; &nbsp; &#0; &bogus; ⟦ ⟧ ⟦1⟧ ⟦/1⟧ ⟦2/⟧ ⟦99⟧ [gallery] [x\na="1"] [/x] {{name}} %s 2024 1,5 1st
    http://a.test/x?y=1&z a@b.test Wort word слово 語 \u00a0 \u200b \x00 “ ” – -- ... \ud7ff = /
"""
PIECES = st.sampled_from([*_PIECES.split(" "), "\n", "\n\n", "\r\n", " "])
SOUP = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=200))
WORDS = st.sampled_from(["Our house", "red & blue", "a < b", "It’s 2024", "see http://a.test/", "more.", "x"])
PLAIN_ATTRIBUTES = frozenset(("alt", "title", "aria-label", "placeholder", "label"))
RELAXED = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def inline(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Markup inside a line."""
    tags = st.sampled_from([("<b>", "</b>"), ("<em>", "</em>"), ('<span class="c">', "</span>")])
    wrapped = st.tuples(tags, children).map(lambda made: f"{made[0][0]}{made[1]}{made[0][1]}")
    return st.one_of(wrapped, st.tuples(children, children).map(" ".join))


LINE = st.recursive(
    st.one_of(WORDS, st.sampled_from(["<br>", '<img src="/i">', "<code>f(x)</code>", '<a href="/l">a link</a>'])),
    inline,
    max_leaves=12,
)


def markup_of(html: str) -> Counter[str]:
    return Counter(
        f"{node.tag} {[(k, v) for k, v in node.attributes.items() if k not in PLAIN_ATTRIBUTES]}"
        for node in LexborHTMLParser(html, is_fragment=True).css("*")
    )


def translated(document: Document) -> str:
    segments = document.segments
    texts = PseudoEngine().translate([segment.text for segment in segments], "en", "es")
    return document.put_back(dict(zip((s.hash for s in segments), texts, strict=True))).text


@RELAXED
@given(SOUP)
@example("<![=")
@example("<a b='<c>' d>text</a>")
@example("<p>a<b>b</p>c</b>")
@example("<script>if (a<b) '</p>'</script>x")
@example("<br>" * 300 + "x")
@example("<b>" * 500 + "x" + "</b>" * 500)
def test_what_is_cut_and_put_back_is_the_same_text(html: str) -> None:
    assert "".join(token.raw for token in tokens(html)) == html
    for document in (cut(html), cut_plain(html)):
        segments = document.segments
        assert document.put_back({segment.hash: segment.text for segment in segments}).text == html
        assert document.put_back({}).text == html
        for segment in segments:
            assert has_words(segment.text)
            assert len(segment.placeholders) == len({found[2] for found in MARK.finditer(segment.text)})
            assert fit(segment, segment.text) is not None


@RELAXED
@given(SOUP)
@example("<p title='a\"b'>x</p>")
@example("&amp;lt;script&amp;gt; x")
@example("word<span translate='no'><b></span>")
def test_a_translation_never_changes_markup(html: str) -> None:
    assert markup_of(translated(cut(html))) == markup_of(html)


@RELAXED
@given(st.lists(LINE, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_whatever_an_engine_does_to_marks_no_tag_is_lost_or_made(lines: list[str], chance: random.Random) -> None:
    html = "".join(f"<p>{line}</p>" for line in lines)
    document = cut(html)
    answers = {segment.hash: _damaged(segment, chance) for segment in document.segments}
    done = document.put_back(answers)
    assert markup_of(done.text) == markup_of(html)
    assert not re.search("[⟦⟧]", done.text)
    for segment in document.segments:
        fitted = fit(segment, answers[segment.hash])
        assert (fitted is None) == (segment.hash in done.left)
        if fitted:
            assert sorted(found[0] for found in MARK.finditer(fitted.text)) == sorted(
                found[0] for found in MARK.finditer(segment.text)
            )


@RELAXED
@given(SOUP, st.dictionaries(WORDS, WORDS, max_size=4))
def test_terms_are_put_in_whatever_they_are(html: str, fixed: dict[str, str]) -> None:
    terms = Terms(fixed, "v")
    assert markup_of(translated(cut(html, terms))) == markup_of(html)
    for document in (cut(html, terms), cut_plain(html, terms)):
        assert "⟦" not in translated(document) or "⟦" in html


@RELAXED
@given(SOUP)
@example("a & b < c <b>&lt;g id=1&gt;</b>")
def test_marks_travel_as_tags_and_come_back(html: str) -> None:
    for segment in cut(html).segments:
        etree.fromstring(f"<text>{to_xml(segment.text)}</text>")
        for form in (to_xml, to_html):
            assert from_tags(form(segment.text)) == re.sub(
                r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", segment.text
            )


def _damaged(segment: Segment, chance: random.Random) -> str:
    """Do to marks what engines do: lose, double, swap, translate, take apart."""
    pieces = re.split("(⟦[^⟧]*⟧)", segment.text)
    marks = list(range(1, len(pieces), 2))
    for _ in range(chance.randint(0, 3)):
        if not marks:
            break
        at, other = chance.choice(marks), chance.choice(marks)
        match chance.randrange(6):
            case 0:
                pieces[at] = ""
            case 1:
                pieces[at] *= 2
            case 2:
                pieces[at], pieces[other] = pieces[other], pieces[at]
            case 3:
                pieces[at] = "⟦uno⟧"
            case 4:
                pieces[at] = pieces[at].replace("⟦", "⟦ ").replace("/", " / ")
            case 5:
                pieces[at] = pieces[at][:-1]
    return "".join(pieces).replace("house", "maison")
