"""Columns of plugins' tables, which differ from version to version and may be named after a language."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, column, inspect, literal, table


def table_columns(full_name: str, *names: str) -> list[ColumnElement[Any]]:
    """Return columns of a table that every version of its plugin has."""
    described = table(full_name, *(column(name) for name in names))
    return [described.c[name] for name in names]


def own_columns(connection: Connection, full_name: str, *names: str) -> list[ColumnElement[Any]]:
    """Return columns of a table; those that this version of the plugin does not have yet are NULL."""
    known = {found["name"] for found in inspect(connection).get_columns(full_name)}
    present = dict(zip(names, table_columns(full_name, *names), strict=True))
    return [present[name] if name in known else literal(None).label(name) for name in names]
