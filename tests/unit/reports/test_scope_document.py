"""The scope that was signed: read again as it was written, refused when changed, held against what a site holds now."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest

from reports.assessment import ContentLine
from reports.assessment_pages import scope_json
from reports.scope import scope_of
from reports.scope_document import Outline, SignedScope, outline_of, read_signed_scope, scope_difference
from tests.unit.reports.assessments import make_assessment

FOUND = make_assessment()
TEXT = orjson.dumps(scope_json(FOUND)).decode()
SIGNED = read_signed_scope(TEXT)


def differences(now: Outline) -> dict[str, tuple[str, str]]:
    changes = scope_difference(SIGNED, now).changes
    assert changes is not None
    return {one.what: (one.signed, one.now) for one in changes}


def test_a_scope_is_read_as_it_was_written_and_does_not_differ_from_itself() -> None:
    assert SIGNED.hash == scope_of(FOUND).hash
    assert SIGNED.outline == outline_of(scope_of(FOUND))
    assert SIGNED.outline is not None
    assert SIGNED.outline.plugins == {"akismet", "elementor"}
    assert differences(SIGNED.outline) == {}


def test_types_counts_plugins_and_the_theme_are_named_when_they_differ() -> None:
    content = (
        replace(FOUND.content[0], count=90),
        *FOUND.content[1:],
        ContentLine(type="event", status="publish", count=3, goes_to="entries"),
    )
    now = make_assessment(content=content, plugins=("akismet", "woocommerce"), theme="twentytwentysix")
    assert differences(outline_of(scope_of(now))) == {
        "posts of type event that come along": ("0", "3"),
        "posts of type post that come along": ("85", "91"),
        "plugin elementor": ("active", "not there"),
        "plugin woocommerce": ("not there", "active"),
        "theme": ("twentytwentyone", "twentytwentysix"),
    }


def test_what_is_left_out_since_is_named_on_both_sides() -> None:
    left = replace(FOUND.content[0], goes_to=None, reason="a setting says so")
    now = outline_of(scope_of(make_assessment(content=(left, *FOUND.content[1:]))))
    assert differences(now) == {
        "posts of type post that come along": ("85", "1"),
        "posts of type post that stay behind": ("1", "85"),
    }


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"included": 1, "not_included": 2, "hash": ""}', TEXT.replace('"topic":"type"', '"topic":"x"')],
)
def test_what_is_no_scope_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no scope\.json"):
        read_signed_scope(text)


def test_a_scope_that_was_changed_after_it_was_written_is_refused() -> None:
    assert TEXT.count('"count":31') == 1
    with pytest.raises(ValueError, match="it was changed after it was written"):
        read_signed_scope(TEXT.replace('"count":31', '"count":3'))


def test_of_a_hash_alone_nothing_more_can_be_told() -> None:
    difference = scope_difference(SignedScope(hash="0" * 64), outline_of(scope_of(FOUND)))
    assert difference.changes is None
    assert "cannot be told" in next(difference.lines())
