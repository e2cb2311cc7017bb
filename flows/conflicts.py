"""Conflicts as people see and settle them: listed with both versions, resolved one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from cms_models import db, queries, runs, schema
from cms_models.conflicts import OpenConflict, Resolution, Side, read_conflicts, resolve_conflict
from flows.differences import both_versions
from flows.settings import ConfigurationError, Settings
from flows.wiring import open_target

SHOWN = 100  # characters of a value on the terminal


@dataclass(frozen=True, slots=True)
class SiteConflicts:
    """What of one site waits for a decision."""

    site: str
    conflicts: tuple[OpenConflict, ...]

    def document(self) -> list[dict[str, Any]]:
        """Return what --json prints: both versions, whole."""
        return [conflict_document(self.site, one) for one in self.conflicts]

    def lines(self) -> Iterator[str]:
        """Yield the same for people, long texts cut to where they differ."""
        for one in self.conflicts:
            yield from conflict_lines(self.site, one)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A conflict that was settled, wholly or in part."""

    id: str
    run_id: str
    rows_written: int
    still_open: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return asdict(self)

    def sentence(self) -> str:
        """Return the same for people."""
        rest = f"; still in conflict: {', '.join(self.still_open)}" if self.still_open else ""
        return f"{self.id} is resolved, {self.rows_written} rows written{rest}. To undo: wpferry rollback {self.run_id}"


def site_conflicts(settings: Settings, key: str) -> SiteConflicts:
    """Return the open conflicts of a site."""
    with open_target(settings, key) as target, db.connect(target.cms_url) as connection:
        schema.require_current_schema(connection)
        site_id = queries.find_site(connection, key)
        found = read_conflicts(connection, site_id) if site_id is not None else []
        return SiteConflicts(key, tuple(found))


def resolve(settings: Settings, conflict_id: str, take: Sequence[str]) -> Resolved:
    """Settle a conflict as `take` says: cms, source, or FIELD=cms and FIELD=source for some of its fields.

    It is a run of its own, so it can be rolled back.
    """
    key, entity, source_id = parse_id(conflict_id)
    sides = parse_take(take)
    if key not in settings.sites:
        raise ConfigurationError(f"There is no site {key!r}. See: wpferry conflicts")
    with (
        open_target(settings, key) as target,
        db.connect(target.cms_url) as connection,
        db.site_lock(connection, key),
    ):
        schema.require_current_schema(connection)
        site_id = queries.find_site(connection, key)
        if site_id is None:
            raise ConfigurationError(f"The site {key!r} was never migrated into this CMS.")
        run_id = uuid4()
        with connection.transaction():
            runs.start_run(connection, run_id, site_id, "resolve", {"conflict": conflict_id, "take": list(take)})
            done: Resolution = resolve_conflict(connection, site_id, run_id, entity, source_id, sides)
            runs.finish_run(connection, run_id, "complete", {"rows_written": done.rows_written})
    return Resolved(id=conflict_id, run_id=str(run_id), rows_written=done.rows_written, still_open=done.still_open)


def parse_id(conflict_id: str) -> tuple[str, str, int]:
    """Return site key, entity and source id."""
    rest, _, number = conflict_id.rpartition("-")
    key, _, entity = rest.rpartition("-")
    if not (key and entity and number.isdecimal()):
        raise ConfigurationError(
            f"{conflict_id!r} is no conflict; they are named SITE-ENTITY-ID, such as site-articles-42."
        )
    return key, entity, int(number)


def parse_take(take: Sequence[str]) -> Side | Mapping[str, Side]:
    """Return whose word counts: for the whole row, or for each field named."""
    sides = {side.value: side for side in Side}
    if len(take) == 1 and take[0] in sides:
        return sides[take[0]]
    chosen = {}
    for one in take:
        name, _, side = one.partition("=")
        if side not in sides:
            raise ConfigurationError(f"--take {one} is not understood; give cms, source, FIELD=cms or FIELD=source.")
        chosen[name] = sides[side]
    if not chosen:
        raise ConfigurationError("Say whose version counts: --take cms, --take source, or --take FIELD=source.")
    return chosen


def conflict_document(site: str, conflict: OpenConflict) -> dict[str, Any]:
    """Return one conflict as JSON shows it."""
    return {
        "id": f"{site}-{conflict.entity}-{conflict.source_id}",
        "entity": conflict.entity,
        "source_id": conflict.source_id,
        "row_id": str(conflict.row_id),
        "title": conflict.title,
        "cause": conflict.cause,
        "fields": {one.name: {"cms": one.cms, "source": one.source} for one in conflict.fields},
    }


def conflict_lines(site: str, conflict: OpenConflict) -> Iterator[str]:
    """Yield one conflict as the terminal shows it."""
    yield f"{site}-{conflict.entity}-{conflict.source_id} {conflict.title!r}: {conflict.cause}"
    for one in conflict.fields:
        cms, source = both_versions(one.cms, one.source, limit=SHOWN)
        yield f"  {one.name}"
        yield f"    cms     {cms}"
        yield f"    source  {source}"
