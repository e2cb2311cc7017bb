"""Languages between qTranslate's tags."""

from __future__ import annotations

import pytest

from tests.small_sites import php
from wp_models.languages.inline_tags import data_in_language, in_language, is_tagged, languages_in
from wp_models.php_data import parse


@pytest.mark.parametrize(
    "text",
    [
        "[:en]One[:fr]Une[:]",
        "[:en]One[:fr]Une",  # older versions left the end open
        "{:en}One{:fr}Une{:}",
        "<!--:en-->One<!--:--><!--:fr-->Une<!--:-->",
        "[:EN]One[:FR]Une[:]",
    ],
)
def test_every_form_of_tags_is_read(text: str) -> None:
    assert languages_in(text) == ["en", "fr"]
    assert (in_language(text, "en"), in_language(text, "fr")) == ("One", "Une")


def test_what_stands_outside_of_tags_belongs_to_all_languages() -> None:
    text = "<p>[:en]One[:fr]Une[:] / <b>[:en]two[:fr]deux[:]</b></p>"
    assert in_language(text, "fr") == "<p>Une / <b>deux</b></p>"


def test_a_language_without_words_takes_those_of_the_first_that_has_some() -> None:
    text = "[:fr]Une[:de]Eins[:]"
    assert in_language(text, "en", ("en", "de", "fr")) == "Eins"
    assert in_language(text, "en") == ""


def test_blank_words_are_none() -> None:
    assert languages_in("[:en] [:fr]Une[:]") == ["fr"]


@pytest.mark.parametrize("text", ["", "a[:]", "rows[::2]", "[:english]", "{:}", "<!--:-->", "12:30 [note]"])
def test_other_texts_are_left_as_they_are(text: str) -> None:
    assert not is_tagged(text)
    assert in_language(text, "en") == text
    assert languages_in(text) == []


def test_json_keeps_its_form() -> None:
    text = '[{"title":"[:en]One[:fr]Une[:]","size":3},{"title":"[:en]Two[:fr]Deux[:]"}]'
    assert in_language(text, "fr") == '[{"title":"Une","size":3},{"title":"Deux"}]'


def test_serialised_data_keep_right_lengths_also_within_each_other() -> None:
    inner = php({"label": "[:en]One[:fr]Élan[:]"})
    data = data_in_language(php({"a": ["[:en]x[:fr]ü[:]", 1], "b": inner, "c": "plain"}), "fr")
    assert data == php({"a": ["ü", 1], "b": php({"label": "Élan"}), "c": "plain"})
    assert not parse(data).repaired


def test_damaged_data_are_left_for_their_readers_to_repair() -> None:
    assert data_in_language('a:1:{i:0;s:99:"[:en]One[:fr]Une[:]";}', "fr") == 'a:1:{i:0;s:99:"Une";}'


def test_data_wrapped_beyond_all_measure_do_not_exhaust_us() -> None:
    value = "[:en]One[:fr]Une[:]"
    for _ in range(3_000):
        value = php(value)
    assert "One" not in data_in_language(value, "fr")
