"""How a batch's states, findings and conflicts are saved, with images of what was there before.

Everything here runs in the caller's transaction; nothing commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import psycopg

MEMORY: Mapping[str, tuple[str, ...]] = {
    "entity_state": ("site_id", "entity", "source_id"),
    "issues": ("site_id", "entity", "source_id", "position"),
    "dead_letters": ("site_id", "entity", "source_id"),
    "conflicts": ("site_id", "entity", "source_id"),
}
"""Tables that a rollback brings back, beside those of `cms`, and their keys. `run_id` says who wrote a row last."""


def image_of(table: str) -> str:
    """Return the beginning of a statement that keeps rows, called `known`, as they were before this run.

    They have no id of their own; `row_history` knows them under the hash of their key.
    """
    key = " || '/' || ".join(f"known.{column}" for column in MEMORY[table])
    return f"""
        INSERT INTO migration.row_history (run_id, table_name, row_id, site_id, before)
        SELECT %(run_id)s, '{table}', md5({key})::uuid, known.site_id, to_jsonb(known) FROM migration.{table} AS known
    """  # noqa: S608 - names of ours, here and below


OF_ENTITY = """
    known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.run_id <> %(run_id)s
"""
SAVE_STATE_IMAGE = f"{image_of('entity_state')} WHERE {OF_ENTITY}"

STATE_COLUMNS = ("fingerprint", "transform_version", "row_id", "loaded_hash", "outcome", "reason", "facts")
STATE_VALUES = ", ".join(STATE_COLUMNS)
KNOWN_VALUES = ", ".join(f"known.{name}" for name in STATE_COLUMNS)
FINAL_VALUES = ", ".join(f"final.{name}" for name in STATE_COLUMNS)
ASSIGNMENTS = ", ".join(f"{name} = EXCLUDED.{name}" for name in STATE_COLUMNS)

SAVE_STATES = f"""
    WITH final AS MATERIALIZED (
        SELECT state.source_id, state.fingerprint, state.transform_version,
            coalesce(state.row_id, known.row_id) AS row_id,
            coalesce(decided.known_hash, decided.row_hash, known.loaded_hash) AS loaded_hash,
            CASE WHEN decided.contested IS NOT NULL THEN 'conflict' ELSE state.outcome END::migration.outcome
                AS outcome,
            CASE WHEN decided.contested IS NOT NULL THEN 'edited in the CMS and in the source' ELSE state.reason END
                AS reason,
            state.facts, known.source_id IS NOT NULL AS is_known
        FROM stage_states AS state
        LEFT JOIN stage_outcomes AS decided USING (source_id)
        LEFT JOIN migration.entity_state AS known
            ON known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = state.source_id
    ), changed AS MATERIALIZED (
        SELECT final.* FROM final LEFT JOIN migration.entity_state AS known
            ON known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = final.source_id
        WHERE known.source_id IS NULL OR ({KNOWN_VALUES}) IS DISTINCT FROM ({FINAL_VALUES})
    ), saved AS (
        {SAVE_STATE_IMAGE} AND known.source_id IN (SELECT source_id FROM changed WHERE is_known)
        ON CONFLICT DO NOTHING
    )
    INSERT INTO migration.entity_state AS known (site_id, entity, source_id, run_id, {STATE_VALUES})
    SELECT %(site_id)s, %(entity)s, source_id, %(run_id)s, {STATE_VALUES} FROM changed ORDER BY source_id
    ON CONFLICT (site_id, entity, source_id) DO UPDATE SET {ASSIGNMENTS}, run_id = EXCLUDED.run_id
