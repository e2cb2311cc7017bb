"""Real files in real folders and archives: what becomes of them, and where they are stored."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from cms_models.errors import TargetRefusedError
from cms_models.media_store import MediaStore
from cms_models.rows import MediaStatus
from flows.media import Known, MediaRules, convert_batch
from flows.media_stamps import MediaStamps
from tests.factories import make_post
from tests.images.samples import bomb, drawing, encoded, exif, photo
from transforms.contract import MediaFile
from transforms.images import ImageRules
from wp_models.queries import PostQuery
from wp_models.reader import read_batch, read_keys
from wp_models.records import WpPost
from wp_models.sources import open_source
from wp_models.uploads import Uploads, open_uploads

PROJECT = Path(__file__).resolve().parents[2]
RULES = MediaRules()


def nothing(_sha256: str) -> None:
    """What is known on a first run."""


def attachment(id: int, file: str | None, **fields: Any) -> WpPost:  # noqa: A002
    meta = {} if file is None else {"_wp_attached_file": file}
    return make_post(id, type="attachment", status="inherit", meta={**meta, **fields.pop("meta", {})}, **fields)


class Folder:
    """An uploads folder and a store beside it."""

    def __init__(self, root: Path) -> None:
        self.path = root / "uploads"
        self.path.mkdir()
        self.store = MediaStore(str(root / "store"))
        self.cache = root / "cache"

    def add(self, name: str, data: bytes) -> None:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    @property
    def uploads(self) -> Uploads:
        return open_uploads(str(self.path), cache=self.cache)

    def convert(self, post: WpPost, known: Known = nothing, rules: MediaRules = RULES) -> MediaFile:
        return convert_batch([post], self.uploads, self.store, known, rules).files[post.id]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("name", ["theme-test", "studio", "messy", "sqlite", "demo"])
def test_every_attachment_of_a_real_site_ends_as_wordpress_knows_it(
    name: str, fixture_site: Any, tmp_path: Path
) -> None:
    site = fixture_site(name)
    location = site.sqlite if name == "sqlite" else site.dump
    source = open_source(str(location), cache=tmp_path)
    with source.connect() as connection:
        keys = read_keys(connection, source, PostQuery())
        posts = [post for post in read_batch(connection, source, PostQuery(), keys) if isinstance(post, WpPost)]
    attachments = [post for post in posts if post.type == "attachment"]
    store = MediaStore(str(tmp_path / "media"))
    uploads = open_uploads(str(site.uploads), cache=tmp_path)
    results = convert_batch(attachments, uploads, store, nothing, RULES, threads=2).files

    wanted = {post["id"]: post["attachment"] for post in read_oracle(site.oracle) if post["type"] == "attachment"}
    assert results.keys() == wanted.keys()
    for post_id, want in wanted.items():
        file = results[post_id]
        assert (file.reason is None) == (file.status is MediaStatus.CONVERTED)
        if want.get("file_exists") and want.get("bytes"):
            assert file.status in {MediaStatus.CONVERTED, MediaStatus.KEPT, MediaStatus.REJECTED}, want["file"]
            assert file.sha256 == want["sha256"] or file.source_path != want["file"]
        else:
            assert file.status in {MediaStatus.MISSING, MediaStatus.REJECTED}, want["file"]
    stored = {stored.store_key: stored.byte_size for file in results.values() for stored in file.files}
    assert list(store.keys()) == sorted(stored)
    assert {key: len(store.read(key)) for key in stored} == stored

    # A second run takes what is known: the mark of the known files is on every picture.
    known = {file.sha256: replace(file, placeholder="known") for file in results.values() if file.sha256}
    again = convert_batch(attachments, uploads, store, known.get, RULES, threads=2)
    assert again.encoded_count == 0
    for post_id, file in results.items():
        is_picture = (file.mime_type or "").startswith("image/") and file.files
        assert again.files[post_id] == (replace(file, placeholder="known") if is_picture else file)


def read_oracle(path: Path) -> list[dict[str, Any]]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    posts: list[dict[str, Any]] = json.loads(text)["posts"]
    return posts


def test_files_are_found_by_exact_name_and_the_scaled_copy_gives_way_to_its_original(folder: Folder) -> None:
    folder.add("2024/05/big.jpg", encoded(photo(2700, 90), "JPEG", exif=exif(t271="Cam", t272="One")))
    folder.add("2024/05/big-scaled.jpg", encoded(photo(2560, 85), "JPEG"))
    meta = {"_wp_attachment_metadata": 'a:1:{s:14:"original_image";s:7:"big.jpg";}'}
    file = folder.convert(attachment(1, "2024/05/big-scaled.jpg", meta=meta))
    assert (file.status, file.source_path, file.width) == (MediaStatus.CONVERTED, "2024/05/big.jpg", 2700)
    assert file.exif == {"camera": "Cam One"}
    assert (file.files[0].width, file.files[0].role) == (2560, "webp")


@pytest.mark.parametrize("original", [bomb(), b"damaged", b""])
def test_an_original_that_cannot_be_used_gives_way_to_the_copy_that_wordpress_shows(
    folder: Folder, original: bytes
) -> None:
    folder.add("big.png", original)
    folder.add("big-scaled.png", encoded(photo(), "PNG"))
    meta = {"_wp_attachment_metadata": 'a:1:{s:14:"original_image";s:7:"big.png";}'}
    file = folder.convert(attachment(1, "big-scaled.png", meta=meta))
    assert (file.status, file.source_path) == (MediaStatus.CONVERTED, "big-scaled.png")


def test_nothing_outside_the_uploads_is_ever_read(folder: Folder) -> None:
    picture = encoded(photo(), "JPEG")
    (folder.path.parent / "secret.jpg").write_bytes(picture)
    (folder.path / "link.jpg").symlink_to(folder.path.parent / "secret.jpg")
    (folder.path / "out").symlink_to(folder.path.parent)
    absolute = str(folder.path.parent / "secret.jpg")
    names = ["../secret.jpg", "a/../../secret.jpg", "..%2fsecret.jpg", "..\\secret.jpg", "link.jpg", "out/secret.jpg"]
    addresses = [f"https://x.test/wp-content/uploads/{name}" for name in (*names, absolute)]
    posts = [attachment(number, name) for number, name in enumerate((*names, absolute))]
    posts += [attachment(100 + number, None, guid=address) for number, address in enumerate(addresses)]
    results = convert_batch(posts, folder.uploads, folder.store, nothing, RULES, threads=3).files
    assert {file.status for file in results.values()} == {MediaStatus.MISSING}
    assert not any(file.files or file.source_path for file in results.values())
    assert list(folder.store.keys()) == []


def test_a_file_that_wordpress_misses_is_still_shown_but_counted_as_missing(folder: Folder) -> None:
    folder.add("2024/05/tree.jpg", encoded(photo(), "JPEG"))
    for name in ("2024/05/TREE.jpg", "/old/wp-content/uploads/2024/05/tree.jpg", "2024/05/tree.jpg\n"):
        file = folder.convert(attachment(1, name))
        assert (file.status, file.source_path, len(file.files)) == (MediaStatus.MISSING, "2024/05/tree.jpg", 1)
        assert "2024/05/tree.jpg was taken in its place: check it" in (file.reason or "")


def test_a_missing_file_and_missing_uploads_are_named(folder: Folder) -> None:
    gone = folder.convert(attachment(1, "2024/05/gone.jpg"))
    assert (gone.status, gone.files) == (MediaStatus.MISSING, ())
    assert gone.reason == "WordPress looks for '2024/05/gone.jpg', and the uploads have no such file."
    none = convert_batch([attachment(1, "2024/05/gone.jpg")], None, folder.store, nothing, RULES).files[1]
    assert none.status is MediaStatus.MISSING
    assert "name their folder or archive as `uploads`" in (none.reason or "")


def test_a_file_over_the_limit_is_rejected_unread(folder: Folder) -> None:
    folder.add("film.mp4", b"\0\0\0\x18ftypisom" + bytes(5000))
    folder.add("scan.jpg", encoded(photo(), "JPEG") + bytes(5000))
    images = ImageRules(max_bytes=4096)
    film = folder.convert(attachment(1, "film.mp4"), rules=MediaRules(images=images, max_file_bytes=5011))
    assert (film.status, film.byte_size) == (MediaStatus.REJECTED, 5012)
    assert film.reason == "film.mp4 has 5,012 bytes, over the limit of 5,011 (`max_file_bytes`)."
    scan = folder.convert(attachment(1, "scan.jpg"), rules=MediaRules(images=images))
    assert scan.status is MediaStatus.REJECTED
    assert "over the limit of 4,096 (`images.max_bytes`)" in (scan.reason or "")
    assert folder.convert(attachment(1, "film.mp4"), rules=MediaRules(images=images)).status is MediaStatus.KEPT


def test_the_same_bytes_under_many_names_are_stored_once(folder: Folder) -> None:
    data = encoded(photo(600, 400), "JPEG")
    for number in range(20):
        folder.add(f"copy-{number}.jpg", data)
    posts = [attachment(number, f"copy-{number}.jpg") for number in range(20)]
    batch = convert_batch(posts, folder.uploads, folder.store, nothing, RULES, threads=4)
    results = batch.files
    assert batch.encoded_count == 1
    assert len({file.files for file in results.values()}) == 1
    assert len(list(folder.store.keys())) == 2  # the main file and w480
    assert {file.source_path for file in results.values()} == {f"copy-{number}.jpg" for number in range(20)}


def test_what_is_known_is_converted_again_when_the_store_has_lost_it(folder: Folder) -> None:
    folder.add("a.jpg", encoded(photo(600, 400), "JPEG"))
    post = attachment(1, "a.jpg")
    first = folder.convert(post)
    known = {first.sha256 or "": replace(first, placeholder="known")}
    assert folder.convert(post, known.get).placeholder == "known"
    folder.store.delete(first.files[1].store_key)
    assert folder.convert(post, known.get) == first
    assert folder.store.exists(first.files[1].store_key)


def test_a_replaced_file_is_not_taken_for_the_known_one(folder: Folder) -> None:
    folder.add("a.jpg", encoded(photo(), "JPEG"))
    post = attachment(1, "a.jpg")
    first = folder.convert(post)
    folder.add("a.jpg", encoded(drawing(), "JPEG"))
    second = folder.convert(post, {first.sha256 or "": first}.get)
    assert second.files != first.files


def test_a_store_that_refuses_stops_the_batch(folder: Folder) -> None:
    folder.add("a.pdf", b"%PDF-1.4")
    (folder.path.parent / "store").write_text("a file where the store's folder should be")
    with pytest.raises(TargetRefusedError, match="cannot store"):
        convert_batch([attachment(1, "a.pdf")] * 3, folder.uploads, folder.store, nothing, RULES, threads=2)


def test_the_recipe_changes_with_what_changes_the_files_and_with_nothing_else() -> None:
    assert RULES.recipe == MediaRules(images=ImageRules(max_pixels=1, max_bytes=1), max_file_bytes=1).recipe
    others = [ImageRules(quality=81), ImageRules(method=4), ImageRules(max_width=2000), ImageRules(widths=(480,))]
    assert len({MediaRules(images=rules).recipe for rules in (ImageRules(), *others)}) == 5


def test_sources_are_hashed_as_they_are(folder: Folder) -> None:
    data = encoded(photo(), "PNG")
    folder.add("a.png", data)
    file = folder.convert(attachment(1, "a.png"))
    assert (file.sha256, file.byte_size, file.mime_type) == (sha256(data).hexdigest(), len(data), "image/png")


STAMPED = attachment(
    1, "2024/a-scaled.jpg", meta={"_wp_attachment_metadata": 'a:1:{s:14:"original_image";s:5:"a.jpg";}'}
)


@pytest.mark.parametrize("name", ["2024/a-scaled.jpg", "2024/a.jpg"])
def test_a_replaced_file_changes_the_fingerprint_and_both_ways_to_it_agree(folder: Folder, name: str) -> None:
    folder.add("2024/a-scaled.jpg", b"one")
    seen = {fingerprint(folder, STAMPED)}
    for content in (b"two!", b"three"):
        folder.add(name, content)
        seen.add(fingerprint(folder, STAMPED))
    (folder.path / name).unlink()
    seen.add(fingerprint(folder, STAMPED))
    assert len(seen) == (4 if name == "2024/a-scaled.jpg" else 3)  # without its original it is as it was


def test_files_that_may_stand_in_for_a_missing_one_count_too(folder: Folder) -> None:
    sizes = 'a:1:{s:5:"sizes";a:1:{s:5:"large";a:2:{s:4:"file";s:12:"a-800x60.jpg";s:5:"width";i:800;}}}'
    post = attachment(1, "/old/wp-content/uploads/2024/a.jpg", meta={"_wp_attachment_metadata": sizes})
    seen = [fingerprint(folder, post)]
    for name in ("2024/b.jpg", "2024/a-800x60.jpg", "2024/A.jpg"):
        folder.add(name, b"x")
        seen.append(fingerprint(folder, post))
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3


def test_new_limits_are_a_reason_to_look_at_files_again(folder: Folder) -> None:
    folder.add("a.mp4", b"x")
    rules = (RULES, MediaRules(max_file_bytes=5), MediaRules(images=ImageRules(max_bytes=5)))
    assert len({fingerprint(folder, attachment(1, "a.mp4"), rules=one) for one in rules}) == 3


def fingerprint(folder: Folder, post: WpPost, rules: MediaRules = RULES) -> str:
    """The fingerprint as workers see it, with the record, which must be that of the plan, without it."""
    stamps = MediaStamps(folder.uploads, rules.limits)
    path = post.first_meta("_wp_attached_file")
    planned = stamps.fingerprints({post.id: post.fingerprint}, {post.id: path or ""}, lambda _keys: [post])
    assert planned == {post.id: stamps.stamped(post).fingerprint}
    return planned[post.id]


def test_a_film_of_any_size_passes_through_little_memory(tmp_path: Path) -> None:
    script = """
import resource, sys
from pathlib import Path
from cms_models.media_store import MediaStore
from flows.media import MediaRules, convert_batch
from tests.factories import make_post
from wp_models.uploads import open_uploads

root = Path(sys.argv[1])
post = make_post(1, type="attachment", meta={"_wp_attached_file": "film.mp4"})
uploads, store = open_uploads(str(root / "uploads"), cache=root), MediaStore(str(root / "store"))

def peak_bytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

before = peak_bytes()
file = convert_batch([post], uploads, store, lambda sha256: None, MediaRules()).files[1]
print(file.status, file.byte_size, file.files[0].store_key, peak_bytes() - before)
"""
    film = tmp_path / "uploads" / "film.mp4"
    film.parent.mkdir()
    with film.open("wb") as file:
        file.write(b"\0\0\0\x18ftypisom")
        file.truncate(300 << 20)
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    status, size, key, growth = done.stdout.split()
    assert (status, int(size)) == ("kept", 300 << 20)
    assert (tmp_path / "store" / key).stat().st_size == 300 << 20
    assert int(growth) < 60 << 20
