"""Disks that fill up in the middle of a run: a sentence, and the same command again completes it when there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from cms_models import schema
from cms_models.errors import TargetFullError
from flows.failures import exit_code_of
from tests.faults.daemons import own_postgres
from tests.faults.ferries import Ferry
from tests.faults.runs import When, ferry_over
from tests.faults.sites import EditedSite, differences, everything, stored_files
from tests.faults.test_outages import outcomes

pytestmark = pytest.mark.faults

UNFINISHED = 3


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Yield a file system of that size; skips where we may not mount one."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("a small file system can be mounted by root only")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(disk: Path, *, leave_bytes: int) -> Path:
    """Write a file that leaves so much room."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    ballast.write_bytes(b"\1" * max(0, free.f_bavail * free.f_frsize - leave_bytes))
    return ballast


def test_a_full_media_store_ends_the_run_with_a_sentence_and_the_next_one_completes_it(
    edited: EditedSite, ferry: dict[str, Ferry], postgres: str, tmp_path: Path
) -> None:
    schema.upgrade(postgres)
    needed = sum(ferry["first"].expected_files.values())
    with small_disk(tmp_path / "disk", "64m") as disk:
        ballast = fill(disk, leave_bytes=needed // 2)
        media = disk / "media"
        flags = {"media": str(media), "uploads": str(edited.uploads)}
        with pytest.raises(TargetFullError, match="no space is left") as failed:
            ferry_over(edited.before, postgres, tmp_path, **flags)
        assert exit_code_of(failed.value) == UNFINISHED
        assert [outcome for outcome, _ in outcomes(postgres)] == ["failed"]  # at once: nobody makes room by waiting
        ballast.unlink()
        ferry_over(edited.before, postgres, tmp_path, **flags)
        assert stored_files(media) == ferry["first"].expected_files
    assert not differences(everything(postgres), ferry["first"].expected)


def test_a_full_database_ends_the_run_with_a_sentence_and_the_next_one_completes_it(
    edited: EditedSite, ferry: dict[str, Ferry], tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "256m") as disk, own_postgres(tmp_path / "pg") as (url, _):
        space = disk / "tables"
        space.mkdir()
        owner = (tmp_path / "pg" / "data").stat()
        os.chown(space, owner.st_uid, owner.st_gid)
        small = url.replace("@/cms?", "@/small?")
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as administrator:
            administrator.execute(f"CREATE TABLESPACE small LOCATION '{space}'".encode())
            administrator.execute("CREATE DATABASE small TABLESPACE small")
        schema.upgrade(small)
        full = When("articles", lambda: fill(disk, leave_bytes=16 << 10))
        with pytest.raises(TargetFullError, match="out of space") as failed:
            ferry_over(edited.before, small, tmp_path, reporter=full, uploads=str(edited.uploads))
        assert exit_code_of(failed.value) == UNFINISHED
        (disk / "ballast").unlink()
        ferry_over(edited.before, small, tmp_path, uploads=str(edited.uploads))
        assert not differences(everything(small), ferry["first"].expected)
        assert [outcome for outcome, _ in outcomes(small)] == ["failed", "complete"]
