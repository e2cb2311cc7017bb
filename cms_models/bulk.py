"""What a first load does without until its end, and how large columns are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, suppress
from queue import SimpleQueue

import psycopg
from psycopg import sql
from sqlalchemy import ForeignKeyConstraint, Index, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import AddConstraint, CreateIndex

from cms_models import state_tables, tables
from cms_models.db import Connection, connect, target_errors
from cms_models.rows import CONTENT_TABLES

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialects untyped

LARGE_COLUMNS = {
    **{(tables.SCHEMA, name): ("content_html", "content_text", "source_content", "blocks") for name in CONTENT_TABLES},
    (tables.SCHEMA, "comments"): ("content_html",),
    (state_tables.SCHEMA, "row_history"): ("before",),
    (state_tables.SCHEMA, "dead_letters"): ("payload",),
}
UNSEARCHED_COLUMNS = {**LARGE_COLUMNS, (state_tables.SCHEMA, "entity_state"): ("facts", "loaded_hash")}
BUILDERS = 2  # sessions that make indexes at one time; each may take MAINTENANCE_MEMORY
MAINTENANCE_MEMORY = "128MB"


def use_fast_storage(connection: Connection) -> None:
    """Let large columns be compressed by lz4, or not at all where the server has only pglz.

    pglz takes twice as long as everything else that loading costs (8 s against 3 s for 10,000 rows of 25 KB on the
    embedded Postgres 18); lz4 takes a fifth of that. Rows stored before keep the form they have.
    """
    row = connection.execute(
        "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    ).fetchone()
    setting = sql.SQL("SET COMPRESSION lz4" if row and row[0] else "SET STORAGE EXTERNAL")
    for (schema, table), columns in LARGE_COLUMNS.items():
        changes = (sql.SQL("ALTER {} {}").format(sql.Identifier(column), setting) for column in columns)
        connection.execute(
            sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(schema, table), sql.SQL(", ").join(changes))
        )


def keep_few_statistics(connection: Connection) -> None:
    """Let Postgres gather none of columns that no query compares: a third of its work was on them."""
    for (schema, table), columns in UNSEARCHED_COLUMNS.items():
        changes = (sql.SQL("ALTER {} SET STATISTICS 0").format(sql.Identifier(column)) for column in columns)
        connection.execute(
            sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(schema, table), sql.SQL(", ").join(changes))
        )


@target_errors()
def defer_indexes(connection: Connection) -> bool:
    """Drop secondary indexes and foreign keys if no content is there yet, and return whether they were dropped.

    A crash before `ensure_indexes` does no harm: every run ends with it.
    """
    with connection.transaction():
        for name in CONTENT_TABLES:
            statement = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(tables.SCHEMA, name))
            if connection.execute(statement).fetchone() == (True,):
                return False
        for index in secondary_indexes():
            connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(tables.SCHEMA, _name(index))))
        for table, foreign_key in foreign_keys():
            connection.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(
                    sql.Identifier(tables.SCHEMA, table.name), sql.Identifier(_name(foreign_key))
                )
            )
    return True


@target_errors()
def ensure_indexes(connection: Connection, url: str) -> int:
    """Make the secondary indexes and foreign keys that are missing, several at a time, and return their number.

    Each stands by itself: who is interrupted has made some of them, and the next run makes the others.
    """
    indexes, foreign_keys = list(_missing_indexes(connection)), list(_missing_foreign_keys(connection))
    if indexes or foreign_keys:
        # Without fresh statistics the report and the first resync plan for empty tables.
        analyses = [
            f"ANALYZE {table.fullname}"
            for table in (*tables.metadata.sorted_tables, *state_tables.metadata.sorted_tables)
        ]
        _execute_side_by_side([*indexes, *analyses], url)
        with connection.transaction():
            for statement in foreign_keys:
                connection.execute(statement.encode())
    return len(indexes) + len(foreign_keys)


def _execute_side_by_side(statements: Sequence[str], url: str) -> None:
    """Execute statements that may overtake each other; when one fails, the others are cancelled."""
    idle: SimpleQueue[Connection] = SimpleQueue()

    def execute(statement: str) -> None:
        builder = idle.get()
        try:
            builder.execute(statement.encode())
        finally:
            idle.put(builder)

    with ExitStack() as opened, ThreadPoolExecutor(BUILDERS, thread_name_prefix="builder") as threads:
        builders = [opened.enter_context(connect(url)) for _ in range(BUILDERS)]
        for builder in builders:
            builder.execute(f"SET maintenance_work_mem = '{MAINTENANCE_MEMORY}'".encode())
            builder.execute("SET synchronous_commit = off")  # the commit that ends the run makes these durable, too
            idle.put(builder)
        try:
            for done in as_completed([threads.submit(execute, statement) for statement in statements]):
                done.result()
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            for builder in builders:  # nobody waits for the longest index
                with suppress(psycopg.Error):
                    builder.cancel_safe()
            raise


def secondary_indexes() -> Iterator[Index]:
    """Yield the indexes that no constraint needs, in a stable order."""
    for table in tables.metadata.sorted_tables:
        yield from sorted(table.indexes, key=_name)


def foreign_keys() -> Iterator[tuple[Table, ForeignKeyConstraint]]:
    """Yield the foreign keys with their tables, in a stable order."""
    for table in tables.metadata.sorted_tables:
        for constraint in sorted(table.foreign_key_constraints, key=_name):
            yield table, constraint


def _missing_indexes(connection: Connection) -> Iterator[str]:
    rows = connection.execute("SELECT indexname FROM pg_indexes WHERE schemaname = %s", (tables.SCHEMA,))
    present = {name for (name,) in rows}
    for index in secondary_indexes():
        if _name(index) not in present:
            yield str(CreateIndex(index).compile(dialect=DIALECT))


def _missing_foreign_keys(connection: Connection) -> Iterator[str]:
    rows = connection.execute(
        """
        SELECT conrelid::regclass::text, conname FROM pg_constraint
        WHERE contype = 'f' AND connamespace = %s::regnamespace
        """,
        (tables.SCHEMA,),
    )
    present = set(rows)
    for table, constraint in foreign_keys():
        if (f"{tables.SCHEMA}.{table.name}", _name(constraint)) not in present:
            yield str(AddConstraint(constraint).compile(dialect=DIALECT))


def _name(thing: Index | ForeignKeyConstraint) -> str:
    return str(thing.name)
