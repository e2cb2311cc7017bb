"""Removes stored files that nothing refers to any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cms_models import db, schema
from cms_models.media_references import remembered_keys, shown_keys, site_keys
from cms_models.media_store import MediaStore, StoredObject
from flows.settings import Settings
from flows.wiring import open_target

SAFE_AGE = timedelta(hours=1)
"""A file is stored before the row that refers to it is committed, perhaps by a program we know nothing of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What became of the files of one store."""

    store: str
    kept: tuple[StoredObject, ...]
    removed: tuple[StoredObject, ...]
    too_young: tuple[StoredObject, ...]  # nothing refers to them, but something may in a moment
    for_rollback: tuple[StoredObject, ...]  # only a rollback would show them again
    is_rehearsal: bool

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        parts = ("kept", "removed", "too_young", "for_rollback")
        return {
            "store": self.store,
            "dry_run": self.is_rehearsal,
            **{name: {"files": len(getattr(self, name)), "bytes": _size(getattr(self, name))} for name in parts},
            "keys": [one.key for one in self.removed],
        }

    def sentence(self) -> str:
        """Return the same for people."""
        done = "would be removed" if self.is_rehearsal else "removed"
        rest = "".join(
            f", {len(files):,} {why}"
            for files, why in ((self.for_rollback, "kept for rollbacks"), (self.too_young, "younger than an hour"))
            if files
        )
        return f"{self.store}: {len(self.removed):,} files {done}, {_size(self.removed):,} bytes{rest}."


def collect_media(
    settings: Settings, chosen: Iterable[str], *, even_for_rollback: bool, rehearse: bool
) -> Iterator[Collected]:
    """Remove from the stores of the chosen sites what no site refers to; `settings` must name every site.

    Holds the locks of all sites meanwhile. Raises SiteBusyError when a run is at work on one of them.
    """
    shown: set[str] = set()
    remembered: set[str] = set()
    stores: dict[str, None] = {}  # each once, in order
    with ExitStack() as opened:
        databases: set[str] = set()
        for key in settings.sites:
            target = opened.enter_context(open_target(settings, key))
            if key in chosen:
                stores[target.media_url] = None
            if target.cms_url in databases:
                continue
            databases.add(target.cms_url)
            connection = opened.enter_context(db.connect(target.cms_url))
            schema.require_current_schema(connection)
            for site in site_keys(connection):
                opened.enter_context(db.site_lock(connection, site))
            shown |= shown_keys(connection)
            remembered |= remembered_keys(connection)
        for url in stores:
            yield _collect(MediaStore(url), shown, set() if even_for_rollback else remembered, rehearse=rehearse)


def _collect(store: MediaStore, shown: set[str], remembered: set[str], *, rehearse: bool) -> Collected:
    oldest_safe = datetime.now(UTC) - SAFE_AGE
    kept, removed, too_young, for_rollback = [], [], [], []
    for found in store.files():
        if found.key in shown:
            kept.append(found)
        elif found.key in remembered:
            for_rollback.append(found)
        elif found.modified_at is None or found.modified_at > oldest_safe:
            too_young.append(found)
        else:
            removed.append(found)
            if not rehearse:
                store.delete(found.key)
    return Collected(
        store=store.name,
        kept=tuple(kept),
        removed=tuple(removed),
        too_young=tuple(too_young),
        for_rollback=tuple(for_rollback),
        is_rehearsal=rehearse,
    )


def _size(files: Iterable[StoredObject]) -> int:
    return sum(one.byte_size for one in files)
