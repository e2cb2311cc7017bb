"""Where texts are cut, what marks stand for, and how translations come back."""

from __future__ import annotations

import pytest

from transforms.translation.contract import Terms
from transforms.translation.pieces import LONGEST
from transforms.translation.segments import cut, cut_plain


def texts(html: str, terms: Terms | None = None) -> list[str]:
    return [segment.text for segment in cut(html, terms or Terms()).segments]


def translated(html: str, words: dict[str, str], terms: Terms | None = None) -> str:
    document = cut(html, terms or Terms())
    by_hash = {segment.hash: words[segment.text] for segment in document.segments if segment.text in words}
    return document.put_back(by_hash).text


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<h2>One</h2>\n<p>Two</p>", ["One", "Two"]),
        ("<ul><li>One<ul><li>Two</li></ul></li></ul>", ["One", "Two"]),
        ("<table><tr><th>One</th><td>Two</td></tr></table>", ["One", "Two"]),
        ("<figure><img src='/a'><figcaption>One</figcaption></figure>", ["One"]),
        ("One<br><br />\n<br>Two", ["One", "Two"]),
        ("<p>One<br>two</p>", ["One⟦1/⟧two"]),
        ("<p>  One\n  two&nbsp;</p>", ["One two"]),
        ("<p>A <b>b</b> c</p>", ["A ⟦1⟧b⟦/1⟧ c"]),
        ("<p>A <a href='/x'><i>b</i> c</a></p>", ["A ⟦1⟧⟦2⟧b⟦/2⟧ c⟦/1⟧"]),
        ("<p><b> All </b></p>", ["All"]),
        ("<p><b><i>All</i></b></p>", ["All"]),
        ("<p><img src='/a'> Words <br></p>", ["Words"]),
        ("<p><a href='/x'><img src='/a'></a> Words</p>", ["Words"]),
        ("<p><b>2024</b> was good</p>", ["⟦1⟧⟦2/⟧⟦/1⟧ was good"]),
        ("<p><code>run()</code> starts it</p>", ["⟦1/⟧ starts it"]),
        ("<p>Mail a@b.test or see https://a.test/x?y.</p>", ["Mail ⟦1/⟧ or see ⟦2/⟧."]),
        ("<p>1st of 3, 1,000.50 or 10:30</p>", ["1st of ⟦1/⟧, ⟦2/⟧ or ⟦3/⟧"]),
        ('<p>A [gallery ids="1"] and [sic] but [see below]</p>', ["A ⟦1/⟧ and ⟦2/⟧ but [see below]"]),
        ("<p>Hear [audio https://a.test/b.mp3]</p>", ["Hear ⟦1/⟧"]),
        ("<p>Hi {{name}}, %s of &amp;amp; ⟦x⟧</p>", ["Hi ⟦1/⟧, ⟦2/⟧ of ⟦3/⟧ ⟦4/⟧x⟦5/⟧"]),
        ("<p>My <span class='notranslate'>Brand</span></p>", ["My ⟦1/⟧"]),
        ("<p translate='no'>Brand</p><p>Words</p>", ["Words"]),
        ("<p>2024</p><p>—</p><p>&nbsp;</p><p>7 %</p>", []),
        ("<script>var a = 'words';</script><style>p{}</style><pre>code</pre>", []),
        ('<pre class="wp-block-verse">One\n  <em>two</em> three</pre>', ["One", "⟦1⟧two⟦/1⟧ three"]),
        ('<img src="/a" alt="A cat" title="His cat">', ["A cat", "His cat"]),
        ('<p>See <a href="/x" title="Open it">this</a></p>', ["See ⟦1⟧this⟦/1⟧", "Open it"]),
        ("<b>One<p>Two</b></p>", ["One", "Two"]),
        ("<i>One</b> two", ["One", "two"]),
        ("a < b and a<b", ["a < b and a"]),
        ("", []),
    ],
)
def test_texts_are_cut_at_blocks(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_words_of_a_placeholder_block_are_segments() -> None:
    html = (
        '<div data-wp-block="core/search" data-attributes="{&quot;label&quot;:&quot;Find &lt;b&gt;it&lt;/b&gt;&quot;,'
        '&quot;width&quot;:3,&quot;placeholder&quot;:&quot;Words&quot;}"></div>'
    )
    assert texts(html) == ["Find ⟦1⟧it⟦/1⟧", "Words"]
    done = translated(html, {"Find ⟦1⟧it⟦/1⟧": "⟦1⟧Trouver⟦/1⟧", "Words": 'Des "mots"'})
    assert "&lt;b&gt;Trouver&lt;/b&gt;" in done
    assert "Des \\&quot;mots\\&quot;" in done
    assert "&quot;width&quot;:3" in done


def test_translations_come_back_escaped_and_in_their_place() -> None:
    html = '<p class="x">Fish &amp; <b>chips</b> <img src="/a" alt="A &quot;cat&quot;"> now</p>'
    words = {"Fish & ⟦1⟧chips⟦/1⟧ ⟦2/⟧ now": '<i>⟦2/⟧ "⟦1⟧Pommes⟦/1⟧" & Fisch', 'A "cat"': 'Eine "Katze" <b>'}
    assert translated(html, words) == (
        '<p class="x">&lt;i&gt;<img src="/a" alt="Eine &quot;Katze&quot; &lt;b&gt;"> "<b>Pommes</b>" &amp; Fisch</p>'
    )


def test_what_has_no_translation_stays_byte_for_byte() -> None:
    html = "<p  CLASS=x>It&#8217;s</p><P>&copy two</P>"
    document = cut(html)
    done = document.put_back({})
    assert done.text == html
    assert done.left == {segment.hash for segment in document.segments}
    assert not done.issues


def test_an_unusable_translation_leaves_the_source_with_an_issue() -> None:
    document = cut("<p>From 2024 on</p>")
    done = document.put_back({document.segments[0].hash: "Seit damals"})
    assert done.text == "<p>From 2024 on</p>"
    assert [issue.code for issue in done.issues] == ["translation.left_in_source"]
    assert "“From 2024 on”" in done.issues[0].detail


def test_a_paragraph_that_no_engine_takes_is_left_with_an_issue() -> None:
    document = cut(f"<p>{'word ' * LONGEST}</p><p>Short</p>")
    assert [segment.text for segment in document.segments] == ["Short"]
    assert [issue.code for issue in document.put_back({}).issues] == ["translation.too_long"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<p>It\'s "so" -- yes...</p>', "<h2>It’s “so” – yes…</h2>"),
        ("<p>A  b\nc</p>", "<p>A b&nbsp;c</p>"),
        ("<p>See <a href='/x'>it</a></p>", "<p>See <a href='/y'>it</a></p>"),
        ("<p>Go to https://a.test/</p>", "<p>Go to https://b.test/x</p>"),
        ("<h2>Section 12</h2>", "<h2>Section 13</h2>"),
    ],
)
def test_texts_that_say_the_same_have_one_hash(one: str, other: str) -> None:
    assert cut(one).segments[0].hash == cut(other).segments[0].hash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<p>2 apples</p>", "<p>5 apples</p>"),
        ("<p>2 <b>red</b> apples</p>", "<p>5 <b>red</b> apples</p>"),
        ("<p>See it</p>", "<p>See <b>it</b></p>"),
        ("<p>March on</p>", "<p>march on</p>"),
    ],
)
def test_texts_that_say_something_else_have_not(one: str, other: str) -> None:
    assert cut(one).segments[0].hash != cut(other).segments[0].hash


def test_plain_texts_are_cut_at_their_lines_and_not_escaped() -> None:
    document = cut_plain("  One & <b>\r\n\n 2024\nTwo  ")
    assert [segment.text for segment in document.segments] == ["One & <b>", "Two"]
    words = {document.segments[0].hash: "Eins & <i>", document.segments[1].hash: "Zwei"}
    assert document.put_back(words).text == "  Eins & <i>\r\n\n 2024\nZwei  "


def test_a_million_marks_are_no_segment() -> None:
    html = "<p>" + "x<br>" * 10_000 + "x</p>"
    assert texts(html) == []
    assert cut(html).put_back({}).text == html
