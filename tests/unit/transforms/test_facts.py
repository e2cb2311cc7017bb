"""What rows were told of their site, and whether they would be told the same today."""

from __future__ import annotations

import inspect
import re

from tests.factories import make_post, make_site_data
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


def test_a_child_is_outdated_when_its_parent_is_renamed() -> None:
    def pages(slug: str) -> list[WpPost]:
        return [make_post(id=1, type="page", slug=slug), make_post(id=2, type="page", slug="child", parent_id=1)]

    entries = stamped(make_site_data(pages("old")), ["post:2"])
    assert len(outdated(make_site_data(pages("new")), entries)) == 1


def test_an_answer_may_hold_what_separates_a_fact_from_its_stamp() -> None:
    data = make_site_data()
    assert outdated(data, stamped(data, ["url:/?p=1&x=2", "option:a=b"])) == []
