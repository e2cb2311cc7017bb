"""Translations that wpferry made stay in step: with their originals, and with the people who edit them.

Everything here keeps before-images, so a run that did it can be rolled back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from cms_models.copy_sql import loaded_columns, staging, table_named, target
from cms_models.db import Connection, target_errors
from cms_models.deletion import entomb, mark_deleted, remove_tombstones
from cms_models.rows import CONTENT_TABLES
from cms_models.state_sql import image_of
from cms_models.translation_queries import edited_words, is_stale

Cursor = psycopg.Cursor[Any]
Key = Mapping[str, Any]
"""Names site_id, run_id and entity."""

TRANSLATED_TABLES = ("terms", *CONTENT_TABLES)


@target_errors()
def read_entities(connection: Connection, site_id: int) -> list[tuple[str, str]]:
    """Return table and language of all translations that wpferry has made."""
    statement = """
        SELECT DISTINCT entity FROM migration.entity_state
        WHERE site_id = %s AND position('/' IN entity) > 0 AND outcome <> 'deleted' ORDER BY entity
    """
    found = (entity.partition("/") for (entity,) in connection.execute(statement, (site_id,)))
    return [(table, language) for table, _, language in found]


@target_errors()
def made_languages(connection: Connection, site_key: str) -> list[str]:
    """Return the languages that translations were made into."""
    statement = """
        SELECT DISTINCT split_part(entity, '/', 2) FROM migration.entity_state
        WHERE site_id = (SELECT id FROM cms.sites WHERE key = %s) AND position('/' IN entity) > 0
            AND outcome <> 'deleted'
        ORDER BY 1
    """
    return [language for (language,) in connection.execute(statement, (site_key,))]


@target_errors()
def offer_languages(connection: Connection, site_key: str) -> None:
    """Add the languages that translations were made into to those the site has in WordPress."""
    statement = """
        UPDATE cms.sites SET languages = languages || ARRAY(
            SELECT language FROM unnest(%(made)s::text[]) AS language WHERE language <> ALL (languages)
        )
        WHERE key = %(key)s AND NOT languages @> %(made)s::text[]
    """
    connection.execute(statement, {"key": site_key, "made": made_languages(connection, site_key)})


def follow_originals(connection: Connection, site_id: int, run_id: UUID, *, purge: bool = False) -> int:
    """Put away translations whose original is gone or has another one now, keep all others in its group.

    Those whose words a person has changed stay, whatever becomes of their original. Returns the rows written.
    """
    written = 0
    for table, language in read_entities(connection, site_id):
        key = {"site_id": site_id, "run_id": run_id, "entity": f"{table}/{language}", "language": language}
        with target_errors(), connection.transaction(), connection.cursor() as cursor:
            is_menu = table not in TRANSLATED_TABLES  # what is edited of them is told by all their fields
            ids = {source_id for (source_id,) in cursor.execute(BEREFT_MENUS if is_menu else _bereft(table), key)}
            if ids:
                entombed = entomb(cursor, table, key, ids, keep_edited=is_menu, purge=purge)
                mark_deleted(cursor, key, ids - {source_id for source_id, _ in entombed.conflicts}, ())
                written += entombed.rows_written
            if purge:
                written += remove_tombstones(cursor, table, key)
            if not is_menu and (pairs := cursor.execute(_strayed(table), key).fetchall()):
                written += assign_groups(cursor, table, key, pairs)
    return written


@target_errors()
def mark_edited_as_human(
    connection: Connection, site_id: int, run_id: UUID, table: str, language: str
) -> dict[UUID, bool]:
    """Make the machine translations whose words somebody has edited human ones; return their ids.

    Each comes with whether it says what its original says: that may have changed since.
    """
    key = {"site_id": site_id, "run_id": run_id, "entity": f"{table}/{language}"}
    with connection.transaction(), connection.cursor() as cursor:
        edited: dict[UUID, bool] = dict(cursor.execute(_edited(table), key))
        if edited:
            cursor.execute(_save_images(table), {**key, "ids": list(edited)})
            statement = sql.SQL("UPDATE {} SET translation_origin = 'human' WHERE id = ANY (%s)").format(target(table))
            cursor.execute(statement, (list(edited),))
    return edited


def assign_groups(cursor: Cursor, table: str, key: Key, pairs: Sequence[tuple[UUID, UUID | None]]) -> int:
    """Put rows into translation groups, and remember it as loaded: it is no edit. Return the rows written."""
    values = {**key, "ids": [row_id for row_id, _ in pairs], "groups": [group_id for _, group_id in pairs]}
    cursor.execute(_save_images(table), values)
    cursor.execute(SAVE_STATES, values)
    cursor.execute(_remember_groups(table), values)
    return cursor.execute(_assign(table), values).rowcount


def forget_disputes(cursor: Cursor, key: Key) -> None:
    """Let what a person has changed about a translation stand: there is nothing to decide, it can be made again."""
    cursor.execute("DELETE FROM migration.conflicts WHERE site_id = %(site_id)s AND entity = %(entity)s", key)
    cursor.execute(SETTLE, key)


SETTLE = """
    UPDATE migration.entity_state SET outcome = 'loaded', reason = NULL
    WHERE site_id = %(site_id)s AND entity = %(entity)s AND outcome = 'conflict'
