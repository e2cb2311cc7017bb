"""Advanced Custom Fields: flat metas become what editors filled in, with and without definitions."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from transforms.fields.acf import read_acf
from wp_models.records import FieldDefinition, Meta

CLONED = "field_cl_field_src"  # a reference through a clone field
GROUP = 1  # the id of the field group


def meta(values: Mapping[str, str], references: Mapping[str, str] | None = None) -> Meta:
    """Metas in ACF's order: each value, then its reference; without one given, the key of the name."""
    found: dict[str, tuple[str, ...]] = {}
    for key, value in values.items():
        found[key] = (value,)
        found[f"_{key}"] = ((references or {}).get(key, f"field_{key}"),)
    return found


def field(id: int, key: str, name: str, kind: str, parent: int = GROUP, **settings: str) -> FieldDefinition:  # noqa: A002
    """A definition as ACF stores it."""
    pairs = {"type": kind, **settings}
    parts = "".join(
        f's:{len(name)}:"{name}";' + (value if value.startswith("a:") else f's:{len(value)}:"{value}";')
        for name, value in pairs.items()
    )
    return FieldDefinition(id, key, name, parent, f"a:{len(pairs)}:{{{parts}}}", id)


def defined(*definitions: FieldDefinition) -> dict[str, FieldDefinition]:
    """Definitions by key."""
    return {definition.key: definition for definition in definitions}


LAYOUTS = (
    'a:2:{s:8:"layout_a";a:2:{s:3:"key";s:8:"layout_a";s:4:"name";s:5:"quote";}'
    's:8:"layout_b";a:2:{s:3:"key";s:8:"layout_b";s:4:"name";s:5:"image";}}'
)
DEFINITIONS = defined(
    field(10, "field_sub", "subtitle", "text"),
    field(11, "field_cred", "credits", "repeater"),
    field(12, "field_name", "name", "text", 11),
    field(13, "field_tags", "tags", "repeater", 11),
    field(14, "field_tag", "tag", "text", 13),
    field(15, "field_client", "client", "group"),
    field(16, "field_cname", "name", "text", 15),
    field(17, "field_flex", "sections", "flexible_content", layouts=LAYOUTS),
    field(18, "field_words", "text", "text", 17, parent_layout="layout_a"),
    field(19, "field_alt", "text", "text", 17, parent_layout="layout_b"),
    field(20, "field_file", "file", "image", 17, parent_layout="layout_b"),
)
VALUES = {
    "subtitle": "Below",
    "credits_0_name": "Ann",
    "credits_0_tags_0_tag": "x",
    "credits_0_tags_1_tag": "y",
    "credits_0_tags": "2",
    "credits_1_name": "Bob",
    "credits_1_tags": "",
    "credits": "2",
    "client_name": "Co",
    "client": "",
    "sections_0_text": "Words",
    "sections_1_text": "Alt",
    "sections_1_file": "7",
    "sections": 'a:2:{i:0;s:5:"quote";i:1;s:5:"image";}',
}
REFERENCES = {
    "subtitle": "field_sub",
    "credits_0_name": "field_name",
    "credits_0_tags_0_tag": "field_tag",
    "credits_0_tags_1_tag": "field_tag",
    "credits_0_tags": "field_tags",
    "credits_1_name": "field_name",
    "credits_1_tags": "field_tags",
    "credits": "field_cred",
    "client_name": "field_cname",
    "client": "field_client",
    "sections_0_text": "field_words",
    "sections_1_text": "field_alt",
    "sections_1_file": "field_file",
    "sections": "field_flex",
}
STRUCTURE = {
    "subtitle": "Below",
    "credits": [
        {"name": "Ann", "tags": [{"tag": "x"}, {"tag": "y"}]},
        {"name": "Bob", "tags": []},
    ],
    "client": {"name": "Co"},
    "sections": [
        {"acf_fc_layout": "quote", "text": "Words"},
        {"acf_fc_layout": "image", "text": "Alt", "file": "7"},
    ],
}


def test_defined_fields_get_their_structure() -> None:
    fields, used, issues = read_acf(meta(VALUES, REFERENCES), DEFINITIONS)
    assert fields == STRUCTURE
    assert issues == ()
    assert used == meta(VALUES).keys()


def test_without_definitions_the_structure_is_inferred_and_said_to_be() -> None:
    fields, _, issues = read_acf(meta(VALUES, REFERENCES), {})
    # A nested repeater without rows leaves nothing but its empty value.
    assert fields == {**STRUCTURE, "credits": [STRUCTURE["credits"][0], {"name": "Bob", "tags": ""}]}
    assert [issue.code for issue in issues] == ["fields.inferred"]


@pytest.mark.parametrize("definitions", [DEFINITIONS, {}])
def test_rows_beyond_the_count_are_left_out_and_reported(definitions: dict[str, FieldDefinition]) -> None:
    values = {"credits_0_name": "Ann", "credits_1_name": "Gone", "credits": "1"}
    references = {"credits_0_name": "field_name", "credits_1_name": "field_name", "credits": "field_cred"}
    fields, used, issues = read_acf(meta(values, references), definitions)
    assert fields == {"credits": [{"name": "Ann"}]}
    assert "credits_1_name" in used
    stale = next(issue for issue in issues if issue.code == "fields.stale")
    assert "credits_1_name" in stale.detail


def test_an_empty_repeater_is_an_empty_list() -> None:
    fields, _, _ = read_acf(meta({"credits": ""}, {"credits": "field_cred"}), DEFINITIONS)
    assert fields == {"credits": []}


