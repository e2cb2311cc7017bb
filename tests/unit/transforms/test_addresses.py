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
        ({"permalink_structure": "/index.php/%postname%/"}, 32, "/index.php/category/news/local/"),
        ({"permalink_structure": "/%postname%.html"}, 33, "/tag/red"),
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
        ("/2024/01/31/page/2/", "date"),
        ("/shop/2024/", "missing"),
        ("/category/news/feed/atom/", "feed"),
        ("/?feed=rss2", "feed"),
        ("/?s=words", "search"),
        ("/search/words/page/2/", "search"),
        ("/page/3/", "home"),
        ("/index.php", "home"),
        ("/wp-admin/edit.php?post_type=page", "system"),
        ("/wp-login.php", "system"),
        ("/wp-json/wp/v2/posts", "system"),
        ("/xmlrpc.php", "system"),
        ("/sitemap_index.xml", "system"),
        ("/wp-content/plugins/x/readme.txt", "missing"),
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


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/?page_id=4", ("post", 4)),
        ("/?p=12&post_type=event&preview=true", ("post", 12)),
        ("?p=1#comment-5", ("post", 1)),
        ("https://example.org/index.php?p=1", ("post", 1)),
        ("/index.php/hello/", ("post", 1)),
        ("/?event=fair", ("post", 12)),
        ("/?post_type=event&name=fair", ("post", 12)),
        ("/?pagename=about/team", ("post", 4)),
        ("/?category_name=news/local", ("term", 32)),
        ("/?tag=red", ("term", 33)),
        ("/?tag_id=23", ("term", 33)),
        ("/?taxonomy=post_tag&term=red", ("term", 33)),
        ("/?author_name=ann", ("author", 7)),
        ("/?cat=999", ("missing", None)),
        ("/hello/?p=12", ("post", 1)),
        ("/hello//", ("post", 1)),
        ("/hello/page/2/comment-page-3/", ("post", 1)),
        ("/caf%C3%A9-%E6%97/", ("post", 13)),
        ("/café-%e6%97/", ("post", 13)),
    ],
)
def test_plain_and_odd_links_lead_to_their_objects(url: str, expected: tuple[str, int | None]) -> None:
    address = book().resolve(url)
    assert address is not None
    assert (address.kind, address.source_id) == expected


def test_a_query_that_names_the_object_is_told_from_one_that_belongs_to_the_link() -> None:
    named, other = book().resolve("/?p=1&utm_source=x"), book().resolve("/hello/?p=1")
    assert named is not None
    assert other is not None
    assert "p" in named.named_by
    assert "utm_source" not in named.named_by
    assert other.named_by == ()


@pytest.mark.parametrize("url", ["/2019/05/hello/", "/blog/hello", "/archives/hello.html/hello/"])
def test_a_moved_post_is_found_by_its_slug_as_wordpress_guesses(url: str) -> None:
    address = book().resolve(url)
    assert address is not None
    assert (address.source_id, address.is_former) == (1, True)


def test_a_slug_that_two_posts_share_is_no_guess() -> None:
    twins = {**POSTS, 20: PostEntry(20, "event", "publish", "hello", None, 7, NEW_YEAR)}
    address = AddressBook(replace(SITE, posts=twins), ONE_LANGUAGE, SiteRules()).resolve("/2019/hello/")
    assert address is not None
    assert address.kind == "missing"


EVENT_RULES = rules_option(
    ("programme/?$", "index.php?post_type=event"),
    ("programme/([^/]+)(?:/([0-9]+))?/?$", "index.php?event=$matches[1]&page=$matches[2]"),
    ("writers/([^/]+)/?$", "index.php?author_name=$matches[1]"),
    ("category/(.+?)/?$", "index.php?category_name=$matches[1]"),
)


def test_archives_and_authors_stand_where_the_rewrite_rules_say() -> None:
    ruled = book(rewrite_rules=EVENT_RULES)
    assert ruled.archive_path("event", None) == "/programme/"
    assert ruled.author_path(7) == "/writers/ann/"
    for url, expected in {
        "/programme/": ("archive", "/programme/"),
        "/programme/page/2/": ("archive", "/programme/"),
        "/?post_type=event": ("archive", "/programme/"),
        "/programme/fair/": ("post", "/programme/fair/"),
        "/writers/ann/": ("author", "/writers/ann/"),
    }.items():
        address = ruled.resolve(url)
        assert address is not None
        assert (address.kind, address.path) == expected


@pytest.mark.parametrize(
    ("structure", "archive", "other"),
    [
        ("/%postname%/", "/2024/05/", "/date/2024/"),
        ("/blog/%postname%/", "/blog/2024/", "/2024/"),
        ("/archives/%post_id%/%postname%/", "/archives/date/2024/05/31/", "/archives/2024/"),
    ],
)
def test_date_archives_stand_below_the_head_of_the_structure(structure: str, archive: str, other: str) -> None:
    addresses = book(permalink_structure=structure)
    found, missing = addresses.resolve(archive), addresses.resolve(other)
    assert found is not None
    assert missing is not None
    assert (found.kind, found.path, missing.kind) == ("date", archive, "missing")


def test_wordpress_in_a_directory_of_its_own_shows_the_site_at_home() -> None:
    apart = book(siteurl="https://example.org/wp", home="https://example.org")
    for url in ("/hello/", "https://example.org/hello/", "https://example.org/wp/wp-content/uploads/2024/01/photo.jpg"):
        address = apart.resolve(url)
        assert address is not None
        assert address.source_id in (1, 6)
    login = apart.resolve("https://example.org/wp/wp-login.php")
    assert login is not None
    assert login.kind == "system"


