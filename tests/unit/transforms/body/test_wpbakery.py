"""WPBakery's shortcodes: what a visitor saw, in plain HTML."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.builder_cases import HOSTILE, cases, codes, make_context, packed, render
from tests.factories import make_media
from transforms.body.contract import BodyContext
from transforms.body.shortcodes.wpbakery import ELEMENTS, WPBAKERY_SHORTCODES


def show(raw: str, context: BodyContext | None = None) -> str:
    return render(raw, WPBAKERY_SHORTCODES, context)


def raw_html(markup: str) -> str:
    return base64.b64encode(quote(markup).encode()).decode()


CASES = """
[vc_row][vc_column width="1/2"][vc_column_text]Text[/vc_column_text][/vc_column][/vc_row]
=> <p>Text</p>

[vc_row][vc_column][vc_row_inner][vc_column_inner width="1/2"][vc_column_text]a[/vc_column_text][/vc_column_inner]
  [vc_column_inner]b[/vc_column_inner][/vc_row_inner][/vc_column][/vc_row]
=> <p>a</p><p>b</p>

[vc_row el_id="team"][vc_column]x[/vc_column][/vc_row]
=> <div id="team"><p>x</p></div>

[vc_custom_heading text="A ``new`` `{`way`}`" font_container="tag:h3|text_align:left"]
=> <h3>A "new" [way]</h3>

[vc_custom_heading text="Go" link="url:https%3A%2F%2Fa.test%2F%3Fb%3D1|title:T|target:_blank"]
=> <h2><a href="https://a.test/?b=1" target="_blank">Go</a></h2>

[vc_btn title="Read" link="url:%2Fread%2F|||"]
=> <p><a href="/read/">Read</a></p>

[vc_button title="Old" href="/old/"]
=> <p><a href="/old/">Old</a></p>

[vc_cta h2="Come" h4="soon" btn_title="Now" btn_link="url:%2Fnow%2F"]Words[/vc_cta]
=> <h2>Come</h2><h4>soon</h4><p>Words</p><p><a href="/now/">Now</a></p>

[vc_tta_accordion][vc_tta_section title="One" tab_id="one"][vc_column_text]1[/vc_column_text][/vc_tta_section]
  [/vc_tta_accordion]
=> <section id="one"><h4>One</h4><p>1</p></section>

[vc_tabs][vc_tab title="One"]1[/vc_tab][vc_tab title="Two"]2[/vc_tab][/vc_tabs]
=> <section><h4>One</h4><p>1</p></section><section><h4>Two</h4><p>2</p></section>

[vc_toggle title="Why?" open="true"]Because.[/vc_toggle]
=> <details open=""><summary><h4>Why?</h4></summary><p>Because.</p></details>

[vc_message]Closed[/vc_message]
=> <aside><p>Closed</p></aside>

[vc_separator]
=> <hr>

[vc_text_separator title="Part"]
=> <h4>Part</h4>

[vc_empty_space height="32px"]
=>

[vc_single_image source="external_link" custom_src="/a.jpg" link="/l/" caption="Cap"]
=> <figure><a href="/l/"><img src="/a.jpg" alt=""></a><figcaption>Cap</figcaption></figure>

[vc_video link="https://youtu.be/dQw4w9WgXcQ" title="Film"]
=> <h2>Film</h2>
  <figure><iframe src="https://www.youtube.com/embed/dQw4w9WgXcQ" allowfullscreen=""></iframe></figure>

[vc_video link="https://other.test/film"]
=> [embed]https://other.test/film[/embed]

[vc_pie value="80" units="%" title="Ink"]
=> <h4>Ink</h4><p>80%</p>

[vc_hoverbox primary_title="F" hover_title="B" hover_btn_title="Go" hover_btn_link="url:%2Fg%2F"]w[/vc_hoverbox]
=> <h2>F</h2><h2>B</h2><p>w</p><p><a href="/g/">Go</a></p>

