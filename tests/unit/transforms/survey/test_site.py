"""What is wrong with a site as a whole is told of everything that takes part in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_comment, make_post, make_site_data, make_term
from transforms.survey.site import survey_site
from transforms.survey.tree import circles, depths
from wp_models.records import WpComment, WpPost, WpTerm


def found(
    *posts: WpPost, terms: tuple[WpTerm, ...] = (), comments: tuple[WpComment, ...] = (), **options: str
) -> set[tuple[str, str, int]]:
    data = make_site_data(posts, terms=terms, comments=comments, options=options)
    return {(issue.code, entity, number) for entity, number, issue in survey_site(data)}


def page(number: int, parent: int | None = None, **fields: object) -> WpPost:
    return make_post(number, type="page", parent_id=parent, **{"slug": f"page-{number}", **fields})


def test_a_sound_site_has_nothing_to_say() -> None:
    posts = [make_post(1), make_post(2), page(3), page(4, 3), make_post(5, status="draft", slug="")]
    assert found(*posts, terms=(make_term(1), make_term(2))) == set()


def test_every_member_of_a_circle_is_named_but_the_one_that_reports_itself() -> None:
    assert found(page(1, 3), page(2, 1), page(3, 2), page(4, 3)) == {
        ("content.parent_cycle", "pages", 2),
        ("content.parent_cycle", "pages", 3),
    }


def test_circles_of_terms_and_comments_are_named() -> None:
    terms = (make_term(1, parent_term_id=1002), make_term(2, parent_term_id=1001))
    comments = (make_comment(8, parent_id=9), make_comment(9, parent_id=8))
    assert found(make_post(1), terms=terms, comments=comments) == {
        ("terms.parent_cycle", "terms", 2),
        ("comments.parent_cycle", "comments", 9),
    }


def test_the_deepest_pages_are_named() -> None:
    assert found(*(page(number, number - 1 or None) for number in range(1, 13))) == {
        ("content.deep_page", "pages", 11),
        ("content.deep_page", "pages", 12),
    }


def test_siblings_of_one_slug_are_named_and_cousins_are_not() -> None:
    assert found(make_post(1, slug="a"), make_post(2, slug="a"), page(3), page(4, 3, slug="b"), page(5, slug="b")) == {
        ("content.same_slug", "articles", 1),
        ("content.same_slug", "articles", 2),
    }


def test_two_things_at_one_address_are_named() -> None:
    assert found(make_post(1, slug="a"), page(2, slug="a")) == {
        ("content.same_slug", "articles", 1),
        ("content.same_slug", "pages", 2),
    }


def test_slugs_that_wordpress_would_not_give_are_named() -> None:
    slugs = {1: "", 2: "Capital and space", 3: "2019", 4: "feed", 5: "gone__trashed", 6: "fine-slug", 7: "%d9%85-x"}
    assert {(code, number) for code, _, number in found(*(make_post(n, slug=slug) for n, slug in slugs.items()))} == {
        ("content.odd_slug", 1),
        ("content.odd_slug", 2),
        ("content.odd_slug", 3),
        ("content.reserved_slug", 4),
        ("content.odd_slug", 5),
        ("content.encoded_slug", 7),
    }


def test_terms_that_nobody_can_tell_apart_are_named() -> None:
    terms = (make_term(1, name="naïve"), make_term(2, name="Naive"), make_term(3, name="naive", taxonomy="post_tag"))
    assert found(terms=terms) == {("terms.look_alike", "terms", 1), ("terms.look_alike", "terms", 2)}


def test_options_that_point_at_nothing_are_named() -> None:
    sticky = 'a:3:{i:0;i:1;i:1;i:99;i:2;s:1:"1";}'
    plugins = 'a:2:{i:0;s:19:"akismet/akismet.php";i:1;s:11:"../evil.php";}'
    assert found(make_post(1), sticky_posts=sticky, active_plugins=plugins, **{"spaced ": "x"}) == {
        ("settings.sticky_posts", "settings", 1),
        ("settings.sticky_posts", "settings", 99),
        ("settings.odd_plugin", "settings", 0),
        ("settings.odd_name", "settings", 0),
    }


@given(st.dictionaries(st.integers(1, 30), st.none() | st.integers(1, 30)))
def test_circles_are_exactly_the_nodes_that_are_their_own_ancestors(parents: dict[int, int | None]) -> None:
    def parent_of(node: int) -> int | None:
        parent = parents.get(node)
        return parent if parent in parents else None

    def comes_back(node: int) -> bool:
        at = parent_of(node)
        for _ in parents:
            if at is None or at == node:
                break
            at = parent_of(at)
        return at == node

    members = sorted(node for circle in circles(parents, parent_of) for node in circle)
    assert members == sorted(filter(comes_back, parents))
    assert depths(parents, parents.get).keys() >= parents.keys()
