"""What several integration tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.translations import BUNDLED, TranslatedSite, copied_database
from wp_models.sources import open_source


@pytest.fixture(scope="session")
def migrated(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TranslatedSite]:
    """The bundled site, migrated once; tests work on copies of it."""
    home = tmp_path_factory.mktemp("bundled")
    with open_source(str(BUNDLED), cache=home).connect() as connection:
        path = connection.exec_driver_sql("PRAGMA database_list").fetchone()
    assert path is not None
    with copied_database(postgres_server) as url:
        site = TranslatedSite(Path(path[2]), url, home)
        site.migrate()
        yield site


@pytest.fixture
def site(migrated: TranslatedSite, postgres_server: str, tmp_path: Path) -> Iterator[TranslatedSite]:
    """A copy of the bundled site as it was migrated, with a WordPress of its own to edit."""
    wordpress = tmp_path / "wordpress.sqlite"
    shutil.copy(migrated.wordpress, wordpress)
    with copied_database(postgres_server, template=make_url(migrated.cms).database) as url:
        yield TranslatedSite(wordpress, url, tmp_path)
