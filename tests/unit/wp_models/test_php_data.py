"""PHP's serialised data: what PHP reads, what it gives up on, and what it must never do."""

from __future__ import annotations

import pytest

from wp_models.php_data import (
    CLASS_KEY,
    DATA_KEY,
    ENUM_KEY,
    REFERENCE_KEY,
    PhpDataError,
    decode,
    loads,
    looks_serialized,
    parse,
    try_loads,
)

NESTED = 'a:2:{s:5:"sizes";a:1:{s:6:"medium";a:2:{s:4:"file";s:9:"a-300.jpg";s:5:"width";i:300;}}s:2:"ok";b:1;}'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("N;", None),
        ("b:0;", False),
        ("i:-12;", -12),
        ("d:0.5;", 0.5),
        ('s:4:"Café";', None),  # wrong on purpose: "Café" has five bytes; see the repair test
        ('s:5:"Café";', "Café"),
        ('s:0:"";', ""),
        ("a:0:{}", []),
        ('a:2:{i:0;s:1:"a";i:1;s:1:"b";}', ["a", "b"]),
        ('a:2:{i:1;s:1:"a";i:0;s:1:"b";}', {"1": "a", "0": "b"}),
        ('a:1:{i:7;s:1:"a";}', {"7": "a"}),
        (NESTED, {"sizes": {"medium": {"file": "a-300.jpg", "width": 300}}, "ok": True}),
    ],
)
def test_values_come_out_as_json_has_them(text: str, value: object) -> None:
    assert loads(text) == (value if text != 's:4:"Café";' else "Café")


def test_a_string_may_hold_what_looks_like_the_end_of_a_string() -> None:
    assert loads('a:1:{s:1:"k";s:12:"a";s:1:"b";}";}') == {"k": 'a";s:1:"b";}'}


def test_numbers_that_json_cannot_hold_become_what_it_can() -> None:
    assert loads("a:3:{i:0;d:INF;i:1;d:NAN;i:2;d:-INF;}") == ["INF", "NAN", "-INF"]
    assert loads("i:99999999999999999999;") == 1e20


def test_objects_are_inert_data_with_their_class_named() -> None:
    data = parse('O:6:"Gadget":2:{s:8:"callback";s:6:"system";s:10:"\0Gadget\0id";i:5;}')
    assert data.value == {CLASS_KEY: "Gadget", "callback": "system", "id": 5}
    assert data.has_objects


def test_objects_that_write_themselves_enums_and_references_are_inert_too() -> None:
    assert loads('C:1:"X":4:{abcd}') == {CLASS_KEY: "X", DATA_KEY: "abcd"}
    assert loads('E:11:"Suit:Hearts";') == {ENUM_KEY: "Suit:Hearts"}
    assert loads('a:2:{i:0;s:1:"x";i:1;R:2;}') == ["x", {REFERENCE_KEY: 2}]


def test_lengths_that_a_search_and_replace_broke_are_repaired_and_said_so() -> None:
    data = parse('a:2:{s:3:"url";s:18:"https://new.example/a.jpg";s:5:"title";s:3:"Old";}')
    assert data.value == {"url": "https://new.example/a.jpg", "title": "Old"}
    assert data.repaired


def test_lengths_counted_in_letters_instead_of_bytes_are_repaired() -> None:
    assert parse('a:1:{s:5:"title";s:4:"Café";}').value == {"title": "Café"}


def test_sound_data_is_not_called_repaired() -> None:
    assert not parse(NESTED).repaired


def test_data_serialised_twice_is_unwrapped() -> None:
    inner = 'a:1:{s:1:"a";s:1:"b";}'
    assert loads(f's:{len(inner)}:"{inner}";') == {"a": "b"}


@pytest.mark.parametrize("text", ["", "hello", "a:1:{i:0;i:1;", 'a:1:{s:3:"abc', "N;x", "i:;", "a:1:{a:0:{}i:1;}"])
def test_damaged_data_raises_one_kind_of_error(text: str) -> None:
    with pytest.raises(PhpDataError):
        loads(text)


def test_data_nested_too_deep_is_refused_not_crashed_on() -> None:
    deep = "a:1:{i:0;" * 100_000 + "N;" + "}" * 100_000
    with pytest.raises(PhpDataError, match="nested deeper"):
        loads(deep)


def test_a_huge_count_reserves_no_memory() -> None:
    assert loads("a:999999999:{}") == []


@pytest.mark.parametrize(
    "text", ["a", "s", "N", "b:2;", "i:x;", "a:b;", "s:1:a;", "https://a.example/;", "time: 5;", "{}"]
)
def test_ordinary_texts_are_not_taken_for_php_data(text: str) -> None:
    assert not looks_serialized(text)
    assert try_loads(text) is None
    assert decode(text) == text


def test_decode_keeps_damaged_data_as_text() -> None:
    assert decode('a:1:{s:3:"abc";') == 'a:1:{s:3:"abc";'
    assert decode('a:1:{s:3:"abc";}') == 'a:1:{s:3:"abc";}'


def test_nothing_is_no_data() -> None:
    assert try_loads(None) is None
    assert try_loads("") is None
