"""Numbers of versions, and what dictionaries are asked by."""

from __future__ import annotations

from wp_models.language_versions import (
    LOWEST,
    Versions,
    Words,
    is_version,
    number_in_wordpress,
    prints_of_words,
    source_number,
    version_number,
    with_versions,
    word_part,
    words_key,
)

CODES = (
    "en",
    "fr",
    "de",
    "es",
    "it",
    "pt",
    "pt-br",
    "pt-pt",
    "nl",
    "pl",
    "ru",
    "uk",
    "zh-cn",
    "zh-tw",
    "ja",
    "ko",
    "ar",
)


def test_a_number_tells_its_object_and_its_language() -> None:
    versions = Versions(plugin="qtranslate", languages=CODES)
    for code in CODES:
        number = version_number(4_000_000_000, code)
        assert LOWEST <= number < 2**63
        assert (source_number(number), versions.language_of(number)) == (4_000_000_000, code)
        assert number_in_wordpress(number) is None
    assert len({version_number(1, code) for code in CODES}) == len(CODES)


def test_wordpress_numbers_are_no_versions() -> None:
    assert not is_version(12)
    assert (source_number(12), number_in_wordpress(12)) == (12, 12)
    assert source_number(-5) == -5  # of what the reader makes
    assert Versions(languages=CODES).language_of(12) is None


def test_versions_have_the_fingerprint_of_their_object_as_long_as_it_exists() -> None:
    found = with_versions({1: "a", 2: "b"}, {1: ("fr",), 9: ("fr",)})
    assert found == {1: "a", 2: "b", version_number(1, "fr"): "a"}


def test_typography_and_white_space_do_not_matter_to_a_dictionary() -> None:
    assert words_key("It’s\u00a0 “fine” – really…") == words_key('It\'s "fine" - really...')
    assert words_key("One") != words_key("one")


def test_one_changed_text_changes_the_print_of_its_part_only() -> None:
    words = {f"text {number}": Words("x", is_machine=False) for number in range(500)}
    changed = words | {"text 7": Words("y", is_machine=False)}
    pairs = zip(prints_of_words(words), prints_of_words(changed), strict=True)
    assert [part for part, (before, after) in enumerate(pairs) if before != after] == [word_part("text 7")]
