"""Statements that compare staged rows with those in the CMS and merge them: made from the tables once, then kept.

A `loaded_hash` says what a row was when it was loaded, so that a later run can tell, field by field, whether
somebody edited it in the CMS: one 64-bit hash for the rows it owns, then one for each loaded column in the order of
the table. Columns are only ever added at the end, and hashes are compared as far as the older one goes. A revision
that adds a column to an owned table sets `loaded_hash` to NULL there, which reads as "not known".
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from psycopg import sql
from sqlalchemy import Enum

from cms_models import tables
from cms_models.copy_sql import loaded_columns, names, staging, table_named, target
from cms_models.rows import CONTENT_TABLES, REFERENCE_COLUMNS
from cms_models.state_sql import image_of

OWNED: Mapping[str, tuple[str, str]] = {
    "users": ("user_metadata", "user_id"),
    "media": ("media_variants", "media_id"),
    "menus": ("menu_items", "menu_id"),
    **{name: ("term_relationships", REFERENCE_COLUMNS[name]) for name in CONTENT_TABLES},
}
"""The table whose rows belong to a row and live and die with it, and the column that says whose they are."""

RECORD_TABLES = frozenset({*CONTENT_TABLES, "users", "terms", "media", "comments", "menus", "redirects", "settings"})
"""Tables in which objects have their own row; entities are named like them."""

WRITTEN = "SELECT row_id FROM stage_outcomes WHERE decision = 'write'"


ANY_REWRITTEN = "SELECT EXISTS (SELECT FROM stage_outcomes WHERE existed AND decision = 'write')"
COUNT_OUTCOMES = """
    SELECT CASE WHEN decided.contested IS NOT NULL THEN 'conflict' ELSE coalesce(decided.decision, state.outcome) END,
        count(*)
    FROM stage_states AS state LEFT JOIN stage_outcomes AS decided USING (source_id) GROUP BY 1