def test_a_row_without_values_keeps_its_place() -> None:
    values = {"credits_1_name": "Bob", "credits": "2"}
    fields, _, _ = read_acf(meta(values, {"credits_1_name": "field_name", "credits": "field_cred"}), DEFINITIONS)
    assert fields == {"credits": [{}, {"name": "Bob"}]}


def test_values_of_a_row_without_references_are_found_by_definition() -> None:
    given = {**meta({"credits": "1"}, {"credits": "field_cred"}), "credits_0_name": ("Imported",)}
    fields, used, _ = read_acf(given, DEFINITIONS)
    assert fields == {"credits": [{"name": "Imported"}]}
    assert "credits_0_name" in used


def test_an_absurd_count_makes_no_million_rows() -> None:
    values = {"credits_0_name": "Ann", "credits": "999999999"}
    fields, _, _ = read_acf(meta(values, {"credits_0_name": "field_name", "credits": "field_cred"}), DEFINITIONS)
    assert fields == {"credits": [{"name": "Ann"}]}


def test_a_text_beside_another_with_a_longer_name_is_no_group() -> None:
    definitions = defined(field(10, "field_a", "client", "text"), field(11, "field_b", "client_name", "text"))
    values = meta({"client_name": "Co", "client": ""}, {"client": "field_a", "client_name": "field_b"})
    assert read_acf(values, definitions)[0] == {"client_name": "Co", "client": ""}
    # Without definitions the order tells: a group is saved after what is in it.
    assert read_acf(meta({"client": "", "client_name": "Co"}), {})[0] == {"client": "", "client_name": "Co"}


def test_a_field_whose_name_begins_like_a_group_stays_beside_it() -> None:
    definitions = {**DEFINITIONS, **defined(field(30, "field_since", "client_since", "text"))}
    values = {"client_name": "Co", "client": "", "client_since": "1999"}
    references = {"client_name": "field_cname", "client": "field_client", "client_since": "field_since"}
    assert read_acf(meta(values, references), definitions)[0] == {"client": {"name": "Co"}, "client_since": "1999"}


def test_a_number_is_no_repeater_only_because_it_is_a_number() -> None:
    assert read_acf(meta({"year": "2", "year_built": "1999"}), {})[0] == {"year": "2", "year_built": "1999"}


def test_values_of_a_clone_stand_beside_the_others_or_under_it_as_the_editor_shows_them() -> None:
    definitions = defined(field(10, "field_src", "heading", "text"), field(11, "field_cl", "hero", "clone"))
    seamless = meta({"heading": "Hi", "hero_heading": "Ho"}, dict.fromkeys(("heading", "hero_heading"), CLONED))
    assert read_acf(seamless, definitions)[0] == {"heading": "Hi", "hero_heading": "Ho"}
    grouped = meta({"hero_heading": "Ho", "hero": ""}, {"hero_heading": CLONED, "hero": "field_cl"})
    assert read_acf(grouped, definitions)[0] == {"hero": {"heading": "Ho"}}


def test_lists_and_links_are_decoded_and_single_values_stay_texts() -> None:
    values = {
        "gallery": 'a:2:{i:0;s:1:"4";i:1;s:1:"5";}',
        "link": 'a:2:{s:5:"title";s:2:"Go";s:3:"url";s:1:"/";}',
        "yes": "1",
        "day": "20240501",
    }
    fields, _, _ = read_acf(meta(values), {})
    assert fields == {"gallery": ["4", "5"], "link": {"title": "Go", "url": "/"}, "yes": "1", "day": "20240501"}


def test_a_hidden_meta_that_is_no_reference_makes_no_field() -> None:
    given = {"price": ("9",), "_price": ("9",), "note": ("x",), "_note": ("field-like",)}
    assert read_acf(given, {}) == ({}, frozenset(), ())


def test_a_reference_without_value_makes_no_field() -> None:
    assert read_acf({"_gone": ("field_gone",)}, {})[0] == {}


def test_leftovers_of_a_field_that_moved_into_another_are_reported() -> None:
    fields, _, issues = read_acf(meta({"old_0_name": "x"}, {"old_0_name": "field_name"}), DEFINITIONS)
    assert fields == {}
    assert [issue.code for issue in issues] == ["fields.stale"]


def test_definitions_that_contain_each_other_end() -> None:
    definitions = defined(field(10, "field_a", "a", "group", 11), field(11, "field_b", "b", "group", 10))
    fields, _, _ = read_acf(meta({"a_b": "x", "a": ""}, {"a_b": "field_b", "a": "field_a"}), definitions)
    assert "x" not in fields


def test_damaged_layout_names_lose_no_text() -> None:
    values = {"sections_0_text": "Words", "sections": 'a:1:{i:0;s:5:"quo'}
    references = {"sections_0_text": "field_words", "sections": "field_flex"}
    fields, _, issues = read_acf(meta(values, references), DEFINITIONS)
    assert fields == {"sections": []}
    assert "sections_0_text" in " ".join(issue.detail for issue in issues)


def test_a_repeater_of_a_thousand_rows_takes_no_second() -> None:
    values = {f"credits_{row}_name": f"Name {row}" for row in range(1_000)}
    values |= {f"credits_{row}_tags_0_tag": "t" for row in range(1_000)}
    values |= {f"credits_{row}_tags": "1" for row in range(1_000)}
    references = {key: "field_" + key.rpartition("_")[2] for key in values}
    started = time.perf_counter()
    fields, _, _ = read_acf(meta({**values, "credits": "1000"}, {**references, "credits": "field_cred"}), DEFINITIONS)
    assert time.perf_counter() - started < 1
    assert isinstance(fields["credits"], list)
    assert fields["credits"][999] == {"name": "Name 999", "tags": [{"tag": "t"}]}
