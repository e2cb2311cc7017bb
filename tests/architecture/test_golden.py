"""Nothing that renders content is without a golden case, and no case is half there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.golden.cases import GOLDEN, load_cases
from tests.golden.reading import Reading
from transforms.body.blocks import FAMILIES
from transforms.body.shortcodes import CORE_NAMES

CASES = load_cases()
FILES = {"source.json", "wordpress.html", "expected.html"}


def _stored(case_family: str) -> str:
    """Everything that the cases of a family store, patterns that they refer to included."""
    cases = [case for case in CASES if case.name.startswith(f"{case_family}/")]
    others = [line for case in cases for post in case.source.get("posts", ()) for line in post["content"]]
    return "\n".join([case.content for case in cases] + others)


BLOCK_NAMES = {
    name if "/" in name else f"core/{name}" for name in re.findall(r"<!-- wp:([a-z0-9/-]+)", _stored("blocks"))
}


def test_every_family_of_blocks_has_a_golden_case() -> None:
    assert [family.names for family in FAMILIES if BLOCK_NAMES.isdisjoint(family.names)] == []


def test_every_block_of_the_core_that_is_more_than_its_saved_html_has_a_golden_case() -> None:
    names = {name for family in FAMILIES for name in family.names if name.startswith("core/")}
    assert names - BLOCK_NAMES == set()


def test_every_shortcode_of_the_core_has_a_golden_case() -> None:
    used = set(re.findall(r"\[([a-z_]+)", _stored("shortcodes")))
    assert used >= CORE_NAMES


def test_every_folder_of_a_case_is_complete() -> None:
    folders = {path for path in GOLDEN.glob("*/*") if path.is_dir() and path.name != "__pycache__"}
    assert {folder: FILES - _names(folder) for folder in folders if _names(folder) != FILES} == {}


def test_every_case_says_what_it_is_about_in_one_sentence() -> None:
    assert [case.name for case in CASES if not re.fullmatch(r"[^\n]+\.", case.source.get("about", ""))] == []


def test_every_declared_difference_names_a_measure_and_gives_a_reason() -> None:
    measures = set(Reading.__dataclass_fields__)
    assert [case.name for case in CASES if case.differs.keys() - measures or not all(case.differs.values())] == []


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
