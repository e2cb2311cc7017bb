"""What rows were told of their site, and whether they would be told the same today."""

from __future__ import annotations

import inspect
import re

from tests.factories import make_media, make_post, make_site, make_site_data, make_term
from transforms import site as site_module
from transforms.facts import ANSWERS, outdated, stamped
from transforms.site import Site
from wp_models.records import WpPost


def test_every_kind_of_question_a_site_notes_has_an_answer() -> None:
    noted = set(re.findall(r'facts\.add\(f?"([a-z_]+):', inspect.getsource(site_module)))
    assert noted
    assert noted <= set(ANSWERS)


def test_nothing_is_outdated_while_nothing_changes() -> None:
    data = make_site_data()
    site = Site(data)
    site.post(1)
    site.option("blogname")
    site.media(7)
    site.resolve("/gone/")
    site.term_by_id("category", 9)
    assert outdated(make_site_data(), site.noted()) == []


def test_a_moved_post_outdates_what_asked_for_it_and_nothing_else() -> None:
    entries = stamped(make_site_data([make_post(id=1, slug="old")]), ["post:1", "post:2", "user:3"])
    stale = outdated(make_site_data([make_post(id=1, slug="new")]), entries)
    assert [entry.partition("=")[0] for entry in stale] == ["post:1"]


def test_a_renamed_term_outdates_those_that_say_its_name_and_not_those_that_refer_to_it() -> None:
    old, renamed = make_site(terms=[make_term(1)]), make_site_data(terms=[make_term(1, name="New", slug="new")])
    assert old.term_number("category", 1001) == 1
    assert outdated(renamed, old.noted()) == []
    assert outdated(make_site_data(), old.noted()) == [entry for entry in old.noted() if entry.startswith("term_id:")]
    old.term_by_id("category", 1001)
    assert len(outdated(renamed, old.noted())) == 1


def test_another_text_of_a_picture_outdates_those_that_say_it_and_not_those_that_refer_to_it() -> None:
    old, described = make_site(media=[make_media(7)]), make_site_data(media=[make_media(7, alt_text="A cat")])
    assert old.media_kind(7) == "image"
    assert outdated(described, old.noted()) == []
    assert len(outdated(make_site_data(), old.noted())) == 1
    old.media(7)
    assert len(outdated(described, old.noted())) == 1


def test_a_child_is_outdated_when_its_parent_is_renamed() -> None:
    def pages(slug: str) -> list[WpPost]:
        return [make_post(id=1, type="page", slug=slug), make_post(id=2, type="page", slug="child", parent_id=1)]

    entries = stamped(make_site_data(pages("old")), ["post:2"])
    assert len(outdated(make_site_data(pages("new")), entries)) == 1


def test_an_answer_may_hold_what_separates_a_fact_from_its_stamp() -> None:
    data = make_site_data()
    assert outdated(data, stamped(data, ["url:/?p=1&x=2", "option:a=b"])) == []
