"""Damage that no transform can undo is reported, once for each text, and sound records stay without a word."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.factories import make_attachment, make_comment, make_option, make_post, make_term, make_user
from transforms.damage import find_damage
from wp_models.records import Record


def codes(record: Record) -> list[str]:
    return [issue.code for issue in find_damage(record)]


@pytest.mark.parametrize(
    "record",
    [
        make_post(author_id=1, content='<p>Naïve? Yes. <a href="/a.php?id=3&q=x">What?</a> C:\\dir\r\n\tdone</p>'),
        make_post(author_id=1, title="Tom & Jerry: 1 < 2", meta={"notes": "« Où ? »"}),
        make_attachment(),
        make_term(name="Électricité"),
        make_user(),
        make_comment(),
        make_option("blogname", "Garçon"),
    ],
)
def test_sound_records_are_left_alone(record: Record) -> None:
    assert codes(record) == []


@pytest.mark.parametrize(
    "record",
    [
        make_post(author_id=1, title="CafÃ©"),
        make_post(author_id=1, meta={"subtitle": ["ok", "CafÃ©"]}),
        make_term(name="CafÃ©"),
        make_comment(author="JosÃ©"),
        make_option("blogname", "CafÃ©"),
    ],
)
def test_mojibake_is_found_in_every_kind_of_record(record: Record) -> None:
    assert codes(record) == ["text.mojibake"]


def test_a_finding_names_the_text_and_the_word() -> None:
    (issue,) = find_damage(make_post(author_id=1, content="<p>Le CafÃ© ouvert</p>"))
    assert issue.detail == "The content was once read in the wrong character set: “CafÃ©” was “Café”."


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("Caf? cr?me et na?ve", "text.lost_letters"),
        ("a letter \ufffd was here", "text.lost_letters"),
        ("a bell \x07 rings", "text.control_characters"),
    ],
)
def test_letters_that_are_lost_are_reported(content: str, code: str) -> None:
    assert codes(make_post(author_id=1, content=content)) == [code]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"published_at": datetime(1000, 1, 1, tzinfo=UTC)}, "content.unlikely_date"),
        ({"published_at": datetime(9999, 12, 31, tzinfo=UTC)}, "content.unlikely_date"),
        ({"modified_at": datetime(2012, 1, 1, tzinfo=UTC)}, "content.changed_before_published"),
        ({"author_id": None}, "content.no_author"),
        ({"title": " "}, "content.no_title"),
        ({"title": "<em>New</em>"}, "content.markup_in_title"),
    ],
)
def test_what_a_post_cannot_have_meant_is_reported(fields: dict[str, Any], code: str) -> None:
    assert codes(make_post(**{"author_id": 1, **fields})) == [code]


def test_a_post_that_was_scheduled_was_changed_before_it_appeared() -> None:
    assert codes(make_post(author_id=1, modified_at=datetime(2024, 2, 1, tzinfo=UTC))) == []


def test_drafts_need_neither_title_nor_author() -> None:
    assert codes(make_post(status="draft", title="", author_id=None)) == []


def test_users_and_comments_without_what_they_need_are_reported() -> None:
    assert codes(make_user(email="", registered_at=None, display_name="<img src=x>")) == [
        "users.no_email",
        "users.no_date",
        "users.markup_in_name",
    ]
    assert codes(make_comment(created_at=None)) == ["comments.no_date"]
