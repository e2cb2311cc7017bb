"""Whatever is written into a body: nothing crashes, nothing active comes out, and words stay."""

from __future__ import annotations

import re
from html import escape

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tests.factories import make_post, make_site, make_site_data
from transforms.body.attributes import places_with_attributes, read_attributes, with_attributes
from transforms.body.pipeline import render_body, render_comment, render_fragment
from transforms.body.sanitize import sanitize, sanitize_pieces, sanitize_settled
from transforms.body.settled import CUT, settled_pieces
from transforms.contract import SiteRules
from transforms.site import Site

HOSTS = SiteRules().embed_hosts
DATA = make_site_data([make_post()])

_SHORT_PIECES = """
    <p> </p> <b> </b> <div> </div> <ul><li> </ul> <table><td> </table> <pre> </pre> <code> </code> <script> </script>
    <style> </style> <svg> <math> <template> <textarea> <select> <iframe <object> <!-- --> <![CDATA[ ]]> <![= <?php ?>
    <!--wp:a--> <img <a href= src= "x" 'y' > /> = & &lt; &#60; &#x3c; &colon; javascript: data:text/html, onclick=
    onerror=alert(1) style= [gallery] [caption [/caption] [[a]] [embed] [/embed] [fusion_text] [/fusion_text] [vc_row]
    [x_y] [ ] ] http://a.test/ https://youtu.be/abcdefghijk -- ... " ' 5' 6" :) 8O \u00a0 \u202e \ud7ff \x00 \x01 \x03
    {"a":1} {"a":} } { \\ \\u003c"""
_LONG_PIECES = (
    "\n", "\n\n", "\r\n", " ", "<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", '<!-- wp:block {"ref":1} /-->',
    '<!-- wp:query {"a":"\\u003c"} -->', "<!-- wp:",
)  # fmt: skip
PIECES = st.sampled_from([*_SHORT_PIECES.split(), *_LONG_PIECES])
ANY_TEXT = st.text(max_size=200).map(lambda text: text.lstrip("\ufeff"))  # which parsers drop from the start of a page
SOUP = st.one_of(st.lists(PIECES, max_size=40).map("".join), ANY_TEXT)
ELEMENTS = "p div b a em ul li h2 blockquote table tbody tr td pre dl dt span figure"
NESTED = st.recursive(
    st.sampled_from(["a", "\n", " ", "<br />", "<hr>", "&amp;", "&#8217;", "< ", ">", "<!-- a -->", "</p>", "\xa0"]),
    lambda inner: (
        st.builds("<{0}>{1}</{0}>".format, st.sampled_from(ELEMENTS.split()), inner)
        | st.lists(inner, max_size=4).map("".join)
    ),
)
WORDS = st.lists(st.from_regex(r"[A-Za-zéß]{1,8}", fullmatch=True), min_size=1, max_size=30)
RELAXED = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_HANDLER = re.compile(r"on[a-z]+\Z", re.IGNORECASE)


def assert_harmless(html: str) -> None:
    """Parse as a browser does, and look for anything that could run."""
    tree = LexborHTMLParser(html, is_fragment=True)
    assert not tree.css("script, style, object, embed, svg, math, base, meta, link, form, template")
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not _HANDLER.match(name), (node.tag, name)
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            assert not address.startswith(("javascript:", "vbscript:", "data:text")), (node.tag, name, value)
        if node.tag == "iframe":
            assert "youtube.com" in (node.attributes.get("src") or "youtube.com")


def parsed(html: str) -> str:
    return LexborHTMLParser(html, is_fragment=True).html or ""


@RELAXED
@given(SOUP)
@example("<![=")
@example("<!-- wp:a {")
@example("[a b='<c d=[gallery]>']")
@example("\x00\x01'")
@example("<b><p><table><b>" * 40)
def test_no_text_crashes_a_body_and_nothing_active_leaves(raw: str) -> None:
    body = render_body(make_post(content=raw), Site(DATA))
    assert_harmless(body.html)
    assert_harmless(render_fragment(raw, None, Site(DATA)).html)
    assert_harmless(render_comment(raw, Site(DATA)).html)


@RELAXED
@given(SOUP)
@example("<p><select><p>")
@example("<pre>\n\n")
@example('<pre class="a" title="<pre>\n">\n\n\nx')
def test_sanitising_twice_is_sanitising_once(raw: str) -> None:
    once = sanitize(raw, HOSTS)
    assert sanitize(once, HOSTS) == once


@RELAXED
@given(SOUP)
@example("<a><table><a>x</a>")
@example("<pre>\n\nx</pre>&#13;<!-- > -->")
@example("<pre><!-- a -->\n")
@example('<iframe><b title=">')
@example("<iframe><!-- a -->")
def test_sanitising_tag_by_tag_is_sanitising_the_whole(raw: str) -> None:
    html = parsed(raw)
    assert "".join(sanitize_pieces(CUT.split(html), HOSTS)) == sanitize(html, HOSTS)


