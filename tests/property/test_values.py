"""Values read from any text whatever: they never crash, and what PHP wrote comes back."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote

from hypothesis import example, given
from hypothesis import strategies as st

from transforms.values.slugs import decode_slug
from transforms.values.text import plain_line, plain_text
from wp_models.php_data import PhpDataError, decode, loads, parse, try_loads

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
KEYS = st.text(st.characters(exclude_categories=["Cs", "Nd"]), min_size=1, max_size=10).map(lambda key: f"k{key}")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, min_size=1, max_size=4),
    max_leaves=20,
)
FRAGMENTS = st.lists(
    st.sampled_from(
        ["a:1:{", "}", 's:1:"', '";', "i:1;", "N;", "b:1;", 'O:1:"', "R:1;", "d:", "x", "é", ":", "\0", "C:"]
    ),
    max_size=12,
).map("".join)


def serialize(value: object) -> bytes:
    """Write a value as PHP's serialize() does."""
    match value:
        case None:
            return b"N;"
        case bool():
            return b"b:%d;" % value
        case int():
            return b"i:%d;" % value
        case float():
            return b"d:%s;" % repr(value).encode()
        case str():
            raw = value.encode()
            return b's:%d:"%s";' % (len(raw), raw)
        case list():
            items = b"".join(serialize(key) + serialize(item) for key, item in enumerate(value))
            return b"a:%d:{%s}" % (len(value), items)
        case dict():
            items = b"".join(serialize(key) + serialize(item) for key, item in value.items())
            return b"a:%d:{%s}" % (len(value), items)
    raise TypeError(value)


@given(VALUES.filter(lambda value: not isinstance(value, str)))
def test_what_php_wrote_comes_back_equal(value: object) -> None:
    data = parse(serialize(value))
    assert data.value == value
    assert not data.repaired


@given(FRAGMENTS | st.text())
@example('s:99999999999999999999:"a";')
@example("a:1:{i:0;a:1:{i:0;")
def test_no_text_makes_the_reader_crash(text: str) -> None:
    decode(text)
    try_loads(text)
    with suppress(PhpDataError):
        loads(text)


@given(st.binary(max_size=60))
def test_no_bytes_make_the_reader_crash(data: bytes) -> None:
    with suppress(PhpDataError):
        loads(data)


@given(
    st.dictionaries(KEYS, st.text(st.sampled_from("abé 日.-/:"), max_size=20), min_size=1, max_size=4),
    st.integers(1, 9),
)
@example({"k::": "", "k:": ""}, 9)  # the wrong length points at the end of the next string
def test_texts_survive_lengths_that_are_all_wrong(value: dict[str, str], shift: int) -> None:
    items = b"".join(
        serialize(key) + b's:%d:"%s";' % (len(text.encode()) + shift, text.encode()) for key, text in value.items()
    )
    assert parse(b"a:%d:{%s}" % (len(value), items)).value == value


@given(TEXTS, st.integers(0, 40))
def test_a_slug_cut_anywhere_still_names_the_same_bytes(text: str, cut: int) -> None:
    stored = quote(text, safe="/%")[:cut]
    assert quote(decode_slug(stored), safe="/%").lower() == stored.lower()


@given(st.text())
@example("<textarea><script>x")
@example("<svg><![CDATA[ <b>")
def test_any_text_becomes_one_line_of_plain_text(text: str) -> None:
    assert plain_text(text) == plain_text(text).strip()
    assert plain_line(text) == " ".join(plain_line(text).split())
