"""The steps on the tree: links, pictures, films, what is removed, what is repaired, and the text that is left."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.factories import make_attachment, make_media, make_post, make_site
from transforms.body.contract import Body
from transforms.body.pipeline import render_body, render_comment, render_fragment
from transforms.body.sanitize import sanitize
from transforms.body.settled import settled_pieces
from transforms.contract import SiteRules, Variant

HOSTS = SiteRules().embed_hosts
HOME = "https://example.test"


def render(content: str, **given: Any) -> Body:
    posts = [make_post(1), make_post(2, slug="second"), *given.pop("posts", ())]
    return render_body(make_post(content=content), make_site(posts, **given))


def codes(body: Body) -> list[str]:
    return [issue.code for issue in body.issues]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"{HOME}/second/", "/second/"),
        ("http://www.example.test/second", "/second/"),
        ("//example.test/second/#part", "/second/#part"),
        ("/second/?a=1&amp;b=2", "/second/?a=1&amp;b=2"),
        ("/?p=2", "/second/"),
        (f"{HOME}/?p=2&amp;lang=en", "/second/?lang=en"),
        ("https://other.test/second/", "https://other.test/second/"),
        ("#part", "#part"),
        ("mailto:me@example.test", "mailto:me@example.test"),
        ("relative/page", "relative/page"),
    ],
)
def test_links_inside_the_site_lead_to_its_new_addresses(old: str, new: str) -> None:
    assert render(f'<a href="{old}">x</a>').html == f'<p><a href="{new}">x</a></p>'


def test_broken_links_stay_and_are_reported_with_their_text() -> None:
    body = render('<a href="/nowhere/">See this</a>')
    assert body.html == '<p><a href="/nowhere/">See this</a></p>'
    assert codes(body) == ["body.broken_link"]
    assert "/nowhere/" in body.issues[0].detail
    assert "See this" in body.issues[0].detail


def picture(**given: Any) -> dict[str, Any]:
    variants = tuple(Variant(store_key=f"ab/{w}.webp", width=w, height=w // 2) for w in (480, 960, 1600))
    media = make_media(
        7, store_key="ab/1600.webp", width=1600, height=800, alt_text="A lamp", variants=variants, **given
    )
    return {"posts": [make_attachment(7, file="2024/05/lamp.jpg")], "media": [media]}


def test_pictures_get_their_file_size_variants_and_lazy_loading() -> None:
    html = render(f'<img src="{HOME}/wp-content/uploads/2024/05/lamp-300x150.jpg">', **picture()).html
    assert html == (
        '<p><img src="/media/ab/1600.webp" loading="lazy" decoding="async" width="300" height="150" alt="A lamp" '
        'srcset="/media/ab/480.webp 480w, /media/ab/960.webp 960w, /media/ab/1600.webp 1600w" '
        'sizes="(max-width: 300px) 100vw, 300px"></p>'
    )


def test_the_authors_size_and_alternative_text_are_kept() -> None:
    html = render('<img src="/wp-content/uploads/2024/05/lamp.jpg" alt="" width="200">', **picture()).html
    assert 'alt=""' in html
    assert 'width="200"' in html
    assert 'height="100"' in html


def test_the_image_class_names_the_file_behind_a_cdn_but_not_when_it_is_stale() -> None:
    same = '<img src="https://i0.wp.com/cdn.test/lamp-300x150.jpg?ssl=1" class="wp-image-7">'
    other = '<img src="https://cdn.test/chair.jpg" class="wp-image-7">'
    assert "/media/ab/1600.webp" in render(same, **picture()).html
    assert 'src="https://cdn.test/chair.jpg"' in render(other, **picture()).html


def test_lazy_pictures_show_what_their_script_would_have_loaded() -> None:
    lazy = (
        '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" data-src="/wp-content/uploads/2024/05/lamp.jpg">'
        '<noscript><img src="/wp-content/uploads/2024/05/lamp.jpg"></noscript>'
    )
    html = render(lazy, **picture()).html
    assert html.count("<img") == 1
    assert "/media/ab/1600.webp" in html
    assert "data-src" not in html


def test_missing_pictures_keep_a_whole_address_and_are_reported() -> None:
    body = render('<img src="/wp-content/uploads/2024/05/gone.jpg" alt="x">')
    assert f'src="{HOME}/wp-content/uploads/2024/05/gone.jpg"' in body.html
    assert codes(body) == ["body.missing_file"]


def test_films_and_downloads_point_at_the_media_store() -> None:
    given: dict[str, Any] = {
        "posts": [make_attachment(8, file="2024/clip.mp4")],
        "media": [make_media(8, kind="video", store_key="cd/clip.mp4")],
    }
    html = render('<video src="/wp-content/uploads/2024/clip.mp4"></video>', **given).html
    assert 'src="/media/cd/clip.mp4"' in html
    assert 'href="/media/cd/clip.mp4"' in render('<a href="/wp-content/uploads/2024/clip.mp4">get</a>', **given).html


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        ("<script>alert(1)</script>", "body.script_removed"),
        ('<p onclick="alert(1)">x</p>', "body.handler_removed"),
        ('<a href="javascript:alert(1)">x</a>', "body.script_link_removed"),
        ('<a href="&#106;ava&#x09;script:alert(1)">x</a>', "body.script_link_removed"),
        ('<a href="data:text/html;base64,PHM+">x</a>', "body.script_link_removed"),
        ('<iframe src="https://tracker.test/x"></iframe>', "body.frame_removed"),
        ('<iframe src="https://youtube.com.evil.test/x"></iframe>', "body.frame_removed"),
        ("<object data=x.swf></object>", "body.object_removed"),
        ("<style>b{}</style>", "body.style_removed"),
        ("<form action=x><input>words</form>", "body.form_removed"),
        ("<svg onload=alert(1)></svg>", "body.svg_removed"),
    ],
)
def test_active_content_goes_and_says_so(attack: str, code: str) -> None:
    body = render(f"<p>before</p>{attack}<p>after</p>")
    assert code in codes(body)
    for trace in ("script:", "<script", "onclick", "onload", "iframe", "object", "<style", "<form", "data:"):
        assert trace not in body.html
    assert body.text.startswith("before")
    assert body.text.endswith("after")


def test_frames_of_allowed_hosts_and_inline_pictures_stay() -> None:
    body = render(
        '<iframe src="https://www.youtube.com/embed/x" allowfullscreen></iframe>'
        '<img src="data:image/png;base64,iVBORw0KGgo=">'
    )
    assert "https://www.youtube.com/embed/x" in body.html
    assert "data:image/png;base64,iVBORw0KGgo=" in body.html
    assert body.issues == ()


def test_classes_languages_direction_and_harmless_styles_stay() -> None:
    html = '<p class="lead" lang="ar" dir="rtl" style="text-align:center">نص</p>'
    assert sanitize(html, HOSTS) == html
    assert sanitize('<p style="position:fixed;background:url(x)">a</p>', HOSTS) == '<p style="">a</p>'


@pytest.mark.parametrize(
    ("broken", "text", "code"),
    [
        ("one <!-- two three", "one two three", "body.unclosed_comment"),
        ("zero <!-- x --> one <!-- two <!-- three", "zero one two three", "body.unclosed_comment"),
        ("one <![CDATA[ two ]]> three", "one two three", "body.cdata"),
        ('one two <a href="three', "one two <a href=”three", "body.unclosed_tag"),
        ("one <script>two three", "one two three", "body.unclosed_tag"),
        ("one <textarea>two <b>three</b>", "one two three", "body.unclosed_tag"),
    ],
)
def test_what_would_swallow_the_rest_is_opened(broken: str, text: str, code: str) -> None:
    body = render(broken)
    assert body.text == text
    assert code in codes(body)


def test_unclosed_and_crossed_tags_keep_their_words() -> None:
    assert render("<p>one <b>two <i>three</b> four</i> <div>five</p></table> six").text == "one two three four five six"


def test_text_has_one_space_between_blocks_and_none_inside_words() -> None:
    assert render("<ul><li>a</li><li>b<b>c</b></li></ul>\n\nd<br>e &amp; f").text == "a bc d e & f"


def test_a_loss_that_no_issue_declares_is_reported_with_both_numbers() -> None:
    # A browser takes everything up to the next quote for the address of the link.
    body = render('<a href="x>one two three four five six seven eight nine ten</a> <a href="y">z</a>')
    details = {issue.code: issue.detail for issue in body.issues}
    assert details["body.lost_links"] == "2 links went in, 1 came out."
    assert details["body.lost_words"] == "11 words went in, 1 came out."


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("h2", "headings"),
        ("Img", "images"),
        ("TABLE", "tables"),
        ("Li", "list items"),
        ("PRE", "code"),
        ("Video", "embeds"),
    ],
)
def test_a_lost_part_is_reported_however_its_name_is_written(name: str, part: str) -> None:
    body = render(f'<a href="x><{name}>one</{name}> <a href="y">z</a>')
    details = {issue.code: issue.detail for issue in body.issues}
    assert details[f"body.lost_{part.replace(' ', '_')}"] == f"1 {part} went in, 0 came out."


def test_lost_words_are_counted_in_bodies_of_any_length() -> None:
    long = "<p>" + "kept " * 60_000 + "</p><p>" + "kept\t😀 " * 20_000 + "</p>"
    lost = '<a href="x>' + "lost\u00a0é\r\n" * 5_000 + '</a> <a href="y">z</a>'
    assert render(long).issues == ()
    assert "110001 words went in, 100001 came out." in [issue.detail for issue in render(long + lost).issues]


def test_what_stands_in_comments_is_not_missed() -> None:
    body = render('<p>seen</p><!-- <img src="/a.jpg"> <a href="/b">old</a> <li>words of long ago</li> -->')
    assert body.issues == ()


def test_parts_that_no_parser_sees_are_not_missed_either() -> None:
    assert render("<p>1 <a<br>2</p>").issues == ()


def test_whole_bodies_report_no_loss() -> None:
    html = "<h2>Head</h2><ul><li>a</li></ul><table><tr><td>b</td></tr></table><pre>c</pre><img src='https://other.test/x.png'>"
    assert codes(render(html)) == []


def test_elementor_pages_come_from_their_own_tree() -> None:
    data = '[{"elType":"widget","widgetType":"heading","settings":{"title":"Built"},"elements":[]}]'
    post = make_post(content="stale", meta={"_elementor_edit_mode": "builder", "_elementor_data": data})
    assert render_body(post, make_site([post])).text == "Built"


def test_fragments_are_classic_and_comments_have_links_but_no_shortcodes() -> None:
    assert render_fragment('An "excerpt"\n\nof two', None, make_site()).html == "<p>An “excerpt”</p>\n<p>of two</p>"
    assert render_comment("See www.a.test [gallery]<script>x</script>", make_site()).html == (
        '<p>See <a href="http://www.a.test">http://www.a.test</a> [gallery]</p>'
    )


def test_an_empty_body_is_empty() -> None:
    assert render(" \n ") == Body("", "", None, ())


ELEMENTS = """a abbr address article aside audio b base bdi blockquote body br button canvas caption center code col dd
    del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form frame h1 head header hr html i
    iframe img input ins kbd label legend li link main map mark math menu meta meter nav noscript object ol optgroup
    option output p picture pre q rp rt ruby s samp script section select slot small source span strike strong style sub
    summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp"""


@pytest.mark.parametrize("name", ELEMENTS.split())
@pytest.mark.parametrize("parents", ["", "ul", "dl", "table", "table tbody", "table tbody tr"])
def test_elements_that_need_no_parser_are_allowed_ones(name: str, parents: str) -> None:
    html = f"<{name}>a</{name}>"
    for parent in reversed(parents.split()):
        html = f"<{parent}>{html}</{parent}>"
    pieces = settled_pieces(html)
    assert pieces is None or "".join(pieces) == sanitize(html, None)


@pytest.mark.parametrize(
    "unit",
    [
        "<p>An ordinary paragraph with “words” and -- dashes.</p>\n",
        "plain words without any markup\n\n",
        "<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->\n",
        '[gallery ids="1"] and [unknown x="1"] ',
        'it\'s "six" feet 6\' 2" :) ',
        '<iframe src="https://youtu.be/a"><!--</iframe>-->',
        "<b title='<!--'>x</b><!-- <a href='/'>x</a> -->",
    ],
)
def test_two_megabytes_render_in_linear_time(unit: str) -> None:
    # eight times the size: quadratic would be 64
    assert seconds_for(unit, 2_000_000) < 24 * max(seconds_for(unit, 250_000), 0.1)


@pytest.mark.parametrize("unit", ["<!--", "<!<!--", "< ", "<p>a", "</p>", "<!-- <b> -->", "<a", '<a b="', "[1]"])
def test_broken_markup_over_and_over_renders_in_linear_time(unit: str) -> None:
    assert seconds_for(unit, 160_000) < 24 * max(seconds_for(unit, 20_000), 0.02)


@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        (":) ", "<", ""),
        (":) ", "<a ", "\n"),
        ("[x] ", "<!--", "-->"),
        ("[x] ", "<!-- a ", "-->"),
        ("<", "[gallery]", ">"),
        ("<a ", "[gallery] ", ">"),
        ('<a title="', "[gallery]", '">'),
        ("< ", "[gallery]!", ">"),
    ],
)
def test_what_ends_nowhere_renders_in_linear_time_beside_smilies_and_brackets(
    before: str, unit: str, after: str
) -> None:
    assert seconds_for(unit, 160_000, before, after) < 24 * max(seconds_for(unit, 20_000, before, after), 0.02)


def seconds_for(unit: str, size: int, before: str = "", after: str = "") -> float:
    content = f"{before}{unit * (size // len(unit))}{after}"
    started = time.process_time()
    render(content)
    return time.process_time() - started
