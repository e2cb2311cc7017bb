"""Definitions of custom fields, as Advanced Custom Fields keeps them in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from wp_models.php_data import decode
from wp_models.records import FieldDefinition

CONTAINERS = frozenset({"repeater", "flexible_content", "group", "clone"})


@dataclass(frozen=True, slots=True)
class Field:
    """One defined field. `layouts` of flexible content gives the key of each layout by its name."""

    name: str
    type: str
    is_nested: bool  # it belongs to another field, not straight to a field group
    layout_key: str | None = None  # the layout of flexible content that it belongs to
    layouts: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Field, ...] = ()  # by position


class _ById:
    """Stands for a mapping by identity, so that one conversion serves all records of a run."""

    __slots__ = ("definitions",)

    def __init__(self, definitions: Mapping[str, FieldDefinition]) -> None:
        self.definitions = definitions

    def __hash__(self) -> int:
        return id(self.definitions)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.definitions is other.definitions


def fields_by_key(definitions: Mapping[str, FieldDefinition]) -> Mapping[str, Field]:
    """Return the defined fields by their key, such as "field_5f3a"."""
    return _fields_by_key(_ById(definitions)) if definitions else {}


@lru_cache(maxsize=8)
def _fields_by_key(holder: _ById) -> Mapping[str, Field]:
    definitions = sorted(holder.definitions.values(), key=lambda one: (one.position, one.id))
    keys = {definition.id: definition.key for definition in definitions}
    children: dict[int, list[FieldDefinition]] = {}
    for definition in definitions:
        if definition.parent_id in keys:
            children.setdefault(definition.parent_id, []).append(definition)
    fields: dict[str, Field] = {}

    def build(definition: FieldDefinition, ancestors: frozenset[int]) -> Field:
        if definition.key in fields:
            return fields[definition.key]
        settings = decode(definition.settings)
        settings = settings if isinstance(settings, dict) else {}
        inner = [child for child in children.get(definition.id, ()) if child.id not in ancestors]
        built = Field(
            name=definition.name,
            type=str(settings.get("type") or "text"),
            is_nested=definition.parent_id in keys,
            layout_key=str(settings["parent_layout"]) if settings.get("parent_layout") else None,
            layouts=_layouts(settings.get("layouts")),
            children=tuple(build(child, ancestors | {definition.id}) for child in inner),
        )
        fields[definition.key] = built
        return built

    for definition in definitions:
        build(definition, frozenset({definition.id}))
    return fields


def _layouts(value: object) -> Mapping[str, str]:
    layouts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {
        str(layout["name"]): str(layout.get("key", ""))
        for layout in layouts
        if isinstance(layout, dict) and layout.get("name")
    }
