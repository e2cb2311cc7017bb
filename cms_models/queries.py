"""Read-only questions of reports and commands, answered as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cms_models.db import Connection


@dataclass(frozen=True, slots=True)
class Run:
    """One run as `migration.runs` remembers it."""

    id: UUID
    site: str
    kind: str
    started_at: datetime
    finished_at: datetime | None  # None while it runs; a killed one is closed by the next run
    outcome: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A rejected source object that still waits."""

    entity: str
    source_id: int
    stage: str
    error: str
    detail: str
    title: str


RUNS = """
    SELECT runs.id, sites.key, kind, started_at, finished_at, outcome, detail
    FROM migration.runs JOIN cms.sites ON sites.id = site_id
    WHERE key = %(site)s AND (%(run)s::uuid IS NULL OR runs.id = %(run)s)
    ORDER BY started_at DESC LIMIT %(limit)s
"""

DEAD_LETTERS = """
    SELECT entity, source_id, stage, error, detail,
        coalesce(payload->>'title', payload->>'name', payload->>'login', payload->>'author', '')
    FROM migration.dead_letters
    WHERE site_id = %s AND resolved_at IS NULL
    ORDER BY entity, source_id
"""


def read_runs(connection: Connection, site_key: str, *, run_id: UUID | None = None, limit: int = 1) -> list[Run]:
    """Return a site's runs, the latest first; only the one with `run_id` when it is given."""
    key = {"site": site_key, "run": run_id, "limit": limit}
    return [Run(*row) for row in connection.execute(RUNS, key)]


def read_dead_letters(connection: Connection, site_id: int) -> list[DeadLetter]:
    """Return what could not be loaded and still waits."""
    return [DeadLetter(*row) for row in connection.execute(DEAD_LETTERS, (site_id,))]


def find_site(connection: Connection, site_key: str) -> int | None:
    """Return a site's number; None when it was never migrated into this database."""
    row = connection.execute("SELECT id FROM cms.sites WHERE key = %s", (site_key,)).fetchone()
    return int(row[0]) if row else None
