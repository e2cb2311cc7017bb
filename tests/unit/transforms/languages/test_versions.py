"""Languages and addresses of sites that hold all languages of a post in that post."""

from __future__ import annotations

from typing import Any

import pytest

from tests.small_sites import php
from transforms.contract import Languages
from transforms.languages import read_languages
from wp_models.language_versions import Versions, version_number
from wp_models.records import PostEntry, TermEntry, WpSite

POSTS = {number: PostEntry(number, "page", "publish", f"p{number}", None, 1, None) for number in (1, 2, 3)}
FRENCH = version_number(1, "fr")


def read(plugin: str, **options: str) -> Languages:
    """What is said of a site with two pages in English, of which one is French, too, and one that is only French."""
    versions = Versions(
        plugin=plugin, languages=("en", "fr"), posts={1: ("fr",)}, terms={5: ("fr",)}, own_languages={3: "fr"}
    )
    return read_languages(
        WpSite(
            prefix="wp_",
            blog_id=1,
            tables=frozenset(),
            options={"home": "https://www.example.test", "permalink_structure": "/%postname%/", **options},
            posts={**POSTS, FRENCH: PostEntry(FRENCH, "page", "publish", "p1", None, 1, None)},
            terms={5: TermEntry(5, 1005, "category", "News", "news", None, "")},
            users={},
            versions=versions,
        )
    )


def test_an_object_and_its_versions_are_a_group_and_it_is_their_original() -> None:
    languages = read("qtranslate")
    assert languages.of_post == {1: "en", 2: "en", 3: "fr", FRENCH: "fr"}
    assert languages.group_of_post == {1: "post:1", FRENCH: "post:1"}
    assert languages.original_of_post == {FRENCH: 1}
    assert languages.group_of_term[5] == "term:5"
    assert languages.issues == {}


@pytest.mark.parametrize(
    ("mode", "hides", "expected"),
    [
        ("1", "1", ("query", {}, {})),
        ("2", "1", ("directory", {"fr": "fr"}, {})),
        ("2", "0", ("directory", {"en": "en", "fr": "fr"}, {})),
        ("3", "1", ("subdomain", {}, {"en": "https://www.example.test", "fr": "https://fr.example.test"})),
        ("4", "1", ("domain", {}, {"en": "https://www.example.test", "fr": "https://exemple.test"})),
    ],
)
def test_addresses_of_qtranslate_follow_its_mode(mode: str, hides: str, expected: Any) -> None:
    languages = read(
        "qtranslate", qtranslate_url_mode=mode, qtranslate_hide_default_language=hides,
        qtranslate_domains=php({"en": "www.example.test", "fr": "exemple.test"}),
    )  # fmt: skip
    assert (languages.url_mode, languages.url_prefixes, languages.home_urls) == expected


@pytest.mark.parametrize(("both", "expected"), [("no", {"fr": "francais"}), ("yes", {"en": "en", "fr": "francais"})])
def test_addresses_of_translatepress_are_directories(both: str, expected: dict[str, str]) -> None:
    settings = {
        "default-language": "en_GB",
        "translation-languages": ["en_GB", "fr_FR"],
        "url-slugs": {"fr_FR": "francais"},
        "add-subdirectory-to-default-language": both,
    }
    assert read("translatepress", trp_settings=php(settings)).url_prefixes == expected


def test_the_front_page_is_the_home_of_each_language() -> None:
    languages = read("qtranslate", qtranslate_url_mode="2", show_on_front="page", page_on_front="1")
    assert languages.home_pages == {"en": 1, "fr": FRENCH}
