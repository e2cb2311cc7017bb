"""Menus that a language lacks, and what wpferry made of them before."""

from __future__ import annotations

from dataclasses import dataclass

from cms_models.copy_sql import loaded_columns, names, table_named
from cms_models.db import Connection, target_errors
from cms_models.rows import MenuItemRow, MenuRow
from cms_models.translation_queries import entity_of, read_rows, row_values

MENUS = "menus"
# A menu belongs to the places in which its theme shows it; one without a place stands for itself.
TO_TRANSLATE = """
    SELECT state.source_id, menu.id, coalesce(made.fingerprint, '')
    FROM cms.menus AS menu
    JOIN cms.sites AS site ON site.id = menu.site_id AND menu.language = site.default_language
    JOIN migration.entity_state AS state
        ON state.site_id = menu.site_id AND state.entity = 'menus' AND state.row_id = menu.id
    LEFT JOIN migration.entity_state AS made
        ON made.site_id = menu.site_id AND made.entity = %(entity)s AND made.source_id = state.source_id
        AND made.outcome <> 'deleted'
    WHERE menu.site_id = %(site_id)s AND menu.deleted_at IS NULL AND menu.language <> %(language)s AND NOT EXISTS (
        SELECT FROM cms.menus AS theirs
        JOIN migration.entity_state AS known
            ON known.site_id = theirs.site_id AND known.entity = 'menus' AND known.row_id = theirs.id
        WHERE theirs.site_id = menu.site_id AND theirs.language = %(language)s AND theirs.deleted_at IS NULL
            AND (theirs.locations && menu.locations OR cardinality(menu.locations) = 0)
    )
    ORDER BY state.source_id
"""


@dataclass(frozen=True, slots=True)
class MenuToTranslate:
    """A menu of the site's default language without a counterpart by people."""

    source_id: int
    row: MenuRow
    items: tuple[MenuItemRow, ...]
    fingerprint: str  # of its translation; empty when there is none


@target_errors()
def read_menus(connection: Connection, site_id: int, language: str) -> list[MenuToTranslate]:
    """Return the menus that people have not made in a language."""
    key = {"site_id": site_id, "language": language, "entity": entity_of(MENUS, language)}
    found = connection.execute(TO_TRANSLATE, key).fetchall()
    ids = [row_id for _, row_id, _ in found]
    rows = read_rows(connection, MENUS, ids)
    columns = names(loaded_columns(table_named("menu_items"))).as_string()
    statement = f"SELECT {columns} FROM cms.menu_items WHERE menu_id = ANY (%s) ORDER BY menu_id, position, id"  # noqa: S608
    with connection.cursor(row_factory=row_values(MenuItemRow)) as cursor:
        items = cursor.execute(statement.encode(), (ids,)).fetchall()
    return [
        MenuToTranslate(source_id, rows[row_id], tuple(one for one in items if one.menu_id == row_id), fingerprint)
        for source_id, row_id, fingerprint in found
    ]
