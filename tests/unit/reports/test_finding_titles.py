from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from reports.assessment_findings import LOSSES, REMARKS
from reports.finding_titles import TITLES

PROJECT = Path(__file__).resolve().parents[3]
CODE = re.compile(r"[a-z]+\.[a-z_]+")
NOTED = {"Issue", "report", "issue"}
REJECTED = {"RecordRejectedError"}


def codes(package: str, names: set[str]) -> Iterator[str]:
    """Yield the codes that calls of these names begin with."""
    for path in sorted((PROJECT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in names and CODE.fullmatch(str(node.args[0].value)):
                    yield node.args[0].value


def test_people_never_read_a_code_where_a_title_belongs() -> None:
    found = {*codes("transforms", NOTED), *codes("flows", NOTED)}
    assert len(found) > 60
    assert sorted(found - TITLES.keys()) == []


def test_what_is_ranked_has_a_title() -> None:
    assert sorted((LOSSES | REMARKS) - TITLES.keys()) == []


def test_titles_are_in_order_and_differ() -> None:
    assert list(TITLES) == sorted(TITLES)
    assert len(set(TITLES.values())) == len(TITLES)
