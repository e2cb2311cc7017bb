"""Addresses as WordPress gives them, and what each URL of a site leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from transforms.addresses import AddressBook
from transforms.contract import Languages, SiteRules
from wp_models.records import PostEntry, TermEntry, UserEntry, WpSite

NEW_YEAR = datetime(2024, 1, 31, 9, 5, 7)
POSTS = {
    post.id: post
    for post in (
        PostEntry(1, "post", "publish", "hello", None, 7, NEW_YEAR),
        PostEntry(2, "post", "draft", "unfinished", None, 7, NEW_YEAR),
        PostEntry(3, "page", "publish", "about", None, 7, NEW_YEAR),
        PostEntry(4, "page", "publish", "team", 3, 7, NEW_YEAR),
        PostEntry(5, "page", "publish", "home", None, 7, NEW_YEAR),
        PostEntry(6, "attachment", "inherit", "photo", 1, 7, NEW_YEAR),
        PostEntry(8, "page", "publish", "sobre", None, 7, NEW_YEAR),
        PostEntry(9, "page", "publish", "inicio", None, 7, NEW_YEAR),
        PostEntry(10, "page", "publish", "ouro", 11, 7, NEW_YEAR),
        PostEntry(11, "page", "publish", "boros", 10, 7, NEW_YEAR),
        PostEntry(12, "event", "publish", "fair", None, 7, NEW_YEAR),
        PostEntry(13, "post", "publish", "caf%c3%a9-%e6%97", None, 7, NEW_YEAR),
    )
}
TERMS = {
    term.id: term
    for term in (
        TermEntry(31, 21, "category", "News", "news", None, ""),
        TermEntry(32, 22, "category", "Local", "local", 21, ""),
        TermEntry(33, 23, "post_tag", "Red", "red", None, ""),
        TermEntry(34, 24, "post_format", "Gallery", "post-format-gallery", None, ""),
        TermEntry(35, 25, "nav_menu", "Main", "main", None, ""),
    )
}
SITE = WpSite(
    prefix="wp_",
    blog_id=1,
    tables=frozenset(),
    options={"home": "https://example.org", "siteurl": "https://example.org", "permalink_structure": "/%postname%/"},
    posts=POSTS,
    terms=TERMS,
    users={7: UserEntry(7, "ann", "ann", "Ann")},
    attached_files={6: "2024/01/photo-scaled.jpg"},
    categories={1: (22, 21)},
)
ONE_LANGUAGE = Languages(default="en", codes=("en",))


def book(languages: Languages = ONE_LANGUAGE, rules: SiteRules | None = None, **options: str) -> AddressBook:
    site = replace(SITE, options={**SITE.options, **options})
    return AddressBook(site, languages, rules or SiteRules())


@pytest.mark.parametrize(
    ("structure", "path"),
    [
        ("/%postname%/", "/hello/"),
        ("/%postname%.html", "/hello.html"),
        ("/%year%/%monthnum%/%day%/%postname%/", "/2024/01/31/hello/"),
        ("/%hour%-%minute%-%second%/%post_id%", "/09-05-07/1"),
        ("/archives/%post_id%", "/archives/1"),
        ("/%category%/%postname%/", "/news/hello/"),
        ("/by/%author%/%postname%/", "/by/ann/hello/"),
        ("/index.php/%postname%/", "/index.php/hello/"),
        ("", "/hello/"),
    ],
)
def test_posts_follow_the_permalink_structure(structure: str, path: str) -> None:
    assert book(permalink_structure=structure).post_path(1) == path


def test_the_primary_category_wins_and_brings_its_parents() -> None:
    site = replace(
        SITE,
        options={**SITE.options, "permalink_structure": "/%category%/%postname%/"},
        primary_categories={1: 22},
    )
    assert AddressBook(site, ONE_LANGUAGE, SiteRules()).post_path(1) == "/news/local/hello/"


def test_a_post_without_category_stands_in_the_default_one() -> None:
    options = {"permalink_structure": "/%category%/%postname%/", "default_category": "21"}
    assert book(**options).post_path(13) == "/news/café-%e6%97/"


def test_pages_stack_by_their_parents_and_end_as_the_structure_ends() -> None:
    assert book().post_path(4) == "/about/team/"
    assert book(permalink_structure="/%postname%.html").post_path(4) == "/about/team"
    assert book(permalink_structure="/index.php/%postname%/").post_path(4) == "/index.php/about/team/"


def test_pages_that_are_each_others_parent_still_have_a_path() -> None:
    assert book().post_path(10) == "/boros/ouro/"
    assert book().post_path(11) == "/ouro/boros/"


def test_drafts_have_no_path() -> None:
    assert book().post_path(2) is None


def test_a_wordpress_below_the_root_keeps_its_directory() -> None:
    below = book(home="https://example.org/blog")
    assert below.post_path(1) == "/blog/hello/"
    assert below.resolve("https://example.org/shop/") is None


def test_the_front_page_is_the_home() -> None:
    assert book(show_on_front="page", page_on_front="5").post_path(5) == "/"


def test_languages_stand_in_front_in_directory_mode() -> None:
    languages = Languages(
        default="en",
        codes=("en", "es"),
        of_post={1: "en", 8: "es", 9: "es"},
        of_term={33: "es"},
        url_prefixes={"es": "es"},
        home_pages={"en": 5, "es": 9},
    )
    bilingual = book(languages, permalink_structure="/blog/%postname%/", page_on_front="5", show_on_front="page")
    assert bilingual.post_path(1) == "/blog/hello/"
    assert bilingual.post_path(8) == "/es/sobre/"
    assert bilingual.post_path(9) == "/es/"
    assert bilingual.term_path(33) == "/es/blog/tag/red/"


@pytest.mark.parametrize(
    ("options", "term", "path"),
    [
        ({}, 32, "/category/news/local/"),
        ({"category_base": "topic"}, 32, "/topic/news/local/"),
        ({"permalink_structure": "/blog/%postname%/"}, 32, "/blog/category/news/local/"),
        ({"permalink_structure": "/blog/%postname%/", "category_base": "topic"}, 32, "/topic/news/local/"),
        ({"tag_base": "label"}, 33, "/label/red/"),
        ({}, 34, "/type/gallery/"),
        ({}, 35, None),
    ],
)
def test_terms_follow_their_bases(options: dict[str, str], term: int, path: str | None) -> None:
    assert book(**options).term_path(term) == path


def rules_option(*rules: tuple[str, str]) -> str:
    pairs = "".join(f's:{len(a)}:"{a}";s:{len(b)}:"{b}";' for a, b in rules)
    return f"a:{len(rules)}:{{{pairs}}}"


def test_a_post_type_stands_where_the_rewrite_rules_say() -> None:
    rules = rules_option(
        ("category/(.+?)/?$", "index.php?category_name=$matches[1]"),
        ("(en|es)/agenda/([^/]+)(?:/([0-9]+))?/?$", "index.php?lang=$matches[1]&event=$matches[2]&page=$matches[3]"),
    )
    assert book(rewrite_rules=rules).post_path(12) == "/agenda/fair/"


def test_rules_older_than_the_permalink_structure_lack_its_prefix() -> None:
    rules = rules_option(
        ("category/(.+?)/?$", "index.php?category_name=$matches[1]"),
        ("agenda/([^/]+)(?:/([0-9]+))?/?$", "index.php?event=$matches[1]&page=$matches[2]"),
    )
    assert book(rewrite_rules=rules, permalink_structure="/blog/%postname%/").post_path(12) == "/blog/agenda/fair/"


def test_a_type_without_a_rule_has_no_address() -> None:
    rules = rules_option(("category/(.+?)/?$", "index.php?category_name=$matches[1]"))
    assert book(rewrite_rules=rules).post_path(12) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hello/",
        "http://www.example.org/hello",
        "//example.org/hello/?utm_source=x#part",
        "/hello/",
        "/HELLO/",
        "https://example.org/?p=1",
        "/?p=1",
        "https://example.org/hello/2/",
        "https://example.org/hello/comment-page-3/",
        "https://example.org/hello/embed/",
    ],
)
def test_every_form_of_an_address_leads_to_its_post(url: str) -> None:
    address = book().resolve(url)
    assert address is not None
    assert (address.kind, address.path, address.source_id) == ("post", "/hello/", 1)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/wp-content/uploads/2024/01/photo.jpg",
        "http://example.org/wp-content/uploads/2024/01/photo-scaled.jpg",
        "/wp-content/uploads/2024/01/photo-300x200.jpg",
        "//example.org/wp-content/uploads/sites/2/2024/01/photo-e1600000000000-1024x683.jpg",
        "https://example.org/?attachment_id=6",
        "https://example.org/hello/photo/",
    ],
)
def test_every_name_of_a_file_leads_to_its_attachment(url: str) -> None:
    address = book().resolve(url)
    assert address is not None
    assert (address.kind, address.source_id) == ("media", 6)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("/category/news/", "term"),
        ("/?cat=22", "term"),
        ("/author/ann/", "author"),
        ("/?author=7", "author"),
        ("/2024/01/", "date"),
        ("/feed/", "feed"),
        ("https://example.org", "home"),
        ("/gone/", "missing"),
        ("/?p=99", "missing"),
        ("/unfinished/", "missing"),
        ("/wp-content/uploads/2024/01/other.jpg", "missing"),
    ],
)
def test_archives_and_dead_ends_are_told_apart(url: str, kind: str) -> None:
    address = book().resolve(url)
    assert address is not None
    assert address.kind == kind


@pytest.mark.parametrize(
    "url",
    ["https://elsewhere.net/hello/", "mailto:ann@example.org", "#part", "notes.html", "http://[broken", "tel:+3491"],
)
def test_what_is_not_ours_is_left_alone(url: str) -> None:
    assert book().resolve(url) is None


def test_an_old_host_is_ours() -> None:
    address = book(rules=SiteRules(old_hosts=frozenset({"staging.example.net"}))).resolve(
        "http://staging.example.net/hello/"
    )
    assert address is not None
    assert address.source_id == 1


def test_a_host_that_guids_name_is_ours_only_where_it_leads_somewhere() -> None:
    moved = AddressBook(replace(SITE, guid_hosts={"old.example.net": 3}), ONE_LANGUAGE, SiteRules())
    found = moved.resolve("http://old.example.net/hello/")
    assert found is not None
    assert found.source_id == 1
    assert moved.resolve("http://old.example.net/gone/") is None
