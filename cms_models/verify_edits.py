"""What happened to rows after they were loaded: rows that came, went or changed without wpferry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from sys import intern

from psycopg import sql

from cms_models.copy_sql import loaded_columns, table_named
from cms_models.db import Connection, stream, target_errors
from cms_models.merge_sql import OWNED, RECORD_TABLES, has_tombstone, present_hash
from cms_models.rows import CONTENT_TABLES

SHOWN_CHARACTERS = 200
NAMES: Mapping[str, str] = {
    **dict.fromkeys((*CONTENT_TABLES, "media"), "title"),
    "users": "login",
    "terms": "name",
    "comments": "author_name",
    "menus": "name",
    "redirects": "from_path",
    "settings": "key",
}
"""The column that names a row to people."""

WORDPRESS_IDS: Mapping[str, str] = {
    **dict.fromkeys((*CONTENT_TABLES, "media"), "wp_post_id"),
    "users": "wp_user_id",
    "terms": "wp_term_taxonomy_id",
    "comments": "wp_comment_id",
}


@dataclass(frozen=True, slots=True)
class State:
    """What the load remembers of one source object."""

    source_id: int
    outcome: str
    reason: str | None
    is_present: bool  # its row is there
    is_deleted: bool  # ... but is a tombstone
    title: str


@dataclass(frozen=True, slots=True)
class Stray:
    """A row that no load made."""

    source_id: int | None
    title: str
    is_deleted_in_source: bool  # its object is gone from the source, and the row should be a tombstone


@dataclass(frozen=True, slots=True)
class Edit:
    """A field that is no longer what was loaded; for rows that belong to it, the name of their table."""

    source_id: int
    title: str
    field: str
    value: str | None  # as it is now


@target_errors()
def read_states(connection: Connection, site_id: int, entity: str) -> Iterator[State]:
    """Yield the states of one entity's objects, each with what has become of its row."""
    deleted = "target.deleted_at IS NOT NULL" if has_tombstone(table_named(entity).name) else "false"
    statement = sql.SQL("""
        SELECT state.source_id, state.outcome::text, state.reason, target.id IS NOT NULL,
            coalesce({deleted}, false), coalesce(target.{name}, '')
        FROM migration.entity_state AS state LEFT JOIN {table} AS target ON target.id = state.row_id
        WHERE state.site_id = %s AND state.entity = %s
    """).format(deleted=sql.SQL(deleted), name=sql.Identifier(NAMES[entity]), table=sql.Identifier("cms", entity))
    for source_id, outcome, *others in stream(connection, statement, (site_id, entity)):
        yield State(source_id, intern(outcome), *others)


@target_errors()
def read_strays(connection: Connection, site_id: int, entity: str) -> list[Stray]:
    """Return live rows that are nobody's: without a state, or whose object is gone."""
    conditions = [sql.SQL("target.deleted_at IS NULL")] if has_tombstone(entity) else []
    number = WORDPRESS_IDS.get(entity)
    statement = sql.SQL("""
        SELECT {number}, coalesce(target.{name}, ''), state.source_id IS NOT NULL
        FROM {table} AS target
        LEFT JOIN migration.entity_state AS state
            ON state.site_id = target.site_id AND state.row_id = target.id
            AND split_part(state.entity, '/', 1) = %s  -- "articles/es" holds translations that wpferry made
        WHERE target.site_id = %s AND (state.source_id IS NULL OR state.outcome = 'deleted') {conditions}
    """).format(
        number=sql.Identifier("target", number) if number else sql.SQL("state.source_id"),
        name=sql.Identifier(NAMES[entity]),
        table=sql.Identifier("cms", entity),
        conditions=sql.SQL("").join(sql.SQL(" AND {}").format(condition) for condition in conditions),
    )
    return [Stray(*row) for row in connection.execute(statement, (entity, site_id))]


@target_errors()
def read_edits(connection: Connection, site_id: int, entity: str) -> Iterator[Edit]:
    """Yield each field that differs from what was loaded, told by the hashes that were kept then."""
    columns = loaded_columns(table_named(entity))
    owned = OWNED[entity][0] if entity in OWNED else "rows"
    hashes, join = present_hash(entity)
    texts = sql.SQL(", ").join(
        sql.SQL("left(hashed.{}::text, {})").format(sql.Identifier(column), sql.Literal(SHOWN_CHARACTERS))
        for column in columns
    )
    statement = sql.SQL("""
        SELECT source_id, title, loaded, now, texts FROM (
            SELECT state.source_id, hashed.{name} AS title, state.loaded_hash AS loaded, {hashes} AS now,
                ARRAY[{texts}] AS texts
            FROM migration.entity_state AS state JOIN {table} AS hashed ON hashed.id = state.row_id {join}
            WHERE state.site_id = %s AND state.entity = %s AND state.loaded_hash IS NOT NULL
                AND state.outcome NOT IN ('deleted', 'skipped')
        ) AS compared
        WHERE now[:cardinality(loaded)] <> loaded
    """).format(
        name=sql.Identifier(NAMES[entity]), hashes=hashes, table=sql.Identifier("cms", entity), join=join, texts=texts
    )
    for source_id, title, loaded, now, values in stream(connection, statement, (site_id, entity)):
        for name, before, after, value in zip((owned, *columns), loaded, now, (None, *values), strict=False):
            if before != after:
                yield Edit(source_id, title or "", name, value)


ENTITIES: tuple[str, ...] = tuple(sorted(RECORD_TABLES))
"""Every entity whose objects have rows of their own."""


@target_errors()
def read_counts(connection: Connection, site_id: int, *, below: int) -> dict[str, dict[str, int]]:
    """Return how many live rows there are by status, of terms by taxonomy.

    Those of objects numbered `below` a limit count, and rows without any; translations that wpferry made do not.
    """
    counts: dict[str, dict[str, int]] = {}
    for table in (*CONTENT_TABLES, "terms"):
        statement = sql.SQL("""
            SELECT {kind}::text, count(*) FROM {table} AS target
            WHERE site_id = %(site_id)s AND deleted_at IS NULL AND NOT EXISTS (
                SELECT FROM migration.entity_state AS made
                WHERE made.site_id = %(site_id)s AND made.row_id = target.id
                    AND (made.entity LIKE %(made)s OR made.entity = %(table)s AND made.source_id >= %(below)s)
            )
            GROUP BY 1
        """).format(
            kind=sql.Identifier("taxonomy" if table == "terms" else "status"),
            table=sql.Identifier("cms", table),
        )
        given = {"site_id": site_id, "table": table, "made": f"{table}/%", "below": below}
        counts[table] = dict(connection.execute(statement, given).fetchall())
    return counts
