"""WPML: languages and groups, sound and damaged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cms_models.rows import TranslationOrigin
from transforms.contract import Languages
from transforms.languages import read_languages
from transforms.languages.wpml import read_wpml
from wp_models.records import PostEntry, TermEntry, WpmlTranslation, WpSite

POSTS = {
    number: PostEntry(number, "page" if number == 9 else "post", "publish", f"p{number}", None, 1, None)
    for number in range(1, 10)
}
TERMS = {
    3: TermEntry(3, 1003, "category", "News", "news", None, ""),
    4: TermEntry(4, 1004, "category", "Noticias", "noticias", None, ""),
}
SETTINGS = (
    'a:4:{s:16:"default_language";s:2:"en";s:25:"language_negotiation_type";i:1;s:16:"active_languages";'
    'a:3:{i:0;s:2:"en";i:1;s:2:"es";i:2;s:2:"ar";}s:4:"urls";a:1:{s:30:"directory_for_default_language";i:0;}}'
)


def site(*rows: WpmlTranslation, **options: str) -> WpSite:
    """A site with nine posts, two categories and these rows."""
    given = {"home": "https://example.test", "icl_sitepress_settings": SETTINGS, **options}
    return WpSite(
        prefix="wp_",
        blog_id=1,
        tables=frozenset({"icl_translations"}),
        options=given,
        posts=POSTS,
        terms=TERMS,
        users={},
        wpml=rows,
    )


def row(element: int, group: int, language: str, source: str | None = None, **fields: Any) -> WpmlTranslation:
    """A row of icl_translations of a post."""
    return WpmlTranslation(fields.pop("kind", "post_post"), element, group, language, source, **fields)


def read(*rows: WpmlTranslation, **options: str) -> Languages:
    """What WPML says of such a site."""
    languages = read_wpml(site(*rows, **options))
    assert languages is not None
    return languages


def codes(languages: Languages, post: int) -> list[str]:
    """The codes of the issues of a post."""
    return [issue.code for issue in languages.issues.get(post, ())]


def test_a_site_without_rows_has_no_wpml() -> None:
    assert read_wpml(site()) is None


def test_rows_of_one_trid_are_translations_of_the_one_without_source() -> None:
    languages = read(row(1, 70, "en"), row(2, 70, "es", "en"), row(3, 71, "en", ""))
    assert languages.of_post == {1: "en", 2: "es", 3: "en"}
    assert languages.group_of_post == {1: "post:70", 2: "post:70"}
    assert languages.original_of_post == {2: 1}


def test_a_translation_is_made_from_its_source_language_not_from_the_default() -> None:
    languages = read(row(1, 70, "en", "es"), row(2, 70, "es"), row(3, 70, "ar", "en"))
    assert languages.original_of_post == {1: 2, 3: 1}


def test_a_group_may_lack_the_default_language() -> None:
    languages = read(row(1, 70, "es"), row(2, 70, "ar", "es"))
    assert languages.group_of_post == {1: "post:70", 2: "post:70"}
    assert languages.original_of_post == {2: 1}


def test_a_source_that_is_gone_leaves_no_original() -> None:
    languages = read(row(2, 70, "es", "en"), row(3, 70, "ar", "en"))
    assert languages.original_of_post == {}


def test_rows_of_taxonomies_name_term_taxonomy_ids() -> None:
    languages = read(row(3, 80, "en", kind="tax_category"), row(4, 80, "es", "en", kind="tax_category"))
    assert languages.of_term == {3: "en", 4: "es"}
    assert languages.group_of_term == {3: "term:80", 4: "term:80"}
    assert languages.of_post == {}


def test_posts_and_terms_of_one_number_are_not_mixed_up() -> None:
    languages = read(row(3, 70, "es"), row(3, 80, "en", kind="tax_category"))
    assert languages.of_post == {3: "es"}
    assert languages.of_term == {3: "en"}


def test_rows_of_missing_objects_and_of_other_kinds_are_passed_over() -> None:
    languages = read(row(1, 70, "en"), row(999, 70, "es", "en"), row(2, 71, "es", kind="package_gravity"))
    assert languages.of_post == {1: "en"}
    assert languages.group_of_post == {}


def test_of_two_posts_of_one_language_the_lowest_id_stays_in_the_group() -> None:
    languages = read(row(5, 70, "es", "en"), row(1, 70, "en"), row(4, 70, "es", "en"))
    assert set(languages.group_of_post) == {1, 4}
    assert codes(languages, 5) == ["languages.duplicate"]


def test_a_row_of_the_right_post_type_wins_over_one_of_another() -> None:
    languages = read(row(9, 70, "es", kind="post_post"), row(9, 71, "en", kind="post_page"))
    assert languages.of_post == {9: "en"}
    assert codes(languages, 9) == []


def test_a_row_of_another_post_type_counts_when_it_is_the_only_one() -> None:
    assert read(row(9, 70, "es", kind="post_post")).of_post == {9: "es"}


def test_a_post_in_two_groups_stays_in_the_older_one() -> None:
    languages = read(row(1, 72, "es"), row(1, 70, "en"))
    assert languages.of_post == {1: "en"}
    assert codes(languages, 1) == ["languages.several_groups"]


def test_duplicates_are_copies() -> None:
    assert read(row(1, 70, "en"), row(2, 70, "es", "en", is_duplicate=True)).copies == {2}


def test_languages_are_the_active_ones_and_those_that_content_still_has() -> None:
    languages = read(row(1, 70, "en"), row(2, 71, "de"))
    assert languages.codes == ("en", "es", "ar", "de")
    assert languages.rtl == {"ar"}


def test_without_settings_the_language_of_most_originals_is_the_default() -> None:
    rows = (row(1, 70, "fr"), row(2, 71, "fr"), row(3, 72, "en"), row(4, 70, "en", "fr"), row(5, 71, "en", "fr"))
    languages = read(*rows, icl_sitepress_settings="")
    assert languages.default == "fr"
    assert languages.url_prefixes == {"en": "en"}


def test_directories_are_language_codes() -> None:
    assert read(row(1, 70, "en")).url_prefixes == {"es": "es", "ar": "ar"}
    own_directory = SETTINGS.replace('language";i:0;}', 'language";i:1;}')
    languages = read(row(1, 70, "en"), icl_sitepress_settings=own_directory)
    assert languages.prefix_default
    assert languages.url_prefixes["en"] == "en"


def test_front_pages_are_the_translations_of_the_one_in_the_settings() -> None:
    rows = (row(1, 70, "en"), row(2, 70, "es", "en"))
    front = {"show_on_front": "page", "page_on_front": "1"}
    assert read(*rows, **front).home_pages == {"en": 1, "es": 2}
    query = SETTINGS.replace('type";i:1;', 'type";s:1:"3";')
    by_query = read(*rows, **front, icl_sitepress_settings=query)
    assert (by_query.url_mode, by_query.url_prefixes, by_query.home_pages) == ("query", {}, {"en": 1})


def test_domains_are_bare_hosts_or_whole_addresses() -> None:
    settings = (
        'a:3:{s:16:"default_language";s:2:"en";s:25:"language_negotiation_type";i:2;s:16:"language_domains";'
        'a:2:{s:2:"es";s:12:"ejemplo.test";s:2:"ar";s:19:"http://mathal.test/";}}'
    )
    languages = read(row(1, 70, "en"), icl_sitepress_settings=settings)
    assert languages.url_mode == "domain"
    assert languages.home_urls == {
        "en": "https://example.test",
        "es": "https://ejemplo.test",
        "ar": "http://mathal.test",
    }


def test_a_site_without_a_language_plugin_speaks_the_language_of_its_settings() -> None:
    for locale, code in (("", "en"), ("es_ES", "es"), ("de_DE_formal", "de"), ("ja", "ja")):
        languages = read_languages(site(WPLANG=locale))
        assert (languages.default, languages.codes) == (code, (code,))


def test_of_two_plugins_the_active_one_is_believed() -> None:
    polylang = {7: TermEntry(7, 1007, "language", "Français", "fr", None, "")}
    both = site(row(1, 70, "en"), active_plugins='a:1:{i:0;s:42:"sitepress-multilingual-cms/sitepress.php";}')
    both = replace(both, terms=polylang)
    assert read_languages(both).default == "en"
    options = {**both.options, "active_plugins": 'a:1:{i:0;s:25:"polylang-pro/polylang.php";}'}
    assert read_languages(replace(both, options=options)).codes == ("fr",)


def test_posts_and_pages_without_language_are_reported_on_a_site_of_several() -> None:
    languages = read_languages(site(row(1, 70, "en")))
    assert codes(languages, 1) == []
    assert codes(languages, 2) == ["languages.missing"]


def test_a_duplicate_keeps_its_original_and_is_no_ones_translation() -> None:
    languages = read(row(1, 70, "en"), row(2, 70, "es", "en", is_duplicate=True))
    assert languages.original_of_post == {2: 1}
    assert languages.origin_of_post(2) == TranslationOrigin.SOURCE
    assert codes(languages, 2) == []


def test_words_of_a_machine_are_known_from_those_of_people() -> None:
    languages = read(row(1, 70, "en"), row(2, 70, "es", "en", is_machine=True), row(3, 70, "ar", "en"))
    origins = {post: languages.origin_of_post(post) for post in (1, 2, 3)}
    assert origins == {1: TranslationOrigin.SOURCE, 2: TranslationOrigin.MACHINE, 3: TranslationOrigin.HUMAN}


def test_a_translation_older_than_its_original_says_so() -> None:
    languages = read(row(1, 70, "en"), row(2, 70, "es", "en", is_outdated=True))
    assert (codes(languages, 1), codes(languages, 2)) == ([], ["languages.outdated"])
    assert languages.origin_of_post(2) == TranslationOrigin.HUMAN


def test_translations_without_their_original_are_reported_and_stay_together() -> None:
    languages = read(row(2, 70, "es", "en"), row(3, 70, "ar", "en"), row(4, 71, "es", "en"))
    assert languages.group_of_post == {2: "post:70", 3: "post:70"}
    assert [codes(languages, post) for post in (2, 3, 4)] == [["languages.orphan"]] * 3
