"""Alembic's entry point for both histories; `cms_models.schema` says which one and on what connection."""

from __future__ import annotations

from alembic import context
from sqlalchemy import MetaData

from cms_models import state_tables, tables

METADATA: dict[str, MetaData] = {tables.SCHEMA: tables.metadata, state_tables.SCHEMA: state_tables.metadata}

schema: str = context.config.attributes["schema"]


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Return whether a schema belongs to this history; tables of other schemas are nobody's business."""
    return name == schema if kind == "schema" else True


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA[schema],
    version_table_schema=schema,
    include_schemas=True,
    include_name=is_ours,
)
with context.begin_transaction():
    context.run_migrations()
