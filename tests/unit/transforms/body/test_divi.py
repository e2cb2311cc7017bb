"""Divi's shortcodes: what a visitor saw, in plain HTML."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.builder_cases import HOSTILE, cases, codes, make_context, packed, render
from tests.factories import make_media
from transforms.body.contract import BodyContext
from transforms.body.shortcodes.divi import DIVI_SHORTCODES, ELEMENTS


def show(raw: str, context: BodyContext | None = None) -> str:
    return render(raw, DIVI_SHORTCODES, context)


CASES = """
[et_pb_section][et_pb_row][et_pb_column type="4_4"][et_pb_text]Words[/et_pb_text]
  [/et_pb_column][/et_pb_row][/et_pb_section]
=> <p>Words</p>

[et_pb_section module_id="work"][et_pb_row]Divi[/et_pb_row][/et_pb_section]
=> <div id="work"><p>Divi</p></div>

[et_pb_heading title="Head" title_level="h3" /]
=> <h3>Head</h3>

[et_pb_image src="/a.jpg" alt="Lamp" url="/l/" /]
=> <figure><a href="/l/"><img src="/a.jpg" alt="Lamp"></a></figure>

[et_pb_image src="/a.jpg" show_in_lightbox="on" /]
=> <figure><a href="/a.jpg"><img src="/a.jpg" alt=""></a></figure>

[et_pb_button button_text="Go %22now%22" button_url="/g/" url_new_window="on" /]
=> <p><a href="/g/" target="_blank">Go "now"</a></p>

[et_pb_blurb title="T" url="/t/" image="/a.jpg" alt="x" header_level="h3"]Words[/et_pb_blurb]
=> <figure><a href="/t/"><img src="/a.jpg" alt="x"></a></figure><h3><a href="/t/">T</a></h3><p>Words</p>

[et_pb_accordion][et_pb_accordion_item title="One" open="on"]1[/et_pb_accordion_item][/et_pb_accordion]
=> <details open=""><summary><h5>One</h5></summary><p>1</p></details>

[et_pb_tabs][et_pb_tab title="One %91a%93"]1[/et_pb_tab][/et_pb_tabs]
=> <h4>One [a]</h4><p>1</p>

[et_pb_testimonial author="Ada" job_title="Chief" company_name="B"]They listen.[/et_pb_testimonial]
=> <blockquote><p>They listen.</p><cite>Ada, Chief, B</cite></blockquote>

[et_pb_slider][et_pb_slide heading="H" button_text="Go" button_link="/g/" image="/a.jpg" image_alt="x"]W[/et_pb_slide]
  [/et_pb_slider]
=> <figure><img src="/a.jpg" alt="x"></figure><h2><a href="/g/">H</a></h2><p>W</p><p><a href="/g/">Go</a></p>

[et_pb_cta title="T" button_url="/g/" button_text="Go"]W[/et_pb_cta]
=> <h2>T</h2><p>W</p><p><a href="/g/">Go</a></p>

[et_pb_video src="https://vimeo.com/75230326" /]
=> <figure><iframe src="https://player.vimeo.com/video/75230326" allowfullscreen=""></iframe></figure>

[et_pb_fullwidth_header title="T" subhead="S" button_one_text="Go" button_one_url="/g/"]W[/et_pb_fullwidth_header]
=> <h1>T</h1><p>S</p><p>W</p><p><a href="/g/">Go</a></p>

[et_pb_team_member name="Ada" position="Chief" image_url="/a.jpg" facebook_url="https://f.test"]Bio[/et_pb_team_member]
=> <figure><img src="/a.jpg" alt="Ada"></figure><h4>Ada</h4><p>Chief</p><p>Bio</p>
  <ul><li><a href="https://f.test">Facebook</a></li></ul>

[et_pb_number_counter title="Less" number="38" /]
=> <p>38%</p><h3>Less</h3>

[et_pb_counters][et_pb_counter percent="70"]Ink[/et_pb_counter]
  [et_pb_counter percent="30%"]Oil[/et_pb_counter][/et_pb_counters]
=> <ul><li>Ink 70%</li><li>Oil 30%</li></ul>

[et_pb_pricing_tables][et_pb_pricing_table title="Pro" currency="$" sum="9" per="mo" button_text="Buy" button_url="/b/"]
  <p>+ one<br />– two</p>[/et_pb_pricing_table][/et_pb_pricing_tables]
