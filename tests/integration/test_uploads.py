"""Uploads are found however they are spelt, and nothing outside their folder is read or written."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import time
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pytest

from wp_models.errors import UploadsError
from wp_models.uploads import open_uploads


def tar_of(
    path: Path, members: dict[str, bytes], links: dict[str, str] | None = None, *, mode: str = "w:gz", mtime: float = 0
) -> Path:
    with tarfile.open(path, mode) as archive:
        for name, target in (links or {}).items():
            link = tarfile.TarInfo(name)
            link.type, link.linkname = tarfile.SYMTYPE, target
            archive.addfile(link)
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), mtime
            archive.addfile(entry, io.BytesIO(content))
    return path


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["theme-test", "studio", "messy", "sqlite"])
def test_every_file_that_wordpress_sees_is_found_with_its_bytes(name: str, fixture_site: Any, tmp_path: Path) -> None:
    uploads = open_uploads(str(fixture_site(name).uploads), cache=tmp_path)
    oracle = json.loads(fixture_site(name).oracle.read_text())
    attachments = [post["attachment"] for post in oracle["posts"] if post.get("attachment")]
    seen = 0
    for attachment in attachments:
        if attachment.get("file_exists") and attachment.get("sha256"):
            found = uploads.find(attachment["file"])
            assert found is not None, attachment["file"]
            content = uploads.read(found, max_bytes=100_000_000)
            assert hashlib.sha256(content).hexdigest() == attachment["sha256"]
            assert uploads.size(found) == len(content)
            seen += 1
    assert seen >= 4


@pytest.mark.parametrize("lead", ["", "./", "uploads/", "wp-content/uploads/", "./wp-content/uploads/"])
@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.bz2", "zip"])
def test_archives_of_every_kind_open_alike(lead: str, kind: str, tmp_path: Path) -> None:
    members = {f"{lead}2024/05/a.jpg": b"a", f"{lead}2024/b.png": b"bb"}
    path = tmp_path / f"site.{kind}"
    if kind == "zip":
        zip_of(path, members)
    else:
        tar_of(path, members, mode={"tar": "w", "tar.gz": "w:gz", "tar.bz2": "w:bz2"}[kind])
    uploads = open_uploads(str(path), cache=tmp_path / "cache")
    assert list(uploads.names()) == ["2024/05/a.jpg", "2024/b.png"]
    assert uploads.read("2024/b.png", max_bytes=2) == b"bb"


def test_an_archive_is_unpacked_once_for_each_version(tmp_path: Path) -> None:
    path = tar_of(tmp_path / "up.tar.gz", {"2024/a.jpg": b"a"})
    for _ in range(2):
        open_uploads(str(path), cache=tmp_path / "cache")
    assert len(list((tmp_path / "cache" / "uploads").iterdir())) == 1
    tar_of(path, {"2024/a.jpg": b"changed"})
    assert open_uploads(str(path), cache=tmp_path / "cache").read("2024/a.jpg", max_bytes=99) == b"changed"


def test_names_are_found_however_they_are_spelt(tmp_path: Path) -> None:
    composed = unicodedata.normalize("NFC", "Café ñandú.JPG")
    folder = tmp_path / "uploads" / "2024"
    folder.mkdir(parents=True)
    (folder / unicodedata.normalize("NFD", composed)).write_bytes(b"x")
    (folder / "100%.png").write_bytes(b"y")
    uploads = open_uploads(str(tmp_path), cache=tmp_path)
    for spelling in (
        composed,
        unicodedata.normalize("NFD", composed),
        "Caf%C3%A9%20%C3%B1and%C3%BA.JPG",
        "café ñandú.jpg",
    ):
        found = uploads.find(f"2024/{spelling}")
        assert found is not None, spelling
        assert uploads.read(found, max_bytes=1) == b"x"
    assert uploads.find("2024/100%.png") == "2024/100%.png"
    assert uploads.find("2024/./100%25.PNG") == "2024/100%.png"
    assert uploads.find("2024/missing.png") is None


ESCAPES = [
    "../secret",
    "2024/../../secret",
    "/etc/passwd",
    "2024\\..\\..\\secret",
    "a\0b",
    "",
    ".",
    "..",
    "%2e%2e/secret",
]


@pytest.mark.parametrize("path", ESCAPES)
def test_no_path_leaves_the_folder(path: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    root = tmp_path / "root"
    (root / "2024").mkdir(parents=True)
    (root / "2024" / "a.jpg").write_bytes(b"a")
    uploads = open_uploads(str(root), cache=tmp_path / "cache")
    assert uploads.find(path) is None
    with pytest.raises(UploadsError, match="There is no upload"):
        uploads.read(path, max_bytes=99)


def test_links_are_followed_only_within_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    root = tmp_path / "root"
    (root / "2024").mkdir(parents=True)
    (root / "2024" / "a.jpg").write_bytes(b"a")
    for name, target in {
        "out.jpg": tmp_path / "secret", "in.jpg": root / "2024" / "a.jpg", "up": tmp_path, "gone": root / "nothing",
        "loop": root / "loop",
    }.items():  # fmt: skip
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe")
    uploads = open_uploads(str(root), cache=tmp_path / "cache")
    assert list(uploads.names()) == ["2024/a.jpg", "in.jpg"]
    assert uploads.read("in.jpg", max_bytes=1) == b"a"
    assert [uploads.find(name) for name in ("out.jpg", "up/secret", "gone", "loop", "pipe")] == [None] * 5


def test_hostile_members_are_left_out(tmp_path: Path) -> None:
    hostile = {"../outside": b"x", "/tmp/wpferry-outside": b"x", "2024/../../outside": b"x", "2024/a.jpg": b"a"}
    hostile |= {"evil/planted": b"x", "2024/a.jpg/below": b"x"}
    archive = tar_of(tmp_path / "up.tar.gz", hostile, links={"evil": str(tmp_path / "target"), "2024/l": "/etc/passwd"})
    (tmp_path / "target").mkdir()
    uploads = open_uploads(str(archive), cache=tmp_path / "cache")
    assert list(uploads.names()) == ["2024/a.jpg", "evil/planted"]
    assert not list((tmp_path / "target").iterdir())
    assert not Path("/tmp/wpferry-outside").exists()
    assert not list(tmp_path.rglob("outside"))
    zipped = zip_of(tmp_path / "up.zip", {"../outside": b"x", "2024/a.jpg": b"a"})
    assert list(open_uploads(str(zipped), cache=tmp_path / "cache").names()) == ["2024/a.jpg"]


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big.jpg").write_bytes(bytes(101))
    uploads = open_uploads(str(tmp_path), cache=tmp_path)
    with pytest.raises(UploadsError, match="more than 100 bytes"):
        uploads.read("big.jpg", max_bytes=100)


def test_blogs_of_a_network_have_folders_of_their_own(fixture_site: Any, tmp_path: Path) -> None:
    location = str(fixture_site("network").uploads)
    main = set(open_uploads(location, cache=tmp_path, blog_id=1).names())
    second = set(open_uploads(location, cache=tmp_path, blog_id=2).names())
    assert second
    assert {f"sites/2/{name}" for name in second} <= main


def test_what_is_no_uploads_is_refused_in_one_sentence(fixture_site: Any, tmp_path: Path) -> None:
    whole = fixture_site("studio").uploads.read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "cut.zip").write_bytes(zip_of(tmp_path / "ok.zip", {"a": bytes(5000)}).read_bytes()[:3000])
    (tmp_path / "words.tar.gz").write_text("hello")
    for name, reason in {
        "cut.tar.gz": "is cut or corrupt", "cut.zip": "is no folder and no archive", "words.tar.gz": "no archive",
        "missing": "no such folder or archive",
    }.items():  # fmt: skip
        with pytest.raises(UploadsError, match=reason):
            open_uploads(str(tmp_path / name), cache=tmp_path / "cache")
    with pytest.raises(UploadsError, match="cannot be read from ftp://"):
        open_uploads("ftp://host/uploads", cache=tmp_path)
    assert not list((tmp_path / "cache" / "uploads").iterdir()), "something half-unpacked was left"


def test_a_stamp_changes_with_the_file_and_with_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    file = tmp_path / "2024" / "a.jpg"
    file.write_bytes(b"one")
    os.utime(file, ns=(5, 1_000_000_007))

    def stamp() -> str:
        return open_uploads(str(tmp_path), cache=tmp_path).stamp("2024/a.jpg")

    first = stamp()
    os.utime(file, ns=(9, 1_000_000_007))  # read
    assert stamp() == first
    os.utime(file, ns=(9, 1_000_000_008))
    later = stamp()
    file.write_bytes(b"four")
    os.utime(file, ns=(9, 1_000_000_008))
    assert len({first, later, stamp()}) == 3


@pytest.mark.parametrize("kind", ["tar.gz", "zip"])
def test_stamps_stay_in_an_archive_made_again_of_the_same_files(kind: str, tmp_path: Path) -> None:
    def stamps(number: int, **members: bytes) -> list[str]:
        path = tmp_path / f"{number}.{kind}"
        if kind == "zip":
            with zipfile.ZipFile(path, "w") as archive:
                for name, content in members.items():
                    archive.writestr(zipfile.ZipInfo(name, (2024, 5, 6, 7, 8, 10)), content)
        else:
            tar_of(path, members, mtime=1_714_979_290 + sum(members["changed"]))
        uploads = open_uploads(str(path), cache=tmp_path / "cache")
        return [uploads.stamp(name) for name in members]

    first = stamps(1, same=b"a", changed=b"b")
    assert stamps(2, same=b"a", changed=b"b") == first
    again = stamps(3, same=b"a", changed=b"c")  # as long as before
    assert again[1] != first[1]
    assert kind == "tar.gz" or again[0] == first[0]


def test_files_are_found_and_stamped_by_the_ten_thousand_a_second(tmp_path: Path) -> None:
    folders = [tmp_path / "2024" / f"{month:02}" for month in range(1, 11)]
    for folder in folders:
        folder.mkdir(parents=True)
        for number in range(500):
            (folder / f"a{number}.jpg").touch()
    names = [f"2024/{month:02}/a{number}.jpg" for month in range(1, 11) for number in range(500)]
    uploads = open_uploads(str(tmp_path), cache=tmp_path)
    started = time.process_time()
    stamps = {uploads.stamp(found) for name in names if (found := uploads.find_exact(name))}
    assert time.process_time() - started < 0.5  # of the 5 000
    assert stamps
