"""Runs as they begin and end: one row each in `migration.runs`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from cms_models.db import Connection, target_errors
from cms_models.staging import json_bytes

FAILED = "failed"
FAIL = """
    UPDATE migration.runs SET finished_at = now(), outcome = %s,
        detail = detail || jsonb_build_object('error', %s::text)
"""


@target_errors()
def start_run(connection: Connection, run_id: UUID, site_id: int, kind: str, detail: Mapping[str, Any]) -> None:
    """Remember that a run begins. `detail` holds versions and settings, never a secret.

    The caller holds the site's lock, so runs of the site that never ended were killed: they are closed.
    """
    abandoned = "It ended without a word: it was killed, or its machine stopped."
    connection.execute(f"{FAIL} WHERE finished_at IS NULL AND site_id = %s".encode(), (FAILED, abandoned, site_id))
    connection.execute(
        "INSERT INTO migration.runs (id, site_id, kind, detail) VALUES (%s, %s, %s, %s)",
        (run_id, site_id, kind, Jsonb(detail, dumps=json_bytes)),
    )


@target_errors()
def finish_run(connection: Connection, run_id: UUID, outcome: str, detail: Mapping[str, Any]) -> None:
    """Remember how a run ended; `detail` is added to what is known of it."""
    connection.execute(
        "UPDATE migration.runs SET finished_at = now(), outcome = %s, detail = detail || %s WHERE id = %s",
        (outcome, Jsonb(detail, dumps=json_bytes), run_id),
    )


@target_errors()
def note(connection: Connection, run_id: UUID, detail: Mapping[str, Any]) -> None:
    """Add to what is known of a run."""
    statement = "UPDATE migration.runs SET detail = detail || %s WHERE id = %s"
    connection.execute(statement, (Jsonb(detail, dumps=json_bytes), run_id))


@target_errors()
def fail_run(connection: Connection, run_id: UUID, reason: str) -> None:
    """Remember that a run could not be finished; one that was finished stays so."""
    connection.execute(f"{FAIL} WHERE finished_at IS NULL AND id = %s".encode(), (FAILED, reason, run_id))


@target_errors()
def read_told(connection: Connection, site_id: int, *, before: UUID) -> str | None:
    """Return what the site was when all its rows were told of it before a run; None when something happened since.

    Runs that failed, decisions on conflicts and rollbacks leave rows told of something else; `verify` only reads.
    """
    statement = """
        SELECT detail->>'told' FROM migration.runs AS run
        WHERE site_id = %(site_id)s AND id <> %(run_id)s AND kind <> 'verify' AND NOT EXISTS (
            SELECT FROM migration.runs AS other WHERE other.site_id = %(site_id)s
                AND (other.detail->>'rolled_back_at')::timestamptz >= run.started_at
        )
        ORDER BY started_at DESC LIMIT 1
    """
    row = connection.execute(statement, {"site_id": site_id, "run_id": before}).fetchone()
    return row[0] if row else None
