"""Advanced Custom Fields: flat metas become the structures that editors filled in.

A value stands under its name, and the key of its definition under the name with an underscore before it. A repeater
holds the number of its rows, flexible content the names of its layouts; their values stand under names such as
`rep_0_sub`. Fields that are defined in PHP or in acf-json have no definition in the database: their structure is
inferred from those names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from cms_models.rows import Json
from transforms.contract import Issue
from transforms.fields.definitions import CONTAINERS, Field, fields_by_key
from transforms.fields.plain import decode_meta
from wp_models.records import FieldDefinition, Meta

KEY_PREFIX = "field_"
LAYOUT = "acf_fc_layout"


def read_acf(
    meta: Meta, definitions: Mapping[str, FieldDefinition]
) -> tuple[dict[str, Json], frozenset[str], tuple[Issue, ...]]:
    """Return fields by name, the meta keys they were made of, and what was found amiss."""
    references = {
        key[1:]: values[0]
        for key, values in meta.items()
        if key[:1] == "_" and values and values[0].startswith(KEY_PREFIX) and key[1:] in meta
    }
    if not references:
        return {}, frozenset(), ()
    reading = _Reading(meta, references, fields_by_key(definitions))
    fields = reading.fields("", ())
    used = reading.used | references.keys()
    return fields, frozenset(used | {f"_{key}" for key in used}), reading.closing_issues()


class _Reading:
    """The fields of one object while they are read. `used` grows by every meta that found its place."""

    def __init__(self, meta: Meta, references: Mapping[str, str], defined: Mapping[str, Field]) -> None:
        self.meta = meta
        self.references = references
        self.defined = defined
        self.order = {key: place for place, key in enumerate(references)}
        self.sorted_keys = sorted(references)
        self.used: set[str] = set()
        self.stale: list[str] = []
        self.inferred: list[str] = []
        self.issues: list[Issue] = []

    def fields(self, prefix: str, children: Iterable[Field]) -> dict[str, Json]:
        """Return the fields of one level: the defined ones in their order, then those that only metas know."""
        found: dict[str, Json] = {}
        for child in children:
            key = prefix + child.name
            if child.name and key not in self.used and (key in self.meta or self.has_parts(key, child)):
                found[child.name] = self.value(key, child)
        only_in_metas: dict[str, Json] = {}
        # A container's key is shorter than the keys of what is in it.
        for key in sorted(self.keys_under(prefix), key=len):
            if key in self.used or (name := key[len(prefix) :]) == "":
                continue
            field = self.field_of(key)
            # The value of another level: of a container in here, or of a field beside the one that is being read.
            if field is not None and field.name != name and (field.is_nested or prefix) and not self.is_clone(key):
                continue
            only_in_metas[name] = self.value(key, field)
        if not prefix:
            self.stale += [key for key in self.sorted_keys if key not in self.used]
        return found | dict(sorted(only_in_metas.items(), key=lambda item: self.order[prefix + item[0]]))

    def keys_under(self, prefix: str) -> list[str]:
        """Return the referenced keys that begin with a prefix."""
        if not prefix:
            return self.sorted_keys
        start = bisect_left(self.sorted_keys, prefix)
        return self.sorted_keys[start : bisect_left(self.sorted_keys, prefix + "\U0010ffff", start)]

    def field_of(self, key: str) -> Field | None:
        """Return the definition that a meta refers to; a cloned field's reference ends in the field it copies."""
        reference = self.references.get(key, "")
        return self.defined.get(reference) or self.defined.get(KEY_PREFIX + reference.rpartition(KEY_PREFIX)[2])

    def is_clone(self, key: str) -> bool:
        """Return whether a value belongs to a field that a clone field put there."""
        return self.references[key].count(KEY_PREFIX) > 1

    def has_parts(self, key: str, field: Field) -> bool:
        """Return whether a container without a meta of its own has values."""
        return field.type in CONTAINERS and bool(self.keys_under(f"{key}_"))

    def value(self, key: str, field: Field | None) -> Json:
        """Return the value of a field, with everything in it."""
        self.used.add(key)
        raw = self.meta[key][0] if self.meta.get(key) else ""
        kind = field.type if field else self.inferred_type(key, raw)
        children = field.children if field else ()
        if kind == "repeater":
            count = int(raw) if raw.isdecimal() else 0
            rows: list[Json] = [self.fields(f"{key}_{row}_", children) for row in self.row_numbers(key, count)]
            self.leave_out_deleted_rows(key)
            return rows
        if kind == "flexible_content":
            names = decode_meta(key, raw, self.issues)
            layouts = [
                self.layout(key, row, str(name), field)
                for row, name in enumerate(names if isinstance(names, list) else ())
            ]
            self.leave_out_deleted_rows(key)
            return layouts
        if kind in ("group", "clone"):
            return self.fields(f"{key}_", children)
        return decode_meta(key, raw, self.issues)

    def layout(self, key: str, row: int, name: str, field: Field | None) -> Json:
        """Return one row of flexible content, its layout's name first."""
        layout_key = field.layouts.get(name) if field else None
        children = [child for child in field.children if child.layout_key == layout_key] if field else ()
        return {LAYOUT: name, **self.fields(f"{key}_{row}_", children)}

    def row_numbers(self, key: str, count: int) -> range:
        """Return the rows that count; a number that a broken import left must not make a million empty rows."""
        longest = max((int(match[1]) for match in self.rows_stored(key)), default=-1) + 1
        return range(min(count, longest) if count > 1_000 else count)

    def rows_stored(self, key: str) -> list[re.Match[str]]:
        """Return the row numbers in the names of a container's values, of deleted rows too."""
        pattern = re.compile(re.escape(key) + r"_(\d{1,9})_")
        return [match for other in self.keys_under(f"{key}_") if (match := pattern.match(other))]

    def leave_out_deleted_rows(self, key: str) -> None:
        """Take what is left of a container's values: rows that an editor deleted stay behind in the database."""
        left = [match.string for match in self.rows_stored(key) if match.string not in self.used]
        self.used.update(left)
        self.stale += left

    def inferred_type(self, key: str, raw: str) -> str:
        """Return what a field without definition must be, by its value and by the names of other values."""
        parts = self.keys_under(f"{key}_")
        if not parts:
            return "text"
        rows = self.rows_stored(key)
        if rows and (raw == "" or raw.isdecimal()):
            kind = "repeater"
        elif rows and raw.startswith("a:"):
            kind = "flexible_content"
        # A group is saved empty, and after what is in it; a text that was left empty is not.
        elif not raw and any(self.order[part] < self.order[key] for part in parts):
            kind = "group"
        else:
            return "text"
        self.inferred.append(key)
        return kind

    def closing_issues(self) -> tuple[Issue, ...]:
        """Return what was found amiss in the fields as a whole."""
        if self.inferred:
            text = (
                f"The structure of {', '.join(self.inferred)} was inferred from the names of the values: "
                f"its definition is not in the database (acf-json or PHP). Check it."
            )
            self.issues.append(Issue("fields.inferred", text))
        if self.stale:
            some = ", ".join(sorted(self.stale)[:5]) + (", ..." if len(self.stale) > 5 else "")
            text = f"{len(self.stale)} values of rows or fields that an editor deleted were left out: {some}."
            self.issues.append(Issue("fields.stale", text))
        return tuple(self.issues)
