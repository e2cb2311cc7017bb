"""One migration to be disturbed: its own database, media store and folder, and what an undisturbed one left."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from cms_models import schema
from tests.faults.sites import EditedSite, differences, everything, stored_files, unfinished_runs
from tests.faults.victims import Victim, Victims
from tests.migrations import UNREACHABLE

Databases = Callable[[], AbstractContextManager[str]]


@dataclass
class Disturbed:
    """A run in a place of its own; `again` and `is_as_undisturbed` are what must hold whatever was done to it."""

    name: str
    victims: Victims
    folder: Path
    cms: str
    arguments: tuple[str | Path, ...]
    expected: dict[str, list[str]]
    expected_files: dict[str, int]

    def start(self, *, worker_processes: bool = False) -> Victim:
        return self.victims.start(self.folder, *self.arguments, worker_processes=worker_processes)

    def run(self, crash_at: int | None = None) -> Victim:
        return self.victims.run(self.folder, *self.arguments, crash_at=crash_at)

    def problems(self) -> list[str]:
        """Run again, and return what differs from an undisturbed run."""
        again = self.run()
        if again.code != 0:
            return [f"the run after it left with {again.code}"]
        found = differences(everything(self.cms), self.expected)
        if (files := stored_files(self.folder / "media")) != self.expected_files:
            found.append(f"media: {sorted(set(files.items()) ^ set(self.expected_files.items()))[:3]}")
        if number := unfinished_runs(self.cms):
            found.append(f"{number} runs look as if they went on")
        return found


@dataclass
class Ferry:
    """A first migration, or a resync of an edited site, that can be repeated from the same start."""

    name: str
    source: Path
    uploads: Path
    template: str  # the database it starts from
    media: Path | None  # the media store it starts from
    expected: dict[str, list[str]]
    expected_files: dict[str, int]
    undisturbed: Victim

    @contextmanager
    def disturbed(self, name: str, victims: Victims, folder: Path, metrics: str = UNREACHABLE) -> Iterator[Disturbed]:
        """Yield a fresh start; its database and files are gone afterwards."""
        place = folder / name
        place.mkdir()
        if self.media:
            shutil.copytree(self.media, place / "media")
        with cloned(self.template, f"{make_url(self.template).database}_{name}") as cms:
            arguments = _arguments(self.source, self.uploads, cms, place, metrics)
            yield Disturbed(name, victims, place, cms, arguments, self.expected, self.expected_files)
        shutil.rmtree(place)


@contextmanager
def ferries(site: EditedSite, databases: Databases, victims: Victims, folder: Path) -> Iterator[dict[str, Ferry]]:
    """Yield a first migration and a resync, both of which ended well once."""
    empty, migrated, fresh = folder / "empty", folder / "migrated", folder / "fresh"
    with databases() as empty_cms, databases() as migrated_cms, databases() as fresh_cms:
        for cms in (empty_cms, migrated_cms, fresh_cms):
            schema.upgrade(cms)
        for place in (empty, migrated, fresh):
            place.mkdir()
        first = victims.run(fresh, *_arguments(site.before, site.uploads, fresh_cms, fresh, UNREACHABLE))
        assert first.code == 0
        victims.run(migrated, *_arguments(site.before, site.uploads, migrated_cms, migrated, UNREACHABLE))
        full = Ferry(
            "first", site.before, site.uploads, empty_cms, None,
            everything(fresh_cms), stored_files(fresh / "media"), first,
        )  # fmt: skip
        second = victims.run(fresh, *_arguments(site.after, site.uploads, fresh_cms, fresh, UNREACHABLE))
        assert second.code == 0
        resync = Ferry(
            "resync", site.after, site.uploads, migrated_cms, migrated / "media",
            everything(fresh_cms), stored_files(fresh / "media"), second,
        )  # fmt: skip
        yield {"first": full, "resync": resync}


def _arguments(source: Path, uploads: Path, cms: str, place: Path, metrics: str) -> tuple[str | Path, ...]:
    where = ("--cms", cms, "--metrics", metrics, "--media", place / "media", "--out", place / "report")
    return ("migrate", "--direct", "--quiet", "--source", source, "--uploads", uploads, *where)


@contextmanager
def cloned(template: str, name: str) -> Iterator[str]:
    """Yield the URL of a copy of a database."""
    url = make_url(template)
    administration = url.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    copy, original = sql.Identifier(name), sql.Identifier(url.database or "")
    with psycopg.connect(administration, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, original))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))
