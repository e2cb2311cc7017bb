from datetime import UTC, datetime

import pytest

from wp_models.left_out import is_kept_option, is_setting
from wp_models.values import id_or_none, integer, local_or_none, text, utc_or_none


@pytest.mark.parametrize("raw", ["0000-00-00 00:00:00", "2012-00-10 00:00:00", "2012-02-31 10:00:00", "", None, "soon"])
def test_a_date_that_is_none_reads_as_never(raw: str | None) -> None:
    assert local_or_none(raw) is None
    assert utc_or_none(raw) is None


def test_dates_are_naive_wall_time_or_aware_utc() -> None:
    assert local_or_none("2024-05-06 07:08:09") == datetime(2024, 5, 6, 7, 8, 9)
    assert utc_or_none("2024-05-06 07:08:09") == datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert utc_or_none("9999-12-31 23:59:59") == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_texts_lose_nul_bytes_and_nothing_else() -> None:
    assert text("a\0b\x01\x1fc\u2028 😀\r\n") == "ab\x01\x1fc\u2028 😀\r\n"
    assert text(None) == ""


def test_bytes_read_as_utf8_whatever_they_are() -> None:
    assert text("Müller".encode()) == "Müller"
    assert text(b"M\xfcller") == "M\ufffdller"


@pytest.mark.parametrize(("raw", "expected"), [(0, None), (-1, None), (None, None), ("7", 7), (7, 7), ("x", None)])
def test_nobody_has_no_id(raw: object, expected: int | None) -> None:
    assert id_or_none(raw) == expected


def test_what_is_no_number_counts_as_nought() -> None:
    assert [integer(raw) for raw in ("x", None, "12", -3)] == [0, 0, 12, -3]


@pytest.mark.parametrize(
    "name",
    [
        "auth_key", "nonce_salt", "mailserver_pass", "mailchimp_api_key", "WPLANG_APIKEY", "stripe_secret",
        "smtp_password",
        "elementor_pro_license_key", "ga_access_token", "_transient_feed_1", "_site_transient_update_core",
        "_transient_timeout_x", "core_updater.lock", "wc_session_12",
    ],
)  # fmt: skip
def test_secrets_and_transients_are_left_out(name: str) -> None:
    assert not is_kept_option(name)
    assert not is_setting(name)


@pytest.mark.parametrize(
    "name", ["siteurl", "sidebars_widgets", "theme_mods_x", "polylang", "wpseo_titles", "author_keys"]
)
def test_settings_of_the_site_stay(name: str) -> None:
    assert is_setting(name)


def test_rewrite_rules_are_known_to_the_site_but_are_no_setting() -> None:
    assert is_kept_option("rewrite_rules")
    assert not is_setting("rewrite_rules")
