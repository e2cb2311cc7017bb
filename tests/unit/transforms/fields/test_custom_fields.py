"""Custom fields of a post: ACF's beside every other meta that holds content."""

from __future__ import annotations

from tests.factories import make_post, make_site
from transforms.fields import read_custom_fields
from wp_models.records import FieldDefinition


def fields_of(**meta: str | tuple[str, ...]) -> object:
    """The custom fields of a post with these metas."""
    return read_custom_fields(make_post(meta=meta), make_site())[0]


def codes_of(**meta: str) -> list[str]:
    """The codes of the issues of a post with these metas."""
    return [issue.code for issue in read_custom_fields(make_post(meta=meta), make_site())[1]]


def test_metas_stand_under_their_key_and_several_values_are_a_list() -> None:
    assert fields_of(price="9", tag=("a", "b")) == {"price": "9", "tag": ["a", "b"]}


def test_php_data_are_decoded_and_json_stays_text() -> None:
    fields = fields_of(box='a:1:{s:1:"w";i:3;}', json='{"a": 1}', twice='s:10:"a:1:{i:0;}";')
    assert isinstance(fields, dict)
    assert fields["box"] == {"w": 3}
    assert fields["json"] == '{"a": 1}'


def test_hidden_metas_of_plugins_that_no_one_modelled_are_kept() -> None:
    assert fields_of(_EventStartDate="2024-05-01 10:00:00") == {"_EventStartDate": "2024-05-01 10:00:00"}


def test_machinery_builder_remains_and_search_data_are_left_out() -> None:
    meta = {
        "_edit_lock": "1:1", "_thumbnail_id": "4", "_wp_page_template": "x", "_oembed_time_00": "1", "_pingme": "1",
        "_elementor_data": "[]", "fusion_builder_status": "active", "_wpb_shortcodes_custom_css": "x{}",
        "_yoast_wpseo_title": "t", "rank_math_title": "t", "_aioseo_title": "t", "_seopress_titles_title": "t",
        "_pll_strings_translations": "a:0:{}", "_icl_lang_duplicate_of": "3",
    }  # fmt: skip
    assert fields_of(**meta) == {}


def test_of_avadas_options_only_content_is_kept() -> None:
    new = 'a:3:{s:11:"project_url";s:3:"/x/";s:14:"page_title_bar";s:3:"yes";s:5:"video";s:0:"";}'
    assert fields_of(_fusion=new) == {"avada": {"project_url": "/x/"}}
    assert fields_of(pyre_project_url="/y/", pyre_width="half", pyre_video="") == {"avada": {"project_url": "/y/"}}


def test_damaged_repaired_and_foreign_values_are_reported() -> None:
    assert codes_of(ok='a:1:{i:0;s:1:"x";}') == []
    assert codes_of(cut='a:1:{i:0;s:9:"x";}x;}') == ["fields.damaged"]
    assert codes_of(moved='a:1:{s:3:"url";s:9:"https://longer.test";}') == ["fields.repaired"]
    assert codes_of(thing='O:8:"stdClass":1:{s:1:"a";i:1;}') == ["fields.object"]


def test_a_damaged_value_is_kept_as_text() -> None:
    raw = 'a:1:{i:0;s:9:"x";}x;}'
    assert fields_of(cut=raw) == {"cut": raw}


def test_definitions_come_from_the_site() -> None:
    definition = FieldDefinition(7, "field_c", "credits", None, 'a:1:{s:4:"type";s:8:"repeater";}')
    site = make_site(field_definitions={"field_c": definition})
    post = make_post(meta={"credits": "", "_credits": "field_c", "plain": "x"})
    assert read_custom_fields(post, site) == ({"plain": "x", "credits": []}, ())
