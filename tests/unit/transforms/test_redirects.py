"""What becomes of redirects: each address once, straight to its end, never over content."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from cms_models.rows import RedirectRow
from tests.factories import make_attachment, make_media, make_post, make_site, make_term, make_user
from transforms.contract import Skipped, Transformed
from transforms.entities.redirects import NO_FILE, transform_redirect
from transforms.redirects import CIRCLE, CONTENT_STANDS, ELSEWHERE, NO_ADDRESS, TAKEN, UNCHANGED
from wp_models.records import WpPost, WpRedirect

HELLO = make_post(1, slug="hello")
ABOUT = make_post(2, type="page", slug="about")
DRAFT = make_post(3, slug="draft", status="draft")
PHOTO = make_attachment(6, slug="photo", parent_id=1)
LOOSE = make_attachment(7, slug="loose")
UNLISTED = 10**9  # of redirects that the site index does not hold
POSTS = (HELLO, ABOUT, DRAFT, PHOTO, LOOSE)


def rule(id: int = 1, source: str = "/old/", target: str | None = "/hello/", **fields: Any) -> WpRedirect:  # noqa: A002
    ordinary = {"kind": "rule", "place": f"Redirection, item {id}", "status_code": 301 if target is not None else 410}
    return WpRedirect(id=id, source=source, target=target, order=id, **{**ordinary, **fields})


def old_slug(id: int = 101, post: int = 1, slug: str = "hi", **fields: Any) -> WpRedirect:  # noqa: A002
    ordinary: dict[str, Any] = {"kind": "old_slug", "place": f"the old slug of post {post}", "old_slug": slug}
    return WpRedirect(id=id, owner_id=post, **{**ordinary, **fields})


def own(kind: str, owner_id: int, parameter: str = "", **fields: Any) -> WpRedirect:
    return WpRedirect(id=UNLISTED, kind=kind, place="WordPress", owner_id=owner_id, source=parameter, **fields)


def outcome(redirect: WpRedirect, *others: WpRedirect, posts: tuple[WpPost, ...] = POSTS, **given: Any) -> Any:
    known = {one.id: one for one in (redirect, *others) if one.id != UNLISTED}
    return transform_redirect(redirect, make_site(posts, redirects=known, **given))


def row_of(redirect: WpRedirect, *others: WpRedirect, **given: Any) -> RedirectRow:
    result = outcome(redirect, *others, **given)
    assert isinstance(result, Transformed), result
    (row,) = result.rows
    assert isinstance(row, RedirectRow)
    return row


def ends(redirect: WpRedirect, *others: WpRedirect, **given: Any) -> tuple[str, str | None, int]:
    row = row_of(redirect, *others, **given)
    return row.from_path, row.to_path, row.status_code


def codes(result: Transformed | Skipped) -> list[str]:
    return [issue.code for issue in result.issues]


def test_an_old_slug_leads_to_the_post_of_today() -> None:
    row = row_of(old_slug())
    assert (row.from_path, row.to_path, row.status_code, row.origin) == ("/hi/", "/hello/", 301, "old_slug")


def test_an_old_slug_stands_where_the_structure_put_it() -> None:
    dated = {"permalink_structure": "/%year%/%monthnum%/%postname%.html"}
    assert ends(old_slug(), options=dated) == ("/2024/05/hi.html", "/2024/05/hello.html", 301)


def test_an_old_slug_of_another_script_is_decoded() -> None:
    assert ends(old_slug(slug="%d8%b3%d9%84%d8%a7%d9%85"))[0] == "/سلام/"


def test_an_old_slug_of_a_draft_leads_nowhere() -> None:
    assert outcome(old_slug(post=3)) == Skipped(NO_ADDRESS)


def test_an_old_slug_that_another_post_has_now_is_that_posts() -> None:
    assert outcome(old_slug(slug="about")) == Skipped(CONTENT_STANDS)


def test_the_first_of_two_posts_with_one_old_slug_keeps_it() -> None:
    posts = (*POSTS, make_post(9, slug="other"))
    first, second = old_slug(101, post=1), old_slug(201, post=9)
    assert ends(first, second, posts=posts)[1] == "/hello/"
    assert outcome(second, first, posts=posts) == Skipped(TAKEN)


def test_an_old_date_matters_where_the_structure_shows_dates() -> None:
    old_date = old_slug(slug="", kind="old_date", old_slug=None, old_date=datetime(2020, 2, 3))
    assert ends(old_date, options={"permalink_structure": "/%year%/%monthnum%/%day%/%postname%/"})[:2] == (
        "/2020/02/03/hello/",
        "/2024/05/01/hello/",
    )
    assert outcome(old_date) == Skipped(UNCHANGED)


def test_an_old_slug_and_date_are_one_old_address() -> None:
    both = old_slug(slug="hi", kind="old_date", old_date=datetime(2020, 2, 3))
    assert ends(both, options={"permalink_structure": "/%year%/%postname%/"})[0] == "/2020/hi/"


@pytest.mark.parametrize(
    ("target", "end"),
    [
        ("/hello/", "/hello/"),
        ("/HELLO", "/hello/"),
        ("https://example.test/hello/", "/hello/"),
        ("http://www.example.test/hello/#part", "/hello/#part"),
        ("/?p=1", "/hello/"),
        ("/hello/?x=1", "/hello/?x=1"),
        ("https://elsewhere.example/x?y=1", "https://elsewhere.example/x?y=1"),
        ("/", "/"),
    ],
)
def test_a_rule_leads_to_the_address_of_today(target: str, end: str) -> None:
    row = row_of(rule(target=target))
    assert (row.to_path, row.origin) == (end, "plugin")


def test_a_rule_may_say_that_a_page_is_gone() -> None:
    assert ends(rule(target=None)) == ("/old/", None, 410)


def test_a_rule_that_leads_to_nothing_is_kept_and_reported() -> None:
    result = outcome(rule(target="/nowhere/"))
    assert codes(result) == ["redirects.unknown_target"]


def test_a_chain_is_followed_to_its_end() -> None:
    chain = [rule(1, "/a/", "/b/"), rule(2, "/b/", "/hi/"), old_slug()]
    assert ends(chain[0], *chain[1:]) == ("/a/", "/hello/", 301)
    assert ends(chain[1], chain[0], chain[2]) == ("/b/", "/hello/", 301)


def test_a_chain_with_a_temporary_link_is_temporary() -> None:
    assert ends(rule(1, "/a/", "/b/"), rule(2, "/b/", "/hello/", status_code=302))[2] == 302
    assert ends(rule(1, "/a/", "/b/", status_code=302), rule(2, "/b/", "/hello/"))[2] == 302


def test_what_leads_to_something_gone_is_gone() -> None:
    assert ends(rule(1, "/a/", "/b/"), rule(2, "/b/", None)) == ("/a/", None, 410)


def test_a_very_long_chain_has_one_end() -> None:
    chain = [rule(number, f"/step-{number}/", f"/step-{number + 1}/") for number in range(1, 3000)]
    last = rule(3000, "/step-3000/", "/hello/")
    assert ends(chain[0], *chain[1:], last)[1] == "/hello/"


def test_a_circle_and_what_leads_into_it_are_left_out() -> None:
    circle = [rule(1, "/a/", "/b/"), rule(2, "/b/", "/A"), rule(3, "/c/", "/a/")]
    for redirect in circle:
        result = outcome(redirect, *circle)
        assert isinstance(result, Skipped)
        assert (result.reason, codes(result)) == (CIRCLE, ["redirects.circle"])


def test_a_rule_to_itself_is_a_circle() -> None:
    result = outcome(rule(1, "/a", "/a/"))
    assert isinstance(result, Skipped)
    assert result.reason == CIRCLE


@pytest.mark.parametrize("source", ["/hello/", "/Hello", "https://example.test/hello/", "/", "/author/ann/"])
def test_a_rule_never_takes_the_address_of_content(source: str) -> None:
    result = outcome(rule(1, source, "/about/"), users=[make_user(7, nicename="ann", login="ann")])
    assert isinstance(result, Skipped)
    assert (result.reason, codes(result)) == (CONTENT_STANDS, ["redirects.content_stands"])


def test_a_rule_for_one_query_of_a_page_is_kept() -> None:
    assert ends(rule(1, "/hello/?version=old", "/about/"))[0] == "/hello/?version=old"


def test_of_two_rules_for_one_address_the_first_wins_and_the_other_is_reported() -> None:
    first, second = rule(1, "/old/", "/hello/"), rule(2, "/OLD", "/about/")
    assert ends(first, second)[1] == "/hello/"
    result = outcome(second, first)
    assert isinstance(result, Skipped)
    assert (result.reason, codes(result)) == (TAKEN, ["redirects.duplicate"])


def test_a_rule_said_twice_needs_no_report() -> None:
    assert outcome(rule(2), rule(1)) == Skipped(TAKEN)


def test_a_rule_comes_before_an_old_slug() -> None:
    assert ends(rule(1, "/hi/", "/about/"), old_slug())[1] == "/about/"
    assert outcome(old_slug(), rule(1, "/hi/", "/about/")) == Skipped(TAKEN)


def test_a_rule_that_wordpress_ignored_is_left_out_for_its_reason() -> None:
    assert outcome(rule(ignored_for="it is turned off in its plugin")) == Skipped("it is turned off in its plugin")


def test_a_rule_for_another_host_is_left_out() -> None:
    assert outcome(rule(source="https://elsewhere.example/old/")) == Skipped(ELSEWHERE)


def test_plugins_that_count_from_home_get_its_path() -> None:
    below = {"home": "https://example.test/blog", "siteurl": "https://example.test/blog"}
    assert ends(rule(1, "old", "hello"), options=below)[:2] == ("/blog/old", "/blog/hello/")
    assert ends(rule(1, "/old", "/hello", is_below_home=False), options=below)[:2] == ("/old", "/hello")


def test_a_redirect_kept_with_a_shown_post_gives_way_to_it() -> None:
    result = outcome(rule(1, "", "/about/", owner_id=1))
    assert isinstance(result, Skipped)
    assert codes(result) == ["redirects.content_stands"]


@pytest.mark.parametrize(
    ("given", "source", "target"),
    [
        ({"match": "regex", "source": "^/work/(.*)$", "is_below_home": False}, "^/work/(.*)$", "/hello/$1"),
        ({"match": "regex", "source": "^work/(.*)"}, "^/work/(.*)", "/hello/$1"),
        ({"match": "prefix", "source": "shop.php"}, r"^/shop\.php", "/hello/"),
        ({"match": "suffix", "source": ".htm"}, r"\.htm$", "/hello/"),
        ({"match": "contains", "source": "print"}, "print", "/hello/"),
    ],
)
def test_a_rule_for_many_addresses_is_carried_as_a_pattern(given: dict[str, Any], source: str, target: str) -> None:
    result = outcome(rule(1, target=target, **given))
    assert isinstance(result, Transformed)
    row = result.rows[0]
    assert isinstance(row, RedirectRow)
    assert (row.from_path, row.to_path, row.is_regex) == (source, target, True)
    assert codes(result) == ["redirects.pattern"]


def test_a_pattern_keeps_no_host_of_its_own_site() -> None:
    given = rule(1, "^/work/(.*)$", "https://example.test/portfolio/$1", match="regex")
    assert row_of(given).to_path == "/portfolio/$1"


def test_a_pattern_that_means_one_address_is_that_address() -> None:
    row = row_of(rule(1, r"^/old\-page/?$", "/hello/", match="regex"))
    assert (row.from_path, row.is_regex) == ("/old-page", False)


def test_a_pattern_that_may_match_its_own_target_is_pointed_out() -> None:
    result = outcome(rule(1, "^/shop/(.*)$", "/shop/all/$1", match="regex"))
    assert "check that it ends" in result.issues[0].detail


def test_the_page_of_an_attachment_leads_to_its_post() -> None:
    row = row_of(own("attachment", 6))
    assert (row.from_path, row.to_path, row.origin) == ("/hello/photo/", "/hello/", "attachment")


def test_sites_without_attachment_pages_lead_to_the_file() -> None:
    assert (
        row_of(own("attachment", 6), options={"wp_attachment_pages_enabled": "0"}).to_path == "/media/06/picture.webp"
    )


def test_the_page_of_an_attachment_without_post_leads_to_the_file() -> None:
    assert ends(own("attachment", 7))[:2] == ("/loose/", "/media/07/picture.webp")


def test_an_attachment_without_file_and_post_leads_nowhere() -> None:
    assert outcome(own("attachment", 7), media=[replace(make_media(7), store_key=None)]) == Skipped(NO_FILE)


def test_content_at_the_address_of_an_attachment_stays() -> None:
    posts = (*POSTS, make_post(8, type="page", slug="loose"))
    assert outcome(own("attachment", 7), posts=posts) == Skipped(CONTENT_STANDS)


@pytest.mark.parametrize(
    ("redirect", "from_path", "to_path"),
    [
        (own("shortlink", 1, "p"), "/?p=1", "/hello/"),
        (own("shortlink", 2, "page_id"), "/?page_id=2", "/about/"),
        (own("shortlink", 7, "attachment_id"), "/?attachment_id=7", "/media/07/picture.webp"),
    ],
)
def test_a_shortlink_leads_to_the_address_of_today(redirect: WpRedirect, from_path: str, to_path: str) -> None:
    row = row_of(redirect)
    assert (row.from_path, row.to_path, row.origin) == (from_path, to_path, "shortlink")


def test_on_sites_with_plain_links_they_are_the_old_addresses() -> None:
    plain = {"permalink_structure": ""}
    terms = [make_term(31, slug="news"), make_term(32, slug="red", taxonomy="post_tag")]
    users = [make_user(7, nicename="ann", login="ann")]
    expected = {
        own("shortlink", 1, "p"): ("/?p=1", "/hello/"),
        own("query", 31, owner="term"): ("/?cat=1031", "/category/news/"),
        own("query", 32, owner="term"): ("/?tag=red", "/tag/red/"),
        own("query", 7, owner="author"): ("/?author=7", "/author/ann/"),
    }
    for redirect, (from_path, to_path) in expected.items():
        row = row_of(redirect, options=plain, terms=terms, users=users)
        assert (row.from_path, row.to_path, row.origin) == (from_path, to_path, "permalink")


def test_what_has_no_address_has_no_shortlink() -> None:
    assert outcome(own("shortlink", 3, "p")) == Skipped(NO_ADDRESS)


def test_links_go_through_redirects_at_once() -> None:
    known = {
        one.id: one for one in (rule(1, "/old/", "/hello/#top"), rule(2, "/far/", "https://e.example/"), old_slug())
    }
    site = make_site(POSTS, redirects=known)
    found = {url: site.resolve(url) for url in ("/old/", "/far/", "/hi/", "/hi/page/2/")}
    assert [(address.kind, address.path) for address in found.values() if address] == [
        ("redirect", "/hello/#top"),
        ("redirect", "https://e.example/"),
        ("post", "/hello/"),
        ("post", "/hello/"),
    ]
    assert {"url:/old/", "url:/hi/"} <= site.facts
