"""What a translation run reads: what there is to translate, where its translations stand, and rows in full.

An original is the row of its translation group that the others are made from: the one in the site's default
language, else the one that is nobody's translation, else the oldest. Translations that wpferry made have a state of
their own, under the entity "articles/es" and the source id of their original.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from functools import cache
from sys import intern
from typing import Any, get_args
from uuid import UUID

import psycopg
from psycopg import sql

from cms_models.copy_sql import loaded_columns, names, table_named, target
from cms_models.db import Connection, target_errors
from cms_models.merge_sql import OWNED, present_hash
from cms_models.rows import CONTENT_TABLES, REFERENCE_COLUMNS, Row, Status, TermRelationshipRow, TranslationOrigin
from cms_models.translation_values import Made, Original, Standing, Twin

ROWS_PER_FETCH = 2_000
ROW_CLASSES: Mapping[str, type[Row]] = {row.table: row for row in get_args(Row)}
CONTENT_WORDS = ("title", "excerpt", "content_html", "blocks", "seo", "custom_fields")
WORDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(CONTENT_TABLES, CONTENT_WORDS),
    "terms": ("name", "description", "seo"),
}
"""The columns that hold words, by table: what makes a translation out of date, and what makes an edited one human."""

OWN_TO_EACH = frozenset({
    "id", "site_id", "wp_post_id", "wp_term_taxonomy_id", "wp_term_id", "language", "translation_group_id",
    "translation_origin", "translated_from_id", "status", "source_content", "content_text",
})  # fmt: skip
"""The columns that a translation does not take from its original."""

TITLES: Mapping[str, str] = {**dict.fromkeys(CONTENT_TABLES, "title"), "terms": "name"}
SCOPES: Mapping[str, str] = {"pages": "parent_id", "entries": "entry_type", "terms": "taxonomy"}
"""The column within which slugs are unique; elsewhere they are within the whole table."""


def entity_of(table: str, language: str) -> str:
    """Return the entity under which the state of a table's translations into a language is kept."""
    return f"{table}/{language}"


@target_errors()
def read_originals(connection: Connection, site_id: int, table: str, language: str) -> Iterator[Original]:
    """Yield the live, published rows of a table that are not in the target language, in the order of their source."""
    key = {"site_id": site_id, "table": table, "language": language, "entity": entity_of(table, language)}
    for row in _piecemeal(connection, _originals(table), key):
        (
            source_id, row_id, spoken, group_id, parent_id, scope, slug, path, title, words, carried,
            human_id, human_slug, human_path, fingerprint, facts, made_id, made_slug, made_path, is_edited,
        ) = row  # fmt: skip
        made = Standing(made_id, made_slug, made_path) if made_id else None
        yield Original(
            table, source_id, row_id, intern(spoken), group_id, parent_id, scope, slug, path, title, words, carried,
            human=Standing(human_id, human_slug, human_path) if human_id else None,
            made=Made(made, fingerprint, tuple(facts), is_edited) if fingerprint is not None else None,
        )  # fmt: skip


@target_errors()
def read_twins(connection: Connection, site_id: int, table: str, language: str) -> Iterator[Twin]:
    """Yield the live rows of translation groups that are not in the target language."""
    statement = sql.SQL("""
        SELECT row.id, row.path, row.translation_group_id, there.id, there.slug, there.path
        FROM {table} AS row LEFT JOIN {table} AS there
            ON there.site_id = row.site_id AND there.translation_group_id = row.translation_group_id
            AND there.language = %(language)s AND there.deleted_at IS NULL
        WHERE row.site_id = %(site_id)s AND row.deleted_at IS NULL AND row.translation_group_id IS NOT NULL
            AND row.language <> %(language)s
    """).format(table=target(table))
    key = {"site_id": site_id, "language": language}
    for row_id, path, group_id, *there in _piecemeal(connection, statement.as_bytes(), key):
        yield Twin(row_id, path, group_id, Standing(*there) if there[0] else None)


@target_errors()
def read_slugs(connection: Connection, site_id: int, table: str, language: str | None) -> set[tuple[str, str]]:
    """Return scope and slug of every live row in a language, or in any."""
    statement = sql.SQL("""
        SELECT {scope}, slug FROM {table}
        WHERE site_id = %(site_id)s AND deleted_at IS NULL AND (%(language)s::text IS NULL OR language = %(language)s)
    """).format(scope=_scope(table), table=target(table))
    rows = connection.execute(statement, {"site_id": site_id, "language": language})
    return {(scope, slug) for scope, slug in rows}


