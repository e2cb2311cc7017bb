"""After any sequence of edits and resyncs the CMS equals what one full migration of the final source makes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.edited_sites import bundled_site, made_site
from tests.editor import Editor, draw
from tests.migrations import live_content, migrate

SITES = ("bundled", "made")  # in turn
SCRIPTS = int(os.environ.get("WPFERRY_TEST_EDIT_SCRIPTS", "3"))
FIRST = int(os.environ.get("WPFERRY_TEST_FIRST_SCRIPT", "0"))
EDITS = 30
PICTURES = 8


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled site as an SQLite database that can be edited."""
    return bundled_site(tmp_path_factory.mktemp("bundled"))


@pytest.fixture(scope="module")
def made(shared: Path, module_mariadb: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic site, likewise."""
    return made_site(shared / "bench" / "make_wordpress_db.py", module_mariadb, tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize("seed", range(FIRST, FIRST + SCRIPTS))
def test_edits_and_resyncs_end_where_a_full_migration_does(
    seed: int, request: pytest.FixtureRequest, postgres_database, tmp_path: Path
) -> None:
    wordpress = request.getfixturevalue(SITES[seed % len(SITES)])
    database, uploads = tmp_path / "wp.sqlite", tmp_path / "uploads"
    shutil.copy(wordpress, database)
    some_pictures(database, uploads)
    editor = Editor(database, uploads, seed)
    with postgres_database() as resynced, postgres_database() as fresh:
        migrate(database, uploads=uploads, cms=resynced, home=tmp_path)
        for _ in range(EDITS):
            editor.edit()
            migrate(database, uploads=uploads, cms=resynced, home=tmp_path, flow="resync")
        again = migrate(database, uploads=uploads, cms=resynced, home=tmp_path)
        migrate(database, uploads=uploads, cms=fresh, home=tmp_path)
        assert again.document["rows_written"] == 0, editor.log
        differences = [
            (table, sorted(set(ours) ^ set(theirs))[:4])
            for (table, ours), (_, theirs) in zip(
                live_content(resynced).items(), live_content(fresh).items(), strict=True
            )
            if ours != theirs
        ]
        assert not differences, editor.log


def some_pictures(database: Path, uploads: Path) -> None:
    """Draw the files of a few attachments; the others stay missing."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT meta_value FROM wp_postmeta WHERE meta_key = '_wp_attached_file' AND meta_value LIKE '%.jpg' "
            "AND meta_value NOT LIKE '%-scaled%' AND meta_value NOT LIKE '%-rotated%' ORDER BY meta_id LIMIT ?",
            (PICTURES,),
        ).fetchall()
    for number, (name,) in enumerate(rows):
        (uploads / name).parent.mkdir(parents=True, exist_ok=True)
        draw(uploads / name, number * 1_000_003)
