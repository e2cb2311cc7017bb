"""Batches taken apart: whose a row is, halves of a batch, and records that cannot be loaded as they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from cms_models.copy_sql import table_named
from cms_models.merge_sql import OWNED
from cms_models.rows import (
    CONTENT_TABLES,
    REFERENCE_COLUMNS,
    DeadLetterRow,
    IssueRow,
    LoadBatch,
    Outcome,
    Row,
    StateRow,
)

OWNER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(column for owned, column in OWNED.values() if owned == table) for table, _ in OWNED.values()
}

ONE_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "comments": tuple(REFERENCE_COLUMNS[table] for table in (*CONTENT_TABLES, "media")),
    "term_relationships": tuple(REFERENCE_COLUMNS[table] for table in CONTENT_TABLES),
}
"""Columns of which exactly one is set: a row without it has no meaning."""

FOREIGN_KEYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    table: tuple(
        (key.parent.name, key.column.table.name)
        for key in sorted(table_named(table).foreign_keys, key=lambda key: str(key.parent.name))
        if key.column.table.name != "sites"
    )
    for table in (*CONTENT_TABLES, "users", "media", "terms", "comments", "menus", *OWNER_COLUMNS)
}
"""Columns of a table that refer to rows of other tables, and these tables."""


def owner_id(row: Row) -> UUID:
    """Return the id of the row that a row belongs to; its own when it belongs to none."""
    for column in OWNER_COLUMNS.get(row.table, ()):
        owner: UUID | None = getattr(row, column)
        if owner is not None:
            return owner
    return row.id


def by_table(rows: Iterable[Row]) -> dict[str, dict[UUID, Row]]:
    """Return rows by table and id; of rows with one id the last counts."""
    found: dict[str, dict[UUID, Row]] = defaultdict(dict)
    for row in rows:
        found[row.table][row.id] = row
    return dict(found)


def halves(batch: LoadBatch) -> tuple[LoadBatch, LoadBatch]:
    """Return the two halves of a batch; rows that several records may share are in both."""
    middle = len(batch.states) // 2
    return part(batch, batch.states[:middle]), part(batch, batch.states[middle:])


def part(batch: LoadBatch, states: Sequence[StateRow]) -> LoadBatch:
    """Return the batch with only the objects of these states."""
    others = {state.row_id for state in batch.states} - {state.row_id for state in states}
    source_ids = {state.source_id for state in states}
    return replace(
        batch,
        rows=tuple(row for row in batch.rows if owner_id(row) not in others),
        states=tuple(states),
        issues=tuple(issue for issue in batch.issues if issue.source_id in source_ids),
        dead_letters=tuple(letter for letter in batch.dead_letters if letter.source_id in source_ids),
    )


def rejected(batch: LoadBatch, letters: Sequence[DeadLetterRow]) -> LoadBatch:
    """Return the batch with some of its objects rejected, their rows and issues left out."""
    ids = {letter.source_id for letter in letters}
    lost = {state.row_id for state in batch.states if state.source_id in ids and state.row_id is not None}
    return replace(
        batch,
        rows=tuple(row for row in batch.rows if owner_id(row) not in lost),
        states=tuple(
            replace(state, outcome=Outcome.REJECTED, row_id=None, reason=None) if state.source_id in ids else state
            for state in batch.states
        ),
        issues=tuple(issue for issue in batch.issues if issue.source_id not in ids),
        dead_letters=(*batch.dead_letters, *letters),
    )


def references(rows: Iterable[Row]) -> dict[str, set[UUID]]:
    """Return the ids of other tables' rows that these rows refer to, without those among them."""
    of_tables: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_tables[row.table].append(row)
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for table, found in of_tables.items():
        for column, target in FOREIGN_KEYS.get(table, ()):
            wanted[target].update(value for row in found if (value := getattr(row, column)) is not None)
    foreign = {table: ids - {row.id for row in of_tables.get(table, ())} for table, ids in wanted.items()}
    return {table: ids for table, ids in foreign.items() if ids}


def without_missing(batch: LoadBatch, missing: Mapping[str, Collection[UUID]]) -> LoadBatch:
    """Return the batch without references to rows that are not in the CMS, each loss an issue or a dead letter.

    A row that means nothing without its reference goes with it. The objects concerned lose their fingerprint, so
    that the next run takes them again and finds what may be there by then.
    """
    if not missing:
        return batch
    sources = {state.row_id: state.source_id for state in batch.states if state.row_id is not None}
    rows: list[Row] = []
    issues: list[IssueRow] = []
    letters: list[DeadLetterRow] = []
    for row in batch.rows:
        gone = list(_gone(row, missing))
        source_id = sources.get(owner_id(row))
        if not gone:
            rows.append(row)
            continue
        detail = "; ".join(f"{column}: the row {value} of {target} is not in the CMS" for column, target, value in gone)
        vital = any(_is_vital(row.table, column) for column, _, _ in gone)
        if not vital:
            changes: dict[str, Any] = {column: None for column, _, _ in gone}
            rows.append(replace(row, **changes))
        if source_id is None:
            continue
        if vital and row.id in sources:
            letters.append(missing_reference(source_id, row, detail))
        else:
            issues.append(IssueRow(source_id=source_id, code="load.missing_reference", detail=f"{row.table}.{detail}"))
    again = {issue.source_id for issue in issues}
    states = tuple(replace(state, fingerprint="") if state.source_id in again else state for state in batch.states)
    changed = replace(batch, rows=tuple(rows), states=states, issues=(*batch.issues, *issues))
    return rejected(changed, letters) if letters else changed


def missing_reference(source_id: int, row: Row, detail: str) -> DeadLetterRow:
    """Return the dead letter of a row that cannot stand without what it refers to."""
    return DeadLetterRow(
        source_id=source_id,
        stage="load",
        error="load.missing_reference",
        detail=f"{detail}. See why that was not loaded; this one follows by itself at the next run.",
        payload={"table": row.table, "row_id": str(row.id)},
    )


def _gone(row: Row, missing: Mapping[str, Collection[UUID]]) -> Iterator[tuple[str, str, UUID]]:
    for column, target in FOREIGN_KEYS.get(row.table, ()):
        value = getattr(row, column)
        if value is not None and value in missing.get(target, ()):
            yield column, target, value


def _is_vital(table: str, column: str) -> bool:
    return column in ONE_REQUIRED.get(table, ()) or not table_named(table).columns[column].nullable
