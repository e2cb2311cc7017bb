"""What the fault tests share: a site before and after edits, a server of victims, runs to disturb."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import _postgres_database
from tests.faults.ferries import Ferry, ferries
from tests.faults.sites import EditedSite, edited_site
from tests.faults.victims import Victims, running_victims


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> EditedSite:
    """A small site with pictures, before and after edits."""
    return edited_site(tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def victims(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victims]:
    """Starts runs that may be killed."""
    with running_victims(tmp_path_factory.mktemp("victims") / "said.log") as server:
        yield server


@pytest.fixture(scope="session")
def ferry(
    edited: EditedSite, victims: Victims, postgres_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Ferry]]:
    """ferry["first"] is a first migration, ferry["resync"] that of the edited site."""
    folder: Path = tmp_path_factory.mktemp("ferries")
    with ferries(edited, lambda: _postgres_database(postgres_server), victims, folder) as made:
        yield made
