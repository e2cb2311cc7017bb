"""Rows into temporary tables by binary COPY, with what Postgres would refuse taken out of their texts."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import orjson
import psycopg
from psycopg.types.json import set_json_dumps

from cms_models.copy_sql import Stage

NUL = "\0"
LIMITS = {"int2": 2**15, "int4": 2**31, "int8": 2**63}
"""Binary COPY would cut larger integers off without a word."""
SIZES = """
    SELECT name, pg_relation_size(to_regclass('pg_temp.' || name)) FROM unnest(%s::text[]) AS name
"""
ESCAPED_NUL = b"\\u0000"


def create_stages(cursor: psycopg.Cursor[Any], stages: Sequence[Stage]) -> None:
    """Make the staging tables that this connection does not have yet, and empty the others."""
    cursor.execute(SIZES, ([stage.name for stage in stages],))
    sizes = dict(cursor)
    for stage in stages:
        if sizes[stage.name] is None:
            cursor.execute(stage.create_sql)
        elif sizes[stage.name]:
            # Each commit leaves it empty, but a batch that is loaded in parts has no commit between them.
            cursor.execute(b"TRUNCATE " + stage.name.encode())


def copy_rows(cursor: psycopg.Cursor[Any], stage: Stage, rows: Iterable[object]) -> None:
    """COPY rows into a staging table; each column is read from the attribute of its name."""
    set_json_dumps(json_bytes, cursor)
    values_of: Callable[[object], Sequence[Any]] = attrgetter(*stage.columns)
    text_positions, list_positions = stage.positions("text"), stage.positions("text[]")
    uuid_positions = stage.positions("uuid[]")
    limits = [(position, limit) for kind, limit in LIMITS.items() for position in stage.positions(kind)]
    with cursor.copy(stage.copy_sql) as copy:
        copy.set_types(stage.types)
        for row in rows:
            values = list(values_of(row))
            for position in text_positions:
                value = values[position]
                if value and _may_be_unclean(value):
                    values[position] = clean_text(value)
            for position in list_positions:
                texts = values[position]
                values[position] = list(map(clean_text, texts)) if _may_be_unclean("".join(texts)) else list(texts)
            for position in uuid_positions:
                values[position] = list(values[position])
            for position, limit in limits:
                if values[position] is not None and not -limit <= values[position] < limit:
                    raise OverflowError(f"{stage.columns[position]} is {values[position]}, which is out of range")
            copy.write_row(values)


def _may_be_unclean(text: str) -> bool:
    return NUL in text or not text.isascii()


def clean_text(value: str) -> str:
    """Return the text without NUL and lone surrogates, which neither text nor jsonb can hold."""
    value = value.replace(NUL, "")
    try:
        value.encode()
    except UnicodeEncodeError:
        # By way of UTF-16 the halves of one character find each other; a half left alone becomes U+FFFD.
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


def json_bytes(value: Any) -> bytes:
    """Return the value as JSON that Postgres takes."""
    try:
        dumped = orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS)
    except TypeError:  # lone surrogates, integers beyond 64 bits, or more than 254 levels
        return json.dumps(clean_json(value), default=_plain).encode()
    if ESCAPED_NUL in dumped:
        return json.dumps(clean_json(value), default=_plain).encode()
    return dumped


def clean_json(value: Any) -> Any:
    """Return the value with all texts clean and with null for numbers that JSON does not have."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)
