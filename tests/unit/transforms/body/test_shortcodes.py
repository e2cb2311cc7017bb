"""The grammar of shortcodes, WordPress's own ones, and those nobody knows."""

from __future__ import annotations

import time

import pytest

from tests.factories import make_attachment, make_media, make_post, make_site
from transforms.body.contract import BodyContext, Call, Shortcode
from transforms.body.pipeline import render_body
from transforms.body.shortcodes import SHORTCODES
from transforms.body.shortcodes.expansion import expand_shortcodes, has_brackets_in_tags, settle_calls_in_tags
from transforms.body.shortcodes.grammar import find_calls, parse_attributes
from transforms.body.skeleton import skeleton_of

ECHO = {
    name: Shortcode((name,), lambda call, _context, expand: f"<{call.name}>{expand(call.content or '')}</{call.name}>")
    for name in ("a", "b")
}


def expand(text: str) -> str:
    context = BodyContext(make_post(), make_site())
    if has_brackets_in_tags(text, skeleton_of(text)):
        text = settle_calls_in_tags(text, context, ECHO)
    return expand_shortcodes(text, context, ECHO)


def rendered(text: str, **given: object) -> str:
    return render_body(make_post(content=text), make_site(**given)).html  # type: ignore[arg-type]  # kwargs pass through


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("x[a]y", "x<a></a>y"),
        ("[a]in[/a]out", "<a>in</a>out"),
        ("[a/]in[/a]", "<a></a>in[/a]"),
        ("[[a]]", "[a]"),
        ("[[a]in[/a]]", "[a]in[/a]"),
        ("[a][b]deep[/b][/a]", "<a><b>deep</b></a>"),
        ("[a][a]x[/a][/a]", "<a><a></a>x</a>[/a]"),
        ("[c]x[/c] [ab]", "[c]x[/c] [ab]"),
        ("[a", "[a"),
        ("<!-- [a] -->", "<!-- &#91;a&#93; -->"),
        ('<i title="[c]">', '<i title="&#91;c&#93;">'),
        ("1 < 2 [a] <i>", "1 < 2 &#91;a&#93; <i>"),
        ("<!-- > [a] -->[a]", "<!-- > &#91;a&#93; --><a></a>"),
        ('<i [a] title="[a]x[/a]">', '<i <a></a> title="x">'),
        ("<[a]>", "<<a></a>>"),
    ],
)
def test_calls_are_found_as_wordpress_finds_them(text: str, html: str) -> None:
    assert expand(text) == html


def test_an_embed_leaves_the_attributes_of_blocks_alone() -> None:
    content = '<!-- wp:a/b {"ids":[1,2]} --><p>[embed]https://x.test/y[/embed]</p><!-- /wp:a/b -->'
    body = render_body(make_post(content=content), make_site())
    assert body.issues == ()
    assert [block["attrs"] for block in body.blocks] == [{"ids": [1, 2]}]  # type: ignore[index,union-attr]  # a tree


def test_a_call_behind_a_bare_less_than_is_reported() -> None:
    body = render_body(make_post(content="1 < 2 [gallery] [embed]x[/embed] <i>x</i>"), make_site())
    assert body.text == "1 < 2 [gallery] [embed]x[/embed] x"
    assert [(issue.code, issue.detail.split()[0]) for issue in body.issues] == [
        ("body.swallowed_shortcode", "[gallery]"),
        ("body.swallowed_shortcode", "[embed]"),
    ]
    assert not any("times" in issue.detail for issue in body.issues)


@pytest.mark.parametrize(
    ("text", "named", "positional"),
    [
        (" ids=\"1,2\" Link='file' columns=3", {"ids": "1,2", "link": "file", "columns": "3"}, ()),
        (' "first one" second', {}, ("first one", "second")),
        (' x="a\\nb"', {"x": "a\nb"}, ()),
        (' x="<b"', {"x": ""}, ()),
        (' x="<b>ok</b>"', {"x": "<b>ok</b>"}, ()),
        (' x="1"\u00a0y="2"', {"x": "1", "y": "2"}, ()),
        (' x="1"<br />\ny="2"', {"x": "1", "y": "2"}, ()),
    ],
)
def test_attributes_in_every_form(text: str, named: dict[str, str], positional: tuple[str, ...]) -> None:
    assert parse_attributes(text) == (named, positional)


def test_a_call_knows_its_tag_and_content() -> None:
    assert list(find_calls('say [a x="1"]hi[/a] [[b]]', ECHO)) == [Call("a", {"x": "1"}, (), "hi", '[a x="1"]')]


