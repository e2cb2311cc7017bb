"""What a report asks of the CMS and of what is remembered: counted in the database, or read a piece at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString, NamedTuple
from uuid import UUID

from psycopg import sql
from psycopg.rows import class_row

from cms_models.db import Connection, target_errors
from cms_models.rows import CONTENT_TABLES

ROWS_AT_ONCE = 2_000
KIND_COLUMNS = {"entries": "entry_type"}  # the other tables hold one kind each


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContent:
    """The content of one kind and language that is in the CMS and not put away."""

    entity: str
    kind: str  # the type of an entry; of all others the entity again
    language: str | None
    from_source: int
    made_here: int
    with_address: int
    published: int
    titled: int  # of the published ones, as the next three
    described: int
    canonical: int
    hidden: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedRun:
    """One run that has come to an end, without all that is kept of it."""

    kind: str
    started_at: datetime
    finished_at: datetime
    outcome: str
    entities: Mapping[str, Mapping[str, Any]]  # counts of outcomes; empty for one that failed


class ListedIssue(NamedTuple):
    """One issue of one object, as lists show it: there may be hundreds of thousands."""

    code: str
    entity: str
    source_id: int
    title: str
    path: str | None
    language: str | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """One item as it came and as it reads now."""

    id: UUID
    entity: str
    kind: str
    language: str | None
    title: str
    path: str | None
    source_content: str
    content_html: str


CONTENT = """
    WITH version AS (
        SELECT row_id FROM migration.entity_state
        WHERE site_id = %(site_id)s AND entity = {entity} AND source_id >= %(first_version)s
    )
    SELECT {entity} AS entity, {kind} AS kind, language,
        count(*) FILTER (WHERE wp_post_id IS NOT NULL OR row_id IS NOT NULL) AS from_source,
        count(*) FILTER (WHERE wp_post_id IS NULL AND row_id IS NULL) AS made_here,
        count(*) FILTER (WHERE status = 'published' AND path IS NOT NULL) AS with_address,
        count(*) FILTER (WHERE status = 'published') AS published,
        count(*) FILTER (WHERE status = 'published' AND seo->>'title' <> '') AS titled,
        count(*) FILTER (WHERE status = 'published' AND seo->>'description' <> '') AS described,
        count(*) FILTER (WHERE status = 'published' AND seo->>'canonical' <> '') AS canonical,
        count(*) FILTER (WHERE status = 'published' AND seo->'noindex' = 'true') AS hidden
    FROM {table} LEFT JOIN version ON row_id = id
    WHERE site_id = %(site_id)s AND deleted_at IS NULL
    GROUP BY 1, 2, 3
"""
REDIRECTS = "SELECT origin::text, count(*) FROM cms.redirects WHERE site_id = %s GROUP BY 1 ORDER BY 2 DESC, 1"
RUNS = """
    SELECT kind, started_at, finished_at, coalesce(outcome, '') AS outcome,
        coalesce(detail->'report'->'entities', '{}'::jsonb) AS entities
    FROM migration.runs WHERE site_id = %s AND kind = %s AND finished_at IS NOT NULL
    ORDER BY started_at DESC LIMIT %s
"""
TERM_ADDRESSES = "SELECT count(*) FROM cms.terms WHERE site_id = %s AND deleted_at IS NULL AND path IS NOT NULL"

NAMED = " UNION ALL ".join((
    *(f"SELECT id, title, path, language FROM cms.{table} WHERE site_id = %(site_id)s" for table in CONTENT_TABLES),  # noqa: S608
    "SELECT id, coalesce(nullif(title, ''), source_path), NULL, language FROM cms.media WHERE site_id = %(site_id)s",
    "SELECT id, name, path, language FROM cms.terms WHERE site_id = %(site_id)s",
    "SELECT id, display_name, NULL, NULL FROM cms.users WHERE site_id = %(site_id)s",
    "SELECT id, author_name, NULL, NULL FROM cms.comments WHERE site_id = %(site_id)s",
    "SELECT id, name, NULL, language FROM cms.menus WHERE site_id = %(site_id)s",
    "SELECT id, from_path, NULL, NULL FROM cms.redirects WHERE site_id = %(site_id)s",
    "SELECT id, key, NULL, NULL FROM cms.settings WHERE site_id = %(site_id)s",
))  # fmt: skip
ISSUES = f"""
    SELECT code, split_part(issue.entity, '/', 1) AS entity, issue.source_id,  -- "articles/es" are translations
        coalesce(named.title, '') AS title, path, language, detail
    FROM migration.issues AS issue
    LEFT JOIN migration.entity_state AS state USING (site_id, entity, source_id)
    LEFT JOIN ({NAMED}) AS named (id, title, path, language) ON named.id = state.row_id
    WHERE site_id = %(site_id)s
    ORDER BY code, entity, source_id, position