@RELAXED
@given(st.one_of(SOUP, NESTED))
@example("<p>a<h2>b</h2></p>")
@example("<table> <tr><td>a</td></tr>b</table>")
@example("<IMG ALT=a><a title='<'>x < y & z &hellip;</a>")
@example('<p><iframe src="a" allowfullscreen></iframe></p><IFRAME></iframe>')
@example("<IFRAME>a<b></iframe>")
@example("<iframe><!-- a --></iframe>")
def test_what_needs_no_parser_is_what_a_parser_makes(raw: str) -> None:
    pieces = settled_pieces(raw)
    assert pieces is None or "".join(pieces) == re.sub("<!--.*?-->", "", parsed(raw), flags=re.DOTALL)


@RELAXED
@given(st.one_of(SOUP, NESTED))
@example('<img alt="a &amp; &quot;b&quot;" title="<c>\xa0" src=x>')
@example("<img\n=<p> ==>")
def test_attributes_are_written_as_a_parser_writes_them(raw: str) -> None:
    for tag in CUT.split(parsed(raw))[1::2]:
        if re.match("<[a-z]+ ", tag):
            assert with_attributes(tag, read_attributes(tag)) == tag


@RELAXED
@given(st.one_of(SOUP, NESTED))
def test_sanitising_what_needs_no_parser_is_sanitising_the_whole(raw: str) -> None:
    pieces = settled_pieces(raw)
    if pieces is not None:
        assert "".join(sanitize_settled(pieces, places_with_attributes(pieces), HOSTS)) == sanitize(raw, HOSTS)


def test_markup_of_the_usual_kind_needs_no_parser() -> None:
    paragraph = '<p class="a">b<br />\nc &#8217; <a href=d title="x < y">e</a></p>'
    frame = '<iframe src="https://player.vimeo.com/video/1" allowfullscreen></iframe>'
    assert settled_pieces(f"{paragraph}\n<ul><li>f &amp; g</li></ul><hr/>{frame}") is not None


_TAGS = "a img p div svg math iframe object embed form button input video audio details table style script"
TAGS = st.sampled_from(_TAGS.split())
_NAMES = "href src onclick onerror ONLOAD oNmouseover style xlink:href srcdoc action formaction poster data"
NAMES = st.sampled_from(_NAMES.split())
ADDRESSES = st.sampled_from(
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "&#106;avascript:alert(1)", " javascript:x",
     "data:text/html,<script>x</script>", "vbscript:x", "alert(1)", "expression(alert(1))", "x\" onerror=\"alert(1)",
     "//evil.test/x", "jav&#x0A;ascript:x", "\x01javascript:x", "https://www.youtube.com/embed/x"]
)  # fmt: skip
ATTACK = st.tuples(
    TAGS, st.lists(st.tuples(NAMES, ADDRESSES, st.sampled_from(['"', "'", ""])), max_size=3), st.booleans()
)


@settings(max_examples=2_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ATTACK, min_size=1, max_size=4))
def test_ten_thousand_attacks_do_not_survive(attacks: list[tuple[str, list[tuple[str, str, str]], bool]]) -> None:
    raw = "".join(
        " ".join((f"<{tag}", *(f"{name}={quote}{value}{quote}" for name, value, quote in attributes))) + ">" * closed
        for tag, attributes, closed in attacks
    )
    assert_harmless(render_body(make_post(content=raw), Site(DATA)).html)


@RELAXED
@given(WORDS, st.lists(st.sampled_from(["p", "div", "em", "h2", "li", "blockquote", "span"]), min_size=1, max_size=6))
def test_markup_without_shortcodes_loses_no_word(words: list[str], tags: list[str]) -> None:
    html = "".join(f"<{tags[i % len(tags)]}>{escape(word)} </{tags[i % len(tags)]}>" for i, word in enumerate(words))
    assert render_body(make_post(content=html), make_site()).text.split() == words


ADDRESSES = st.builds(
    "{}{}".format,
    st.sampled_from(
        ["", "/", "//", "http://", "https://a.com", "https://a.com/", "http://1.2/", "javascript:", "data:"]
    ),
    st.text("abé.:/?=%#- ,&;\t", max_size=6),
)
PICTURE_NAMES = st.sampled_from(["src", "srcset", "alt", "class", "width", "loading", "onload", "style", "data-src"])


@RELAXED
@given(ADDRESSES, st.dictionaries(PICTURE_NAMES, ADDRESSES, max_size=4))
def test_plain_links_and_pictures_are_what_the_sanitiser_leaves(address: str, attributes: dict[str, str]) -> None:
    picture = "".join(f' {name}="{value}"' for name, value in attributes.items())
    html = parsed(f'<a href="{address}"><img{picture}></a>')
    assert "".join(sanitize_pieces(CUT.split(html), HOSTS)) == sanitize(html, HOSTS)
