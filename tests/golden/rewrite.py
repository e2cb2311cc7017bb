"""Rewrite `expected.html` of the golden cases: `python -m tests.golden.rewrite [FAMILY/CASE ...]`.

The diff is reviewed as code: it says what visitors of every migrated site will see.
"""

from __future__ import annotations

import sys

from tests.golden.cases import load_cases, render_case


def rewrite(names: list[str]) -> None:
    """Write what we make now of the named cases, of all when none is named."""
    for case in load_cases():
        if not names or case.name in names:
            (case.folder / "expected.html").write_text(render_case(case).html + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite(sys.argv[1:])
