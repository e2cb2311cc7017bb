"""Which texts of a row are words, and a row with other words in their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from cms_models.rows import ContentRow, Json, MediaRow, MenuItemRow, MenuRow, ProductRow, TermRow
from transforms.translation.blocks import words_of_attributes
from transforms.translation.contract import Field, FieldRules, Path, TextKind
from transforms.translation.nested_values import with_values

WordedRow = ContentRow | TermRow | MediaRow | MenuRow | MenuItemRow
Worded = TypeVar("Worded", bound=WordedRow)

NO_CUSTOM_FIELDS = FieldRules()

_PLAIN_COLUMNS: Mapping[type, tuple[str, ...]] = {
    ContentRow: ("title", "excerpt"),
    TermRow: ("name", "description"),
    MediaRow: ("title", "alt_text", "caption", "description"),
    MenuRow: ("name",),
    MenuItemRow: ("label",),
}
_SEO = (
    ("title",), ("description",), ("breadcrumb_title",),
    ("og", "title"), ("og", "description"),
    ("twitter", "title"), ("twitter", "description"),
)  # fmt: skip


def fields_of(row: WordedRow, rules: FieldRules = NO_CUSTOM_FIELDS) -> dict[Path, Field]:
    """Return the texts of a row that a translation changes, by their place in it; empty ones are left out."""
    found = [*_columns(row)]
    if isinstance(row, ContentRow | TermRow):
        found += _search_data(row.seo)
    if isinstance(row, ContentRow):
        found += _body(row)
        found += _custom_fields(row.custom_fields, ("custom_fields",), "", rules)
    if isinstance(row, TermRow):
        found += _custom_fields(row.meta, ("meta",), "", rules)
    if isinstance(row, ProductRow):
        found += _product_attributes(row)
    return {path: field for path, field in found if field.text.strip()}


def with_fields(row: Worded, texts: Mapping[Path, str]) -> Worded:
    """Return the row with other texts at some of the places that `fields_of` names."""
    changes: dict[str, dict[Path, Json]] = {}
    for (column, *rest), text in texts.items():
        changes.setdefault(str(column), {})[tuple(rest)] = text
    values: dict[str, Any] = {name: with_values(getattr(row, name), inner) for name, inner in changes.items()}
    return replace(row, **values)


def _columns(row: WordedRow) -> Iterator[tuple[Path, Field]]:
    names = next(names for kind, names in _PLAIN_COLUMNS.items() if isinstance(row, kind))
    for name in names:
        text = getattr(row, name)
        if not (name == "title" and isinstance(row, MediaRow) and _is_file_name(text, row.source_path)):
            yield (name,), Field(TextKind.PLAIN, text)


def _is_file_name(title: str, path: str | None) -> bool:
    """Return whether a title is what WordPress made of the name of a file, as it does for every upload."""
    name = (path or "").rpartition("/")[2].rpartition(".")[0]
    return bool(name) and _letters(title) in (_letters(name), _letters(name.removesuffix("-scaled")))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _search_data(seo: Json) -> Iterator[tuple[Path, Field]]:
    for path in _SEO:
        if text := _text_at(seo, path):
            yield ("seo", *path), Field(TextKind.TITLED if path[-1] == "title" else TextKind.PLAIN, text)


def _body(row: ContentRow) -> Iterator[tuple[Path, Field]]:
    yield ("content_html",), Field(TextKind.HTML, row.content_html)
    yield from _blocks(row.blocks, ("blocks",))


def _blocks(blocks: Json, path: Path) -> Iterator[tuple[Path, Field]]:
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        return
    for at, block in enumerate(blocks):
        if not isinstance(block, Mapping):
            continue
        here = (*path, at)
        for inner, field in words_of_attributes(str(block.get("blockName") or ""), block.get("attrs")):
            yield (*here, "attrs", *inner), field
        if isinstance(html := block.get("innerHTML"), str):
            yield (*here, "innerHTML"), Field(TextKind.HTML, html)
        content = block.get("innerContent")
        for position, part in enumerate(content if isinstance(content, list) else ()):
            if isinstance(part, str):
                yield (*here, "innerContent", position), Field(TextKind.HTML, part)
        yield from _blocks(block.get("innerBlocks"), (*here, "innerBlocks"))


def _custom_fields(value: Json, path: Path, name: str, rules: FieldRules) -> Iterator[tuple[Path, Field]]:
    """Return the texts that the rules name; the items of a list bear the name of the list."""
    if isinstance(value, str):
        kind = _kind(name, rules)
        if kind is not None:
            yield path, Field(kind, value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _custom_fields(inner, (*path, key), f"{name}.{key}" if name else key, rules)
    elif isinstance(value, Sequence):
        for at, inner in enumerate(value):
            yield from _custom_fields(inner, (*path, at), name, rules)


def _kind(name: str, rules: FieldRules) -> TextKind | None:
    if any(fnmatchcase(name, pattern) for pattern in rules.html):
        return TextKind.HTML
    return TextKind.PLAIN if any(fnmatchcase(name, pattern) for pattern in rules.plain) else None


def _product_attributes(row: ProductRow) -> Iterator[tuple[Path, Field]]:
    """Return names and options of attributes; not those that variations are found by."""
    for key, attribute in row.attributes.items() if isinstance(row.attributes, Mapping) else ():
        if not isinstance(attribute, Mapping) or attribute.get("is_variation"):
            continue
        if isinstance(name := attribute.get("name"), str):
            yield ("attributes", key, "name"), Field(TextKind.PLAIN, name)
        options = attribute.get("options")
        for at, option in enumerate(options if isinstance(options, list) else ()):
            if isinstance(option, str):
                yield ("attributes", key, "options", at), Field(TextKind.PLAIN, option)


def _text_at(value: Json, path: Sequence[str]) -> str:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""
