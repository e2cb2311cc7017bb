"""Rows that people have written in two languages, from which the translation memory learns."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from psycopg import sql

from cms_models.copy_sql import target
from cms_models.db import Connection, target_errors
from cms_models.translation_values import Pair

BY_PEOPLE = """
    {0}.translation_origin <> 'machine' AND ({0}.translation_origin <> 'source' OR {0}.translated_from_id IS NULL)
"""
"""Neither a machine's words nor a copy that nobody has translated."""


@target_errors()
def read_pairs(
    connection: Connection,
    site_id: int,
    table: str,
    language: str,
    *,
    since: datetime | None,
    edited: Collection[UUID] = (),
) -> list[Pair]:
    """Return the rows by people that say the same in another language and in this one, ordered by the other language.

    `since` leaves out those whose translation no run has touched after that time and that are not `edited`: where only
    the other row has changed, the two say the same no more.
    """
    statement = sql.SQL("""
        WITH changed AS MATERIALIZED (
            SELECT state.row_id FROM migration.entity_state AS state JOIN migration.runs ON runs.id = state.run_id
            WHERE state.site_id = %(site_id)s AND state.row_id IS NOT NULL AND runs.started_at > %(since)s
        )
        SELECT row.language, row.id, there.id
        FROM {table} AS row JOIN {table} AS there
            ON there.site_id = row.site_id AND there.translation_group_id = row.translation_group_id
        WHERE row.site_id = %(site_id)s AND row.deleted_at IS NULL AND there.deleted_at IS NULL
            AND row.language <> %(language)s AND there.language = %(language)s AND {row_by_people} AND {there_by_people}
            AND (
                %(since)s::timestamptz IS NULL OR there.id IN (SELECT row_id FROM changed)
                OR there.id = ANY (%(edited)s)
            )
        ORDER BY row.language, row.id
    """).format(
        table=target(table),
        row_by_people=sql.SQL(BY_PEOPLE.format("row")),
        there_by_people=sql.SQL(BY_PEOPLE.format("there")),
    )
    key = {"site_id": site_id, "language": language, "since": since, "edited": list(edited)}
    rows = connection.execute(statement, key)
    return [Pair(table, *row) for row in rows]


@target_errors()
def last_harvest(connection: Connection, site_id: int, language: str, way: str) -> datetime | None:
    """Return when the last run began that has learnt from all pairs of a language in this way; None when none has."""
    statement = """
        SELECT max(started_at) FROM migration.runs
        WHERE site_id = %s AND kind = 'translate' AND detail->'harvested'->>%s = %s AND outcome <> 'rolled_back'
    """
    found = connection.execute(statement, (site_id, language, way)).fetchone()
    return found[0] if found else None


@target_errors()
def last_jobs_learnt(connection: Connection, site_id: int) -> frozenset[str]:
    """Return the prints of the translation jobs that the last run with some has learnt from."""
    statement = """
        SELECT detail->'jobs_learnt' FROM migration.runs
        WHERE site_id = %s AND kind = 'translate' AND detail ? 'jobs_learnt' AND outcome <> 'rolled_back'
        ORDER BY started_at DESC LIMIT 1
    """
    found = connection.execute(statement, (site_id,)).fetchone()
    return frozenset(found[0]) if found else frozenset()