SPLIT = Languages(
    default="en",
    codes=("en", "es"),
    of_post={1: "en", 8: "es", 3: "en", 9: "es"},
    home_pages={"en": 5, "es": 9},
)
SAME_SLUGS = {**POSTS, 8: PostEntry(8, "page", "publish", "about", None, 7, NEW_YEAR)}


@pytest.mark.parametrize(
    ("languages", "url", "post"),
    [
        (replace(SPLIT, url_mode="domain", home_urls={"es": "https://ejemplo.es"}), "https://ejemplo.es/about/", 8),
        (replace(SPLIT, url_mode="domain", home_urls={"es": "https://ejemplo.es"}), "https://www.ejemplo.es/", 9),
        (replace(SPLIT, url_mode="domain", home_urls={"es": "https://ejemplo.es"}), "https://example.org/about/", 3),
        (replace(SPLIT, url_mode="subdomain", home_urls={"es": "https://es.example.org"}), "//es.example.org/about", 8),
        (replace(SPLIT, url_mode="query"), "https://example.org/about/?lang=es", 8),
        (replace(SPLIT, url_mode="query"), "https://example.org/about/", 3),
        (replace(SPLIT, url_mode="query"), "/about/?lang=en", 3),
    ],
)
def test_languages_that_share_a_path_are_told_apart(languages: Languages, url: str, post: int) -> None:
    shared = replace(SITE, posts=SAME_SLUGS, options={**SITE.options, "show_on_front": "page", "page_on_front": "5"})
    address = AddressBook(shared, languages, SiteRules()).resolve(url)
    assert address is not None
    assert address.source_id == post


def test_wpml_translates_what_stands_before_a_slug() -> None:
    languages = Languages(default="en", codes=("en", "es"), of_post={12: "es"}, url_prefixes={"es": "es"})
    site = replace(
        SITE,
        options={**SITE.options, "rewrite_rules": EVENT_RULES},
        url_slugs={("programme", "es"): "programa"},
    )
    translated = AddressBook(site, languages, SiteRules())
    assert translated.post_path(12) == "/es/programa/fair/"
    assert translated.archive_path("event", "es") == "/es/programa/"


@pytest.mark.parametrize(
    ("attachment", "path"),
    [
        (PostEntry(40, "attachment", "inherit", "free", None, 7, NEW_YEAR), "/free/"),
        (PostEntry(40, "attachment", "inherit", "7", 1, 7, NEW_YEAR), "/hello/attachment/7/"),
        (PostEntry(40, "attachment", "inherit", "of-a-draft", 2, 7, NEW_YEAR), None),
        (PostEntry(40, "attachment", "inherit", "of-nobody", 99, 7, NEW_YEAR), None),
        (PostEntry(40, "attachment", "inherit", "of-itself", 40, 7, NEW_YEAR), None),
        (PostEntry(40, "attachment", "inherit", "of-another", 6, 7, NEW_YEAR), "/hello/photo/of-another/"),
        (PostEntry(40, "attachment", "trash", "gone", 1, 7, NEW_YEAR), None),
        (PostEntry(40, "attachment", "inherit", "of-the-front", 5, 7, NEW_YEAR), "/home/of-the-front/"),
    ],
)
def test_pages_of_attachments_stand_below_what_everyone_may_see(attachment: PostEntry, path: str | None) -> None:
    options = {**SITE.options, "show_on_front": "page", "page_on_front": "5"}
    site = replace(SITE, posts={**POSTS, 40: attachment}, options=options)
    assert AddressBook(site, ONE_LANGUAGE, SiteRules()).post_path(40) == path


@pytest.mark.parametrize(
    ("options", "blog_id", "url", "source_id"),
    [
        ({"upload_path": "files"}, 1, "/files/2024/01/photo.jpg", 6),
        ({"upload_url_path": "https://cdn.example.net/media"}, 1, "https://cdn.example.net/media/2024/01/photo.jpg", 6),
        ({"upload_url_path": "https://cdn.example.net"}, 1, "https://cdn.example.net/2024/01/photo.jpg", 6),
        ({}, 2, "/wp-content/uploads/sites/2/2024/01/photo.jpg", 6),
        ({}, 2, "/wp-content/uploads/sites/3/2024/01/photo.jpg", None),
        ({}, 2, "/wp-content/blogs.dir/2/files/2024/01/photo.jpg", 6),
        ({}, 2, "/files/2024/01/photo.jpg", 6),
    ],
)
def test_files_are_found_wherever_uploads_live(
    options: dict[str, str], blog_id: int, url: str, source_id: int | None
) -> None:
    site = replace(SITE, blog_id=blog_id, options={**SITE.options, **options})
    address = AddressBook(site, ONE_LANGUAGE, SiteRules()).resolve(url)
    assert (address.source_id if address else None) == source_id


def test_files_that_differ_in_case_alone_are_told_apart() -> None:
    site = replace(SITE, attached_files={6: "2024/PHOTO.JPG", 7: "2024/photo.jpg"})
    files = AddressBook(site, ONE_LANGUAGE, SiteRules())
    found = [files.resolve(f"/wp-content/uploads/2024/{name}") for name in ("PHOTO.JPG", "photo.jpg", "Photo.jpg")]
    assert [address.source_id for address in found if address] == [6, 7, 6]


def test_terms_that_are_each_others_parents_stand_where_wordpress_puts_them() -> None:
    circle = {
        1: TermEntry(1, 1, "category", "A", "a", 2, ""),
        2: TermEntry(2, 2, "category", "B", "b", 1, ""),
        3: TermEntry(3, 3, "category", "C", "c", 99, ""),
    }
    site = AddressBook(replace(SITE, terms=circle), ONE_LANGUAGE, SiteRules())
    assert [site.term_path(number) for number in circle] == ["/category/a/b/a/", "/category/b/a/b/", "/category//c/"]