"""
SAVE_STATES = f"""
    {image_of("entity_state")} WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s
        AND known.row_id = ANY (%(ids)s) AND known.run_id <> %(run_id)s
    ON CONFLICT DO NOTHING
""".encode()


@cache
def keep_groups(table: str) -> bytes:
    """Return the statement that leaves staged rows in the group they share with translations wpferry made.

    A site without a plugin for languages has no groups of its own, so the source says "none".
    """
    return (
        sql.SQL("""
        UPDATE {stage} AS staged SET translation_group_id = present.translation_group_id
        FROM stage_states AS state
        CROSS JOIN LATERAL (
            SELECT content.translation_group_id FROM {table} AS content
            WHERE content.id = state.row_id AND content.translation_group_id IS NOT NULL
            OFFSET 0
        ) AS present
        WHERE staged.id = state.row_id AND staged.translation_group_id IS NULL
            AND EXISTS (SELECT FROM cms.translation_groups WHERE site_id = %(site_id)s)
            AND EXISTS (
                SELECT FROM {table} AS made JOIN migration.entity_state AS known
                    ON known.site_id = %(site_id)s AND known.entity = {name} || '/' || made.language
                    AND known.source_id = state.source_id AND known.row_id = made.id
                WHERE made.translation_group_id = present.translation_group_id AND made.site_id = %(site_id)s
                    AND made.deleted_at IS NULL
            )
        """)
        .format(stage=staging(table), table=target(table), name=sql.Literal(table))
        .as_bytes()
    )


MADE = sql.SQL("""
    FROM migration.entity_state AS state JOIN {table} AS hashed ON hashed.id = state.row_id
    WHERE state.site_id = %(site_id)s AND state.entity = %(entity)s AND state.outcome <> 'deleted'
        AND hashed.deleted_at IS NULL
