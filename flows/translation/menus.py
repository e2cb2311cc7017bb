"""Menus in a language that has none at their place: labels translated, items leading to translations."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from typing import Any
from uuid import UUID

from cms_models import db
from cms_models.loader import load_batch
from cms_models.rows import (
    REFERENCE_COLUMNS,
    ConflictPolicy,
    LoadBatch,
    MenuItemRow,
    MenuRow,
    Outcome,
    StateRow,
    row_id,
)
from cms_models.translation_menus import MENUS, MenuToTranslate, read_menus
from cms_models.translation_queries import entity_of
from cms_models.translation_upkeep import forget_disputes
from flows.translation.batches import VERSION, Made, Target
from flows.translation.words import Pair, Words
from transforms.translated_rows import translated_id
from transforms.translation.documents import cut_row

REFERENCES = tuple(column for column in REFERENCE_COLUMNS.values() if column != "media_id")


class TranslatedMenus:
    """Makes the menus of one language."""

    def __init__(self, connection: db.Connection, words: Words, target: Target, made: Made) -> None:
        self._connection = connection
        self._words = words
        self._target = target
        self._made = made

    def make(self) -> None:
        """Make the menus that are missing or out of date."""
        for menu in read_menus(self._connection, self._target.site_id, self._target.language):
            fingerprint = self._fingerprint(menu)
            if fingerprint != menu.fingerprint:
                self._translate(menu, fingerprint)

    def _translate(self, menu: MenuToTranslate, fingerprint: str) -> None:
        target = self._target
        source = menu.row.language or ""
        cut = [cut_row(item, target.terms_from(source)) for item in menu.items]
        segments = [segment for documents in cut for segment in documents.segments]
        found = self._words.find(segments, Pair(source, target.language, target.terms_from(source)))
        if any(segment.hash not in found for segment in segments):
            self._made.waiting[target.language, MENUS] += 1
            return
        texts = {name: translation.text for name, translation in found.items()}
        row = replace(
            menu.row,
            id=translated_id(target.site_key, MENUS, menu.source_id, target.language),
            slug=f"{menu.row.slug}-{target.language}",
            name=f"{menu.row.name} ({target.language})",
            language=target.language,
        )
        items = [self._item(documents.put_back(texts).row, row) for documents in cut]
        self._load(menu.source_id, row, items, fingerprint)
        self._made.rows[target.language, MENUS] += 1

    def _item(self, item: MenuItemRow, menu: MenuRow) -> MenuItemRow:
        """Return an item as it stands in the new menu, leading to translations where there are any."""
        target = self._target
        references: dict[str, Any] = {
            column: target.places.rows.get(row_id, row_id)
            for column in REFERENCES
            if (row_id := getattr(item, column)) is not None
        }
        return replace(
            item,
            id=self._item_id(item.id),
            menu_id=menu.id,
            parent_id=self._item_id(item.parent_id) if item.parent_id else None,
            url=target.places.paths.get(item.url, item.url) if item.url else item.url,
            **references,
        )

    def _item_id(self, source_item: UUID) -> UUID:
        return row_id(self._target.site_key, "menu_items", f"{source_item}/{self._target.language}")

    def _fingerprint(self, menu: MenuToTranslate) -> str:
        target, source = self._target, menu.row.language or ""
        made_from = (
            VERSION, menu.row, [self._item(item, menu.row) for item in menu.items], target.terms_from(source).version,
        )  # fmt: skip
        return blake2b(repr(made_from).encode(), digest_size=16).hexdigest()

    def _load(self, source_id: int, row: MenuRow, items: list[MenuItemRow], fingerprint: str) -> None:
        target = self._target
        state = StateRow(
            source_id=source_id, fingerprint=fingerprint, transform_version=VERSION, row_id=row.id,
            outcome=Outcome.LOADED,
        )  # fmt: skip
        batch = LoadBatch(
            site_id=target.site_id, run_id=target.run_id, entity=entity_of(MENUS, target.language),
            rows=(row, *items), states=(state,),
        )  # fmt: skip
        with db.target_errors(), self._connection.transaction(), self._connection.cursor() as cursor:
            result = load_batch(self._connection, batch, ConflictPolicy.MERGE)
            if result.conflicts:
                forget_disputes(cursor, {"site_id": target.site_id, "run_id": target.run_id, "entity": batch.entity})
        self._made.rows_written += result.rows_written
