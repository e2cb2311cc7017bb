"""Avada's shortcodes: what a visitor saw, in plain HTML."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from time import perf_counter

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.builder_cases import HOSTILE, cases, codes, make_context, packed, render
from tests.factories import make_media
from transforms.body.contract import BodyContext
from transforms.body.shortcodes.fusion import ELEMENTS, FUSION_SHORTCODES


def show(raw: str, context: BodyContext | None = None) -> str:
    return render(raw, FUSION_SHORTCODES, context)


WORDS = """
[fusion_text]Hello[/fusion_text]
=> <p>Hello</p>

[fusion_title]Default[/fusion_title]
=> <h1>Default</h1>

[fusion_title size="3"]<p>Deep</p>[/fusion_title]
=> <h3>Deep</h3>

[fusion_title size="div"]No heading[/fusion_title]
=> <p>No heading</p>

[fusion_title size="2" title_type="highlight" before_text="A" highlight_text="new" after_text="way" /]
=> <h2>A <mark>new</mark> way</h2>

[fusion_title size="2" title_type="rotating" before_text="We" rotation_text="draw|build" /]
=> <h2>We draw, build</h2>

[fusion_title size="2" link_url="/x/"]Go[/fusion_title]
=> <h2><a href="/x/">Go</a></h2>

[fusion_button link="/contact/"]Talk[/fusion_button]
=> <p><a href="/contact/">Talk</a></p>

[fusion_button link="/a?b=1&amp;c=2" target="_blank"]Talk[/fusion_button]
=> <p><a href="/a?b=1&amp;c=2" target="_blank">Talk</a></p>

[fusion_button modal="terms"]Terms[/fusion_button]
=> <p><a href="#terms">Terms</a></p>

[fusion_modal name="terms" title="Terms"]No returns.[/fusion_modal]
=> <section id="terms"><h3>Terms</h3><p>No returns.</p></section>

[fusion_alert type="error"]Closed[/fusion_alert]
=> <aside><p>Closed</p></aside>

[fusion_checklist][fusion_li_item]one[/fusion_li_item]<br />[fusion_li_item]two[/fusion_li_item]
   [/fusion_checklist]
=> <ul><li>one</li><li>two</li></ul>

[fusion_checklist type="numbered"][fusion_li_item]one[/fusion_li_item][/fusion_checklist]
=> <ol><li>one</li></ol>

[fusion_checklist]<ul><li>old</li></ul>[/fusion_checklist]
=> <ul><li>old</li></ul>

[fusion_accordion][fusion_toggle title="Even &quot;more&quot;" open="yes"]Text[/fusion_toggle]
   [/fusion_accordion]
=> <details open=""><summary><h4>Even "more"</h4></summary><p>Text</p></details>

[fusion_tabs][fusion_tab title="Roof"]Larch[/fusion_tab][/fusion_tabs]
=> <h4>Roof</h4><p>Larch</p>

[fusion_content_boxes][fusion_content_box title="Type" link="/t/" linktext="More"]Text[/fusion_content_box]
   [/fusion_content_boxes]
=> <h2><a href="/t/">Type</a></h2><p>Text</p><p><a href="/t/">More</a></p>

[fusion_flip_box title_front="F" text_front="front" title_back="B"]back[/fusion_flip_box]
=> <h2>F</h2><p>front</p><p>B</p><p>back</p>

A [fusion_tooltip title="Say &quot;hi&quot;"]word[/fusion_tooltip]
=> A <span title="Say &quot;hi&quot;">word</span>

[fusion_popover title="T" content="PGI+aW48L2I+"]word[/fusion_popover]
=> <details><summary>word</summary><p>T</p><p><b>in</b></p></details>

[fusion_dropcap]T[/fusion_dropcap]he
=> The

[fusion_highlight]lit[/fusion_highlight]
=> <mark>lit</mark>

[fusion_person name="Ada" title="Chief" picture="/a.jpg" facebook="https://fb.test/a" email="a@b.test"]Bio
   [/fusion_person]
