"""Writes an assessment: one self-contained page for people, JSON and CSV for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from reports.assessment import Assessment
from reports.assessment_findings import Level
from reports.render import csv_table, environment, plain, write_files
from reports.scope import scope_of
from reports.scope_document import ScopeDifference

CONCLUDED = ("objects", "loaded", "rejected", "left_out", "run_seconds")


def write_assessment(assessment: Assessment, folder: Path, difference: ScopeDifference | None = None) -> Path:
    """Write the page, assessment.json, the scope to sign and the CSVs, replacing earlier ones; return the page's path.

    With `difference`, the page states what is not as it was signed before.
    """
    document = orjson.dumps(assessment_document(assessment), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    files = {
        "assessment.json": document,
        "scope.json": orjson.dumps(scope_json(assessment), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        "findings.csv": csv_table(
            ("level", "code", "title", "count", "entity", "source_id", "what", "url", "detail"),
            _finding_lines(assessment),
        ),
        "scope.csv": csv_table(("part", "what", "count", "how", "examples"), _scope_lines(assessment)),
        "index.html": render_assessment(assessment, difference).encode(errors="replace"),
    }
    write_files(files, folder, "Make room or choose another folder with --out, then run again.")
    return folder / "index.html"


def render_assessment(assessment: Assessment, difference: ScopeDifference | None = None) -> str:
    """Return the page; every text from the source is escaped."""
    page = environment().get_template("assessment.html")
    return page.render(found=assessment, scope=scope_of(assessment), levels=tuple(Level), difference=difference)


def scope_json(assessment: Assessment) -> dict[str, Any]:
    """Return the scope as its document states it: what people sign, and what later reports are held against."""
    scope = scope_of(assessment)
    lines: dict[str, Any] = plain(scope)
    return {
        "site": assessment.site,
        "assessed_at": assessment.assessed_at.isoformat(),
        "hash": scope.hash,
        **lines,
    }


def assessment_document(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as JSON values, with what it concludes beside what was seen."""
    fields = {field.name: getattr(assessment, field.name) for field in dataclasses.fields(assessment)}
    concluded = {name: getattr(assessment, name) for name in CONCLUDED}
    scope = scope_of(assessment)
    document: dict[str, Any] = plain({**fields, **concluded, "scope": {**plain(scope), "hash": scope.hash}})
    document["media"] |= {"files": assessment.media.files, "bytes": assessment.media.bytes}
    document["assessed_at"] = assessment.assessed_at.isoformat()
    return document


def _finding_lines(assessment: Assessment) -> Iterator[Sequence[object]]:
    for group in assessment.findings:
        for one in group.examples:
            place = (one.entity, one.source_id, one.title, one.url)
            yield group.level, group.code, group.title, group.count, *place, one.detail


def _scope_lines(assessment: Assessment) -> Iterator[Sequence[object]]:
    scope = scope_of(assessment)
    for part, lines in (("included", scope.included), ("not included", scope.not_included)):
        for line in lines:
            yield part, line.what, line.count, line.how, " ".join(line.examples)
