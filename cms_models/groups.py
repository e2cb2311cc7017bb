"""Translation groups that nothing belongs to any more."""

from __future__ import annotations

from uuid import UUID

from psycopg import sql

from cms_models.db import Connection, target_errors
from cms_models.rows import CONTENT_TABLES

GROUPED = (*CONTENT_TABLES, "terms", "media")


def remove_empty_groups(connection: Connection, site_id: int, run_id: UUID) -> int:
    """Delete a site's groups without a living member, before-images kept; return their number."""
    members = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT translation_group_id FROM {} WHERE site_id = %(site_id)s AND deleted_at IS NULL").format(
            sql.Identifier("cms", table)
        )
        for table in GROUPED
    )
    statement = sql.SQL("""
        WITH gone AS (
            DELETE FROM cms.translation_groups AS empty
            WHERE site_id = %(site_id)s AND id NOT IN (
                SELECT translation_group_id FROM ({members}) AS members WHERE translation_group_id IS NOT NULL
            )
            RETURNING empty.*
        )
        INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
        SELECT %(run_id)s, 'translation_groups', id, site_id, to_jsonb(gone.*) FROM gone
        ON CONFLICT DO NOTHING
    """).format(members=members)
    with target_errors(), connection.transaction():
        return connection.execute(statement, {"site_id": site_id, "run_id": run_id}).rowcount
