"""Texts and data with several languages in them, brought into one."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.small_sites import php
from wp_models.languages.inline_tags import data_in_language, in_language
from wp_models.php_data import parse

PIECES = st.sampled_from(["[:en]", "[:fr]", "[:]", "{:en}", "{:}", "<!--:fr-->", "<!--:-->", 's:3:"', "é", '";', " "])
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=8).map("".join)
VALUES = st.recursive(
    TEXTS | st.integers(-9, 9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)
WORDS = st.text("abc é<p>", min_size=1, max_size=5).filter(str.strip)
FORMS = st.sampled_from([("[:%s]", "[:]"), ("{:%s}", "{:}"), ("<!--:%s-->", "<!--:-->")])
PARTS = st.lists(st.tuples(st.sampled_from(["en", "fr", None]), WORDS, FORMS), min_size=1, max_size=6)


def spoken(value: Any) -> Any:
    """A value with all its texts in French."""
    match value:
        case str():
            return data_in_language(value, "fr")
        case list():
            return [spoken(item) for item in value]
        case dict():
            return {key: spoken(item) for key, item in value.items()}
    return value


@given(VALUES.filter(lambda value: not isinstance(value, str)))
def test_each_string_of_serialised_data_is_brought_into_one_language(value: Any) -> None:
    made = data_in_language(php(value), "fr")
    assert made == php(spoken(value))
    assert not parse(made).repaired


@given(PARTS)
def test_a_text_in_one_language_is_its_own_parts_and_those_of_all(parts: list[tuple[str | None, str, Any]]) -> None:
    text = "".join(words if code is None else opening % code + words + end for code, words, (opening, end) in parts)
    own = "".join(words for code, words, _ in parts if code in (None, "fr"))
    is_tagged = any(code for code, _, _ in parts)
    assert in_language(text, "fr") == (own.strip() if is_tagged else text)
