"""The media store on real file systems: whole files or none, and errors that say what to do."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from cms_models.errors import TargetFullError, TargetRefusedError
from cms_models.media_store import MediaStore, store_key
from wp_models.errors import UploadsError


@pytest.mark.parametrize("form", ["{0}", "file://{0}", "memory://{0}"])
def test_a_store_gives_back_what_was_put(form: str, tmp_path: Path) -> None:
    store = MediaStore(form.format(tmp_path / "a b"))
    assert list(store.keys()) == []
    key = store.put(b"bytes", ".webp")
    assert key == store.put(b"bytes", ".webp") == store_key(b"bytes", ".webp")
    other = store.put(b"", ".bin")
    assert (store.read(key), store.read(other), list(store.keys())) == (b"bytes", b"", sorted((key, other)))
    store.delete(key)
    store.delete(key)
    assert (store.exists(key), store.exists(other)) == (False, True)
    with pytest.raises(TargetRefusedError, match=r"has no file .*\.webp. Run `wpferry migrate`"):
        store.read(key)


@pytest.mark.parametrize("form", ["{0}", "memory://{0}"])
@pytest.mark.parametrize("size", [0, 5, (1 << 20) + 1])
def test_a_stream_is_stored_as_its_bytes_would_be(form: str, size: int, tmp_path: Path) -> None:
    data = random.Random(size).randbytes(size)
    store = MediaStore(form.format(tmp_path))
    stored = store.put_stream(BytesIO(data), ".mp4")
    assert (stored.key, stored.sha256, stored.byte_size) == (store_key(data, ".mp4"), sha256(data).hexdigest(), size)
    assert store.read(stored.key) == data
    assert store.put_stream(BytesIO(data), ".mp4") == stored
    assert [path.name for path in tmp_path.rglob("*.part")] == []


class Broken(BytesIO):
    """A stream that ends in an error."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise UploadsError("The disk is broken.")


def test_a_stream_that_breaks_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(UploadsError, match="The disk is broken"):
        MediaStore(str(tmp_path)).put_stream(Broken(), ".mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["../secret", "/etc/hostname", "ab/cd/x.webp", "ab/cd/" + "0" * 32 + "/../../../x", ""])
def test_a_store_opens_nothing_but_its_own_keys(key: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no key of a media store"):
        MediaStore(str(tmp_path)).read(key)


def test_other_files_in_the_folder_of_a_store_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    store = MediaStore(str(tmp_path))
    key = store.put(b"bytes", ".jpg")
    assert list(store.keys()) == [key]
    assert (tmp_path / key).stat().st_mode & 0o777 == 0o644


def test_threads_that_store_the_same_file_do_not_meet(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(300_000)
    store = MediaStore(str(tmp_path))
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: store.put(data, ".bin"), range(64)))
    assert len(keys) == 1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / keys.pop()]


def test_a_process_killed_while_storing_leaves_no_half_file(tmp_path: Path) -> None:
    script = (
        "import random, sys; from cms_models.media_store import MediaStore; store = MediaStore(sys.argv[1])\n"
        "for seed in range(10_000): store.put(random.Random(seed).randbytes(2_000_000), '.bin')"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=Path(__file__).parents[2])
    store = MediaStore(str(tmp_path))
    deadline = time.monotonic() + 30
    while len(list(store.keys())) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    keys = list(store.keys())
    assert len(keys) >= 5
    assert all(store_key(store.read(key), ".bin") == key for key in keys)


def test_a_file_that_a_power_cut_left_empty_is_written_again(tmp_path: Path) -> None:
    store = MediaStore(str(tmp_path))
    key = store.put(b"bytes", ".jpg")
    os.truncate(tmp_path / key, 0)
    assert store.put(b"bytes", ".jpg") == key
    assert store.read(key) == b"bytes"


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses to let a file grow further, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_store_says_so_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    with files_of_at_most(50_000), pytest.raises(TargetFullError, match=r"no space is left. Make room, then run again"):
        MediaStore(str(tmp_path)).put(bytes(100_000), ".bin")
    with files_of_at_most(50_000), pytest.raises(TargetFullError, match="cannot store a file: no space is left"):
        MediaStore(str(tmp_path)).put_stream(BytesIO(bytes(100_000)), ".bin")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_store_that_cannot_be_written_or_opened_is_named_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(TargetRefusedError, match=r"file/store cannot store .*Not a directory. Allow wpferry to write"):
        MediaStore(str(tmp_path / "file" / "store")).put(b"bytes", ".jpg")
    with pytest.raises(TargetRefusedError, match="cannot be opened") as error:
        MediaStore("nonsense://user:hunter2@host/path")
    assert "hunter2" not in str(error.value)
