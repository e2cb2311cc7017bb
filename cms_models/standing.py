"""How a site stands, in numbers: what a verdict is based on, asked of Postgres alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from cms_models.db import Connection, target_errors

STANDING = """
    SELECT
        (SELECT count(*) FROM migration.dead_letters WHERE site_id = %(site_id)s AND resolved_at IS NULL) AS rejected,
        (SELECT count(*) FROM migration.conflicts WHERE site_id = %(site_id)s) AS conflicts,
        (SELECT count(DISTINCT (entity, source_id)) FROM migration.issues
            WHERE site_id = %(site_id)s AND code = ANY (%(losses)s)) AS losses,
        (SELECT count(DISTINCT (entity, source_id)) FROM migration.issues
            WHERE site_id = %(site_id)s AND code = ANY (%(broken_links)s)) AS broken_links,
        files, missing
    FROM (
        SELECT count(*) AS files, count(*) FILTER (WHERE status IN ('missing', 'rejected')) AS missing
        FROM cms.media WHERE site_id = %(site_id)s AND wp_post_id IS NOT NULL AND deleted_at IS NULL
    ) AS media
"""
CODES = "SELECT DISTINCT code FROM migration.issues WHERE site_id = %s ORDER BY code"
# A run that failed may have written before it did, and so may one that tells nothing of what it wrote.
LAST_VERIFICATION = """
    SELECT finished_at, detail->'verification' AS document, EXISTS (
        SELECT FROM migration.runs AS later
        WHERE later.site_id = run.site_id AND (
            (later.detail->>'rolled_back_at')::timestamptz > run.started_at
            OR later.started_at > run.started_at AND later.kind <> run.kind AND (
                NOT later.detail ? 'report' AND later.detail->'translation'->>'rows_written' IS DISTINCT FROM '0'
                OR EXISTS (
                    SELECT FROM jsonb_each(later.detail->'report'->'entities') AS entity (name, counts)
                    WHERE counts->>'loaded' <> '0' OR counts->>'deleted' <> '0'
                )
            )
        )
    ) AS is_outdated
    FROM migration.runs AS run
    WHERE site_id = %s AND kind = 'verify' AND finished_at IS NOT NULL AND detail ? 'verification'
    ORDER BY started_at DESC LIMIT 1
"""
LAST_RUN = """
    SELECT id, started_at, finished_at,
        (SELECT detail->>'error' FROM migration.runs
            WHERE site_id = %(site_id)s AND kind NOT IN ('verify', 'translate') AND finished_at IS NOT NULL
            ORDER BY started_at DESC LIMIT 1) AS failure,
        detail->'report'->'entities' AS entities
    FROM migration.runs
    WHERE site_id = %(site_id)s AND detail ? 'report' AND outcome <> 'rolled_back'
    ORDER BY started_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a site waits, was lost, or is broken; all but the files are counted in source objects."""

    rejected: int
    conflicts: int
    losses: int
    broken_links: int
    files: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LastVerification:
    """What the last verification of a site found."""

    finished_at: datetime
    document: Mapping[str, Any]
    is_outdated: bool  # the CMS was written to since it began


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The last run of a site that has come to an end and still counts."""

    id: UUID
    started_at: datetime
    finished_at: datetime
    failure: str | None  # why a later one did not come to an end
    entities: Mapping[str, Mapping[str, Any]]  # counts of outcomes


@target_errors()
def read_standing(
    connection: Connection, site_id: int, *, losses: Collection[str], broken_links: Collection[str]
) -> Standing:
    """Return how a site stands; `losses` and `broken_links` are the codes of issues that count as such."""
    key = {"site_id": site_id, "losses": list(losses), "broken_links": list(broken_links)}
    with connection.cursor(row_factory=class_row(Standing)) as cursor:
        found = cursor.execute(STANDING, key).fetchone()
    assert found is not None  # noqa: S101 - counts are one row
    return found


@target_errors()
def read_issue_codes(connection: Connection, site_id: int) -> list[str]:
    """Return the codes of a site's issues."""
    return [code for (code,) in connection.execute(CODES, (site_id,))]


@target_errors()
def read_last_verification(connection: Connection, site_id: int) -> LastVerification | None:
    """Return the last verification that came to an end; None when there is none."""
    with connection.cursor(row_factory=class_row(LastVerification)) as cursor:
        return cursor.execute(LAST_VERIFICATION, (site_id,)).fetchone()


@target_errors()
def read_last_run(connection: Connection, site_id: int) -> LastRun | None:
    """Return the last run that came to an end and was not rolled back; None when there is none."""
    with connection.cursor(row_factory=class_row(LastRun)) as cursor:
        return cursor.execute(LAST_RUN, {"site_id": site_id}).fetchone()