[vc_icon icon_fontawesome="fab fa-instagram" link="url:https%3A%2F%2Fi.test"]
=> <p><a href="https://i.test">Instagram</a></p>
"""


@pytest.mark.parametrize(("raw", "expected"), cases(CASES))
def test_an_element_becomes_plain_html(raw: str, expected: str) -> None:
    assert show(raw) == expected


def test_raw_html_is_unpacked() -> None:
    assert show(f"[vc_raw_html]{raw_html('<em>é & more</em>')}[/vc_raw_html]") == "<em>é & more</em>"


@pytest.mark.parametrize("text", ["not base64!", "日本", "<b>plain</b>"])
def test_raw_html_that_is_not_packed_stays_as_it_is(text: str) -> None:
    assert show(f"[vc_raw_html]{text}[/vc_raw_html]").removeprefix("<p>").removesuffix("</p>") == text


def test_a_script_is_left_out_and_reported() -> None:
    context = make_context()
    assert show(f"[vc_raw_js]{raw_html('<script>x()</script>')}[/vc_raw_js]", context) == ""
    assert codes(context) == ["body.script_removed"]


def test_a_map_is_unpacked_from_its_attribute() -> None:
    frame = '<iframe src="https://www.google.com/maps/embed?pb=1"></iframe>'
    assert show(f'[vc_gmaps link="#E-8_{raw_html(frame)}"]') == frame


def test_pictures_are_found_by_their_ids() -> None:
    context = make_context(media=[make_media(3, alt_text="Lamp", caption="May"), make_media(4)])
    html = show('[vc_gallery title="Work" images="3,4"][vc_single_image image="3" add_caption="yes"]', context)
    page = LexborHTMLParser(html)
    assert [image.attributes["class"] for image in page.css("img")] == ["wp-image-3", "wp-image-4", "wp-image-3"]
    assert [caption.text() for caption in page.css("figcaption")] == ["May", "May"]
    assert page.css("img")[0].attributes["alt"] == "Lamp"
    assert html.startswith("<h2>Work</h2>")


def test_bars_and_charts_are_read_from_their_records() -> None:
    bars = quote(json.dumps([{"label": "Ink", "value": "70"}, {"label": "Paper", "value": "30"}]))
    assert show(f'[vc_progress_bar values="{bars}" units="%"]') == "<ul><li>Ink 70%</li><li>Paper 30%</li></ul>"
    lines = quote(json.dumps([{"title": "LED", "y_values": "1; 2"}]))
    assert show(f'[vc_line_chart x_values="2020; 2021" values="{lines}"]') == (
        "<table><tr><th></th><th>2020</th><th>2021</th></tr><tr><th>LED</th><td>1</td><td>2</td></tr></table>"
    )


@pytest.mark.parametrize("values", ["%5B", "%7B%7D", "%5B1%5D", ""])
def test_damaged_records_show_nothing(values: str) -> None:
    assert show(f'[vc_progress_bar values="{values}"]') == ""


def test_the_title_of_the_post_may_be_the_heading() -> None:
    assert show('[vc_custom_heading source="post_title"]', make_context({"title": "Lamps"})) == "<h2>Lamps</h2>"


def test_a_row_that_is_switched_off_is_not_published() -> None:
    context = make_context()
    assert show('[vc_row disable_element="yes"]secret[/vc_row]', context) == ""
    assert codes(context) == ["body.hidden_container"]


def test_an_unclosed_row_keeps_its_words() -> None:
    assert show("[vc_row][vc_column][vc_column_text]words") == "words"


def test_a_grid_becomes_a_placeholder() -> None:
    context = make_context()
    assert 'data-wp-shortcode="vc_basic_grid"' in show('[vc_basic_grid post_type="post"]', context)
    assert codes(context) == ["body.dynamic_shortcode"]


ATTRIBUTES = ("title", "text", "link", "image", "images", "custom_src", "caption", "el_id", "h2", "btn_title", "values")


@pytest.mark.parametrize("value", [*HOSTILE, f"#E-8_{packed('%3Cb%3E')}"])
def test_no_attribute_breaks_out_of_its_element(value: str) -> None:
    attributes = " ".join(f'{attribute}="{value.replace(chr(34), "&quot;")}"' for attribute in ATTRIBUTES)
    for name in ELEMENTS:
        page = LexborHTMLParser(f"<main>{show(f'[{name} {attributes}]words[/{name}]')}</main><footer>end</footer>")
        footer = page.css_first("footer")
        assert footer is not None, name
        assert footer.parent is not None, name
        assert footer.parent.tag == "body", name
        assert not page.css("[onload]"), name
