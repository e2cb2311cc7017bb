"""One batch of records becomes one LoadBatch; one record fails, the batch goes on."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from cms_models.rows import DeadLetterRow, IssueRow, Json, LoadBatch, Outcome, Row, StateRow
from transforms.contract import Entity, RecordRejectedError, Skipped
from transforms.damage import find_damage
from transforms.localized_records import in_its_language, words_left_out
from transforms.site import Site
from transforms.site_data import SiteData
from transforms.versioned_site import view_of
from wp_models.records import Record

UNEXPECTED = "unexpected"
"""The error of a dead letter that is our fault; many of them in a run are a reason to stop it."""

MAX_TEXT = 20_000  # characters of one text in a dead letter: enough to see what is wrong
MAX_METAS = 200
NOT_KEPT = frozenset({"password", "password_hash"})


def transform_batch(
    entity: Entity, records: Iterable[Record], data: SiteData, *, run_id: UUID, version: int
) -> LoadBatch:
    """Return rows, states, issues and dead letters; every record ends in exactly one outcome.

    Each record has its own view of the site, so that its facts are its own. `version` is what a later run
    compares: it changes with the entity's own version and with the settings.
    """
    rows: list[Row] = []
    states: list[StateRow] = []
    issues: list[IssueRow] = []
    dead_letters: list[DeadLetterRow] = []
    for record in records:
        site = view_of(record, data)
        try:
            result = entity.transform(in_its_language(record, site), site)
        except RecordRejectedError as error:
            dead_letters.append(_dead_letter(record, error.code, error.detail))
            states.append(_state(record, version, site, Outcome.REJECTED, reason=error.code))
        except Exception as error:  # noqa: BLE001 - a bug in one record must not stop 100 000
            dead_letters.append(_dead_letter(record, UNEXPECTED, _where(error)))
            states.append(_state(record, version, site, Outcome.REJECTED, reason=UNEXPECTED))
        else:
            if isinstance(result, Skipped):
                issues.extend(IssueRow(source_id=record.id, code=i.code, detail=i.detail) for i in result.issues)
                states.append(_state(record, version, site, Outcome.SKIPPED, reason=result.reason))
                continue
            rows.extend(result.rows)
            issues.extend(
                IssueRow(source_id=record.id, code=issue.code, detail=issue.detail)
                for issue in (*result.issues, *find_damage(record), *words_left_out(record, site))
            )
            states.append(_state(record, version, site, Outcome.LOADED, row=result.rows[0]))
    return LoadBatch(
        site_id=data.id,
        run_id=run_id,
        entity=entity.name,
        rows=tuple(rows),
        states=tuple(states),
        issues=tuple(issues),
        dead_letters=tuple(dead_letters),
    )


def _state(
    record: Record, version: int, site: Site, outcome: Outcome, *, row: Row | None = None, reason: str | None = None
) -> StateRow:
    return StateRow(
        source_id=record.id,
        fingerprint=record.fingerprint,
        transform_version=version,
        row_id=row.id if row else None,
        outcome=outcome,
        reason=reason,
        facts=site.noted(),
    )


def _dead_letter(record: Record, error: str, detail: str) -> DeadLetterRow:
    return DeadLetterRow(source_id=record.id, stage="transform", error=error, detail=detail, payload=_payload(record))


def _where(error: Exception) -> str:
    """Return an unexpected error with the line it came from: no path of this machine, no text of the record's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}: {str(error)[:500]}. This is a fault of wpferry's; please report it."


def _payload(value: object) -> Json:
    """Return a record as JSON for a person to look at: long texts are cut, passwords left out."""
    if is_dataclass(value):
        return {
            field.name: _payload(getattr(value, field.name)) for field in fields(value) if field.name not in NOT_KEPT
        }
    if isinstance(value, Mapping):
        return {str(key): _payload(item) for key, item in list(value.items())[:MAX_METAS]}
    if isinstance(value, list | tuple):
        return [_payload(item) for item in value[:MAX_METAS]]
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]}… ({len(value):,} characters)"
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float) else str(value)
