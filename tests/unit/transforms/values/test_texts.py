"""Titles, names, slugs, dates, numbers and password hashes as WordPress stores them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from transforms.values.dates import moment
from transforms.values.numbers import decimal_or_none, php_int
from transforms.values.passwords import password_scheme
from transforms.values.slugs import decode_slug
from transforms.values.text import decode_entities, is_encoded_twice, plain_line, plain_text
from transforms.values.trees import closes_cycle

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("Media &amp; Text", "Media & Text"),
        ("galleries & embeds", "galleries & embeds"),
        ("How to use the &lt;b&gt; tag", "How to use the <b> tag"),
        ("Title <em>With</em> <b>Mark<sup>up</sup></b>", "Title With Markup"),
        ("<em>HTML</em> in <script>alert(1)</script>the title", "HTML in the title"),
        ("5 < 6 & 7 > 3", "5 < 6 & 7 > 3"),
        ("<!-- note -->Text", "Text"),
    ],
)
def test_titles_become_what_a_reader_sees(stored: str, seen: str) -> None:
    assert plain_text(stored) == seen


def test_a_title_encoded_twice_stays_as_stored() -> None:
    stored = "Q&amp;amp;A"
    assert is_encoded_twice(stored)
    assert decode_entities(stored) == stored
    assert not is_encoded_twice("Q&amp;A")


def test_blocks_are_a_space_apart_on_one_line() -> None:
    assert plain_line("<p>One</p><p>two<br>three</p>\n<ul><li>a</li><li>b</li></ul>") == "One two three a b"


@pytest.mark.parametrize(
    ("stored", "decoded"),
    [
        ("hello-world", "hello-world"),
        ("%d8%ae%d8%b7", "خط"),
        ("%f0%9f%8f%b7", "🏷"),
        ("%d8%ae%d8", "خ%d8"),  # WordPress cuts at 200 bytes
        ("%e0%a4", "%e0%a4"),
        ("a%2fb", "a%2fb"),
        ("50%-off", "50%-off"),
    ],
)
def test_slugs_are_decoded_as_far_as_they_hold_letters(stored: str, decoded: str) -> None:
    assert decode_slug(stored) == decoded


def test_utc_is_believed_when_there_is_one() -> None:
    utc = datetime(2024, 1, 1, 10, tzinfo=UTC)
    assert moment(utc, datetime(2024, 1, 1, 23), MADRID) == utc


def test_a_wall_time_is_read_in_the_sites_zone_of_that_day() -> None:
    assert moment(None, datetime(2024, 7, 1, 12), MADRID) == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert moment(None, datetime(2024, 1, 1, 12), MADRID) == datetime(2024, 1, 1, 11, tzinfo=UTC)
    half = timezone(timedelta(hours=5.5))
    assert moment(None, datetime(2024, 1, 1, 12), half) == datetime(2024, 1, 1, 6, 30, tzinfo=UTC)


def test_no_date_stays_no_date_and_the_last_day_of_all_does_not_overflow() -> None:
    assert moment(None, None, MADRID) is None
    assert moment(None, datetime.max, timezone(timedelta(hours=-8))) is not None
    assert moment(None, datetime.min, timezone(timedelta(hours=8))) is not None


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), (" 7 ", 7), ("12abc", 12), ("-1", -1), ("x", 0), ("", 0), (None, 0)]
)
def test_integers_are_read_as_php_reads_them(text: str | None, number: int) -> None:
    assert php_int(text) == number


def test_decimals_are_exact_or_nothing() -> None:
    assert decimal_or_none("19.99") == Decimal("19.99")
    assert [decimal_or_none(text) for text in ("", None, "abc", "NaN", "Infinity", "1,5")] == [None] * 6


@pytest.mark.parametrize(
    ("password_hash", "scheme"),
    [
        ("$P$B9zyx.abcdefghijklmnopqrstuv", "phpass"),
        ("$H$9abc", "phpass"),
        ("$wp$2y$10$abcdefghijklmnopqrstuv", "bcrypt_wp"),
        ("$2y$10$abcdefghijklmnopqrstuv", "bcrypt"),
        ("$argon2id$v=19$m=65536", "argon2"),
        ("5f4dcc3b5aa765d61d8327deb882cf99", "md5"),
        ("", None),
        ("plain words", None),
    ],
)
def test_password_hashes_name_their_scheme(password_hash: str, scheme: str | None) -> None:
    assert password_scheme(password_hash) == scheme


def test_a_circle_of_parents_is_cut_at_its_lowest_member_only() -> None:
    parents = {1: 2, 2: 3, 3: 1, 4: 2, 5: 5, 6: 99}
    assert [node for node in parents if closes_cycle(node, parents.get)] == [1, 5]
