"""Polylang: languages and groups, sound and damaged."""

from __future__ import annotations

from typing import Any

import pytest

from transforms.contract import Languages
from transforms.languages.polylang import read_polylang
from wp_models.records import PostEntry, TermEntry, WpSite

EN, ES, FR, GROUP = 11, 12, 13, 50
TERM_EN, TERM_ES = 21, 22


def serialized(members: dict[str, Any]) -> str:
    """PHP data of a flat array with text keys."""
    values = "".join(
        f's:{len(key)}:"{key}";' + (f"i:{value};" if isinstance(value, int) else f's:{len(value)}:"{value}";')
        for key, value in members.items()
    )
    return f"a:{len(members)}:{{{values}}}"


def term(id: int, taxonomy: str, slug: str, description: str = "", **fields: Any) -> TermEntry:  # noqa: A002
    """A term whose term_id is its term_taxonomy_id and a thousand."""
    return TermEntry(id, id + 1000, taxonomy, fields.pop("name", slug), slug, None, description, **fields)


def site(
    posts: dict[int, str],
    groups: dict[int, dict[str, Any]] | None = None,
    *,
    links: list[tuple[int, int]] | None = None,
    options: dict[str, str] | None = None,
    terms: list[TermEntry] | None = None,
) -> WpSite:
    """A site in English, Spanish and French: languages by post id, and groups by number.

    A group's members are linked to it, unless `links` says otherwise.
    """
    languages = {"en": EN, "es": ES, "fr": FR}
    groups = groups or {}
    all_terms = [
        term(EN, "language", "en", serialized({"locale": "en_US", "rtl": 0}), name="English", term_group=0),
        term(ES, "language", "es", serialized({"locale": "es_ES", "rtl": 0}), name="Español", term_group=1),
        term(FR, "language", "fr", serialized({"locale": "fr_FR", "rtl": 0}), name="Français", term_group=2),
        *(term(number, "post_translations", f"pll_{number}", serialized(of)) for number, of in groups.items()),
        *(terms or ()),
    ]
    if links is None:
        links = [(post, group) for group, of in groups.items() for post in of.values() if isinstance(post, int)]
    return WpSite(
        prefix="wp_",
        blog_id=1,
        tables=frozenset(),
        options={"home": "https://example.test", "permalink_structure": "/%postname%/", **(options or {})},
        posts={post: PostEntry(post, "post", "publish", f"p{post}", None, 1, None) for post in posts},
        terms={one.id: one for one in all_terms},
        users={},
        language_links=tuple(sorted([(post, languages[code]) for post, code in posts.items() if code] + links)),
    )


def read(*given: Any, **named: Any) -> Languages:
    """What Polylang says of such a site."""
    languages = read_polylang(site(*given, **named))
    assert languages is not None
    return languages


def codes(languages: Languages, post: int) -> list[str]:
    """The codes of the issues of a post."""
    return [issue.code for issue in languages.issues.get(post, ())]


def test_a_site_without_language_terms_has_no_polylang() -> None:
    empty = WpSite(prefix="wp_", blog_id=1, tables=frozenset(), options={}, posts={}, terms={}, users={})
    assert read_polylang(empty) is None


def test_posts_have_the_language_and_the_group_that_they_are_linked_to() -> None:
    languages = read({1: "en", 2: "es", 3: "fr", 4: "en"}, {GROUP: {"en": 1, "es": 2, "fr": 3}})
    assert languages.of_post == {1: "en", 2: "es", 3: "fr", 4: "en"}
    assert languages.group_of_post == dict.fromkeys((1, 2, 3), "post:pll_50")
    assert languages.original_of_post == {2: 1, 3: 1}
    assert languages.issues == {}


def test_languages_stand_in_the_order_of_the_site() -> None:
    swedish = term(14, "language", "sv", serialized({"locale": "sv_SE"}), term_group=-1)
    assert read({}, terms=[swedish]).codes == ("sv", "en", "es", "fr")


def test_the_default_language_is_the_setting_and_must_exist() -> None:
    assert read({}, options={"polylang": serialized({"default_lang": "es"})}).default == "es"
    assert read({}, options={"polylang": serialized({"default_lang": "xx"})}).default == "en"


def test_right_to_left_languages_are_those_that_say_so() -> None:
    arabic = term(14, "language", "ar", serialized({"locale": "ar", "rtl": 1}), term_group=9)
    assert read({}, terms=[arabic]).rtl == {"ar"}


def test_a_group_of_one_is_no_group() -> None:
    assert read({1: "en"}, {GROUP: {"en": 1}}).group_of_post == {}


