"""All sites of a registry on one page: where each stands, and where its report lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from reports.render import csv_table, environment, plain, write_files
from reports.verdict import Level, Verdict

ADVICE = "Make room or choose another folder with --out, then run again."
HEADER = (
    "site", "name", "url", "verdict", "go", "reason", "last_run_at", "verified_at", "objects", "rejected", "conflicts",
    "files", "missing_files", "report",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One site that was migrated."""

    verdict: Verdict
    last_run_at: datetime
    verified_at: datetime | None
    objects: int
    rejected: int
    conflicts: int
    files: int
    missing_files: int
    report: str | None  # where the page lies, seen from the fleet's page; None when it is no longer there


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSite:
    """One site of the registry: where it stands, or why that cannot be said."""

    site: str
    name: str = ""
    url: str = ""
    standing: Standing | None = None
    problem: str | None = None

    @property
    def is_go(self) -> bool:
        """Return whether it can be switched over."""
        return self.standing is not None and self.standing.verdict.go


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """All sites at one moment."""

    seen_at: datetime
    sites: tuple[FleetSite, ...]

    @property
    def in_order(self) -> tuple[FleetSite, ...]:
        """Return the sites as people should look at them: what is worst first."""
        order = {None: -1, Level.RED: 0, Level.AMBER: 1, Level.GREEN: 2}
        return tuple(
            sorted(
                self.sites,
                key=lambda one: (one.is_go, order[one.standing.verdict.level if one.standing else None], one.site),
            )
        )

    @property
    def ready(self) -> int:
        """Return how many sites are a go."""
        return sum(one.is_go for one in self.sites)

    def document(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"seen_at": self.seen_at, "ready": self.ready, "sites": [_document(one) for one in self.in_order]}

    def lines(self) -> Iterator[str]:
        """Yield it for people."""
        for one in self.in_order:
            yield f"{one.site}: {one.standing.verdict.sentence if one.standing else one.problem}"
        yield f"Ready to switch over: {self.ready} of {len(self.sites)}."


def write_fleet(fleet: Fleet, folder: Path) -> Path:
    """Write index.html, fleet.json and fleet.csv, replacing earlier ones; return the page's path."""
    files = {
        "fleet.json": orjson.dumps(plain(fleet.document()), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        "fleet.csv": csv_table(HEADER, _lines(fleet)),
        "index.html": render_fleet(fleet).encode(errors="replace"),
    }
    write_files(files, folder, ADVICE)
    return folder / "index.html"


def render_fleet(fleet: Fleet) -> str:
    """Return the page; every text from a site is escaped."""
    return environment().get_template("fleet.html").render(fleet=fleet)


def _document(one: FleetSite) -> dict[str, Any]:
    found: dict[str, Any] = {"site": one.site, "name": one.name, "url": one.url, "problem": one.problem}
    if one.standing:
        found |= {name: getattr(one.standing, name) for name in one.standing.__slots__ if name != "verdict"}
        found["verdict"] = one.standing.verdict.document()
    return found


def _lines(fleet: Fleet) -> Iterator[Sequence[object]]:
    for one in fleet.in_order:
        if one.standing is None:
            yield one.site, one.name, one.url, "", "no", one.problem, *[""] * 8
            continue
        found = one.standing
        verified_at = found.verified_at.isoformat() if found.verified_at else ""
        yield (
            one.site, one.name, one.url, str(found.verdict.level), "yes" if found.verdict.go else "no",
            found.verdict.reasons[0].sentence, found.last_run_at.isoformat(), verified_at, found.objects,
            found.rejected, found.conflicts, found.files, found.missing_files, found.report or "",
        )  # fmt: skip
