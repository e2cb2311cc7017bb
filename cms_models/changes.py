"""What a run changed in `cms`, row by row and field by field: its before-images held against the rows as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from uuid import UUID

from psycopg import sql
from psycopg.rows import dict_row

from cms_models import tables
from cms_models.copy_sql import table_named, target
from cms_models.db import Connection, target_errors
from cms_models.rows import Json

TITLE_COLUMNS = ("title", "name", "display_name", "login", "label", "author_name", "from_path", "key", "slug")
"""Columns of which the first that says anything names a row to people."""

WORDPRESS_IDS = ("wp_post_id", "wp_term_taxonomy_id", "wp_user_id", "wp_comment_id")


class Change(StrEnum):
    """What happens to a row."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"  # a tombstone, or gone
    RESTORE = "restore"  # a tombstone no more


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column before and after."""

    old: Json
    new: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One row that a run writes."""

    table: str
    row_id: UUID
    wp_id: int | None
    title: str
    change: Change
    fields: Mapping[str, FieldChange] = field(default_factory=dict)  # of rows that are there before and after


@target_errors()
def read_changes(connection: Connection, run_id: UUID) -> list[RowChange]:
    """Return what a run has changed, tables in load order; rows that ended as they began are left out."""
    cursor = connection.cursor(row_factory=dict_row)
    return [
        RowChange(
            table=table.name,
            row_id=found["row_id"],
            wp_id=found["wp_id"],
            title=found["title"] or "",
            change=Change(found["change"]),
            fields={name: FieldChange(*both) for name, both in sorted((found["fields"] or {}).items())},
        )
        for table in tables.metadata.sorted_tables
        if table.name != "sites"
        for found in cursor.execute(_changes(table.name), {"run_id": run_id, "table": table.name})
    ]


@cache
def _changes(name: str) -> bytes:
    columns = table_named(name).columns.keys()
    said = [sql.SQL("nullif(named.row->>{}, '')").format(sql.Literal(one)) for one in TITLE_COLUMNS if one in columns]
    numbers = [sql.SQL("(named.row->>{})::bigint").format(sql.Literal(one)) for one in WORDPRESS_IDS if one in columns]
    return (
        sql.SQL("""
        SELECT history.row_id, {wp_id} AS wp_id, {title} AS title, diff.fields,
            CASE
                WHEN history.before IS NULL THEN 'create'
                WHEN present.row IS NULL OR diff.fields->'deleted_at'->0 = 'null' THEN 'delete'
                WHEN diff.fields ? 'deleted_at' THEN 'restore'
                ELSE 'update'
            END AS change
        FROM migration.row_history AS history
        LEFT JOIN LATERAL (
            SELECT to_jsonb(stored.*) - 'search' AS row FROM {table} AS stored WHERE stored.id = history.row_id
        ) AS present ON true
        CROSS JOIN LATERAL (SELECT coalesce(present.row, history.before) AS row) AS named
        CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(key, jsonb_build_array(old.value, new.value)) AS fields
            FROM jsonb_each(history.before) AS old FULL JOIN jsonb_each(present.row) AS new USING (key)
            WHERE history.before IS NOT NULL AND present.row IS NOT NULL AND old.value IS DISTINCT FROM new.value
        ) AS diff
        WHERE history.run_id = %(run_id)s AND history.table_name = %(table)s
            AND CASE
                WHEN history.before IS NULL THEN present.row IS NOT NULL
                ELSE present.row IS NULL OR diff.fields IS NOT NULL
            END
        ORDER BY wp_id, history.row_id
        """)
        .format(
            table=target(name),
            title=sql.SQL("coalesce({})").format(sql.SQL(", ").join([*said, sql.SQL("''")])),
            wp_id=sql.SQL("coalesce({})").format(sql.SQL(", ").join([*numbers, sql.SQL("NULL::bigint")])),
        )
        .as_bytes()
    )
