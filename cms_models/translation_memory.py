"""The translation memory: what each segment says in another language, and who said so. Shared by all sites of a CMS."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cms_models.copy_sql import plain_stage
from cms_models.db import Connection, target_errors
from cms_models.staging import copy_rows, create_stages

HUMAN, MACHINE = "human", "machine"
ROWS_PER_FETCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """One segment with its translation."""

    source_language: str
    target_language: str
    segment_hash: str
    glossary_version: str = ""
    source_text: str
    target_text: str
    origin: str  # human | machine
    engine: str | None = None
    model: str | None = None
    cost: Decimal | None = None  # Euro, where the engine has a price


COLUMNS = (
    "source_language", "target_language", "segment_hash", "glossary_version", "source_text", "target_text", "origin",
    "engine", "model", "cost",
)  # fmt: skip
STAGE = plain_stage("stage_memory", {name: "numeric" if name == "cost" else "text" for name in COLUMNS})
LISTED = ", ".join(COLUMNS)
RECALL = f"""
    SELECT {LISTED} FROM migration.translation_memory
    WHERE source_language = %(source)s AND target_language = %(target)s AND segment_hash = ANY (%(hashes)s)
""".encode()  # noqa: S608 - names of ours, here and below
# What a person wrote is never replaced by a machine's words; of the same kind, the latest counts.
REMEMBER = f"""
    INSERT INTO migration.translation_memory AS known ({LISTED})
    SELECT DISTINCT ON (source_language, target_language, segment_hash, glossary_version) {LISTED} FROM stage_memory
    ORDER BY source_language, target_language, segment_hash, glossary_version, origin
    ON CONFLICT (source_language, target_language, segment_hash, glossary_version) DO UPDATE
    SET source_text = EXCLUDED.source_text, target_text = EXCLUDED.target_text, origin = EXCLUDED.origin,
        engine = EXCLUDED.engine, model = EXCLUDED.model, cost = EXCLUDED.cost, created_at = now()
    WHERE (known.origin = 'machine' OR EXCLUDED.origin = 'human')
        AND (known.target_text, known.origin) IS DISTINCT FROM (EXCLUDED.target_text, EXCLUDED.origin)
""".encode()  # noqa: S608
EXPORT = f"""
    SELECT {LISTED} FROM migration.translation_memory
    WHERE (%(source)s::text IS NULL OR source_language = %(source)s)
        AND (%(target)s::text IS NULL OR target_language = %(target)s)
    ORDER BY source_language, target_language, segment_hash, glossary_version
""".encode()  # noqa: S608


@target_errors()
def recall(connection: Connection, source: str, target: str, hashes: Collection[str]) -> list[Remembered]:
    """Return what is known of these segments; the terms of a glossary are part of their hashes."""
    if not hashes:
        return []
    key = {"source": source, "target": target, "hashes": list(hashes)}
    return [_remembered(row) for row in connection.execute(RECALL, key)]


@target_errors()
def remember(connection: Connection, segments: Iterable[Remembered]) -> int:
    """Add segments, or better translations of known ones; return how many were written."""
    with connection.transaction(), connection.cursor() as cursor:
        create_stages(cursor, [STAGE])
        copy_rows(cursor, STAGE, segments)
        return cursor.execute(REMEMBER).rowcount


@target_errors()
def read_memory(
    connection: Connection, *, source: str | None = None, target: str | None = None
) -> Iterator[Remembered]:
    """Yield the whole memory, or what it has of these languages, without holding it at once."""
    with connection.transaction(), connection.cursor(name="memory") as cursor:
        cursor.itersize = ROWS_PER_FETCH
        cursor.execute(EXPORT, {"source": source, "target": target})
        for row in cursor:
            yield _remembered(row)


def _remembered(row: tuple[object, ...]) -> Remembered:
    return Remembered(**dict(zip(COLUMNS, row, strict=True)))  # type: ignore[arg-type]  # the columns are its fields
