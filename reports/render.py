"""Writes a run's report: one self-contained page for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.outcome import OutcomeCounts, RunReport

TEMPLATES = Path(__file__).parent / "templates"
MAX_TITLE = 160  # characters
MAX_SHOWN = 200  # rejected objects on the page; the CSV has all of them
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("source", "loaded", "unchanged", "skipped", "rejected", "conflicts", "deleted")


class ReportUnwritableError(Exception):
    """The report could not be written; what it reports is not touched by that."""


def write_report(report: RunReport, folder: Path) -> Path:
    """Write index.html, report.json and the CSVs, replacing earlier ones; return the page's path."""
    files = {
        "report.json": report_json(report),
        "outcomes.csv": csv_table(("entity", *COLUMNS, "adds_up"), _outcome_lines(report.entities)),
        "issues.csv": csv_table(("code", "count", "entity", "source_id", "title", "detail"), _issue_lines(report)),
        "rejected.csv": csv_table(
            ("entity", "source_id", "title", "stage", "code", "reason", "advice"),
            [(r.entity, r.source_id, r.title, r.stage, r.code, r.reason, r.advice) for r in report.rejected],
        ),
        "index.html": render_html(report).encode(errors="replace"),
    }
    advice = "The migration itself is done; make room or choose another folder with --out, then run: wpferry report"
    write_files(files, folder, advice)
    return folder / "index.html"


def write_files(files: Mapping[str, bytes], folder: Path, advice: str) -> None:
    """Write files into a folder, each as a whole. Raises ReportUnwritableError, which ends in the advice."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            unfinished = folder / f".{name}.unfinished"
            unfinished.write_bytes(content)
            unfinished.replace(folder / name)
    except OSError as error:
        message = f"The report could not be written to {folder}: {error.strerror or error}. {advice}"
        raise ReportUnwritableError(message) from error


def render_html(report: RunReport) -> str:
    """Return the page; every text from the source is escaped."""
    page = environment().get_template("report.html")
    return page.render(report=report, total=report.total, max_shown=MAX_SHOWN)


def report_json(report: RunReport) -> bytes:
    """Return the report as JSON, with what it concludes beside what it was given."""
    concluded = {"verdict": report.verdict, "seconds": report.seconds, "total": report.total}
    fields = {field.name: getattr(report, field.name) for field in dataclasses.fields(report)}
    return orjson.dumps(plain({**fields, **concluded}), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)


def plain(value: Any) -> Any:
    """Return a value without dataclasses and without lone surrogates, which JSON cannot hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {plain(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, Sequence):
        return [plain(inner) for inner in value]
    return value


def _outcome_lines(entities: Mapping[str, OutcomeCounts]) -> Iterable[Sequence[object]]:
    for entity, counts in entities.items():
        yield entity, *(getattr(counts, column) for column in COLUMNS), "yes" if counts.adds_up else "no"


def _issue_lines(report: RunReport) -> Iterable[Sequence[object]]:
    for group in report.issues:
        for sample in group.samples:
            yield group.code, group.count, sample.entity, sample.source_id, sample.title, sample.detail


def csv_table(header: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """Return a table as spreadsheets read it: UTF-8 with its mark, and no cell that starts a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig", errors="replace")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" \n").startswith(FORMULA_STARTS) else cell


def environment() -> Environment:
    """Return what renders the pages: everything escaped, and the filters that write numbers for people."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": _number,
        "file_size": file_size,
        "duration": duration,
        "moment": _moment,
        "share": _share,
        "words": _words,
        "about": about,
        "address": _address,
        "shortened": _shortened,
    }
    return environment


def _number(value: float) -> str:
    return f"{value:,.0f}" if isinstance(value, int) or value >= 100 else f"{value:,.1f}"


def file_size(value: int) -> str:
    """Return a number of bytes for people: 1.4 MB."""
    units = ("bytes", "KB", "MB", "GB", "TB")
    power = min((len(str(abs(value))) - 1) // 3, len(units) - 1)
    size = value / 1000**power
    return f"{size:.0f} {units[power]}" if power == 0 or abs(size) >= 100 else f"{size:.1f} {units[power]}"


def duration(seconds: float) -> str:
    """Return a time for people: 3 min 20 s."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def about(seconds: float) -> str:
    """Return an estimated time: nobody knows it to a tenth of a second."""
    return f"{max(1, round(seconds))} s" if seconds < 60 else duration(seconds)


def _address(url: str) -> str:
    """Return the path of a URL as people read it: without host, letters instead of their codes."""
    parts = urlsplit(url)
    return unquote(parts.path) or parts.netloc


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_TITLE else f"{text[:MAX_TITLE]}…"


def _moment(time: datetime) -> str:
    return f"{time.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def _share(part: float, whole: float) -> str:
    """Return a CSS width; what exists stays visible however small it is."""
    return "0%" if not part or not whole else f"{max(100 * part / whole, 0.8):.2f}%"


def _words(code: str) -> str:
    """Return a dotted code as words: body.unknown_shortcode > Unknown shortcode, links.broken > Links: broken."""
    area, _, rest = code.replace("_", " ").rpartition(".")
    return f"{area}: {rest}".capitalize() if area and " " not in rest else rest.capitalize()
