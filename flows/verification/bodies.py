"""Bodies checked in key ranges, in processes of their own when there are many: parsing them is what takes the time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from cms_models import db
from cms_models.verify_queries import read_bodies
from flows.verification.languages import DefaultLanguage
from reports.checks.bodies import References, check_body, references
from reports.verification import Difference

SMALL_SITE = 2_000  # bodies; below it, starting processes costs more than they save


@dataclass(frozen=True, slots=True)
class BodyRange:
    """Bodies of one table to be checked together."""

    table: str
    first: int
    last: int
    declared: dict[int, frozenset[str]]  # codes of issues by WordPress id


@dataclass(frozen=True, slots=True)
class BodyResult:
    """What was found in a range."""

    table: str
    checked: int
    differences: list[Difference]
    references: list[References]


@dataclass(frozen=True, slots=True)
class BodyReader:
    """Where bodies are read from; small enough to be sent to a process."""

    cms_url: str
    site_id: int
    media_base: str
    spoken: DefaultLanguage

    def check(self, connection: db.Connection, some: BodyRange) -> BodyResult:
        """Return what differs in the bodies of a range, and what they refer to; holds one body at a time."""
        checked, differences, referring = 0, list[Difference](), list[References]()
        for stored in read_bodies(connection, self.site_id, some.table, some.first, some.last):
            body = replace(stored, source_content=self.spoken.text(stored.source_content))
            checked += 1
            differences += check_body(some.table, body, some.declared.get(body.wp_id, frozenset()))
            found = references(body, self.media_base)
            if found.links or found.files:
                referring.append(found)
        return BodyResult(some.table, checked, differences, referring)


@contextmanager
def body_results(
    reader: BodyReader, connection: db.Connection, ranges: Iterable[BodyRange], *, workers: int, bodies: int
) -> Iterator[Iterator[BodyResult]]:
    """Yield the results of all ranges; processes begin at once, while the caller does something else."""
    if workers == 1 or bodies < SMALL_SITE:
        yield (reader.check(connection, some) for some in ranges)
        return
    # A forked child would share the parent's sockets and threads; a spawned one starts clean.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_open, initargs=(reader,)) as pool:
        yield pool.map(_check, ranges)


_opened: tuple[BodyReader, db.Connection]


def _open(reader: BodyReader) -> None:
    global _opened  # noqa: PLW0603 - one connection per process is what a pool's initializer is for
    _opened = (reader, db.connect(reader.cms_url))


def _check(some: BodyRange) -> BodyResult:
    reader, connection = _opened
    return reader.check(connection, some)