@pytest.mark.parametrize("half", ["[a ", "[a]", "[[a", "<x [", "[/a]", "[a x='"])
def test_megabytes_of_half_written_tags_stay_linear(half: str) -> None:
    started = time.process_time()
    expand(half * 200_000)
    assert time.process_time() - started < 5


def test_captions_in_both_syntaxes_become_figures() -> None:
    picture = '<img src="https://other.test/a.jpg" alt="A" width="300" height="200" />'
    new = rendered(f'[caption id="attachment_5" align="alignleft" width="300"]{picture} The <em>caption</em>[/caption]')
    old = rendered(f'[caption width="300" caption="The &lt;em&gt;"]{picture}[/caption]')
    assert '<figure id="attachment_5" class="wp-caption alignleft"><img' in new
    assert '<figcaption class="wp-caption-text">The <em>caption</em></figcaption></figure>' in new
    assert "The &lt;em&gt;</figcaption>" in old


def test_a_caption_without_width_is_just_its_picture_as_in_wordpress() -> None:
    html = rendered('[caption]<img src="https://other.test/a.jpg" alt="A" /> lost in WordPress too[/caption]')
    assert "figcaption" not in html
    assert html.startswith("<img")


def test_a_gallery_follows_its_ids_and_links_to_the_files() -> None:
    media = [make_media(7, caption='The "seventh"', alt_text="Seven"), make_media(8)]
    posts = [make_attachment(7, file="2024/05/seven.jpg"), make_attachment(8, file="2024/05/eight.jpg")]
    html = rendered('[gallery ids="8,7,99" columns="2"]', posts=posts, media=media)
    assert html.startswith('<div class="gallery gallery-columns-2"><figure class="gallery-item">')
    assert html.index("08/picture.webp") < html.index("07/picture.webp")
    assert '<figcaption class="wp-caption-text">The “seventh”</figcaption>' in html
    assert html.count("<a href=") == 2
    assert "<a href=" not in rendered('[gallery ids="7" link="none"]', posts=posts, media=media)


def test_a_gallery_without_ids_shows_the_attached_images_but_the_excluded() -> None:
    posts = [make_attachment(n, file=f"{n}.jpg", parent_id=1) for n in (7, 8, 9)]
    html = rendered('[gallery exclude="8"]', posts=posts)
    assert "07/picture.webp" in html
    assert "09/picture.webp" in html
    assert "08/picture.webp" not in html


def test_missing_attachments_of_a_gallery_are_reported() -> None:
    body = render_body(make_post(content='[gallery ids="5"]'), make_site())
    assert body.html == ""
    assert [issue.code for issue in body.issues] == ["body.missing_file", "body.empty_gallery"]


def test_players_name_their_files_and_offer_them_for_download() -> None:
    html = rendered('[audio mp3="https://other.test/a.mp3"]')
    assert html.startswith('<audio controls=""><source type="audio/mpeg" src="https://other.test/a.mp3">')
    assert '<a href="https://other.test/a.mp3">a.mp3</a></audio>' in html
    assert '<iframe src="https://player.vimeo.com/video/7' in rendered('[video src="https://vimeo.com/7"]')


def test_unknown_shortcodes_lose_their_tags_and_keep_their_content() -> None:
    body = render_body(make_post(content='<p>[note color="red"]Read [b]this[/b][/note]</p>'), make_site())
    assert body.html == "<p>Read this</p>"
    assert {issue.code for issue in body.issues} == {"body.unknown_shortcode"}


def test_an_unknown_shortcode_that_encloses_nothing_stays_readable_and_marked() -> None:
    html = rendered('[contact-form-7 id="42" title="Contact"]')
    assert html == (
        '<p><span data-wp-shortcode="contact-form-7" data-attributes="{&quot;id&quot;:&quot;42&quot;,&quot;title&quot;:'
        '&quot;Contact&quot;}">[contact-form-7 id="42" title="Contact"]</span></p>'
    )


@pytest.mark.parametrize("text", ["as he wrote [sic]", "see [1] and [2, 3]", "array[i] = x", "[x-ray] [a b]"])
def test_brackets_that_are_no_shortcodes_stay_text(text: str) -> None:
    assert rendered(text) == f"<p>{text}</p>"


def test_shortcodes_shown_in_code_stay_code() -> None:
    assert rendered('<pre>[note color="red"]x[/note]</pre>') == '<pre>[note color="red"]x[/note]</pre>'


def test_builders_and_core_are_all_known() -> None:
    assert {"caption", "gallery", "playlist", "embed", "fusion_text", "vc_row", "et_pb_text"} <= set(SHORTCODES)