"""  # noqa: S608 - table names are ours
MANY = 1_000  # issues of a code and entity
# The first ones of a code of which there are many soon turn up in the order of the key; those of the others are sorted.
# To sort a few hundred thousand would take as long as all else that a report asks.
SAMPLES = f"""
    WITH counted AS MATERIALIZED (
        SELECT code, entity, count(*) AS of_both, min(source_id) AS first FROM migration.issues
        WHERE site_id = %(site_id)s GROUP BY code, entity
    ), early AS (
        SELECT issue.* FROM counted JOIN migration.issues AS issue USING (code, entity)
        WHERE site_id = %(site_id)s AND of_both <= {MANY}
        UNION ALL
        SELECT issue.* FROM counted CROSS JOIN LATERAL (
            SELECT * FROM migration.issues
            WHERE site_id = %(site_id)s AND entity = counted.entity AND source_id >= first AND code = counted.code
            ORDER BY source_id, position LIMIT %(samples)s
        ) AS issue WHERE of_both > {MANY}
    ), numbered AS (
        SELECT *, row_number() OVER (PARTITION BY code ORDER BY entity, source_id, position) AS number FROM early
    )
    SELECT of_code, code, split_part(numbered.entity, '/', 1), numbered.source_id, coalesce(named.title, ''),
        path, language, detail
    FROM numbered
    JOIN (SELECT code, sum(of_both)::bigint AS of_code FROM counted GROUP BY code) AS total USING (code)
    LEFT JOIN migration.entity_state AS state USING (site_id, entity, source_id)
    LEFT JOIN LATERAL (
        SELECT * FROM ({NAMED}) AS every (id, title, path, language) WHERE every.id = state.row_id LIMIT 1
    ) AS named ON true
    WHERE number <= %(samples)s
    ORDER BY of_code DESC, code, number
"""  # noqa: S608 - table names are ours

TEXT = """
    SELECT content.id, {entity} AS entity, {kind} AS kind, language, title, path, source_content, content_html
    FROM {table} AS content
"""
OF_IDS = " WHERE site_id = %(site_id)s AND wp_post_id = ANY (%(wp_ids)s) AND deleted_at IS NULL ORDER BY wp_post_id"
MOST_ISSUES = """
    JOIN (
        SELECT source_id, count(*) AS issues FROM migration.issues
        WHERE site_id = %(site_id)s AND entity = {entity} AND code LIKE 'body.%%'
        GROUP BY source_id ORDER BY issues DESC, source_id LIMIT %(limit)s
    ) AS worst ON worst.source_id = content.wp_post_id
    WHERE content.site_id = %(site_id)s AND deleted_at IS NULL ORDER BY issues DESC, content.id
"""
BY_CHANCE = """
    WHERE site_id = %(site_id)s AND deleted_at IS NULL AND status = 'published' AND wp_post_id IS NOT NULL
        AND {kind} = %(kind)s AND language IS NOT DISTINCT FROM %(language)s AND source_content <> ''
        AND content.id >= %(start)s
    ORDER BY content.id LIMIT %(limit)s
