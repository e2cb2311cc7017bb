"""How WPML stores the texts of its translation jobs."""

from __future__ import annotations

import zlib
from base64 import b64encode

import pytest

from wp_models.languages.wpml_jobs import MOST_BYTES, decode_field

WORDS = "Größe: 5 €\n<p>xylophone</p>"


def base64(raw: bytes | str) -> str:
    return b64encode(raw.encode() if isinstance(raw, str) else raw).decode()


@pytest.mark.parametrize(
    "stored",
    [
        base64(WORDS),
        base64(zlib.compress(WORDS.encode())),
        base64(zlib.compress(zlib.compress(WORDS.encode(), 9), 1)),
    ],
    ids=["as it is", "compressed", "compressed twice"],
)
def test_a_text_is_the_same_however_its_version_packs_it(stored: str) -> None:
    assert decode_field(stored, "base64") == (WORDS,)


def test_words_that_begin_like_compressed_ones_are_words() -> None:
    assert zlib.compress(b"")[:1] == b"x"
    assert decode_field(base64("xylophone"), "base64") == ("xylophone",)
    assert decode_field(base64("x\x01"), "base64") == ("x\x01",)  # a whole header, and nothing after it


def test_a_list_of_terms_is_a_text_for_each() -> None:
    assert decode_field(f'"{base64("Green")}", "{base64("Ready, now")}"', "csv_base64") == ("Green", "Ready, now")


def test_what_no_format_names_is_text_as_it_stands() -> None:
    assert decode_field("12", "") == ("12",)


@pytest.mark.parametrize(
    "stored",
    [
        "0",
        "no base64!",
        base64(b"\xff\xfe\x00"),
        base64(zlib.compress(b"\xff")),
        base64(zlib.compress(bytes(1 + MOST_BYTES))),
    ],
    ids=["a number", "other signs", "no text", "no text inside", "too much"],
)
def test_what_is_broken_says_nothing(stored: str) -> None:
    assert decode_field(stored, "base64") == ()
    assert decode_field(f'"{base64("Green")}","{stored}"', "csv_base64") == ()
