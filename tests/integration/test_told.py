"""When a run may trust that all rows were told of the site as it is."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from cms_models import db, schema
from cms_models.runs import finish_run, read_told, start_run


class Runs:
    """Runs of one site, as the state remembers them."""

    def __init__(self, connection: db.Connection) -> None:
        self.connection = connection
        self.site_id = db.ensure_site(
            connection, "site", name="", url="", default_language="en", languages=["en"], timezone="UTC"
        )

    def begun(self, kind: str) -> UUID:
        run = uuid4()
        start_run(self.connection, run, self.site_id, kind, {})
        return run

    def done(self, kind: str, **detail: str) -> UUID:
        run = self.begun(kind)
        finish_run(self.connection, run, "complete", detail)
        return run

    def told(self) -> str | None:
        return read_told(self.connection, self.site_id, before=self.begun("resync"))


@pytest.fixture
def runs(postgres: str) -> Iterator[Runs]:
    schema.upgrade(postgres)
    with db.connect(postgres) as connection:
        yield Runs(connection)


def test_rows_were_told_of_what_the_last_run_has_noted(runs: Runs) -> None:
    assert runs.told() is None
    runs.done("migrate", told="a")
    runs.done("resync", told="b")
    assert runs.told() == "b"


def test_a_verification_changes_no_row(runs: Runs) -> None:
    runs.done("migrate", told="a")
    runs.done("verify")
    assert runs.told() == "a"


def test_nothing_is_trusted_after_a_run_that_was_killed_or_a_decision_on_a_conflict(runs: Runs) -> None:
    runs.done("migrate", told="a")
    runs.begun("resync")
    assert runs.told() is None
    runs.done("migrate", told="a")
    runs.done("resolve")
    assert runs.told() is None


def test_nothing_is_trusted_after_an_earlier_run_was_rolled_back(runs: Runs) -> None:
    first = runs.done("migrate", told="a")
    runs.done("resync", told="b")
    runs.connection.execute(
        "UPDATE migration.runs SET detail = detail || jsonb_build_object('rolled_back_at', now()) WHERE id = %s",
        [first],
    )
    assert runs.told() is None
    runs.done("migrate", told="b")
    assert runs.told() == "b"
