"""The tables of a database beside WordPress's own, and how the server keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, column, func, inspect, literal, select, table, text, union_all

from wp_models.sources.dump import TABLES_OF_DUMP
from wp_models.tables import COLUMNS, NETWORK_TABLES, SHARED_TABLES, Installation
from wp_models.values import integer

CORE = frozenset((
    "commentmeta", "comments", "links", "options", "postmeta", "posts", "termmeta", "terms", "term_relationships",
    "term_taxonomy", *NETWORK_TABLES, "blogs", "blogmeta", "site", "sitemeta", "signups", "registration_log",
    "blog_versions",
))  # fmt: skip
MACHINERY = ("sqlite_", "_wp_sqlite_", "_mysql_", "wpferry_")  # what SQLite, its plugin and wpferry keep for themselves
OF_VERSIONS = re.compile(r"icl_translate(?:_job)?|trp_(?:original_meta|slug_originals|slug_translations|dictionary_.+)")
"""Tables that are read by those columns that their plugin's version has."""

SAFE_CHARSETS = frozenset({"utf8mb4", "utf8mb3", "utf8", "ascii", "binary"})
COUNTED_AT_ONCE = 100  # tables in one statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """One table or view."""

    name: str
    rows: int = 0  # of a live server an estimate
    engine: str | None = None
    charset: str | None = None
    has_primary_key: bool = True
    is_view: bool = False
    is_core: bool = False  # WordPress's own
    is_read: bool = False

    @property
    def remarks(self) -> Iterator[str]:
        """Yield what a person who moves the database should know of it."""
        if self.is_view:
            yield "is a view"
            return
        if self.engine and self.engine.lower() in {"myisam", "aria"}:
            yield f"is kept by {self.engine}, without transactions"
        if self.charset and self.charset.lower() not in SAFE_CHARSETS:
            yield f"is in {self.charset}"
        elif self.charset and self.charset.lower() in {"utf8", "utf8mb3"}:
            yield "cannot hold emoji (utf8mb3)"
        if not self.has_primary_key:
            yield "has no primary key"


def read_tables(connection: Connection, site: Installation) -> tuple[SourceTable, ...]:
    """Return the tables and views of the blog by name; of a network's other blogs none."""
    found = _on_server(connection) if connection.dialect.name == "mysql" else _in_file(connection)
    tables = [_placed(one, site) for one in found if _is_own(one.name, site)]
    return tuple(sorted(tables, key=lambda one: one.name))


def _is_own(name: str, site: Installation) -> bool:
    if name.startswith(MACHINERY):
        return False
    if site.prefix != site.base_prefix:
        return name.startswith(site.prefix) or name.removeprefix(site.base_prefix) in SHARED_TABLES
    return re.match(rf"{re.escape(site.base_prefix)}\d+_", name) is None


def _placed(one: SourceTable, site: Installation) -> SourceTable:
    own = one.name.removeprefix(site.prefix) if one.name.startswith(site.prefix) else ""
    shared = one.name.removeprefix(site.base_prefix) if one.name.startswith(site.base_prefix) else ""
    return replace(
        one,
        is_core=own in CORE or shared in CORE,
        is_read=own in COLUMNS
        or OF_VERSIONS.fullmatch(own) is not None
        or (shared in COLUMNS and shared in SHARED_TABLES),
    )


def _on_server(connection: Connection) -> list[SourceTable]:
    query = text(
        "SELECT t.table_name, t.table_rows, t.engine, c.character_set_name, t.table_type, k.table_name "
        "FROM information_schema.tables t "
        "LEFT JOIN information_schema.collation_character_set_applicability c ON c.collation_name = t.table_collation "
        "LEFT JOIN information_schema.table_constraints k ON k.table_schema = t.table_schema "
        "AND k.table_name = t.table_name AND k.constraint_type = 'PRIMARY KEY' WHERE t.table_schema = DATABASE()"
    )
    return [
        SourceTable(
            name=name, rows=integer(rows), engine=engine, charset=charset, has_primary_key=key is not None,
            is_view=kind == "VIEW",
        )
        for name, rows, engine, charset, kind, key in connection.execute(query)
    ]  # fmt: skip


def _in_file(connection: Connection) -> list[SourceTable]:
    inspector = inspect(connection)
    names = [name for name in inspector.get_table_names() if not name.startswith(MACHINERY)]
    rows = _row_counts(connection, names)
    tables = {name: SourceTable(name=name, rows=rows[name]) for name in names}
    tables.update((name, SourceTable(name=name, is_view=True)) for name in inspector.get_view_names())
    if inspector.has_table(TABLES_OF_DUMP):
        noted = table(TABLES_OF_DUMP, *map(column, ("name", "engine", "charset", "has_primary_key", "is_view")))
        for name, engine, charset, has_key, is_view in connection.execute(select(*noted.c)):
            tables[name] = SourceTable(
                name=name, rows=rows.get(name, 0), engine=engine, charset=charset, has_primary_key=bool(has_key),
                is_view=bool(is_view),
            )  # fmt: skip
    return list(tables.values())


def _row_counts(connection: Connection, names: list[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for start in range(0, len(names), COUNTED_AT_ONCE):
        some = names[start : start + COUNTED_AT_ONCE]
        queries = (select(literal(name), func.count()).select_from(table(name)) for name in some)
        counts.update((name, count) for name, count in connection.execute(union_all(*queries)))
    return counts
