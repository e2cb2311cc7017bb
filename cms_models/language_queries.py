"""Who wrote what in which language: counted in the database, for a report."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql
from psycopg.rows import class_row

from cms_models.db import Connection, target_errors
from cms_models.report_queries import of_table
from cms_models.rows import CONTENT_TABLES
from cms_models.translation_queries import is_stale


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLanguage:
    """Who wrote what there is of one kind in one language, or in all. Copies nobody has translated do not count."""

    entity: str
    kind: str
    language: str | None  # None for all languages together
    source: int
    human: int
    machine: int
    stale: int  # of the last two: the original has changed since
    things: int  # translations of each other are one thing


LANGUAGES = """
    WITH noted AS (
        SELECT row_id, bool_or(code = 'languages.copy') AS is_copy, bool_or(code = 'languages.outdated') AS is_stale
        FROM migration.issues JOIN migration.entity_state USING (site_id, entity, source_id)
        WHERE site_id = %(site_id)s AND entity = {entity} AND code IN ('languages.copy', 'languages.outdated')
        GROUP BY row_id
    ), outrun AS (
        SELECT made.row_id FROM migration.entity_state AS made
        JOIN migration.entity_state AS original
            ON original.site_id = made.site_id AND original.entity = {entity} AND original.source_id = made.source_id
        JOIN {table} AS hashed ON hashed.id = original.row_id
        WHERE made.site_id = %(site_id)s AND starts_with(made.entity, {entity} || '/') AND {is_stale}
    ), item AS (
        SELECT {kind} AS kind, language, translation_origin AS origin, coalesce(translation_group_id, id) AS thing,
            coalesce(is_stale, false) OR id IN (SELECT row_id FROM outrun) AS is_stale
        FROM {table} LEFT JOIN noted ON noted.row_id = id
        WHERE site_id = %(site_id)s AND deleted_at IS NULL AND language IS NOT NULL AND is_copy IS NOT TRUE AND {shown}
    )
    SELECT {entity} AS entity, kind, language,
        count(*) FILTER (WHERE origin = 'source') AS source,
        count(*) FILTER (WHERE origin = 'human') AS human,
        count(*) FILTER (WHERE origin = 'machine') AS machine,
        count(*) FILTER (WHERE is_stale AND origin <> 'source') AS stale,
        count(DISTINCT thing) AS things
    FROM item GROUP BY GROUPING SETS ((kind, language), (kind))
"""
ONE_LANGUAGE = "SELECT 1 FROM cms.sites WHERE id = %s AND cardinality(languages) < 2"
PUBLISHED_OR_MADE = "(status = 'published' OR wp_post_id IS NULL)"  # what a machine wrote begins as a draft


@target_errors()
def read_stored_languages(connection: Connection, site_id: int) -> list[StoredLanguage]:
    """Return who wrote the published content and the terms of each language, by kind; nothing for a single language."""
    if connection.execute(ONE_LANGUAGE, (site_id,)).fetchone():
        return []
    with connection.cursor(row_factory=class_row(StoredLanguage)) as cursor:
        return [
            row
            for table in (*CONTENT_TABLES, "terms")
            for row in cursor.execute(_statement(table), {"site_id": site_id}).fetchall()
        ]


def _statement(table: str) -> sql.Composed:
    shown = sql.SQL(PUBLISHED_OR_MADE if table in CONTENT_TABLES else "true")
    return of_table(LANGUAGES, table, shown=shown, is_stale=is_stale(table))
