"""All sites of the registry at once: each asked where it stands; one that cannot be asked leaves the others alone."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cms_models import db, schema, standing
from cms_models.preview_queries import read_site
from flows.failures import exit_code_of
from flows.settings import Settings
from flows.verdicts import site_facts
from flows.wiring import Target, open_target
from reports.fleet import Fleet, FleetSite, Standing, write_fleet
from reports.verdict import judge


@dataclass(frozen=True, slots=True)
class WrittenFleet:
    """The page of all sites."""

    fleet: Fleet
    path: Path

    @property
    def all_go(self) -> bool:
        """Return whether every site can be switched over."""
        return self.fleet.ready == len(self.fleet.sites)

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {**self.fleet.document(), "report": str(self.path)}


def write_fleet_page(settings: Settings, out: Path | None) -> WrittenFleet:
    """Ask every site of the settings where it stands and write that on one page."""
    folder = (out or settings.home / "reports").absolute()
    seen_at = datetime.now(UTC)
    with ExitStack() as opened:  # embedded servers that sites share are started once
        fleet = Fleet(
            seen_at=seen_at, sites=tuple(_asked(settings, key, folder, seen_at, opened) for key in settings.sites)
        )
    return WrittenFleet(fleet, write_fleet(fleet, folder))


def _asked(settings: Settings, key: str, folder: Path, seen_at: datetime, opened: ExitStack) -> FleetSite:
    try:
        return _site(opened.enter_context(open_target(settings, key)), folder, seen_at)
    except Exception as error:
        if exit_code_of(error) is None:
            raise
        return FleetSite(site=key, problem=str(error))


def _site(target: Target, folder: Path, seen_at: datetime) -> FleetSite:
    with db.connect(target.cms_url) as connection:
        schema.require_current_schema(connection)
        site = read_site(connection, target.key)
        last = standing.read_last_run(connection, site.id) if site else None
        if site is None or last is None:
            return FleetSite(site=target.key, problem="No migration has ended yet. Run first: wpferry migrate")
        facts = site_facts(connection, target.key, asked_at=seen_at)
    page = target.reports / str(last.id) / "index.html"
    return FleetSite(
        site=target.key,
        name=site.name,
        url=site.url,
        standing=Standing(
            verdict=judge(facts, target.settings.thresholds),
            last_run_at=last.finished_at,
            verified_at=facts.verification.finished_at if facts.verification else None,
            objects=facts.objects,
            rejected=facts.rejected,
            conflicts=facts.conflicts,
            files=facts.files,
            missing_files=facts.missing_media,
            report=Path(os.path.relpath(page, folder)).as_posix() if page.exists() else None,
        ),
    )