@target_errors()
def read_rows(connection: Connection, table: str, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Return rows of a table in full, by id."""
    row_class = ROW_CLASSES[table]
    statement = sql.SQL("SELECT {} FROM {} WHERE id = ANY (%s)").format(
        names(loaded_columns(table_named(table))), target(table)
    )
    with connection.cursor(row_factory=row_values(row_class)) as cursor:
        return {row.id: row for row in cursor.execute(statement, (list(ids),))}


@target_errors()
def read_term_links(connection: Connection, table: str, ids: Collection[UUID]) -> dict[UUID, list[TermRelationshipRow]]:
    """Return the links of rows to terms, by the rows' ids, in their order."""
    owner = REFERENCE_COLUMNS[table]
    statement = sql.SQL("SELECT {} FROM cms.term_relationships WHERE {} = ANY (%s) ORDER BY position, id").format(
        names(loaded_columns(table_named("term_relationships"))), sql.Identifier(owner)
    )
    found: dict[UUID, list[TermRelationshipRow]] = {}
    with connection.cursor(row_factory=row_values(TermRelationshipRow)) as cursor:
        for link in cursor.execute(statement, (list(ids),)):
            found.setdefault(getattr(link, owner), []).append(link)
    return found


CONVERTED: Mapping[str, type] = {"status": Status, "translation_origin": TranslationOrigin}


def row_values(row_class: Any) -> Any:
    """Return a factory that makes row values of a cursor's rows."""
    arrays = {one.name for one in fields(row_class) if str(one.type).startswith("tuple")}

    def factory(cursor: psycopg.Cursor[Any]) -> Any:
        columns = [column.name for column in cursor.description or ()]

        def make(values: Any) -> Any:
            given = dict(zip(columns, values, strict=True))
            for name in arrays:
                given[name] = tuple(given[name])
            for name, kind in CONVERTED.items():
                if name in given:
                    given[name] = kind(given[name])
            return row_class(**given)

        return make

    return factory


def _piecemeal(connection: Connection, statement: bytes, key: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the rows of a query without holding them all, as the driver would: there is one for each of the site's."""
    with connection.transaction(), connection.cursor(name="translations") as cursor:
        cursor.itersize = ROWS_PER_FETCH
        yield from cursor.execute(statement, key)


def words_hash(table: str, alias: str) -> sql.Composable:
    """Return the expression of one hash of a row's words."""
    return _hash(WORDS[table], alias)


def is_stale(table: str, original: str = "hashed") -> sql.Composable:
    """Return the condition that the words of an original have changed since `made` was noted."""
    return sql.SQL("split_part(made.fingerprint, '.', 1) <> lpad(to_hex({}), 16, '0')").format(
        words_hash(table, original)
    )


def edited_words(table: str, alias: str = "hashed") -> sql.Composable:
    """Return the condition that a person has changed words of a row since `state` was noted."""
    columns = loaded_columns(table_named(table))
    pairs = (
        sql.SQL("hash_record_extended(ROW({}), 0) <> state.loaded_hash[{}]").format(
            sql.Identifier(alias, name),
            sql.Literal(2 + columns.index(name)),  # after the hash of the owned rows
        )
        for name in WORDS[table]
    )
    return sql.SQL("({})").format(sql.SQL(" OR ").join(pairs))


def _hash(columns: Collection[str], alias: str) -> sql.Composable:
    listed = sql.SQL(", ").join(sql.Identifier(alias, column) for column in columns)
    return sql.SQL("hash_record_extended(ROW({}), 0)").format(listed)


def _scope(table: str, alias: str | None = None) -> sql.Composable:
    if table not in SCOPES:
        return sql.SQL("''")
    column = sql.Identifier(alias, SCOPES[table]) if alias else sql.Identifier(SCOPES[table])
    return sql.SQL("coalesce({}::text, '')").format(column)


@cache
def _originals(table: str) -> bytes:
    columns = table_named(table).columns.keys()
    carried = [
        name for name in loaded_columns(table_named(table)) if name not in OWN_TO_EACH and name not in WORDS[table]
    ]
    _, join = present_hash(table)
    published = sql.SQL("AND content.status = 'published'") if table in CONTENT_TABLES else sql.SQL("")
    number = sql.Identifier("content", "wp_post_id" if table in CONTENT_TABLES else "wp_term_taxonomy_id")
    return (
        sql.SQL("""
        WITH original AS MATERIALIZED (
            SELECT DISTINCT ON (coalesce(content.translation_group_id, content.id)) content.id, state.source_id
            FROM {table} AS content
            JOIN migration.entity_state AS state
                ON state.site_id = content.site_id AND state.entity = %(table)s AND state.row_id = content.id
            JOIN cms.sites AS site ON site.id = content.site_id
            WHERE content.site_id = %(site_id)s AND content.deleted_at IS NULL AND content.language IS NOT NULL
                {published}
            ORDER BY coalesce(content.translation_group_id, content.id), content.language <> site.default_language,
                content.translation_origin <> 'source' OR content.translated_from_id IS NOT NULL, {number}, content.id
        )
        SELECT original.source_id, hashed.id, hashed.language, hashed.translation_group_id, {parent}, {scope},
            hashed.slug, hashed.path, hashed.{title}, {words}, {carried} # {owned},
            human.id, human.slug, human.path, state.fingerprint, state.facts, made.id, made.slug, made.path,
            coalesce({edited}, false)
        FROM original JOIN {table} AS hashed ON hashed.id = original.id {join}
        LEFT JOIN migration.entity_state AS state
            ON state.site_id = %(site_id)s AND state.entity = %(entity)s AND state.source_id = original.source_id
        LEFT JOIN {table} AS made ON made.id = state.row_id AND made.deleted_at IS NULL
        LEFT JOIN LATERAL (
            SELECT other.id, other.slug, other.path FROM {table} AS other
            WHERE other.site_id = %(site_id)s AND other.translation_group_id = hashed.translation_group_id
                AND other.language = %(language)s AND other.deleted_at IS NULL
                AND other.id IS DISTINCT FROM state.row_id
            LIMIT 1
        ) AS human ON true
        WHERE hashed.language <> %(language)s
        ORDER BY original.source_id
        """)
        .format(
            table=target(table),
            published=published,
            number=number,
            parent=sql.SQL("hashed.parent_id" if "parent_id" in columns else "NULL::uuid"),
            scope=_scope(table, "hashed"),
            title=sql.Identifier(TITLES[table]),
            words=words_hash(table, "hashed"),
            edited=edited_words(table, "made"),
            carried=_hash(carried, "hashed"),
            owned=sql.SQL("coalesce(owned.row_hash, 0)" if table in OWNED else "0"),
            join=join,
        )
        .as_bytes()
    )
