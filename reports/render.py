"""Writes files and pages for people and programs: whole or not at all, escaped, numbers as people read them."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urljoin, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.assessment_findings import title_of
from reports.outcome import InConflict, Rejected
from wp_models.language_versions import source_number

TEMPLATES = Path(__file__).parent / "templates"
MAX_TITLE = 160  # characters
ADVICE = "The migration itself is done; make room or choose another folder with --out, then run: wpferry report"
STARTS_FORMULA = re.compile(r"[ \n]*[=+\-@\t\r]").match


class ReportUnwritableError(Exception):
    """The report could not be written; what it reports is not touched by that."""


def write_files(files: Mapping[str, bytes], folder: Path, advice: str) -> None:
    """Write files into a folder, each as a whole. Raises ReportUnwritableError, which ends in the advice."""
    with writable(folder, advice):
        for name, content in files.items():
            with replacing(folder / name) as file:
                file.write(content)


@contextmanager
def writable(folder: Path, advice: str) -> Iterator[None]:
    """Make a folder to write into. Raises ReportUnwritableError, ending in the advice, for what goes wrong there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        message = f"The report could not be written to {folder}: {error.strerror or error}. {advice}"
        raise ReportUnwritableError(message) from error


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes the place of an earlier one when it is done."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as file:
        yield file
    unfinished.replace(path)


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


def csv_table(header: Sequence[str], lines: Iterable[Sequence[object]]) -> bytes:
    """Return a table as spreadsheets read it: UTF-8 with its mark, and no cell that starts a formula."""
    table = io.BytesIO()
    write_csv(table, header, lines)
    return table.getvalue()


def write_csv(file: IO[bytes], header: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    """Write a table line by line, as `csv_table` returns it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(
        [f"'{cell}" if isinstance(cell, str) and STARTS_FORMULA(cell) else cell for cell in line] for line in lines
    )
    text.detach()


@cache
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
        "number": number,
        "file_size": file_size,
        "duration": duration,
        "moment": _moment,
        "share": _share,
        "words": words,
        "about": about,
        "address": _address,
        "shortened": _shortened,
        "titled": title_of,
        "day": _day,
        "below": below,
        "percent": _percent,
        "edit_address": _edit_address,
    }
    return environment


def number(value: float) -> str:
    """Return a number for people: 1,234 or 12.5."""
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


def _day(time: datetime) -> str:
    return f"{time.astimezone(UTC):%-d %b, %H:%M}"


def below(path: str | None, site_url: str) -> str:
    """Return the address of a path on a site; empty without one, or when the site has no address itself."""
    if not path or not site_url.startswith(("http://", "https://")):
        return ""
    if path[0] == "/" and path[:2] != "//" and "/." not in path:  # as nearly all are: nothing there to resolve
        return f"{_origin(site_url)}{path}"
    return urljoin(site_url, path)


@cache
def _origin(url: str) -> str:
    return urljoin(url, "/").rstrip("/")


def _percent(part: float) -> str:
    """Return a share in percent; what is not whole never reads as if it were."""
    shown = 100 * part if part == 1 else min(100 * part, 99.9)
    return f"{shown:.1f}".removesuffix(".0") + " %"


EDITORS: Mapping[str, str] = {
    **dict.fromkeys(("articles", "pages", "portfolios", "products", "entries", "media"), "post.php?action=edit&post="),
    "comments": "comment.php?action=editcomment&c=",
    "users": "user-edit.php?user_id=",
}
"""Where WordPress edits an object, by entity; the others have no screen that goes by our number."""


def _edit_address(one: Rejected | InConflict, site_url: str) -> str:
    """Return where WordPress edits an object; empty where it has no such screen."""
    if one.entity not in EDITORS or not site_url.startswith(("http://", "https://")):
        return ""
    return f"{site_url.rstrip('/')}/wp-admin/{EDITORS[one.entity]}{source_number(one.source_id)}"


def _share(part: float, whole: float) -> str:
    """Return a CSS width; what exists stays visible however small it is."""
    return "0%" if not part or not whole else f"{max(100 * part / whole, 0.8):.2f}%"


@cache
def words(code: str) -> str:
    """Return a dotted code as words: body.unknown_shortcode > Unknown shortcode, links.broken > Links: broken."""
    area, _, rest = code.replace("_", " ").rpartition(".")
    return f"{area}: {rest}".capitalize() if area and " " not in rest else rest.capitalize()
