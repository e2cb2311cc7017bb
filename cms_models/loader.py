"""The only place that writes content to the CMS: one batch, one transaction, all of it or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg import errors as pg

from cms_models import copy_sql, merge_sql
from cms_models.batch_parts import OWNER_COLUMNS, by_table, halves, references, rejected, without_missing
from cms_models.db import Connection, first_line, target_errors
from cms_models.deletion import entomb, mark_deleted, remove_moved, remove_tombstones
from cms_models.disputes import DISPUTED, note_left_out, save_gone, settle_disputes
from cms_models.first_load import add_records, add_states, is_new
from cms_models.merge_sql import OWNED
from cms_models.rows import CONTENT_TABLES, ConflictPolicy, DeadLetterRow, LoadBatch, LoadResult, Outcome, Row
from cms_models.staging import copy_rows, create_stages
from cms_models.state_sql import add_findings, save_conflicts, save_findings, save_states
from cms_models.translation_upkeep import TRANSLATED_TABLES, keep_groups

Cursor = psycopg.Cursor[Any]
Rows = Mapping[str, Mapping[UUID, Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteResult:
    """What became of objects that are gone from the source."""

    deleted: int = 0
    conflicts: int = 0  # edited in the CMS, so they stay
    rows_written: int = 0


UNLOADABLE = (
    psycopg.DataError,
    psycopg.IntegrityError,
    pg.ProgramLimitExceeded,
    pg.StatementTooComplex,
    ValueError,
    TypeError,
    OverflowError,
    RecursionError,
)
"""What one bad value can cause. Its record is found by halving the batch; the others are loaded without it."""


def load_batch(
    connection: Connection,
    batch: LoadBatch,
    policy: ConflictPolicy = ConflictPolicy.KEEP_CMS,
    *,
    is_first_load: bool = False,
) -> LoadResult:
    """Write a batch with its state, issues, dead letters and before-images in one transaction; return what it did.

    Rows that a record no longer has are deleted, rows that are equal are left alone: the same batch again writes
    nothing. A record that Postgres refuses becomes a dead letter. Within a batch and a site, a translation group has
    at most one row for each language. In a site's `is_first_load` all rows are probably new; those that are need no
    comparison. Raises TargetUnavailableError and TargetRefusedError.
    """
    check_batch(batch)
    with target_errors(), connection.transaction(), connection.cursor() as cursor:
        # Rows and state go into the same transaction: if a server's crash loses the one, it loses the other.
        cursor.execute("SET LOCAL synchronous_commit = off")
        if is_first_load:  # what fails there is loaded with more care
            with suppress(*UNLOADABLE), connection.transaction():
                return _load(cursor, batch, policy, is_first_load=True)
        return _load_whole_or_halves(cursor, batch, policy)


def delete_rows(
    connection: Connection,
    site_id: int,
    run_id: UUID,
    entity: str,
    source_ids: Collection[int],
    *,
    purge: bool = False,
    policy: ConflictPolicy = ConflictPolicy.KEEP_CMS,
) -> DeleteResult:
    """Put away the rows of objects that are gone from the source: tombstones, or deleted to `purge`, as are old ones.

    Redirects and settings have no tombstones and are deleted. The state of the objects is DELETED, or CONFLICT when
    the row was edited in the CMS and the policy keeps it.
    """
    key = {"site_id": site_id, "run_id": run_id, "entity": entity}
    keep_edited = policy != ConflictPolicy.SOURCE_WINS
    with target_errors(), connection.transaction(), connection.cursor() as cursor:
        entombed = entomb(cursor, entity, key, source_ids, keep_edited=keep_edited, purge=purge)
        mark_deleted(cursor, key, source_ids, [source_id for source_id, _ in entombed.conflicts])
        save_gone(cursor, key, source_ids, entombed.conflicts)
        purged = remove_tombstones(cursor, entity, key) if purge else 0
    return DeleteResult(
        deleted=len(source_ids) - len(entombed.conflicts),
        conflicts=len(entombed.conflicts),
        rows_written=entombed.rows_written + purged,
    )


def check_batch(batch: LoadBatch) -> None:
    """Raise ValueError unless each loaded object has its row and each row's object is in the batch."""
    loaded = {state.row_id for state in batch.states if state.outcome == Outcome.LOADED}
    tables = record_tables(batch)
    ids = {row.id for row in batch.rows}
    if len({state.source_id for state in batch.states}) != len(batch.states):
        raise ValueError(f"A batch of {batch.entity} has two states for one object.")
    if not loaded <= ids:
        raise ValueError(f"A batch of {batch.entity} has a loaded object without its row: {next(iter(loaded - ids))}.")
    stray = [row for row in batch.rows if row.table in tables and row.id not in loaded]
    if stray:
        raise ValueError(f"A batch of {batch.entity} has a row of {stray[0].table} without its object: {stray[0].id}.")
    homeless = {row.table for row in batch.rows if row.table in OWNER_COLUMNS} - {
        OWNED[t][0] for t in tables if t in OWNED
    }
    if homeless:
        raise ValueError(f"A batch of {batch.entity} has rows of {homeless.pop()} without their owners.")


