"""Workers that share a process, one transforming while the rows of the other are loaded; and those with their own."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from flows.execution import SMALL_SITE, WorkerDiedError, opened
from flows.worker import WorkerSpec
from tests.edited_sites import bundled_site
from tests.migrations import cms_content, migrate
from tests.process_facts import write_process_facts

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


NO_BATCHES = cast("WorkerSpec", None)


@pytest.mark.parametrize(("workers", "objects", "is_own"), [(1, SMALL_SITE, False), (2, SMALL_SITE, True)])
def test_work_beside_is_done_by_the_end_of_the_block(workers: int, objects: int, is_own: bool, tmp_path: Path) -> None:
    with opened(NO_BATCHES, workers=workers, objects=objects) as execution:
        with execution.beside(partial(write_process_facts, tmp_path / "facts")):
            pass
        number, is_collecting, *modules = (tmp_path / "facts").read_text().splitlines()
    assert (int(number) != os.getpid()) == is_own
    assert is_collecting == "True"
    assert "flows.worker" in modules
    assert ("pytest" in modules) != is_own  # a process of its own has nothing of how the run was started
    assert sys.modules["__main__"].__file__


def test_a_process_killed_at_work_beside_is_told_as_such() -> None:
    with (
        opened(NO_BATCHES, workers=2, objects=SMALL_SITE) as execution,
        pytest.raises(WorkerDiedError, match="Nothing is lost"),
        execution.beside(partial(os._exit, 1)),
    ):
        pass