def test_a_dead_id_leaves_the_others_together_with_an_issue_on_the_lowest() -> None:
    languages = read({1: "en", 2: "es"}, {GROUP: {"en": 1, "es": 2, "fr": 99}})
    assert languages.group_of_post == {1: "post:pll_50", 2: "post:pll_50"}
    assert codes(languages, 1) == ["languages.dead_translation"]
    assert codes(languages, 2) == []


def test_a_group_whose_other_members_are_gone_is_no_group() -> None:
    languages = read({2: "es"}, {GROUP: {"en": 98, "es": 2}})
    assert languages.group_of_post == {}
    assert codes(languages, 2) == ["languages.dead_translation"]


def test_a_removed_language_leaves_the_group() -> None:
    languages = read({1: "en", 2: "es", 3: ""}, {GROUP: {"en": 1, "es": 2, "de": 3}})
    assert languages.group_of_post == {1: "post:pll_50", 2: "post:pll_50"}
    assert codes(languages, 3) == ["languages.removed_language"]


def test_a_member_of_another_language_than_its_place_leaves_the_group() -> None:
    languages = read({1: "en", 2: "es", 3: "es"}, {GROUP: {"en": 1, "es": 2, "fr": 3}}, links=[(1, GROUP), (2, GROUP)])
    assert languages.group_of_post == {1: "post:pll_50", 2: "post:pll_50"}
    assert codes(languages, 3) == ["languages.mismatch"]


def test_a_linked_post_that_the_group_does_not_list_takes_a_free_place() -> None:
    languages = read(
        {1: "en", 2: "es", 3: "fr"}, {GROUP: {"en": 1, "es": 2}}, links=[(1, GROUP), (2, GROUP), (3, GROUP)]
    )
    assert set(languages.group_of_post) == {1, 2, 3}
    assert codes(languages, 3) == ["languages.unlisted"]


def test_of_two_posts_of_one_language_the_listed_one_keeps_the_place() -> None:
    languages = read(
        {1: "es", 2: "en", 3: "es"}, {GROUP: {"en": 2, "es": 3}}, links=[(1, GROUP), (2, GROUP), (3, GROUP)]
    )
    assert set(languages.group_of_post) == {2, 3}
    assert codes(languages, 1) == ["languages.duplicate"]


def test_of_two_unlisted_posts_of_one_language_the_lowest_id_keeps_the_place() -> None:
    languages = read({1: "en", 5: "es", 4: "es"}, {GROUP: {"en": 1}}, links=[(1, GROUP), (4, GROUP), (5, GROUP)])
    assert set(languages.group_of_post) == {1, 4}
    assert codes(languages, 5) == ["languages.duplicate"]


def test_a_listed_post_that_is_linked_to_no_group_is_a_member() -> None:
    languages = read({1: "en", 2: "es"}, {GROUP: {"en": 1, "es": 2}}, links=[(1, GROUP)])
    assert set(languages.group_of_post) == {1, 2}


def test_a_post_belongs_to_the_group_it_is_linked_to_not_to_another_that_lists_it() -> None:
    languages = read(
        {1: "en", 2: "es", 3: "en"},
        {50: {"en": 1, "es": 2}, 51: {"en": 3, "es": 2}},
        links=[(1, 50), (2, 51), (3, 51)],
    )
    assert languages.group_of_post == {3: "post:pll_51", 2: "post:pll_51"}


def test_a_post_in_two_groups_stays_in_the_one_that_lists_it() -> None:
    languages = read(
        {1: "en", 2: "es", 3: "fr"},
        {50: {"en": 1, "fr": 3}, 51: {"en": 1, "es": 2}},
        links=[(1, 50), (3, 50), (2, 50), (2, 51)],
    )
    assert languages.group_of_post == {1: "post:pll_50", 3: "post:pll_50"}
    assert "languages.several_groups" in codes(languages, 2)


def test_a_post_in_two_languages_keeps_the_first_by_name() -> None:
    languages = read({1: "es"}, links=[(1, EN)])
    assert languages.of_post == {1: "en"}
    assert codes(languages, 1) == ["languages.several"]


def test_other_keys_and_numbers_as_texts_in_a_description_do_no_harm() -> None:
    languages = read({1: "en", 2: "es"}, {GROUP: {"en": "1", "es": "2", "sync": "x"}}, links=[(1, GROUP), (2, GROUP)])
    assert set(languages.group_of_post) == {1, 2}
    assert languages.issues == {}


@pytest.mark.parametrize("description", ["", "a:2:{s:2:", 's:2:"en";', 'O:8:"stdClass":0:{}'])
def test_a_damaged_description_holds_the_linked_posts_together(description: str) -> None:
    broken = term(GROUP, "post_translations", "pll_50", description)
    languages = read({1: "en", 2: "es"}, terms=[broken], links=[(1, GROUP), (2, GROUP)])
    assert set(languages.group_of_post) == {1, 2}
    assert codes(languages, 1) == ["languages.unlisted"]


