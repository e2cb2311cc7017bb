"""What Postgres refuses is taken out before it is sent."""

from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

import orjson
import pytest

from cms_models.staging import clean_text, json_bytes


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain", "plain"),
        ("a\0b", "ab"),
        ("\0", ""),
        ("é\0ü", "éü"),
        ("a\ud83d\ude00b", "a😀b"),  # two halves of one character
        ("left \ud83d alone", "left � alone"),
        ("\udc00\0", "�"),
    ],
)
def test_a_text_loses_nul_and_lone_surrogates_only(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    ("value", "clean"),
    [
        ({"a": "x\0y"}, {"a": "xy"}),
        ({"k\0": ["\0", {"b": "\ud800"}]}, {"k": ["", {"b": "�"}]}),
        ({"path": "C:\\u0000"}, {"path": "C:\\u0000"}),  # a backslash that only looks like an escape
        (("a", 1, None, True), ["a", 1, None, True]),
        ({"n": float("nan"), "i": float("inf"), "x": 1.5}, {"n": None, "i": None, "x": 1.5}),
        ({"\ud800": float("nan")}, {"�": None}),
        (MappingProxyType({1: Decimal("9.90")}), {"1": "9.90"}),
        (None, None),
    ],
)
def test_json_holds_the_value_without_what_jsonb_refuses(value: object, clean: object) -> None:
    assert orjson.loads(json_bytes(value)) == clean


def test_json_keeps_integers_beyond_64_bits() -> None:
    assert json_bytes({"n": 2**70}) == b'{"n": 1180591620717411303424}'


def test_json_takes_trees_deeper_than_the_fast_encoder() -> None:
    tree: object = "leaf"
    for _ in range(150):
        tree = {"innerBlocks": [tree]}
    assert json_bytes(tree).count(b"innerBlocks") == 150


def test_json_writes_ids_and_times_as_texts() -> None:
    value = {"id": UUID(int=1), "at": datetime(2024, 5, 1, tzinfo=UTC)}
    assert orjson.loads(json_bytes(value)) == {
        "id": "00000000-0000-0000-0000-000000000001",
        "at": "2024-05-01T00:00:00+00:00",
    }
