"""Columns of plugins' tables, which differ from version to version."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, inspect, literal

from wp_models.tables import Installation


def own_columns(connection: Connection, site: Installation, table: str, *names: str) -> list[ColumnElement[Any]]:
    """Return columns of a table by name; those that this version of the plugin does not have yet are NULL."""
    described = site.table(table)
    known = {column["name"] for column in inspect(connection).get_columns(described.name)}
    return [described.c[name] if name in known else literal(None).label(name) for name in names]
