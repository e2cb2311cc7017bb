"""Workers that share a process: one transforms while the rows of the other are loaded."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.edited_sites import bundled_site
from tests.migrations import cms_content, migrate

OBJECTS = 8  # in a batch, so that many of each entity overlap


def test_two_workers_leave_what_one_leaves(postgres_database, tmp_path: Path) -> None:
    source = bundled_site(tmp_path)
    with postgres_database() as alone, postgres_database() as together:
        for edit in ("", "UPDATE wp_posts SET post_title = post_title || ' again'"):
            with closing(sqlite3.connect(source)) as wordpress, wordpress:
                wordpress.execute(edit)
            one = migrate(source, cms=alone, home=tmp_path, workers=1, batch_size=OBJECTS)
            two = migrate(source, cms=together, home=tmp_path, workers=2, batch_size=OBJECTS)
            assert one.document["entities"] == two.document["entities"]
            assert one.document["rows_written"] == two.document["rows_written"] > 0
            assert cms_content(alone) == cms_content(together)