"""


@target_errors()
def read_content(connection: Connection, site_id: int, *, first_version: int) -> list[StoredContent]:
    """Return what the CMS holds of each kind of content, by language.

    Source ids from `first_version` on are those of objects that WordPress keeps within another.
    """
    with connection.cursor(row_factory=class_row(StoredContent)) as cursor:
        return [
            row
            for table in CONTENT_TABLES
            for row in cursor.execute(
                of_table(CONTENT, table), {"site_id": site_id, "first_version": first_version}
            ).fetchall()
        ]


@target_errors()
def read_ended_runs(connection: Connection, site_id: int, kind: str, *, limit: int) -> list[EndedRun]:
    """Return the latest runs of one kind that have come to an end, the last one first."""
    with connection.cursor(row_factory=class_row(EndedRun)) as cursor:
        return cursor.execute(RUNS, (site_id, kind, limit)).fetchall()


@target_errors()
def read_redirect_counts(connection: Connection, site_id: int) -> dict[str, int]:
    """Return the number of old addresses that lead on, by where they come from."""
    return dict(connection.execute(REDIRECTS, (site_id,)).fetchall())


@target_errors()
def read_term_address_count(connection: Connection, site_id: int) -> int:
    """Return the number of terms with an address."""
    found = connection.execute(TERM_ADDRESSES, (site_id,)).fetchone()
    return int(found[0]) if found else 0


def read_issues(connection: Connection, site_id: int) -> Iterator[ListedIssue]:
    """Yield all issues of a site by code, a piece at a time: there may be hundreds of thousands."""
    with (
        target_errors(),
        connection.transaction(),
        connection.cursor(name="issues") as cursor,
    ):
        cursor.itersize = ROWS_AT_ONCE
        yield from map(ListedIssue._make, cursor.execute(ISSUES.encode(), {"site_id": site_id}))


@target_errors()
def read_issue_samples(connection: Connection, site_id: int, *, samples: int) -> list[tuple[int, ListedIssue]]:
    """Return a few issues of each code with the number of all, the most frequent code first."""
    rows = connection.execute(SAMPLES.encode(), {"site_id": site_id, "samples": samples})
    return [(count, ListedIssue._make(row)) for count, *row in rows]


@target_errors()
def read_texts(connection: Connection, site_id: int, table: str, wp_ids: Collection[int]) -> list[StoredText]:
    """Return the texts of a table with these WordPress ids."""
    with connection.cursor(row_factory=class_row(StoredText)) as cursor:
        key = {"site_id": site_id, "wp_ids": list(wp_ids)}
        return cursor.execute(of_table(TEXT + OF_IDS, table), key).fetchall()


@target_errors()
def read_texts_with_most_issues(connection: Connection, site_id: int, *, limit: int) -> list[StoredText]:
    """Return the texts of each table in which most was found, at most `limit` of each."""
    with connection.cursor(row_factory=class_row(StoredText)) as cursor:
        key = {"site_id": site_id, "limit": limit}
        return [
            row
            for table in CONTENT_TABLES
            for row in cursor.execute(of_table(TEXT + MOST_ISSUES, table), key).fetchall()
        ]


@target_errors()
def read_texts_by_chance(
    connection: Connection, site_id: int, of: StoredContent, *, start: UUID, limit: int
) -> list[StoredText]:
    """Return published texts of one kind and language: those whose ids, which are hashes, follow `start`."""
    key = {"site_id": site_id, "kind": of.kind, "language": of.language, "start": start, "limit": limit}
    with connection.cursor(row_factory=class_row(StoredText)) as cursor:
        return cursor.execute(of_table(TEXT + BY_CHANCE, of.entity), key).fetchall()


def of_table(statement: LiteralString, table: str, **more: sql.Composable) -> sql.Composed:
    """Return a statement about one table; in its braces stand `table`, `entity`, `kind`, and what else is given."""
    kind = sql.Identifier(KIND_COLUMNS[table]) if table in KIND_COLUMNS else sql.Literal(table)
    return sql.SQL(statement).format(kind=kind, entity=sql.Literal(table), table=sql.Identifier("cms", table), **more)
