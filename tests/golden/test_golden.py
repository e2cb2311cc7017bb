"""Each case renders exactly as reviewed, and reads as WordPress showed it."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from tests.golden.cases import Case, load_cases, render_case
from tests.golden.reading import read_page

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_renders_as_reviewed(case: Case) -> None:
    assert render_case(case).html == case.expected_html


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_reads_as_wordpress_showed_it(case: Case) -> None:
    ours, wordpress = asdict(read_page(case.expected_html)), asdict(read_page(case.wordpress_html))
    different = {measure for measure, value in ours.items() if value != wordpress[measure]}
    undeclared = different - case.differs.keys()
    assert {name: ours[name] for name in undeclared} == {name: wordpress[name] for name in undeclared}
    assert different == case.differs.keys(), "a difference is declared that is none any more"
