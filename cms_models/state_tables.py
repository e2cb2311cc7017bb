"""Tables of the schema `migration`: what wpferry remembers between runs.

They refer to `cms` by value only: either schema can be dropped, restored or moved without the other.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Enum,
    Identity,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from cms_models.rows import Outcome

SCHEMA = "migration"

metadata = MetaData(schema=SCHEMA, naming_convention={"pk": "%(table_name)s_pkey"})

TIMESTAMPTZ = TIMESTAMP(timezone=True)
NOW = text("now()")

OUTCOME = Enum(*(outcome.value for outcome in Outcome), name="outcome", metadata=metadata, schema=SCHEMA)

runs = Table(
    "runs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("site_id", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),  # migrate | resync | translate | rollback ...
    Column("started_at", TIMESTAMPTZ, nullable=False, server_default=NOW),
    Column("finished_at", TIMESTAMPTZ),  # None while it runs; a killed one is closed by the next run
    Column("outcome", Text),  # done | incomplete | failed | rolled_back
    Column("detail", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Index("runs_site_id_started_at_idx", "site_id", text("started_at DESC")),
)

entity_state = Table(
    "entity_state",
    metadata,
    Column("site_id", SmallInteger, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("fingerprint", Text, nullable=False),  # empty: take it again at the next run
    Column("transform_version", Integer, nullable=False),
    Column("row_id", Uuid),
    Column("loaded_hash", ARRAY(BigInteger)),  # see copy_sql.row_hash
    Column("run_id", Uuid, nullable=False),  # the last run that changed anything here
    Column("outcome", OUTCOME, nullable=False),
    Column("reason", Text),
    Column("facts", ARRAY(Text), nullable=False, server_default="{}"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("site_id", SmallInteger, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("payload", JSONB),
    Column("run_id", Uuid, nullable=False),
    Column("created_at", TIMESTAMPTZ, nullable=False, server_default=NOW),
    Column("resolved_at", TIMESTAMPTZ),
)

issues = Table(
    "issues",
    metadata,
    Column("site_id", SmallInteger, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("run_id", Uuid, nullable=False),
)

conflicts = Table(
    "conflicts",
    metadata,
    Column("site_id", SmallInteger, primary_key=True),
    Column("entity", Text, primary_key=True),
    Column("source_id", BigInteger, primary_key=True),
    Column("row_id", Uuid, nullable=False),
    Column("fields", ARRAY(Text), nullable=False),  # contested; deleted_at when one side has put the row away
    Column("source_row", JSONB),  # as the source would make it now; None: it no longer has it
    Column("source_owned", JSONB, nullable=False, server_default=text("'[]'::jsonb")),  # rows that belong to it
    Column("source_hash", ARRAY(BigInteger)),  # of the source's row; see merge_sql.row_hash
    Column("outcome", OUTCOME, nullable=False),  # of the object, once the conflict is resolved
    Column("reason", Text),
    Column("run_id", Uuid, nullable=False),  # the last run that changed anything here
)

row_history = Table(
    "row_history",
    metadata,
    Column("run_id", Uuid, primary_key=True),
    Column("table_name", Text, primary_key=True),
    Column("row_id", Uuid, primary_key=True),
    Column("site_id", SmallInteger, nullable=False),
    Column("before", JSONB),  # None: the run made the row
)

translation_memory = Table(
    "translation_memory",
    metadata,
    Column("source_language", Text, primary_key=True),
    Column("target_language", Text, primary_key=True),
    Column("segment_hash", Text, primary_key=True),
    Column("glossary_version", Text, primary_key=True, server_default=""),
    Column("source_text", Text, nullable=False),
    Column("target_text", Text, nullable=False),
    Column("origin", Text, nullable=False),  # human | machine
    Column("engine", Text),
    Column("model", Text),
    Column("cost", Numeric),
    Column("created_at", TIMESTAMPTZ, nullable=False, server_default=NOW),
)

url_map = Table(
    "url_map",
    metadata,
    Column("site_id", SmallInteger, primary_key=True),
    Column("url_hash", Text, primary_key=True),  # addresses are longer than an index key may be
    Column("url", Text, nullable=False),
    Column("kind", Text, nullable=False),  # post | term | author | media | date | home | feed | missing
    Column("path", Text),  # where it leads now
    Column("source_id", BigInteger),
    Column("run_id", Uuid, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("position", BigInteger, Identity(), primary_key=True),
    Column("document", JSONB, nullable=False),
    Column("created_at", TIMESTAMPTZ, nullable=False, server_default=NOW),
)
