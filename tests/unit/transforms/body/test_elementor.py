"""Elementor's tree of JSON: what a visitor saw, in plain HTML."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.builder_cases import HOSTILE, codes, make_context
from tests.factories import make_media, make_post
from transforms.body.contract import BodyContext
from transforms.body.elementor import MAX_DEPTH, elementor_html, should_use_elementor
from transforms.body.elementor_pro import PRO_WIDGETS
from transforms.body.elementor_widgets import WIDGETS

Settings = dict[str, Any]


def widget(kind: str, settings: Settings, *elements: Any) -> Settings:
    return {"id": "1a2b", "elType": "widget", "widgetType": kind, "settings": settings, "elements": list(elements)}


def show(*nodes: Any, context: BodyContext | None = None) -> str:
    return elementor_html(json.dumps(nodes), context or make_context())


PICTURE = {"url": "/a.jpg", "id": 5, "alt": "Lamp"}
IMAGE = '<img src="/a.jpg" alt="Lamp" class="wp-image-5">'
LINK = {"url": "/l/", "is_external": "", "nofollow": ""}

CASES: tuple[tuple[str, Settings, str], ...] = (
    ("heading", {"title": 'Built with "Elementor" é'}, '<h2>Built with "Elementor" é</h2>'),
    ("heading", {"title": "T", "header_size": "h4", "link": LINK}, '<h4><a href="/l/">T</a></h4>'),
    ("heading", {"title": "T", "header_size": "div"}, "<p>T</p>"),
    ("text-editor", {"editor": "<p>One</p><ul><li>a</li></ul>"}, "<p>One</p><ul><li>a</li></ul>"),
    ("text-editor", {"editor": "plain <b>bold"}, "<p>plain <b>bold</b></p>"),
    ("text-editor", {"editor": 'A [gallery ids="1"]'}, '<p>A [gallery ids="1"]</p>'),
    ("image", {"image": PICTURE, "caption": "Cap"}, f"<figure>{IMAGE}<figcaption>Cap</figcaption></figure>"),
    ("image", {"image": PICTURE, "link_to": "custom", "link": LINK}, f'<figure><a href="/l/">{IMAGE}</a></figure>'),
    ("image", {"image": PICTURE, "link_to": "file"}, f'<figure><a href="/a.jpg">{IMAGE}</a></figure>'),
    ("image", {"image": PICTURE, "link_to": "none", "link": LINK}, f"<figure>{IMAGE}</figure>"),
    (
        "image-gallery",
        {"wp_gallery": [{"id": 5, "url": "/a.jpg"}]},
        '<figure class="gallery"><figure><img src="/a.jpg" alt="" class="wp-image-5"></figure></figure>',
    ),
    (
        "image-carousel",
        {"carousel": [{"id": 5, "url": "/a.jpg"}]},
        '<figure class="gallery"><figure><img src="/a.jpg" alt="" class="wp-image-5"></figure></figure>',
    ),
    (
        "video",
        {"youtube_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ"},
        '<figure><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" allowfullscreen=""></iframe></figure>',
    ),
    ("video", {"video_type": "hosted", "hosted_url": {"url": "/f.mp4"}}, '<video src="/f.mp4" controls=""></video>'),
    ("button", {"text": "Go", "link": LINK}, '<p><a href="/l/">Go</a></p>'),
    ("button", {"link": LINK}, '<p><a href="/l/">Click here</a></p>'),
    (
        "icon-list",
        {"icon_list": [{"text": "a"}, {"text": "b", "link": LINK}]},
        '<ul><li>a</li><li><a href="/l/">b</a></li></ul>',
    ),
    (
        "image-box",
        {"image": PICTURE, "title_text": "T", "description_text": "D"},
        f"<figure>{IMAGE}</figure><h3>T</h3><p>D</p>",
    ),
    ("icon-box", {"title_text": "T", "description_text": "D", "link": LINK}, '<h3><a href="/l/">T</a></h3><p>D</p>'),
    (
        "accordion",
        {"tabs": [{"tab_title": "T", "tab_content": "<p>C</p>"}]},
        "<details><summary><h4>T</h4></summary><p>C</p></details>",
    ),
    ("tabs", {"tabs": [{"tab_title": "T", "tab_content": "C"}]}, "<h4>T</h4><p>C</p>"),
    (
        "testimonial",
        {"testimonial_content": "Good", "testimonial_name": "Ada", "testimonial_job": "Chief"},
        "<blockquote><p>Good</p><cite>Ada, Chief</cite></blockquote>",
    ),
    (
        "testimonial-carousel",
        {"slides": [{"content": "Good", "name": "Ada", "title": "Chief"}]},
        "<blockquote><p>Good</p><cite>Ada, Chief</cite></blockquote>",
    ),
    (
        "blockquote",
        {"blockquote_content": "Good", "author_name": "Ada"},
        "<blockquote><p>Good</p><cite>Ada</cite></blockquote>",
    ),
    ("counter", {"ending_number": 38, "suffix": "%", "title": "less"}, "<p>38% less</p>"),
    ("progress", {"title": "Ink", "percent": {"unit": "%", "size": 70}}, "<p>Ink 70%</p>"),
    ("html", {"html": "<em>hi</em>"}, "<em>hi</em>"),
    ("shortcode", {"shortcode": '[gallery ids="1"]'}, '[gallery ids="1"]'),
    ("divider", {}, "<hr>"),
    ("spacer", {"space": {"size": 50}}, ""),
    (
        "google_maps",
        {"address": "Vigo"},
        (
            '<figure><iframe src="https://www.google.com/maps?q=Vigo&amp;output=embed" title="Vigo"'
            ' allowfullscreen=""></iframe></figure>'
        ),
    ),
    (
        "social-icons",
        {"social_icon_list": [{"social_icon": {"value": "fab fa-facebook-f"}, "link": LINK}]},
        '<ul><li><a href="/l/">Facebook</a></li></ul>',
    ),
    ("alert", {"alert_title": "T", "alert_description": "D"}, "<aside><p>T</p><p>D</p></aside>"),
    ("menu-anchor", {"anchor": "top"}, '<div id="top"></div>'),
    (
        "price-table",
        {
            "heading": "Pro",
            "price": "9",
            "period": "a month",
            "features_list": [{"item_text": "one"}],
            "button_text": "Buy",
            "link": LINK,
        },
        '<h3>Pro</h3><p>$9 a month</p><ul><li>one</li></ul><p><a href="/l/">Buy</a></p>',
    ),
    (
        "price-list",
        {"price_list": [{"title": "Tea", "price": "2", "item_description": "hot"}]},
        "<ul><li><p>Tea 2</p><p>hot</p></li></ul>",
    ),
    (
        "call-to-action",
        {"title": "T", "description": "D", "button": "Go", "link": LINK},
        '<h2>T</h2><p>D</p><p><a href="/l/">Go</a></p>',
    ),
    (
        "flip-box",
        {"title_text_a": "A", "title_text_b": "B", "description_text_a": "a", "description_text_b": "b"},
        "<h3>A</h3><h3>B</h3><p>a</p><p>b</p>",
    ),
    ("animated-headline", {"before_text": "We", "rotating_text": "draw\nbuild"}, "<h3>We draw, build</h3>"),
    ("code-highlight", {"code": "a < b", "language": "c"}, '<pre><code class="language-c">a &lt; b</code></pre>'),
    ("hotspot", {"hotspot": [{"hotspot_label": "L", "hotspot_tooltip_content": "C"}]}, "<p>L</p><p>C</p>"),
)


@pytest.mark.parametrize(("kind", "settings", "expected"), CASES)
def test_a_widget_becomes_plain_html(kind: str, settings: Settings, expected: str) -> None:
    assert show(widget(kind, settings)) == expected


def test_sections_and_columns_only_arrange() -> None:
    column = {"elType": "column", "settings": [], "elements": [widget("heading", {"title": "T"})]}
    assert show({"elType": "section", "settings": {"_element_id": "top"}, "elements": [column]}) == (
        '<section id="top"><h2>T</h2></section>'
    )


def test_a_container_that_is_a_link_stays_one() -> None:
    box = {
        "elType": "container",
        "settings": {"html_tag": "a", "link": LINK},
        "elements": [widget("heading", {"title": "T"})],
    }
    assert show(box) == '<section><a href="/l/"><h2>T</h2></a></section>'


def test_nested_tabs_give_each_title_its_content() -> None:
    first, second = ({"elType": "container", "elements": [widget("heading", {"title": text})]} for text in "ab")
    html = show(widget("nested-tabs", {"tabs": [{"tab_title": "A"}, {"tab_title": "B"}]}, first, second))
    assert html == "<h4>A</h4><h2>a</h2><h4>B</h4><h2>b</h2>"


def test_a_nested_accordion_that_lost_a_title_keeps_its_content() -> None:
    panels = ({"elType": "container", "elements": [widget("heading", {"title": text})]} for text in "ab")
    html = show(widget("nested-accordion", {"items": [{"item_title": "A"}]}, *panels))
    assert "<h2>a</h2>" in html
    assert "<h2>b</h2>" in html


def live(name: str, **options: str) -> str:
    return f'[elementor-tag id="1" name="{name}" settings="{quote(json.dumps(options))}"]'


def test_a_live_value_overrides_the_stored_text() -> None:
    context = make_context({"title": "Lamps", "meta": {"place": "Vigo"}})
    title = widget("heading", {"title": "old", "__dynamic__": {"title": live("post-title", before="On ")}})
    place = widget("heading", {"title": "old", "__dynamic__": {"title": live("acf-text", key="field_1:place")}})
    assert show(title, place, context=context) == "<h2>On Lamps</h2><h2>Vigo</h2>"
    assert context.issues == []


def test_a_live_link_keeps_the_rest_of_the_link() -> None:
    settings = {"text": "Go", "link": LINK, "__dynamic__": {"link": live("site-url")}}
    assert show(widget("button", settings)) == '<p><a href="https://example.test">Go</a></p>'


def test_a_live_value_nobody_knows_leaves_the_stored_text_and_an_issue() -> None:
    context = make_context()
    html = show(widget("heading", {"title": "stored", "__dynamic__": {"title": live("woo-price")}}), context=context)
    assert html == "<h2>stored</h2>"
    assert codes(context) == ["body.dynamic_value"]


def test_a_query_becomes_a_placeholder() -> None:
    context = make_context()
    html = show(widget("posts", {"posts_per_page": 3}), widget("wp-widget-archives", {}), context=context)
    assert html.count("data-wp-shortcode") == 2
    assert codes(context) == ["body.dynamic_shortcode"] * 2


def test_a_widget_of_another_plugin_keeps_its_words_and_pictures() -> None:
    context = make_context()
    settings = {"eael_title": "T", "skin": "dark", "photo": PICTURE, "rows": [{"row_text": "R"}]}
    html = show(widget("eael-card", settings), context=context)
    assert html == f"<figure>{IMAGE}</figure><p>T</p><p>R</p>"
    assert codes(context) == ["body.unknown_widget"]


def test_the_caption_of_the_media_library_is_used_when_asked_for() -> None:
    context = make_context(media=[make_media(5, caption="In May")])
    html = show(widget("image", {"image": PICTURE, "caption_source": "attachment", "caption": "old"}), context=context)
    assert "<figcaption>In May</figcaption>" in html


@pytest.mark.parametrize("data", ["", "[]", "{}", "null", "[1, null, []]", '[{"elType": "widget"}]'])
def test_a_tree_without_words_shows_nothing(data: str) -> None:
    assert elementor_html(data, make_context()) == ""


@pytest.mark.parametrize("data", ['[{"elType": ', "[" * 100_000])
def test_damaged_data_shows_nothing_and_is_reported(data: str) -> None:
    context = make_context()
    assert elementor_html(data, context) == ""
    assert codes(context) == ["body.damaged_builder_data"]


def test_data_with_doubled_slashes_is_read() -> None:
    slashed = json.dumps([widget("heading", {"title": 'A "b"'})]).replace("\\", "\\\\").replace('"', '\\"')
    assert elementor_html(slashed, make_context()) == '<h2>A "b"</h2>'


def test_half_an_emoji_is_left_out() -> None:
    assert show(widget("heading", {"title": "Cut \ud83d off 😀"})) == "<h2>Cut  off 😀</h2>"


def test_a_tree_deeper_than_any_editor_makes_is_cut_and_reported() -> None:
    tree = widget("heading", {"title": "bottom"})
    for _ in range(MAX_DEPTH + 1):
        tree = {"elType": "container", "settings": [], "elements": [tree]}
    context = make_context()
    assert "bottom" not in show(tree, context=context)
    assert codes(context) == ["body.builder_too_deep"]


def test_elementor_is_used_when_the_post_was_built_with_it() -> None:
    data = json.dumps([widget("heading", {"title": "T"})])
    built = {"_elementor_edit_mode": "builder", "_elementor_data": data}
    assert should_use_elementor(make_post(content="", meta=built))
    assert should_use_elementor(make_post(content="an old copy", meta=built))
    assert not should_use_elementor(make_post(meta={**built, "_elementor_edit_mode": ""}))
    assert not should_use_elementor(make_post(meta={**built, "_elementor_data": "[]"}))
    assert not should_use_elementor(make_post(meta={**built, "_elementor_data": "[{"}))
    assert not should_use_elementor(make_post())


@pytest.mark.parametrize("value", HOSTILE)
def test_no_setting_breaks_out_of_its_widget(value: str) -> None:
    names = (
        "title",
        "text",
        "editor",
        "title_text",
        "link",
        "image",
        "address",
        "code",
        "anchor",
        "due_date",
        "_element_id",
    )
    repeaters = ("tabs", "slides", "icon_list", "items", "price_list", "social_icon_list", "hotspot", "form_fields")
    record = {"tab_title": value, "tab_content": value, "content": value, "text": value, "item_title": value}
    settings = {**dict.fromkeys(names, value), **{name: [record] for name in repeaters}}
    for kind in (*WIDGETS, *PRO_WIDGETS, "unknown-card"):
        page = LexborHTMLParser(f"<main>{show(widget(kind, settings))}</main><footer>end</footer>")
        footer = page.css_first("footer")
        assert footer is not None, kind
        assert footer.parent is not None, kind
        assert footer.parent.tag == "body", kind
        assert not page.css("[onload]"), kind
