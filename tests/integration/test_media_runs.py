"""Runs one after the other: a picture is encoded when its bytes are new, and only then."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cms_models.media_store import MediaStore
from tests.images.samples import encoded, photo
from tests.migrations import cms_content, migrate
from wp_models.uploads import open_uploads

NOTHING = {"changed": 0, "encoded": 0, "written": 0}


class Site:
    """A small WordPress whose uploads lie in a folder that editors work in."""

    def __init__(self, home: Path, cms: str, source: Path) -> None:
        self.home, self.cms, self.source = home, cms, source
        self.uploads = home / "uploads"

    def migrate(self, **flags: Any) -> dict[str, int]:
        """Run, and return how many attachments changed, pictures were encoded, rows written."""
        document = migrate(self.source, cms=self.cms, home=self.home, uploads=self.uploads, **flags).document
        assert document["outcome"] == "complete"
        return {
            "changed": document["entities"]["media"]["loaded"],
            "encoded": document["media"]["encoded"],
            "written": document["rows_written"],
        }

    def media(self) -> dict[str, tuple[str, str | None, str | None]]:
        """Status, hash and key by the path of the file."""
        with psycopg.connect(self.cms.replace("+psycopg", "")) as connection:
            rows = connection.execute("SELECT source_path, status::text, sha256, store_key FROM cms.media")
            return {path: (status, sha256, key) for path, status, sha256, key in rows}


@pytest.fixture
def site(tmp_path: Path, postgres: str, fixture_site: Callable[[str], Any]) -> Site:
    """The SQLite fixture, migrated once."""
    given = fixture_site("sqlite")
    source = tmp_path / "site.ht.sqlite"
    shutil.copy(given.sqlite, source)
    with tarfile.open(given.uploads) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    found = open_uploads(str(tmp_path / "unpacked"), cache=tmp_path)
    for name in found.names():
        target = tmp_path / "uploads" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(found.read(name, max_bytes=100_000_000))
    return Site(tmp_path, postgres, source)


def converted_paths(site: Site) -> list[str]:
    return sorted(path for path, (status, _, _) in site.media().items() if status == "converted")


def test_only_new_bytes_are_encoded_whatever_happens_to_files_between_runs(site: Site) -> None:
    first = site.migrate()
    before = site.media()
    first_path, second_path, *_ = converted_paths(site)
    assert first["encoded"] >= 2
    assert site.migrate() == NOTHING

    # Files copied anew, as a restored backup is, are looked at again.
    for path in site.uploads.rglob("*.*"):
        os.utime(path, (1, 1))
    content = cms_content(site.cms)
    assert site.migrate() == NOTHING
    assert cms_content(site.cms) == content

    # Two pictures replaced under their names by one and the same: batches of one file, encoded once.
    new = encoded(photo(500, 400), "JPEG", quality=97)
    for path in (first_path, second_path):
        (site.uploads / path).write_bytes(new)
    assert site.migrate(batch_size=1).items() >= {"changed": 2, "encoded": 1}.items()
    after = site.media()
    assert after[first_path][1:] == after[second_path][1:] != before[first_path][1:]
    assert {path for path in after if after[path] != before[path]} == {first_path, second_path}

    # One of them is gone, and a smaller copy stands in for it; back again, its bytes are known from the other one.
    (site.uploads / first_path).unlink()
    assert site.migrate()["changed"] == 1
    assert first_path not in site.media()
    assert sorted(status for status, _, _ in site.media().values()).count("missing") == 1
    (site.uploads / first_path).write_bytes(new)
    assert site.migrate().items() >= {"changed": 1, "encoded": 0}.items()
    assert site.media() == after


def test_other_settings_encode_every_picture_again_and_other_limits_none(site: Site) -> None:
    first = site.migrate()
    again = site.migrate(images={"quality": 50})
    assert again["encoded"] == first["encoded"]
    assert 0 < again["changed"] <= first["changed"]
    assert site.migrate(images={"quality": 50}) == NOTHING
    assert site.migrate(images={"quality": 50}, max_file_bytes=1 << 30) == NOTHING


def test_a_file_refused_by_a_limit_is_taken_when_the_limit_is_raised(site: Site) -> None:
    site.migrate(images={"max_bytes": 1024})
    assert converted_paths(site) == []
    assert site.migrate()["encoded"] > 0
    assert converted_paths(site)


def test_what_the_store_has_lost_is_stored_again_when_the_picture_is_taken_again(site: Site) -> None:
    site.migrate()
    path = converted_paths(site)[0]
    store, key = MediaStore(str(site.home / "media")), site.media()[path][2]
    assert key
    store.delete(key)
    os.utime(site.uploads / path, (1, 1))
    assert site.migrate() == NOTHING | {"encoded": 1}
    assert store.exists(key)
