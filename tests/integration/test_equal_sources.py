"""The same site gives the same CMS, whichever way it comes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.migrations import cms_content, migrate


@pytest.mark.parametrize("name", ["studio", "messy"])
def test_a_dump_and_the_live_database_give_equal_content(
    name: str, fixture_site, restored, postgres_database, tmp_path: Path
) -> None:
    site = fixture_site(name)
    with postgres_database() as first, postgres_database() as second:
        from_dump = migrate(site.dump, uploads=site.uploads, cms=first, home=tmp_path)
        from_server = migrate(restored(name), uploads=site.uploads, cms=second, home=tmp_path)
        assert from_dump.document["entities"] == from_server.document["entities"]
        assert cms_content(first) == cms_content(second)


def test_every_form_of_a_dump_gives_equal_content(fixture_site, postgres_database, tmp_path: Path) -> None:
    site = fixture_site("messy")
    with postgres_database() as first, postgres_database() as second:
        migrate(site.dump, uploads=site.uploads, cms=first, home=tmp_path)
        migrate(site.folder / "dump.complete-insert.sql.gz", uploads=site.uploads, cms=second, home=tmp_path)
        assert cms_content(first) == cms_content(second)