=> <figure><img src="/a.jpg" alt="Ada"></figure><h3>Ada</h3><p>Chief</p><p>Bio</p><ul><li>
   <a href="https://fb.test/a">Facebook</a></li><li><a href="mailto:a@b.test">a@b.test</a></li></ul>

[fusion_testimonials][fusion_testimonial name="R" company="B &amp; S"]They listen.[/fusion_testimonial]
   [/fusion_testimonials]
=> <blockquote><p>They listen.</p><cite>R, B &amp; S</cite></blockquote>

[fusion_pricing_table][fusion_pricing_column title="Pro"][fusion_pricing_price currency="$" price="9" time="a month"]
   [/fusion_pricing_price][fusion_pricing_row]one[/fusion_pricing_row][fusion_pricing_row]two
   [/fusion_pricing_row][fusion_pricing_footer]end[/fusion_pricing_footer][/fusion_pricing_column]
   [/fusion_pricing_table]
=> <h3>Pro</h3><p>$9 a month</p><ul><li>one</li><li>two</li></ul><p>end</p>

[fusion_tagline_box title="Qmln" description="plain words" link="/x/" button="Go"][/fusion_tagline_box]
=> <h2>Big</h2><p>plain words</p><p><a href="/x/">Go</a></p>

[fusion_counter_box value="38" unit="%"]less[/fusion_counter_box]
=> <p>38% less</p>

[fusion_counter_box value="5" unit="$" unit_pos="prefix"][/fusion_counter_box]
=> <p>$5</p>

[fusion_progress percentage="70" unit="%"]Ink[/fusion_progress]
=> <p>Ink 70%</p>

[fusion_table]<table><tr><td>1</td></tr></table>[/fusion_table]
=> <table><tr><td>1</td></tr></table>

[fusion_chart title="Lamps" x_axis_labels="2020|2021"][fusion_chart_dataset title="LED" values="1|2" /]
   [/fusion_chart]
=> <table><caption>Lamps</caption><tr><th></th><th>2020</th><th>2021</th></tr><tr><th>LED</th><td>1</td><td>2
   </td></tr></table>

[fusion_countdown countdown_end="2031-01-01 00:00:00" heading_text="Soon" link_text="See" link_url="/s/" /]
=> <p>Soon</p><p><time datetime="2031-01-01 00:00:00">2031-01-01 00:00:00</time></p><p><a href="/s/">See</a></p>

[fusion_separator style_type="none" /]
=>

[fusion_separator style_type="single" /]
=> <hr>

[fusion_fontawesome icon="fa-envelope fas" link="/mail/" /]
=> <a href="/mail/">Envelope</a>

[fusion_menu_anchor name="top" /]
=> <div id="top"></div>

[fusion_social_links linkedin="https://l.test" /]
=> <ul><li><a href="https://l.test">LinkedIn</a></li></ul>

[fusion_builder_next_page]
=> <!--nextpage-->
"""


@pytest.mark.parametrize(("raw", "expected"), cases(WORDS))
def test_an_element_of_words_becomes_plain_html(raw: str, expected: str) -> None:
    assert show(raw) == expected


MEDIA = """
[fusion_imageframe image_id="5|full" alt="A vault" link="/v/"]/a.jpg[/fusion_imageframe]
=> <figure><a href="/v/"><img src="/a.jpg" alt="A vault" class="wp-image-5"></a></figure>

[fusion_imageframe caption_style="above" caption_title="T" caption_text="words" alt="x"]/a.jpg
   [/fusion_imageframe]
=> <figure><img src="/a.jpg" alt="x"><figcaption>T<br>words</figcaption></figure>

[fusion_imageframe lightbox="yes" lightbox_image="/big.jpg" alt="x"]/a.jpg[/fusion_imageframe]
=> <figure><a href="/big.jpg"><img src="/a.jpg" alt="x"></a></figure>

[fusion_imageframe][/fusion_imageframe]
=>

[fusion_gallery][fusion_gallery_image image="/a.jpg" image_id="4|full" image_caption="Dawn" /][/fusion_gallery]
=> <figure class="gallery"><figure><img src="/a.jpg" alt="" class="wp-image-4"><figcaption>Dawn</figcaption>
   </figure></figure>

