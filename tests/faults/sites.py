"""A small site with pictures, before and after an editor's day, and what a CMS holds of it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.editor import Editor, draw
from wp_models.sources import open_source

BUNDLED = Path(__file__).resolve().parents[2] / "flows" / "demo" / "northlight.sql.gz"
PICTURES = 4
EDITS = 40


@dataclass(frozen=True)
class EditedSite:
    """The same WordPress at two times; `uploads` are those of the second one."""

    before: Path
    after: Path
    uploads: Path


def edited_site(folder: Path) -> EditedSite:
    """The bundled site as an SQLite database with a few pictures, and a copy that was edited."""
    source = open_source(str(BUNDLED), cache=folder / "cache")
    with source.connect() as connection:
        [(_, _, imported)] = connection.exec_driver_sql("PRAGMA database_list").fetchall()
    site = EditedSite(folder / "before.sqlite", folder / "after.sqlite", folder / "uploads")
    shutil.copy(imported, site.before)
    with closing(sqlite3.connect(site.before)) as connection:
        names = connection.execute(
            "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' AND meta_value LIKE '%.jpg' "
            "AND meta_value NOT LIKE '%-scaled%' AND meta_value NOT LIKE '%-rotated%' ORDER BY meta_id LIMIT ?",
            (PICTURES,),
        ).fetchall()
    for number, (name,) in enumerate(names):
        (site.uploads / name).parent.mkdir(parents=True, exist_ok=True)
        draw(site.uploads / name, number * 1_000_003)
    shutil.copy(site.before, site.after)
    editor = Editor(site.after, site.uploads, seed=2026)
    for _ in range(EDITS):
        editor.edit()
    return site


TABLES = """
    SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname = 'cms' OR (schemaname, tablename) IN
        (('migration', 'entity_state'), ('migration', 'issues'), ('migration', 'dead_letters'))
    ORDER BY 1, 2
"""
STRUCTURE = """
    SELECT indexdef FROM pg_indexes WHERE schemaname IN ('cms', 'migration')
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || convalidated FROM pg_constraint
    WHERE connamespace IN ('cms'::regnamespace, 'migration'::regnamespace)
    ORDER BY 1
"""
# The number of the site, the run and the hour are those of the day; that a row has a tombstone is not.
ROWS = """
    SELECT (to_jsonb(t) - ARRAY['site_id', 'run_id', 'deleted_at', 'created_at', 'resolved_at'] ||
        jsonb_build_object('is_deleted', to_jsonb(t) ->> 'deleted_at' IS NOT NULL,
                           'is_resolved', to_jsonb(t) ->> 'resolved_at' IS NOT NULL))::text
    FROM {}.{} AS t ORDER BY 1
"""


def everything(cms: str) -> dict[str, list[str]]:
    """All content, all state, all findings, all indexes and constraints: what an undisturbed run also leaves."""
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        found = {
            f"{schema}.{table}": [text for (text,) in connection.execute(ROWS.format(schema, table))]
            for schema, table in connection.execute(TABLES).fetchall()
        }
        found["cms.sites"] = [
            text for (text,) in connection.execute("SELECT (to_jsonb(t) - 'id')::text FROM cms.sites t")
        ]
        found["structure"] = [text for (text,) in connection.execute(STRUCTURE)]
    return found


def differences(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> list[str]:
    """What one side has and the other has not: lost, doubled or changed, a few of each table."""
    found = []
    for table, rows in theirs.items():
        if ours[table] != rows:
            only_ours, only_theirs = sorted(set(ours[table]) - set(rows)), sorted(set(rows) - set(ours[table]))
            found.append(f"{table}: {len(ours[table])}, not {len(rows)}")
            found += [_unlike(one, other) for one, other in zip(only_ours[:3], only_theirs[:3], strict=False)]
    return found


def _unlike(one: str, other: str) -> str:
    if not one.startswith("{"):
        return f"{one} / {other}"
    ours, theirs = json.loads(one), json.loads(other)
    unlike = {name: (value, theirs.get(name)) for name, value in ours.items() if value != theirs.get(name)}
    return f"{[ours.get(name) for name in ('id', 'entity', 'source_id')]} {str(unlike)[:1500]}"


def unfinished_runs(cms: str) -> int:
    """Runs that look as if they still went on."""
    with psycopg.connect(cms.replace("+psycopg", "")) as connection:
        [(number,)] = connection.execute("SELECT count(*) FROM migration.runs WHERE finished_at IS NULL").fetchall()
    return number


def stored_files(media: Path) -> dict[str, int]:
    """The files of a media store with their sizes; what a killed run left half-written has a dot before its name."""
    return {
        str(path.relative_to(media)): path.stat().st_size
        for path in sorted(media.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
