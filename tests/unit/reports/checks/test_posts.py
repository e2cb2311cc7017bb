"""What is asked of one post on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reports.checks import POST_CHECKS
from reports.checks.addresses import check_path
from reports.checks.contract import Context, PostPair
from reports.checks.relations import check_relations
from reports.checks.seo import check_seo
from tests.unit.reports.checks.sides import AT, LOCAL, SITE, pair


def fields(given: PostPair, site: Context = SITE) -> set[str]:
    return {one.field for _, check in POST_CHECKS for one in check(given, site)}


def test_equal_posts_have_no_difference() -> None:
    assert fields(pair()) == set()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("title", {"title": "Hallo"}),
        ("slug", {"slug": "hallo"}),
        ("excerpt", {"excerpt": "More"}),
        ("status", {"status": "draft"}),
        ("is_password_protected", {"is_password_protected": True}),
        ("published_at", {"published_at": AT + timedelta(seconds=1)}),
        ("created_at", {"created_at": None}),
        ("updated_at", {"updated_at": AT - timedelta(hours=2)}),
        ("comment_status", {"comment_status": "closed"}),
        ("author_id", {"author": None}),
        ("featured_media_id", {"featured": 9}),
        ("term_relationships", {"terms": (3, 4)}),
        ("path", {"path": "/2024/05/hallo/"}),
        ("seo.noindex", {"seo": {"noindex": True}}),
    ],
)
def test_a_changed_field_is_named(field: str, changed: dict[str, object]) -> None:
    assert fields(pair(target=changed)) == {field}


def test_a_difference_names_the_object_and_shows_both_values() -> None:
    [found] = check_path(pair(target={"path": "/elsewhere/"}), SITE)
    assert (found.entity, found.source_id, found.title) == ("articles", 7, "Hello")
    assert (found.source_value, found.target_value) == ("/2024/05/hello", "/elsewhere/")
    assert found.sentence.startswith("articles 7 'Hello': path is ")


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Salt &amp; <em>Light</em>", "Salt & Light"),
        ("Q&amp;amp;A", "Q&amp;A"),
        ("  Two\n words ", "Two words"),
        ("I <3 you", "I <3 you"),
        ("<script>x()</script>Seen", "Seen"),
    ],
)
def test_titles_may_lose_markup_but_no_letter(stored: str, shown: str) -> None:
    assert fields(pair({"title": stored}, {"title": shown})) == set()
    assert fields(pair({"title": stored}, {"title": shown[:-1]})) == {"title"}


def test_encoded_and_readable_slugs_are_the_same() -> None:
    assert fields(pair({"slug": "%e6%97%a5"}, {"slug": "日", "path": "/2024/05/日/"})) == set()


def test_a_draft_has_no_date_of_publication() -> None:
    draft = {"status": "draft", "published_at": None, "published_local": LOCAL}
    assert fields(pair(draft, {"status": "draft", "published_at": None, "path": None})) == set()
    assert fields(pair(draft, {"status": "draft", "path": None})) == {"published_at"}


def test_references_to_what_was_not_loaded_must_be_empty() -> None:
    lost = {"author": 99, "meta": {"_thumbnail_id": "12"}, "terms": (3, 77)}
    assert fields(pair(lost, {"author": None})) == set()
    assert fields(pair(lost, {"author": 1})) == {"author_id"}


def test_a_term_is_named_with_the_side_it_is_missing_on() -> None:
    [gone] = check_relations(pair(target={"terms": ()}), SITE)
    assert gone.sentence.endswith("term 3 'News' is missing in the CMS.")


@pytest.mark.parametrize(
    "path", ["/2024/05/hello/", "/es/2024/05/hello/", "/language/pt-br/2024/05/hello", "/index.php/2024/05/hello/"]
)
def test_a_language_or_index_php_may_stand_before_an_address(path: str) -> None:
    assert fields(pair(target={"path": path})) == set()


def test_an_address_with_a_category_only_has_to_begin_and_end_right() -> None:
    site = replace(SITE, permalinks="/blog/%category%/%postname%/")
    assert fields(pair(target={"path": "/blog/a/b/hello/"}), site) == set()
    assert fields(pair(target={"path": "/log/a/b/hello/"}), site) == {"path"}


def test_pages_stand_below_their_parents() -> None:
    site = replace(SITE, tree={7: ("hello", 6), 6: ("about", 5), 5: ("", 6)}, posts={7: "pages", 6: "pages"})
    source = {"type": "page", "parent": 6}
    target = {"table": "pages", "parent": 6, "menu_order": 0}
    assert fields(pair(source, {**target, "path": "/about/hello/"}), site) == set()
    assert fields(pair(source, {**target, "path": "/hello/"}), site) == {"path"}


@pytest.mark.parametrize(
    ("meta", "hidden"),
    [
        ({"_yoast_wpseo_meta-robots-noindex": "1"}, True),
        ({"_yoast_wpseo_meta-robots-noindex": "2"}, False),
        ({"rank_math_robots": 'a:1:{i:0;s:7:"noindex";}'}, True),
        ({"rank_math_robots": 'a:1:{i:0;s:5:"index";}'}, False),
        ({"_seopress_robots_index": "yes"}, True),
        ({"_aioseop_noindex": "on"}, True),
        ({}, False),
    ],
)
def test_what_search_engines_may_show_is_read_from_each_plugin(meta: dict[str, str], hidden: bool) -> None:
    assert list(check_seo(pair({"meta": meta}, {"seo": {"noindex": hidden}}), SITE)) == []
    [found] = check_seo(pair({"meta": meta}, {"seo": {"noindex": not hidden}}), SITE)
    assert found.stops_cut_over is not hidden


def test_settings_for_a_whole_type_leave_the_word_to_the_cms() -> None:
    site = replace(SITE, hidden_types=frozenset({"post"}))
    assert fields(pair(target={"seo": {"noindex": True}}), site) == set()


def test_descriptions_with_variables_only_have_to_say_something() -> None:
    meta = {"_yoast_wpseo_metadesc": "%%excerpt%% at home"}
    assert fields(pair({"meta": meta}, {"seo": {"description": "Words at home"}})) == set()
    assert fields(pair({"meta": meta})) == {"seo.description"}
    plain = {"_yoast_wpseo_metadesc": "Written &amp; meant"}
    assert fields(pair({"meta": plain}, {"seo": {"description": "Written & meant"}})) == set()
    assert fields(pair({"meta": plain}, {"seo": {"description": "Written"}})) == {"seo.description"}