[fusion_images][fusion_image image="/a.jpg" link="/l/" alt="x" /][/fusion_images]
=> <figure class="gallery"><figure><a href="/l/"><img src="/a.jpg" alt="x"></a></figure></figure>

[fusion_slider][fusion_slide type="image" alt="x"]/a.jpg[/fusion_slide][fusion_slide type="video"]
   [fusion_youtube id="dQw4w9WgXcQ" /][/fusion_slide][/fusion_slider]
=> <figure><img src="/a.jpg" alt="x"></figure>
   <figure><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" allowfullscreen=""></iframe></figure>

[fusion_image_before_after before_image="/b.jpg" after_image="/a.jpg" before_label="1900" after_label="Now" /]
=> <figure class="gallery"><figure><img src="/b.jpg" alt=""><figcaption>1900</figcaption></figure><figure>
   <img src="/a.jpg" alt=""><figcaption>Now</figcaption></figure></figure>

[fusion_image_hotspots image="/h.jpg" alt="x"]
   [fusion_image_hotspot_point title="A" long_text="PHA+bG9uZzwvcD4=" link_title="See" link="/s/" /]
   [/fusion_image_hotspots]
=> <figure><img src="/h.jpg" alt="x"></figure><h4>A</h4><p>long</p><p><a href="/s/">See</a></p>

[fusion_lightbox full_image="/f.jpg" thumbnail_image="/t.jpg" alt_text="x" title="T" /]
=> <figure><a href="/f.jpg"><img src="/t.jpg" alt="x"></a><figcaption>T</figcaption></figure>

[fusion_video video="/f.mp4" /]
=> <video src="/f.mp4" controls=""></video>

[fusion_video video="/f.mp4" video_webm="/f.webm" preview_image="/p.jpg" /]
=> <video poster="/p.jpg" controls=""><source src="/f.mp4"><source src="/f.webm"></video>

[fusion_youtube id="https://youtu.be/dQw4w9WgXcQ?t=3" /]
=> <figure><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" allowfullscreen=""></iframe></figure>

[fusion_vimeo id="75230326" /]
=> <figure><iframe src="https://player.vimeo.com/video/75230326" allowfullscreen=""></iframe></figure>

[fusion_audio src="/a.mp3" /]
=> <audio src="/a.mp3" controls=""></audio>

[fusion_map address="1 Main St" infobox="custom" infobox_content="PHA+UmluZyB0d2ljZTwvcD4=" /]
=> <figure><iframe src="https://www.google.com/maps?q=1%20Main%20St&amp;output=embed" title="1 Main St"
   allowfullscreen=""></iframe></figure><p>Ring twice</p>

[fusion_syntax_highlighter language="php"]PD9waHAgZWNobyAxOw==[/fusion_syntax_highlighter]
=> <pre><code class="language-php">&lt;?php echo 1;</code></pre>

