"""Marks as tags, and what engines make of tags."""

from __future__ import annotations

import pytest

from flows.services.translation.tags import from_tags, to_html, to_xml

TEXT = "Fish & ⟦1⟧chips ⟦2/⟧⟦/1⟧ < ⟦3/⟧"


def test_marks_are_elements() -> None:
    assert to_xml(TEXT) == 'Fish &amp; <g id="1">chips <x id="2"/></g> &lt; <x id="3"/>'
    assert to_html(TEXT) == (
        'Fish &amp; <g id="1">chips <x id="2" translate="no">2</x></g> &lt; <x id="3" translate="no">3</x>'
    )
    assert from_tags(to_xml(TEXT)) == from_tags(to_html(TEXT)) == TEXT


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("<g id='1'>a</g> <x id=\"2\"></x>", "⟦1⟧a⟦/1⟧ ⟦2/⟧"),
        ('<x translate="no" id="2"> 2 </x>', "⟦2/⟧"),
        ('<x id="2" />b', "⟦2/⟧b"),
        ('<g id="1">a <g id="2">b</g></g>', "⟦1⟧a ⟦2⟧b⟦/2⟧⟦/1⟧"),
        ("a < b &lt; c", "a < b < c"),  # LibreTranslate decodes its answer
        ('<g id="1">a', "⟦1⟧a"),
        ("a</g>", "a"),
        ("<x>2</x> <b>c</b>", "<x>2</x> <b>c</b>"),
    ],
)
def test_answers_are_read_as_engines_write_them(answer: str, expected: str) -> None:
    assert from_tags(answer) == expected