def record_tables(batch: LoadBatch) -> tuple[str, ...]:
    """Return the tables in which the batch's objects have their own rows."""
    loaded = {state.row_id for state in batch.states if state.outcome == Outcome.LOADED}
    return tuple(sorted({row.table for row in batch.rows if row.id in loaded}))


def _load_whole_or_halves(cursor: Cursor, batch: LoadBatch, policy: ConflictPolicy) -> LoadResult:
    try:
        with cursor.connection.transaction():
            return _load(cursor, batch, policy)
    except UNLOADABLE as error:
        if len(batch.states) > 1:
            first, second = (_load_whole_or_halves(cursor, half, policy) for half in halves(batch))
            return _sum(first, second)
        if not batch.rows:
            raise
        return _load(cursor, rejected(batch, [_refusal(batch, error)]), policy)


def _load(cursor: Cursor, batch: LoadBatch, policy: ConflictPolicy, *, is_first_load: bool = False) -> LoadResult:
    batch = without_missing(batch, _missing(cursor, batch))
    key = {
        "site_id": batch.site_id,
        "run_id": batch.run_id,
        "entity": batch.entity,
        "on_dispute": "write" if policy == ConflictPolicy.SOURCE_WINS else DISPUTED,
    }
    records = record_tables(batch)
    if is_first_load and len(records) == 1 and is_new(cursor, batch, records[0]):
        return _add(cursor, batch, records[0], key)
    return _merge(cursor, batch, records, key, policy)


def _add(cursor: Cursor, batch: LoadBatch, table: str, key: Mapping[str, Any]) -> LoadResult:
    """Write a batch of objects that nothing is known of, whose records belong into one table."""
    rows = by_table(batch.rows)
    _stage(cursor, batch, rows, (table,), compared=())
    written = add_records(cursor, table, rows[table].values(), key)
    written += _write_shared(cursor, (table,), rows, key)
    add_states(cursor, table, key)
    add_findings(cursor, key)
    counts = Counter(state.outcome for state in batch.states)
    return LoadResult(
        loaded=counts[Outcome.LOADED],
        skipped=counts[Outcome.SKIPPED],
        rejected=counts[Outcome.REJECTED],
        rows_written=written,
    )


def _merge(
    cursor: Cursor, batch: LoadBatch, records: Collection[str], key: Mapping[str, Any], policy: ConflictPolicy
) -> LoadResult:
    """Write what of a batch differs from the CMS, unless somebody edited it there."""
    rows = by_table(batch.rows)
    _stage(cursor, batch, rows, records, compared=records)
    for table in records:
        if table in TRANSLATED_TABLES:
            cursor.execute(keep_groups(table), key)
    written = _clear_the_way(cursor, batch, key, policy)
    for table in records:
        written += _write_records(cursor, table, key, policy)
        written += _write_owned(cursor, table, key)
    written += _write_shared(cursor, records, rows, key)
    save_states(cursor, key)
    save_findings(cursor, key)
    save_conflicts(cursor, key, [state.source_id for state in batch.states])
    return _result(cursor, written)


def _missing(cursor: Cursor, batch: LoadBatch) -> Mapping[str, Collection[UUID]]:
    """Return the ids that the batch refers to and that the CMS does not have, by table."""
    missing = {}
    for table, ids in references(batch.rows).items():
        absent = {row_id for (row_id,) in cursor.execute(merge_sql.absent(table), {"ids": list(ids)})}
        if absent:
            missing[table] = absent
    return missing


def _stage(cursor: Cursor, batch: LoadBatch, rows: Rows, records: Collection[str], compared: Collection[str]) -> None:
    tables = sorted(
        rows.keys() - set(records) | set(compared) | {OWNED[table][0] for table in records if table in OWNED}
    )
    stages = {table: copy_sql.row_stage(table) for table in tables}
    create_stages(cursor, [*stages.values(), *copy_sql.BATCH_STAGES])
    for table, stage in stages.items():
        copy_rows(cursor, stage, rows.get(table, {}).values())
    copy_rows(cursor, copy_sql.STATES, batch.states)
    copy_rows(cursor, copy_sql.ISSUES, _numbered(batch))
    copy_rows(cursor, copy_sql.DEAD_LETTERS, {letter.source_id: letter for letter in batch.dead_letters}.values())