=> <h2>Pro</h2><p>$9/mo</p><ul><li>one</li><li><s>two</s></li></ul><p><a href="/b/">Buy</a></p>

[et_pb_audio audio="/a.mp3" title="Song" artist_name="Ada" /]
=> <h2>Song</h2><p>Ada</p><audio src="/a.mp3" controls=""></audio>

[et_pb_social_media_follow][et_pb_social_media_follow_network social_network="instagram" url="https://i.test"]
  [/et_pb_social_media_follow_network][/et_pb_social_media_follow]
=> <ul><li><a href="https://i.test">Instagram</a></li></ul>

[et_pb_divider show_divider="off" /]
=>

[et_pb_divider /]
=> <hr>
"""


@pytest.mark.parametrize(("raw", "expected"), cases(CASES))
def test_a_module_becomes_plain_html(raw: str, expected: str) -> None:
    assert show(raw) == expected


@pytest.mark.parametrize(
    "mark", ["<!-- [et_pb_line_break_holder] -->", "<!–- [et_pb_line_break_holder] -–>"], ids=["stored", "texturized"]
)
def test_line_breaks_of_code_are_given_back(mark: str) -> None:
    assert show(f"[et_pb_code]<b>a</b>{mark}<i>b</i>[/et_pb_code]") == "<b>a</b>\n<i>b</i>"


def dynamic(content: str, **settings: str) -> str:
    return f"@ET-DC@{packed(json.dumps({'dynamic': True, 'content': content, 'settings': settings}))}@"


def test_a_live_value_shows_what_the_post_says() -> None:
    context = make_context({"title": "Lamps", "meta": {"place": "Vigo"}})
    title, button = dynamic("post_title", before="On "), dynamic("custom_meta_place")
    raw = f'[et_pb_cta title="{title}" button_text="{button}"][/et_pb_cta]'
    assert show(raw, context) == "<h2>On Lamps</h2><p>Vigo</p>"
    assert context.issues == []


def test_a_live_value_nobody_knows_is_reported() -> None:
    context = make_context()
    assert show(f'[et_pb_heading title="{dynamic("product_price")}" /]', context) == ""
    assert codes(context) == ["body.dynamic_value"]


@pytest.mark.parametrize("attributes", ['disabled="on"', 'disabled_on="on|on|on"'])
def test_a_section_that_is_switched_off_is_not_published(attributes: str) -> None:
    context = make_context()
    assert show(f"[et_pb_section {attributes}]secret[/et_pb_section]", context) == ""
    assert codes(context) == ["body.hidden_container"]


def test_a_section_hidden_on_some_devices_is_published() -> None:
    assert show('[et_pb_section disabled_on="on|off|off"]words[/et_pb_section]') == "<p>words</p>"


def test_a_gallery_shows_its_ids_in_order() -> None:
    context = make_context(media=[make_media(3), make_media(4)])
    page = LexborHTMLParser(show('[et_pb_gallery gallery_ids="4,3" /]', context))
    assert [image.attributes["class"] for image in page.css("img")] == ["wp-image-4", "wp-image-3"]


def test_a_form_keeps_its_labels_beside_its_placeholder() -> None:
    context = make_context()
    field = '[et_pb_contact_field field_title="Name"][/et_pb_contact_field]'
    html = show(f'[et_pb_contact_form title="Write"]{field}[/et_pb_contact_form]', context)
    assert html.startswith("<h1>Write</h1>")
    assert html.endswith("<p>Name</p>")
    assert codes(context) == ["body.dynamic_shortcode"]


def test_an_unclosed_section_keeps_its_words() -> None:
    assert show("[et_pb_section][et_pb_row][et_pb_text]words") == "words"


ATTRIBUTES = ("title", "heading", "button_text", "button_url", "url", "src", "image", "author", "module_id", "audio")


@pytest.mark.parametrize("value", HOSTILE)
def test_no_attribute_breaks_out_of_its_module(value: str) -> None:
    attributes = " ".join(f'{attribute}="{value.replace(chr(34), "%22")}"' for attribute in ATTRIBUTES)
    for name in ELEMENTS:
        page = LexborHTMLParser(f"<main>{show(f'[{name} {attributes}]words[/{name}]')}</main><footer>end</footer>")
        footer = page.css_first("footer")
        assert footer is not None, name
        assert footer.parent is not None, name
        assert footer.parent.tag == "body", name
        assert not page.css("[onload]"), name