def test_links_to_posts_that_are_gone_are_no_members() -> None:
    languages = read({1: "en"}, {GROUP: {"en": 1}}, links=[(1, GROUP), (77, GROUP), (78, ES)])
    assert languages.group_of_post == {}
    assert languages.of_post == {1: "en"}


def test_terms_are_linked_by_term_id_and_answered_by_term_taxonomy_id() -> None:
    terms = [
        term(TERM_EN, "term_language", "pll_en"),
        term(TERM_ES, "term_language", "pll_es"),
        term(30, "category", "news"),
        term(31, "category", "noticias"),
        term(60, "term_translations", "pll_60", serialized({"en": 1030, "es": 1031})),
    ]
    links = [(1030, TERM_EN), (1031, TERM_ES), (1030, 60), (1031, 60)]
    languages = read({}, terms=terms, links=links)
    assert languages.of_term == {30: "en", 31: "es"}
    assert languages.group_of_term == {30: "term:pll_60", 31: "term:pll_60"}


def test_damaged_groups_of_terms_are_reported_on_terms() -> None:
    terms = [
        term(TERM_EN, "term_language", "pll_en"),
        term(30, "category", "news"),
        term(60, "term_translations", "pll_60", serialized({"en": 1030, "es": 4444})),
    ]
    languages = read({}, terms=terms, links=[(1030, TERM_EN), (1030, 60)])
    assert [issue.code for issue in languages.term_issues[30]] == ["languages.dead_translation"]
    assert languages.issues == {}


FRONT = {"show_on_front": "page", "page_on_front": "1"}
HOMES = ({1: "en", 2: "es"}, {GROUP: {"en": 1, "es": 2}})


def test_directories_hide_the_default_language_unless_told_otherwise() -> None:
    hidden = read(*HOMES, options={"polylang": serialized({"force_lang": 1, "hide_default": 1, "rewrite": 1})})
    assert (hidden.url_mode, hidden.prefix_default) == ("directory", False)
    assert hidden.url_prefixes == {"es": "es", "fr": "fr"}
    shown = read(*HOMES, options={"polylang": serialized({"force_lang": 1, "hide_default": 0, "rewrite": 0})})
    assert shown.prefix_default
    assert shown.url_prefixes == {"en": "language/en", "es": "language/es", "fr": "language/fr"}


def test_a_language_set_from_content_changes_no_address() -> None:
    languages = read(*HOMES, options={"polylang": serialized({"force_lang": 0})})
    assert (languages.url_mode, languages.url_prefixes) == ("content", {})


def test_without_pretty_permalinks_the_language_is_a_query() -> None:
    languages = read(*HOMES, options={"polylang": serialized({"force_lang": 1}), "permalink_structure": ""})
    assert (languages.url_mode, languages.url_prefixes) == ("query", {})


def test_subdomains_replace_www_and_spare_the_hidden_default() -> None:
    options = {"home": "https://www.example.test", "polylang": serialized({"force_lang": 2, "hide_default": 1})}
    languages = read(*HOMES, options=options)
    assert languages.url_mode == "subdomain"
    assert languages.home_urls["en"] == "https://www.example.test"
    assert languages.home_urls["es"] == "https://es.example.test"


def test_domains_are_those_of_the_settings() -> None:
    polylang = 'a:2:{s:10:"force_lang";i:3;s:7:"domains";a:1:{s:2:"es";s:20:"https://ejemplo.test";}}'
    languages = read(*HOMES, options={"polylang": polylang})
    assert (languages.url_mode, languages.home_urls) == ("domain", {"es": "https://ejemplo.test"})


def test_front_pages_live_at_the_home_of_their_language_when_the_setting_says_so() -> None:
    at_home = read(*HOMES, options={**FRONT, "polylang": serialized({"force_lang": 1, "redirect_lang": 1})})
    assert at_home.home_pages == {"en": 1, "es": 2}
    not_at_home = read(*HOMES, options={**FRONT, "polylang": serialized({"force_lang": 1, "redirect_lang": 0})})
    assert not_at_home.home_pages == {"en": 1}


def test_a_front_page_without_translations_is_its_own_languages() -> None:
    polylang = serialized({"force_lang": 1, "redirect_lang": 1, "default_lang": "en"})
    options = {"show_on_front": "page", "page_on_front": "7", "polylang": polylang}
    assert read({7: "es"}, options=options).home_pages == {"es": 7}
    assert read({7: "es"}, options={**options, "show_on_front": "posts"}).home_pages == {}