""")


@cache
def _edited(table: str) -> bytes:
    return (
        sql.SQL("""
        SELECT hashed.id, NOT coalesce((
            SELECT {is_stale} FROM {table} AS original, (SELECT state.fingerprint) AS made
            WHERE original.id = hashed.translated_from_id
        ), true)
        {made} AND hashed.translation_origin = 'machine' AND {edited} ORDER BY hashed.id
        """)
        .format(
            is_stale=is_stale(table, "original"),
            table=target(table),
            made=MADE.format(table=target(table)),
            edited=edited_words(table),
        )
        .as_bytes()
    )


@cache
def _bereft(table: str) -> bytes:
    """Return the query for the source ids of unedited translations that have lost their original, or their place."""
    return (
        sql.SQL("""
        WITH bereft AS MATERIALIZED (  -- so that only of these the words are looked at
            SELECT state.source_id, state.row_id, state.loaded_hash {made}
                AND (
                    NOT EXISTS (
                        SELECT FROM {table} AS original
                        WHERE original.id = hashed.translated_from_id AND original.deleted_at IS NULL
                    ) OR EXISTS (
                        SELECT FROM {table} AS original JOIN {table} AS other
                            ON other.site_id = original.site_id AND other.language = hashed.language
                            AND other.translation_group_id = original.translation_group_id
                            AND other.deleted_at IS NULL AND other.id <> hashed.id
                        WHERE original.id = hashed.translated_from_id
                    )
                )
        )
        SELECT state.source_id FROM bereft AS state JOIN {table} AS hashed ON hashed.id = state.row_id
        WHERE NOT coalesce({edited}, false)
        ORDER BY state.source_id
        """)
        .format(made=MADE.format(table=target(table)), table=target(table), edited=edited_words(table))
        .as_bytes()
    )


BEREFT_MENUS = b"""
    SELECT made.source_id
    FROM migration.entity_state AS made JOIN cms.menus AS menu ON menu.id = made.row_id AND menu.deleted_at IS NULL
    WHERE made.site_id = %(site_id)s AND made.entity = %(entity)s AND made.outcome <> 'deleted' AND (
        NOT EXISTS (
            SELECT FROM migration.entity_state AS state JOIN cms.menus AS original ON original.id = state.row_id
            WHERE state.site_id = %(site_id)s AND state.entity = 'menus' AND state.source_id = made.source_id
                AND original.deleted_at IS NULL
        ) OR EXISTS (
            SELECT FROM cms.menus AS theirs
            WHERE theirs.site_id = %(site_id)s AND theirs.language = %(language)s AND theirs.deleted_at IS NULL
                AND theirs.id <> made.row_id AND theirs.locations && menu.locations
        )
    )
    ORDER BY made.source_id
"""


@cache
def _strayed(table: str) -> bytes:
    """Return the query for translations in another group than their original, with the original's."""
    statement = """
        SELECT hashed.id, original.translation_group_id
        FROM migration.entity_state AS state
        JOIN {table} AS hashed ON hashed.id = state.row_id
        JOIN {table} AS original ON original.id = hashed.translated_from_id
        WHERE state.site_id = %(site_id)s AND state.entity = %(entity)s AND state.outcome <> 'deleted'
            AND hashed.deleted_at IS NULL AND original.deleted_at IS NULL
            AND hashed.translation_group_id IS DISTINCT FROM original.translation_group_id
            AND NOT EXISTS (
                SELECT FROM {table} AS other
                WHERE other.site_id = original.site_id AND other.translation_group_id = original.translation_group_id
                    AND other.language = hashed.language AND other.id <> hashed.id
            )
        ORDER BY hashed.id
    """
    return sql.SQL(statement).format(table=target(table)).as_bytes()


@cache
def _save_images(table: str) -> bytes:
    statement = """
        INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
        SELECT %(run_id)s, {name}, present.id, %(site_id)s, to_jsonb(present.*) - 'search'
        FROM {table} AS present WHERE present.id = ANY (%(ids)s) ORDER BY present.id
        ON CONFLICT DO NOTHING
    """
    return sql.SQL(statement).format(name=sql.Literal(table), table=target(table)).as_bytes()


@cache
def _remember_groups(table: str) -> bytes:
    position = 2 + loaded_columns(table_named(table)).index("translation_group_id")
    statement = """
        UPDATE migration.entity_state AS known
        SET loaded_hash[{position}] = hash_record_extended(ROW(given.group_id), 0), run_id = %(run_id)s
        FROM unnest(%(ids)s::uuid[], %(groups)s::uuid[]) AS given (id, group_id)
        WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.row_id = given.id
            AND known.loaded_hash IS NOT NULL
    """
    return sql.SQL(statement).format(position=sql.Literal(position)).as_bytes()


@cache
def _assign(table: str) -> bytes:
    statement = """
        UPDATE {table} AS present SET translation_group_id = given.group_id
        FROM unnest(%(ids)s::uuid[], %(groups)s::uuid[]) AS given (id, group_id)
        WHERE present.id = given.id AND present.translation_group_id IS DISTINCT FROM given.group_id
    """
    return sql.SQL(statement).format(table=target(table)).as_bytes()