def _clear_the_way(cursor: Cursor, batch: LoadBatch, key: Mapping[str, Any], policy: ConflictPolicy) -> int:
    """Put away rows of objects that are left out now, or that were another type before; return the rows written."""
    written = 0
    skipped = [state.source_id for state in batch.states if state.outcome == Outcome.SKIPPED]
    if skipped and batch.entity in merge_sql.RECORD_TABLES:
        keep_edited = policy != ConflictPolicy.SOURCE_WINS
        entombed = entomb(cursor, batch.entity, key, skipped, keep_edited=keep_edited)
        note_left_out(cursor, entombed.conflicts)
        written += entombed.rows_written
    if batch.entity in CONTENT_TABLES:
        others = [table for table in CONTENT_TABLES if table != batch.entity]
        loaded = [state.source_id for state in batch.states if state.outcome == Outcome.LOADED]
        written += remove_moved(cursor, key, others, loaded)
    return written


def _write_records(cursor: Cursor, table: str, key: Mapping[str, Any], policy: ConflictPolicy) -> int:
    """Write the staged records of a table that are new or changed; return the rows written."""
    cursor.execute(merge_sql.decide(table), key)
    settle_disputes(cursor, table, key, merge=policy == ConflictPolicy.MERGE)
    if table in CONTENT_TABLES:
        cursor.execute(merge_sql.defer_languages(table))
        cursor.execute(merge_sql.displace(table), key)
    written = cursor.rowcount if table in CONTENT_TABLES else 0
    cursor.execute(merge_sql.save_images(table, "id"), key)
    return written + cursor.execute(merge_sql.upsert(table, "id"), key).rowcount


def _write_owned(cursor: Cursor, table: str, key: Mapping[str, Any]) -> int:
    """Write what the written rows of one table own; return the rows written."""
    if table not in OWNED:
        return 0
    owned, owner = OWNED[table]
    abandoned = 0
    if cursor.execute(merge_sql.ANY_REWRITTEN).fetchone() == (True,):
        [(abandoned,)] = cursor.execute(merge_sql.delete_abandoned(table), key)
    cursor.execute(merge_sql.save_images(owned, owner), key)
    return abandoned + cursor.execute(merge_sql.upsert(owned, owner), key).rowcount


def _write_shared(cursor: Cursor, records: Collection[str], rows: Rows, key: Mapping[str, Any]) -> int:
    """Write the rows that belong to no record, and check that all of the batch fits; return the rows written.

    Shared rows come last: others wait for them until we commit.
    """
    written = 0
    owned = {OWNED[table][0] for table in records if table in OWNED}
    for table in sorted(rows.keys() - set(records) - owned):
        cursor.execute(merge_sql.save_images(table, None), key)
        written += cursor.execute(merge_sql.upsert(table, None), key).rowcount
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # so that a violation is this batch's, not the commit's
    return written


class StagedIssue(NamedTuple):
    """An issue with its place among those of its object."""

    source_id: int
    position: int
    code: str
    detail: str


def _numbered(batch: LoadBatch) -> Iterator[StagedIssue]:
    seen: Counter[int] = Counter()
    for issue in batch.issues:
        yield StagedIssue(issue.source_id, seen[issue.source_id], issue.code, issue.detail)
        seen[issue.source_id] += 1


def _refusal(batch: LoadBatch, error: Exception) -> DeadLetterRow:
    state = batch.states[0]
    return DeadLetterRow(
        source_id=state.source_id,
        stage="load",
        error="load.refused",
        detail=f"The CMS database does not take it: {first_line(str(error))}. Change it in WordPress, then run again.",
        payload={"row_id": str(state.row_id)},
    )


def _result(cursor: Cursor, written: int) -> LoadResult:
    counts = dict(cursor.execute(merge_sql.COUNT_OUTCOMES).fetchall())
    return LoadResult(
        loaded=counts.get("write", 0),
        unchanged=counts.get("equal", 0) + counts.get("kept", 0),
        skipped=counts.get("skipped", 0),
        rejected=counts.get("rejected", 0),
        conflicts=counts.get("conflict", 0),
        rows_written=written,
    )


def _sum(first: LoadResult, second: LoadResult) -> LoadResult:
    return LoadResult(
        **{field.name: getattr(first, field.name) + getattr(second, field.name) for field in fields(LoadResult)}
    )