[fusion_code]PGVtPmhpPC9lbT4=[/fusion_code]
=> <em>hi</em>
"""


@pytest.mark.parametrize(("raw", "expected"), cases(MEDIA))
def test_an_element_of_pictures_or_sound_becomes_plain_html(raw: str, expected: str) -> None:
    assert show(raw) == expected


def test_rows_and_columns_only_arrange_and_leave_nothing_behind() -> None:
    raw = (
        '[fusion_builder_container menu_anchor="work"][fusion_builder_row][fusion_builder_column type="1_1"]'
        '[fusion_builder_row_inner][fusion_builder_column_inner type="1_3"]one[/fusion_builder_column_inner]'
        '[fusion_builder_column_inner type="2_3"][fusion_text]two[/fusion_text][/fusion_builder_column_inner]'
        "[/fusion_builder_row_inner][/fusion_builder_column][/fusion_builder_row][/fusion_builder_container]"
    )
    assert show(raw) == '<section id="work"><p>one</p><p>two</p></section>'


def test_halves_of_paragraphs_that_wpautop_left_at_the_edges_are_mended() -> None:
    raw = (
        "[fusion_builder_column][fusion_text]<br />\nFirst.</p>\n<p>Second.<br />\n[/fusion_text]</p>\n<p>"
        "[fusion_separator /][/fusion_builder_column]"
    )
    assert show(raw) == "<p>First.</p>\n<p>Second.</p><hr>"


def test_a_column_with_a_link_is_a_link() -> None:
    assert show('[fusion_builder_column link="/x/"][fusion_text]Go[/fusion_text][/fusion_builder_column]') == (
        '<a href="/x/"><p>Go</p></a>'
    )


def test_a_link_around_links_stands_after_them() -> None:
    raw = '[fusion_builder_column link="/x/"]<a href="/y/">Y</a>[/fusion_builder_column]'
    assert show(raw) == '<p><a href="/y/">Y</a></p><p><a href="/x/">/x/</a></p>'


def test_an_unclosed_element_keeps_the_words_after_it() -> None:
    assert show("[fusion_builder_container][fusion_text]No closing tags") == "No closing tags"


def test_a_container_in_draft_is_not_published_and_reported() -> None:
    context = make_context()
    assert show('[fusion_builder_container status="draft"]secret[/fusion_builder_container]', context) == ""
    assert codes(context) == ["body.hidden_container"]


@pytest.mark.parametrize(
    ("status", "date", "is_shown"),
    [
        ("publish_after", "2024-01-01 00:00:00", True),
        ("publish_after", "2030-01-01 00:00:00", False),
        ("published_until", "2024-01-01 00:00:00", False),
        ("published_until", "2030-01-01 00:00:00", True),
        ("publish_after", "not a date", True),
        ("publish_after", "", True),
    ],
)
def test_a_dated_container_is_judged_by_the_last_edit(status: str, date: str, is_shown: bool) -> None:
    context = make_context({"modified_local": datetime(2024, 6, 1)})
    raw = f'[fusion_builder_container status="{status}" publish_date="{date}"]words[/fusion_builder_container]'
    assert ("words" in show(raw, context)) is is_shown


def test_a_global_element_is_put_where_it_is_used() -> None:
    context = make_context(shared_bodies={50: "[fusion_text]Shared[/fusion_text]"})
    assert show('[fusion_global id="50"][fusion_global id="50"]', context) == "<p>Shared</p><p>Shared</p>"
    assert context.issues == []


def test_global_elements_that_hold_each_other_end() -> None:
    context = make_context(shared_bodies={50: 'a [fusion_global id="51"]', 51: 'b [fusion_global id="50"]'})
    html = show('[fusion_global id="50"]', context)
    assert "a" in html
    assert "b" in html
    assert codes(context) == ["body.reference_cycle"]
    assert context.open_references == ()


def test_globals_that_multiply_the_page_end() -> None:
    bodies = {number: f'{number} [fusion_global id="{number + 1}"]' * 2 for number in range(50, 80)}
    context = make_context(shared_bodies=bodies)
    show('[fusion_global id="50"]', context)
    assert set(codes(context)) == {"body.shortcodes_too_deep"}


def test_content_shown_on_conditions_is_published_and_reported() -> None:
    context = make_context()
    rules = packed('[{"field":"user_state","value":"logged_in"}]')
    assert show(f'[fusion_text render_logics="{rules}"]members[/fusion_text]', context) == "<p>members</p>"
    assert show('[fusion_text render_logics="W10="]all[/fusion_text]', context) == "<p>all</p>"
    assert codes(context) == ["body.conditional_content"]


@pytest.mark.parametrize("run", ["<br>", "<br />", " ", "<p>", "</p>", "[fusion_text]", "]\n[fusion_", "<p></p>"])
def test_long_runs_of_leftovers_stay_linear(run: str) -> None:
    started = perf_counter()
    show(f"[fusion_title]{run * 100_000}x{run * 100_000}[/fusion_title]")
    assert perf_counter() - started < 5


def test_a_global_element_that_is_gone_is_reported() -> None:
    context = make_context()
    assert show('[fusion_global id="99"]', context) == ""
    assert codes(context) == ["body.missing_reference"]


@pytest.mark.parametrize("text", ["test", "Zm9", "not base64!", "abcd", "日本"])
def test_text_that_only_looks_like_base64_stays_text(text: str) -> None:
    assert show(f"[fusion_code]{text}[/fusion_code]") == f"<p>{text}</p>"


def test_base64_survives_the_multiplication_sign_of_wptexturize() -> None:
    text = next(word for word in map(str, range(999)) if "x" in packed(word))
    damaged = packed(text).replace("x", "&#215;")
    assert show(f"[fusion_code]{damaged}[/fusion_code]") == text


def test_a_live_value_overrides_the_attribute() -> None:
    params = packed(json.dumps({"title": {"data": "post_title", "before": "On ", "after": "!"}}))
    context = make_context({"title": "Lamps"})
    raw = f'[fusion_toggle title="old" dynamic_params="{params}"]Text[/fusion_toggle]'
    assert show(raw, context) == "<details><summary><h4>On Lamps!</h4></summary><p>Text</p></details>"


def test_a_live_value_may_be_a_field_of_the_post_and_the_content_of_the_element() -> None:
    params = packed(json.dumps({"element_content": {"data": "acf_text", "field": "place"}}))
    context = make_context({"meta": {"place": "Vigo"}})
    assert show(f'[fusion_text dynamic_params="{params}"]old[/fusion_text]', context) == "<p>Vigo</p>"


def test_a_live_value_nobody_knows_leaves_the_stored_text_and_an_issue() -> None:
    params = packed(json.dumps({"title": {"data": "woo_price"}}))
    context = make_context()
    html = show(f'[fusion_tab title="stored" dynamic_params="{params}"][/fusion_tab]', context)
    assert html == "<h4>stored</h4>"
    assert codes(context) == ["body.dynamic_value"]


def test_damaged_live_values_change_nothing() -> None:
    assert show('[fusion_tab title="T" dynamic_params="W10="]x[/fusion_tab]') == "<h4>T</h4><p>x</p>"


def test_a_query_becomes_a_placeholder_with_its_attributes() -> None:
    context = make_context()
    html = show('[fusion_blog number_posts="3" cat_slug="light" empty="" /]', context)
    assert html == (
        '<div data-wp-shortcode="fusion_blog" data-attributes="{&quot;number_posts&quot;: &quot;3&quot;, '
        '&quot;cat_slug&quot;: &quot;light&quot;}"></div>'
    )
    assert codes(context) == ["body.dynamic_shortcode"]


def test_a_gallery_by_ids_takes_the_words_of_the_media_library() -> None:
    context = make_context(media=[make_media(3, alt_text="A lamp", caption="In May")])
    html = show('[fusion_gallery image_ids="3" /]', context)
    assert 'alt="A lamp" class="wp-image-3"' in html
    assert "<figcaption>In May</figcaption>" in html


def test_an_element_of_another_version_keeps_its_words() -> None:
    context = make_context()
    family = replace(FUSION_SHORTCODES[0], names=("fusion_future",))
    raw = '[fusion_future title="Head" color="red" link="/x/" link_text="Go"]Body[/fusion_future]'
    assert render(raw, (family,), context) == '<p>Head</p><p>Body</p><p><a href="/x/">Go</a></p>'
    assert codes(context) == ["body.unknown_shortcode"]


ATTRIBUTES = ("title", "name", "link", "image", "image_id", "id", "values", "address", "size", "modal", "src", "video")


@pytest.mark.parametrize("value", HOSTILE)
def test_no_attribute_breaks_out_of_its_element(value: str) -> None:
    quoted = value.replace('"', "&quot;")
    attributes = " ".join(f'{attribute}="{quoted}"' for attribute in ATTRIBUTES)
    for name in ELEMENTS:
        page = LexborHTMLParser(f"<main>{show(f'[{name} {attributes}]words[/{name}]')}</main><footer>end</footer>")
        footer = page.css_first("footer")
        assert footer is not None, name
        assert footer.parent is not None, name
        assert footer.parent.tag == "body", name
        assert not page.css("[onload]"), name