"""


@cache
def decide(name: str) -> bytes:
    """Return the statement that fills `stage_outcomes` for the records of a table.

    "equal": the row is there already. "kept": edited in the CMS, the source has not changed. "disputed": edited in
    the CMS, and the source has changed too. "write": everything else. Takes site_id, entity and on_dispute.
    """
    return (
        sql.SQL("""
        INSERT INTO stage_outcomes (source_id, row_id, existed, decision, row_hash)
        WITH staged AS MATERIALIZED (
            SELECT hashed.id, {hash} AS row_hash
            FROM {stage} AS hashed {staged_owned}
        )
        SELECT state.source_id, staged.id, present.row_hash IS NOT NULL,
            CASE
                WHEN staged.row_hash = present.row_hash AND NOT present.is_deleted THEN 'equal'
                WHEN known.row_hash IS NULL THEN 'write'
                -- What we have put away ourselves is not an edit, unless somebody has taken it out again.
                WHEN known.is_put_away AND coalesce(present.is_deleted, true) THEN 'write'
                WHEN NOT coalesce(present.is_deleted, true) AND present.row_hash[:known.length] = known.row_hash
                    THEN 'write'
                WHEN staged.row_hash[:known.length] = known.row_hash THEN 'kept'
                ELSE %(on_dispute)s
            END,
            staged.row_hash
        FROM staged
        JOIN stage_states AS state ON state.row_id = staged.id
        LEFT JOIN LATERAL (
            SELECT loaded_hash AS row_hash, cardinality(loaded_hash) AS length,
                outcome IN ('deleted', 'skipped') AS is_put_away
            FROM migration.entity_state
            WHERE site_id = %(site_id)s AND entity = %(entity)s AND source_id = state.source_id
        ) AS known ON true
        LEFT JOIN LATERAL (
            SELECT {hash} AS row_hash, {is_deleted} AS is_deleted
            FROM {table} AS hashed {present_owned}
            WHERE hashed.id = staged.id
            OFFSET 0  -- one look by key for each staged row; a join might hash the whole table
        ) AS present ON true
        """)
        .format(
            stage=staging(name),
            table=target(name),
            hash=row_hash(name),
            staged_owned=_staged_owned(name),
            present_owned=_present_owned(name),
            is_deleted=is_deleted(name),
        )
        .as_bytes()
    )


@cache
def save_images(name: str, owner: str | None) -> bytes:
    """Return the statement that keeps rows as they are before `upsert` changes them. Takes site_id and run_id."""
    return (
        sql.SQL("""
        INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
        SELECT %(run_id)s, {name}, staged.id, %(site_id)s, to_jsonb(target.*) - 'search'
        FROM {stage} AS staged LEFT JOIN {table} AS target ON target.id = staged.id
        WHERE {chosen} AND (target.id IS NULL OR ({present}) IS DISTINCT FROM ({staged}))
        ORDER BY staged.id
        ON CONFLICT DO NOTHING
        """)
        .format(
            name=sql.Literal(name),
            stage=staging(name),
            table=target(name),
            chosen=_chosen(owner),
            present=_compared(name, "target"),
            staged=_compared(name, "staged"),
        )
        .as_bytes()
    )


@cache
def upsert(name: str, owner: str | None) -> bytes:
    """Return the statement that inserts staged rows and updates those that differ, in the order of their ids.

    `owner` is the column that names the record whose decision counts: "id" for records themselves, None for rows
    that several records share, which are always written.
    """
    columns = loaded_columns(table_named(name))
    assignments: list[sql.Composable] = [
        sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(column)) for column in columns if column != "id"
    ]
    if has_tombstone(name):
        assignments.append(sql.SQL("deleted_at = NULL"))
    return (
        sql.SQL("""
        INSERT INTO {table} AS target ({columns})
        SELECT {columns} FROM {stage} AS staged WHERE {chosen} ORDER BY id
        ON CONFLICT (id) DO UPDATE SET {assignments} WHERE ({present}) IS DISTINCT FROM ({staged})
        """)
        .format(
            table=target(name),
            columns=names(columns),
            stage=staging(name),
            chosen=_chosen(owner),
            assignments=sql.SQL(", ").join(assignments),
            present=_compared(name, "target"),
            staged=_compared(name, "excluded"),
        )
        .as_bytes()
    )


@cache
def delete_abandoned(owner_table: str) -> bytes:
    """Return the statement that deletes owned rows which their written owners no longer have, and counts them."""
    name, owner = OWNED[owner_table]
    return (
        sql.SQL("""
        WITH gone AS (
            DELETE FROM {table} AS target
            WHERE target.{owner} IN ({written} AND existed)
                AND NOT EXISTS (SELECT FROM {stage} AS staged WHERE staged.id = target.id)
            RETURNING target.*
        ), saved AS (
            INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
            SELECT %(run_id)s, {name}, gone.id, gone.site_id, to_jsonb(gone) FROM gone ORDER BY gone.id
            ON CONFLICT DO NOTHING
        )
        SELECT count(*) FROM gone
        """)
        .format(
            table=target(name),
            stage=staging(name),
            name=sql.Literal(name),
            owner=sql.Identifier(owner),
            written=sql.SQL(WRITTEN),
        )
        .as_bytes()
    )


@cache
def absent(name: str) -> bytes:
    """Return the query for those of the given ids that a table does not have."""
    statement = sql.SQL("""
        SELECT id FROM unnest(%(ids)s::uuid[]) AS wanted (id)
        WHERE NOT EXISTS (SELECT FROM {} AS present WHERE present.id = wanted.id)
    """)
    return statement.format(target(name)).as_bytes()


@cache
def defer_languages(name: str) -> bytes:
    """Return the statement that lets rows of one batch swap their languages."""
    constraint = f"{name}_site_id_translation_group_id_language_key"
    return sql.SQL("SET CONSTRAINTS {} DEFERRED").format(sql.Identifier(tables.SCHEMA, constraint)).as_bytes()


@cache
def displace(name: str) -> bytes:
    """Return the statement that detaches rows from a translation group when a written row takes their language.

    The source has one post per group and language, so a displaced row is one that this run has not come to yet, or
    a tombstone. Its state forgets the fingerprint: the next look at it puts it where it belongs.
    """
    position = 2 + loaded_columns(table_named(name)).index("translation_group_id")  # after the owned rows' hash
    return (
        sql.SQL("""
        WITH displaced AS (
            SELECT target.id, target.wp_post_id, to_jsonb(target.*) - 'search' AS before
            FROM {stage} AS staged
            CROSS JOIN LATERAL (
                SELECT * FROM {table} AS other
                WHERE other.site_id = staged.site_id AND other.translation_group_id = staged.translation_group_id
                    AND other.language = staged.language
                OFFSET 0
            ) AS target
            WHERE staged.translation_group_id IS NOT NULL AND staged.id IN ({written})
                AND target.id NOT IN ({written})
            ORDER BY target.id
        ), saved AS (
            INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
            SELECT %(run_id)s, {name}, id, %(site_id)s, before FROM displaced ON CONFLICT DO NOTHING
        ), remembered AS (
            {image} JOIN displaced ON displaced.wp_post_id = known.source_id
            WHERE known.site_id = %(site_id)s AND known.entity = {name} AND known.run_id <> %(run_id)s
            ON CONFLICT DO NOTHING
        ), forgotten AS (
            UPDATE migration.entity_state
            SET fingerprint = '', loaded_hash[{position}] = hash_record_extended(ROW(NULL::uuid), 0)
            WHERE site_id = %(site_id)s AND entity = {name} AND source_id IN (SELECT wp_post_id FROM displaced)
        )
        UPDATE {table} AS target SET translation_group_id = NULL FROM displaced WHERE target.id = displaced.id
        """)
        .format(
            stage=staging(name),
            table=target(name),
            name=sql.Literal(name),
            written=sql.SQL(WRITTEN),
            position=sql.Literal(position),
            image=sql.SQL(image_of("entity_state")),
        )
        .as_bytes()
    )


def row_hash(name: str) -> sql.Composable:
    """Return the expression of a row's hashes; the row is called `hashed`, its owned rows' hash `owned.row_hash`."""
    table = table_named(name)
    hashes: list[sql.Composable] = [sql.SQL("coalesce(owned.row_hash, 0)" if name in OWNED else "0::bigint")]
    for column in loaded_columns(table):
        # The hash of an enum is that of its OID, which another server, or the same one restored, numbers otherwise.
        cast = "::text" if isinstance(table.columns[column].type, Enum) else ""
        hashes.append(sql.SQL("hash_record_extended(ROW(hashed.{}" + cast + "), 0)").format(sql.Identifier(column)))
    return sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(hashes))


def present_hash(name: str) -> tuple[sql.Composable, sql.Composable]:
    """Return the expression of the hashes of rows in the CMS, and the join it needs beside the table `hashed`."""
    return row_hash(name), _present_owned(name)


def staged_hash(name: str) -> tuple[sql.Composable, sql.Composable]:
    """Return the expression of the hashes of rows `hashed` whose owned rows are staged, and the join it needs."""
    return row_hash(name), _staged_owned(name)


def is_deleted(name: str) -> sql.Composable:
    """Return the expression that says whether a row is a tombstone."""
    return sql.SQL("hashed.deleted_at IS NOT NULL" if has_tombstone(name) else "false")


def has_tombstone(name: str) -> bool:
    """Return whether rows of a table stay, marked, when their object is gone."""
    return "deleted_at" in table_named(name).columns


def _staged_owned(name: str) -> sql.Composable:
    if name not in OWNED:
        return sql.SQL("")
    owned, owner = OWNED[name]
    return sql.SQL(
        "LEFT JOIN (SELECT {owner} AS id, {hash} FROM {stage} AS owned GROUP BY 1) AS owned USING (id)"
    ).format(owner=sql.Identifier(owner), hash=_owned_hash(owned), stage=staging(owned))


def _present_owned(name: str) -> sql.Composable:
    if name not in OWNED:
        return sql.SQL("")
    owned, owner = OWNED[name]
    return sql.SQL(
        "LEFT JOIN LATERAL (SELECT {hash} FROM {table} AS owned WHERE {owner} = hashed.id) AS owned ON true"
    ).format(owner=sql.Identifier(owner), hash=_owned_hash(owned), table=target(owned))


def _owned_hash(name: str) -> sql.Composable:
    columns = sql.SQL(", ").join(sql.Identifier("owned", column) for column in loaded_columns(table_named(name)))
    return sql.SQL(
        "hashtextextended(string_agg(hash_record_extended(ROW({}), 0)::text, ',' ORDER BY owned.id), 0) AS row_hash"
    ).format(columns)


def _chosen(owner: str | None) -> sql.Composable:
    if owner is None:
        return sql.SQL("true")
    return sql.SQL("staged.{} IN ({})").format(sql.Identifier(owner), sql.SQL(WRITTEN))


def _compared(name: str, alias: str) -> sql.Composable:
    columns = [sql.Identifier(alias, column) for column in loaded_columns(table_named(name)) if column != "id"]
    tombstone = (
        [sql.SQL("target.deleted_at" if alias == "target" else "NULL::timestamptz")] if has_tombstone(name) else []
    )
    return sql.SQL(", ").join([*columns, *tombstone])
