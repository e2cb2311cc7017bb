"""The digest of a site: another one after any change that a row could be told of."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import pytest

from transforms.facts import digest_of
from wp_models.language_versions import Versions, Words
from wp_models.records import (
    CommentEntry,
    FieldDefinition,
    Network,
    PostEntry,
    TermEntry,
    UserEntry,
    WpmlTranslation,
    WpRedirect,
    WpSite,
)

POST = PostEntry(1, "post", "publish", "caf%C3%A9", None, 2, datetime(2024, 5, 1, 12), 0, "")
FULL: dict[str, Any] = {
    "prefix": "wp_", "blog_id": 1, "tables": frozenset({"posts", "postmeta", "options"}),
    "options": {"home": "https://example.test", "blogname": "Ümläut 🎉"}, "posts": {1: POST},
    "terms": {3: TermEntry(3, 4, "category", "News", "news", None, "")},
    "users": {2: UserEntry(2, "ada", "ada", "Ada")}, "attached_files": {9: "2024/05/a.jpg"},
    "categories": {1: (3, 4)}, "primary_categories": {1: 3}, "language_links": ((1, 7),),
    "wpml": (WpmlTranslation("post_post", 1, 5, "en", None),), "shared_bodies": {8: "<p>x</p>"},
    "field_definitions": {"field_1": FieldDefinition(6, "field_1", "price", None, "a:0:{}")},
    "guid_hosts": {"example.test": 3}, "comments": {5: CommentEntry(5, 1, None, "1")},
    "skipped_counts": {"revision": 4},
    "redirects": {17: WpRedirect(id=17, kind="rule", place="here", old_date=datetime(2024, 1, 1))},
    "url_slugs": {("portfolio", "fr"): "projets"},
    "network": Network(
        name="example.test", locale="de_DE", locales=("de_DE", "en_US"), groups_of_posts={1: "g"}, groups_of_terms={},
    ),
    "versions": Versions(
        plugin="translatepress", languages=("en", "fr"), posts={1: ("fr",)},
        words={"fr": {"news": Words("nouvelles", is_machine=True)}}, word_prints={"fr": (2**64 - 1, 0)},
    ),
}  # fmt: skip
CHANGED: dict[str, Any] = {
    "prefix": "wp_2_", "blog_id": 2, "tables": frozenset({"posts"}), "language_links": ((1, 8),), "network": None,
    "posts": {1: replace(POST, slug="tea")}, "wpml": (WpmlTranslation("post_post", 1, 5, "fr", None),),
    "versions": Versions(plugin="qtranslate"),
}  # fmt: skip


def test_a_site_with_all_that_there_is_has_a_digest() -> None:
    assert set(FULL) == {field.name for field in fields(WpSite)}, "a new field: give it a value here"
    assert digest_of(WpSite(**FULL)) == digest_of(WpSite(**FULL))


@pytest.mark.parametrize("name", FULL)
def test_each_part_of_a_site_changes_its_digest(name: str) -> None:
    other = CHANGED.get(name, {})
    assert digest_of(WpSite(**FULL)) != digest_of(WpSite(**{**FULL, name: other}))


def test_what_moves_from_one_part_to_another_changes_the_digest() -> None:
    here, there = {**FULL, "categories": {}, "primary_categories": {1: 3}}, {**FULL, "categories": {1: 3}}
    assert digest_of(WpSite(**here)) != digest_of(WpSite(**{**there, "primary_categories": {}}))


def test_a_site_larger_than_a_portion_is_read_to_its_end() -> None:
    posts = {number: replace(POST, id=number) for number in range(1, 20_002)}
    last = {**posts, 20_001: replace(POST, id=20_001, slug="other")}
    assert digest_of(WpSite(**{**FULL, "posts": posts})) != digest_of(WpSite(**{**FULL, "posts": last}))
