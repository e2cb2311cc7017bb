"""Runs whole migrations in tests, through the same steps as the command line."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from cms_models import schema
from flows.progress import Lines
from flows.settings import read_settings
from flows.steps import run_directly, run_site

UNREACHABLE = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50"
"""Metrics that go to the outbox: most tests are about something else."""


@dataclass(frozen=True)
class Migrated:
    """A finished run."""

    cms: str
    document: dict[str, Any]


def migrate(
    source: Path | str,
    *,
    cms: str,
    home: Path,
    uploads: Path | None = None,
    key: str = "site",
    flow: str = "migrate",
    workers: int = 2,
    **flags: Any,
) -> Migrated:
    """Migrate a source into an empty or earlier migrated database, without Prefect; or resync it."""
    schema.upgrade(cms)
    given = {"source": str(source), "cms": cms, "metrics": UNREACHABLE, "media": str(home / "media"), **flags}
    if uploads is not None:
        given["uploads"] = str(uploads)
    settings = read_settings(None, (key,), given).model_copy(update={"home": home})
    summary = run_site(settings, key, flow, Lines(), run_directly, workers=workers, out=None)
    return Migrated(cms, summary.document())


def migrate_elsewhere(source: str, *, cms: str, home: Path) -> Migrated:
    """Migrate in a process of its own: this one stays small, for what it starts later is charged with its memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(partial(migrate, source, cms=cms, home=home)).result()


def cms_content(cms: str) -> dict[str, list[str]]:
    """Return every row of every table of `cms` as text, ordered; `sites` without its number of the day."""
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        tables = [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'cms'")]
        return {
            name: [
                text
                for (text,) in connection.execute(
                    sql.SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(sql.Identifier("cms", name))
                )
            ]
            for name in sorted(tables)
        }


def live_content(cms: str) -> dict[str, list[str]]:
    """Return the rows of `cms` that are not put away, as text, ordered."""
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        mortal = {
            table
            for (table,) in connection.execute(
                "SELECT table_name FROM information_schema.columns "
                "WHERE table_schema = 'cms' AND column_name = 'deleted_at'"
            )
        }
        found = {}
        for (name,) in connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'cms' ORDER BY 1"
        ).fetchall():
            where = sql.SQL("WHERE deleted_at IS NULL") if name in mortal else sql.SQL("")
            query = sql.SQL("SELECT t::text FROM {} AS t {} ORDER BY 1").format(sql.Identifier("cms", name), where)
            found[name] = [text for (text,) in connection.execute(query)]
        return found
