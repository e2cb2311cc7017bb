"""Translations stay complete and in step through any sequence of edits, and originals are what they would be without.

WPFERRY_TEST_EDIT_SCRIPTS says how many sequences, WPFERRY_TEST_FIRST_SCRIPT with which they begin.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.editor import Editor
from tests.integration.test_resync import some_pictures
from tests.translations import BUNDLED, TABLES, TranslatedSite
from wp_models.sources import open_source

SCRIPTS = int(os.environ.get("WPFERRY_TEST_EDIT_SCRIPTS", "1"))
FIRST = int(os.environ.get("WPFERRY_TEST_FIRST_SCRIPT", "0"))
EDITS = 6
LANGUAGES = ("es", "fr", "de")


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SCRIPTS))
def test_edits_leave_translations_complete_and_originals_as_they_would_be_without(
    seed: int, postgres_database, tmp_path: Path
) -> None:
    with open_source(str(BUNDLED), cache=tmp_path).connect() as connection:
        bundled = connection.exec_driver_sql("PRAGMA database_list").fetchone()
    database, uploads = tmp_path / "wp.sqlite", tmp_path / "uploads"
    shutil.copy(bundled[2], database)
    some_pictures(database, uploads)
    editor = Editor(database, uploads, seed)
    with postgres_database() as cms, postgres_database() as fresh:
        site = TranslatedSite(database, cms, tmp_path, uploads=uploads)
        site.migrate()
        site.translate(*LANGUAGES)
        for _ in range(EDITS):
            editor.edit()
            site.migrate()
        site.translate(*LANGUAGES)
        again = site.translate(*LANGUAGES)
        assert (again.characters, again.rows_written, site.migrate()["rows_written"]) == (0, 0, 0), editor.log
        untranslated = TranslatedSite(database, fresh, tmp_path, uploads=uploads)
        untranslated.migrate()
        made = [
            row["row_id"] for row in site.query("SELECT row_id FROM migration.entity_state WHERE entity LIKE '%%/%%'")
        ]
        for table in TABLES:
            assert originals(site, table, made) == originals(untranslated, table, ()), editor.log
            assert not lacking(site, table, made), editor.log
            assert not astray(site, table, made), editor.log
        assert site.differences() == untranslated.differences(), editor.log
        assert not site.query("SELECT * FROM migration.conflicts")


def originals(site: TranslatedSite, table: str, made: Collection[UUID]) -> dict[UUID, str]:
    """Every live row of WordPress, but for the group that a translation may have brought it."""
    hidden = ("site_id", "translation_group_id", "search")
    columns = site.query(
        "SELECT attname AS name FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", f"cms.{table}"
    )
    shown = ", ".join(one["name"] for one in columns if one["name"] not in hidden)
    found = site.query(f"SELECT id, ({shown})::text AS text FROM cms.{table} WHERE deleted_at IS NULL")
    return {row["id"]: row["text"] for row in found if row["id"] not in set(made)}


def lacking(site: TranslatedSite, table: str, made: Collection[UUID]) -> list[dict[str, Any]]:
    """What WordPress shows and is not there in each of the languages, English included."""
    published = "" if table == "terms" else "AND status = 'published'"
    return site.query(
        f"""
        SELECT path FROM cms.{table} AS one WHERE deleted_at IS NULL AND language IS NOT NULL {published}
            AND id <> ALL (%s) AND (
                SELECT count(DISTINCT language) FROM cms.{table} AS twin
                WHERE twin.translation_group_id = one.translation_group_id AND twin.deleted_at IS NULL
            ) <> 4
        """,
        list(made),
    )


def astray(site: TranslatedSite, table: str, made: Collection[UUID]) -> list[dict[str, Any]]:
    """Translations without their original, in another group, or at an address that something else has too."""
    return site.query(
        f"""
        SELECT made.path FROM cms.{table} AS made
        LEFT JOIN cms.{table} AS original ON original.id = made.translated_from_id AND original.deleted_at IS NULL
        WHERE made.id = ANY (%s) AND made.deleted_at IS NULL AND (
            original.id IS NULL OR original.translation_group_id IS DISTINCT FROM made.translation_group_id
            OR EXISTS (
                SELECT FROM cms.{table} AS other
                WHERE other.path = made.path AND other.language = made.language AND other.id <> made.id
                    AND other.deleted_at IS NULL
            )
        )
        """,
        list(made),
    )