"""  # noqa: S608

ADD_FINDINGS = (
    """
    INSERT INTO migration.issues AS known (site_id, entity, source_id, position, code, detail, run_id)
    SELECT %(site_id)s, %(entity)s, source_id, position, code, detail, %(run_id)s FROM stage_issues
    ORDER BY source_id, position
    ON CONFLICT (site_id, entity, source_id, position) DO UPDATE
    SET code = EXCLUDED.code, detail = EXCLUDED.detail, run_id = EXCLUDED.run_id
    WHERE (known.code, known.detail) IS DISTINCT FROM (EXCLUDED.code, EXCLUDED.detail)
    """,
    """
    INSERT INTO migration.dead_letters AS known (site_id, entity, source_id, stage, error, detail, payload, run_id)
    SELECT %(site_id)s, %(entity)s, source_id, stage, error, detail, payload, %(run_id)s FROM stage_dead_letters
    ORDER BY source_id
    ON CONFLICT (site_id, entity, source_id) DO UPDATE
    SET stage = EXCLUDED.stage, error = EXCLUDED.error, detail = EXCLUDED.detail, payload = EXCLUDED.payload,
        run_id = EXCLUDED.run_id, resolved_at = NULL
    WHERE (known.stage, known.error, known.detail, known.payload, known.resolved_at)
        IS DISTINCT FROM (EXCLUDED.stage, EXCLUDED.error, EXCLUDED.detail, EXCLUDED.payload, NULL)
    """,
)
CLEAR_FINDINGS = (
    f"""{image_of("issues")} JOIN stage_states AS state ON state.source_id = known.source_id
        LEFT JOIN stage_issues AS issue
            ON issue.source_id = known.source_id AND issue.position = known.position
        WHERE {OF_ENTITY} AND (known.code, known.detail) IS DISTINCT FROM (issue.code, issue.detail)
    ON CONFLICT DO NOTHING
    """,
    """
    DELETE FROM migration.issues AS known USING stage_states AS state
    WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = state.source_id
        AND NOT EXISTS (
            SELECT FROM stage_issues AS issue
            WHERE issue.source_id = known.source_id AND issue.position = known.position
        )
    """,
    f"""{image_of("dead_letters")} JOIN stage_states AS state ON state.source_id = known.source_id
        LEFT JOIN stage_dead_letters AS letter ON letter.source_id = known.source_id
        WHERE {OF_ENTITY} AND (
            known.resolved_at IS NULL AND state.outcome <> 'rejected' OR letter.source_id IS NOT NULL
            AND (known.stage, known.error, known.detail, known.payload, known.resolved_at)
                IS DISTINCT FROM (letter.stage, letter.error, letter.detail, letter.payload, NULL)
        )
    ON CONFLICT DO NOTHING
    """,
    """
    UPDATE migration.dead_letters AS known SET resolved_at = now() FROM stage_states AS state
    WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = state.source_id
        AND known.resolved_at IS NULL AND state.outcome <> 'rejected'
    """,
)

CONFLICT_COLUMNS = ("row_id", "fields", "source_row", "source_owned", "source_hash", "outcome", "reason")
CONFLICT_VALUES, KNOWN_CONFLICT, FOUND_CONFLICT, SENT_CONFLICT = (
    ", ".join(f"{prefix}{name}" for name in CONFLICT_COLUMNS) for prefix in ("", "known.", "found.", "EXCLUDED.")
)
SAVE_CONFLICTS = (
    f"""{image_of("conflicts")} LEFT JOIN stage_conflicts AS found ON found.source_id = known.source_id
        WHERE {OF_ENTITY} AND known.source_id = ANY (%(source_ids)s)
            AND ({KNOWN_CONFLICT}) IS DISTINCT FROM ({FOUND_CONFLICT})
    ON CONFLICT DO NOTHING
    """,
    """
    DELETE FROM migration.conflicts AS known
    WHERE known.site_id = %(site_id)s AND known.entity = %(entity)s AND known.source_id = ANY (%(source_ids)s)
        AND NOT EXISTS (SELECT FROM stage_conflicts AS found WHERE found.source_id = known.source_id)
    """,
    f"""
    INSERT INTO migration.conflicts AS known (site_id, entity, source_id, run_id, {CONFLICT_VALUES})
    SELECT %(site_id)s, %(entity)s, source_id, %(run_id)s, {CONFLICT_VALUES} FROM stage_conflicts ORDER BY source_id
    ON CONFLICT (site_id, entity, source_id) DO UPDATE
    SET {", ".join(f"{name} = EXCLUDED.{name}" for name in CONFLICT_COLUMNS)}, run_id = EXCLUDED.run_id
    WHERE ({KNOWN_CONFLICT}) IS DISTINCT FROM ({SENT_CONFLICT})
    """,  # noqa: S608
)


def save_states(cursor: psycopg.Cursor[Any], key: Mapping[str, Any]) -> None:
    """Write the staged states that differ; `key` names site_id, entity and run_id."""
    cursor.execute(SAVE_STATES.encode(), key)


def save_findings(cursor: psycopg.Cursor[Any], key: Mapping[str, Any]) -> None:
    """Put the staged issues and dead letters in the place of those known of the batch's objects."""
    for statement in CLEAR_FINDINGS:
        cursor.execute(statement.encode(), key)
    add_findings(cursor, key)


def add_findings(cursor: psycopg.Cursor[Any], key: Mapping[str, Any]) -> None:
    """Write the staged issues and dead letters; what else is known of the batch's objects stays."""
    for statement in ADD_FINDINGS:
        cursor.execute(statement.encode(), key)


def save_conflicts(cursor: psycopg.Cursor[Any], key: Mapping[str, Any], source_ids: Collection[int]) -> None:
    """Put the staged conflicts in the place of those known of these objects."""
    for statement in SAVE_CONFLICTS:
        cursor.execute(statement.encode(), {**key, "source_ids": list(source_ids)})
