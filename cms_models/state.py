"""What wpferry remembers of each source object, as it is read: states, and the facts that rows were told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from cms_models.db import Connection, target_errors
from cms_models.rows import Outcome

ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class KnownState:
    """What the last look at a source object left behind."""

    fingerprint: str  # empty: take it again
    transform_version: int
    outcome: Outcome
    reason: str | None = None


@target_errors()
def known_entities(connection: Connection, site_id: int) -> frozenset[str]:
    """Return the entities of which something is known that has not gone from the source."""
    statement = "SELECT DISTINCT entity FROM migration.entity_state WHERE site_id = %s AND outcome <> 'deleted'"
    return frozenset(entity for (entity,) in connection.execute(statement, (site_id,)))


def each_state(
    connection: Connection, site_id: int, entity: str, *, only: Collection[int] | None = None
) -> Iterator[tuple[int, KnownState]]:
    """Yield source id and state of all objects of an entity, or of some; those gone from the source are left out.

    They are as many as the source has objects: a portion at a time is in memory.
    """
    outcomes = {outcome.value: outcome for outcome in Outcome}
    statement = """
        SELECT source_id, fingerprint, transform_version, outcome::text, reason FROM migration.entity_state
        WHERE site_id = %s AND entity = %s AND outcome <> 'deleted'
    """
    if only is not None:
        statement += " AND source_id = ANY (%s)"
    with connection.transaction(), connection.cursor("states", binary=True) as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(statement.encode(), (site_id, entity, *([] if only is None else [list(only)])))
        for source_id, fingerprint, version, outcome, reason in cursor:
            yield source_id, KnownState(fingerprint, version, outcomes[outcome], reason)


@target_errors()
def read_state(
    connection: Connection, site_id: int, entity: str, *, only: Collection[int] | None = None
) -> dict[int, KnownState]:
    """Return the same by source id."""
    return dict(each_state(connection, site_id, entity, only=only))


def read_facts(connection: Connection, site_id: int) -> Iterator[str]:
    """Yield all stamped facts that the site's rows were made from, each once; what translations link to is no such.

    They are several for each row: a portion at a time is in memory.
    """
    statement = """
        SELECT DISTINCT unnest(facts) FROM migration.entity_state
        WHERE site_id = %s AND outcome <> 'deleted' AND entity NOT LIKE '%%/%%'
    """
    with connection.transaction(), connection.cursor("facts") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        for (fact,) in cursor.execute(statement, (site_id,)):
            yield fact


def read_dependents(connection: Connection, site_id: int, facts: Collection[str]) -> Mapping[str, set[int]]:
    """Return, by entity, the source ids of rows whose transform asked the site for any of these facts."""
    statement = """
        SELECT entity, source_id FROM migration.entity_state
        WHERE site_id = %s AND outcome <> 'deleted'
            AND EXISTS (SELECT FROM unnest(facts) AS fact WHERE fact = ANY (%s::text[]))
    """
    found: dict[str, set[int]] = {}
    for entity, source_id in connection.execute(statement, (site_id, list(facts))):
        found.setdefault(entity, set()).add(source_id)
    return found
