"""Every entity is registered, once, and in an order in which references exist."""

from __future__ import annotations

from pathlib import Path

import transforms.entities
from cms_models.rows import CONTENT_TABLES
from transforms.registry import ENTITIES

NAMES = [entity.name for entity in ENTITIES]


def test_every_file_of_an_entity_is_registered() -> None:
    folder = Path(transforms.entities.__path__[0])
    files = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"}
    assert files == {entity.transform.__module__.rpartition(".")[2] for entity in ENTITIES}


def test_an_entity_bears_the_name_of_its_file() -> None:
    assert [entity.transform.__module__.rpartition(".")[2] for entity in ENTITIES] == NAMES


def test_no_entity_is_registered_twice() -> None:
    assert len(NAMES) == len(set(NAMES))


def test_every_content_table_has_its_entity() -> None:
    assert set(CONTENT_TABLES) <= set(NAMES)


def test_what_content_refers_to_is_loaded_before_it() -> None:
    assert max(NAMES.index(name) for name in ("users", "terms", "media")) < min(map(NAMES.index, CONTENT_TABLES))
    assert max(map(NAMES.index, CONTENT_TABLES)) < min(NAMES.index(name) for name in ("comments", "menus"))
