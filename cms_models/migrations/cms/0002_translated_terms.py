"""Terms can be translations that WordPress does not have, and say who wrote their words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ENUM

revision = "0002"
down_revision = "0001"

ORIGIN = ENUM(name="translation_origin", schema="cms", create_type=False)


def upgrade() -> None:
    for name in ("wp_term_taxonomy_id", "wp_term_id"):
        op.alter_column("terms", name, nullable=True, schema="cms")
    op.add_column(
        "terms", sa.Column("translation_origin", ORIGIN, nullable=False, server_default="source"), schema="cms"
    )
    op.add_column("terms", sa.Column("translated_from_id", sa.Uuid), schema="cms")


def downgrade() -> None:
    op.execute("DELETE FROM cms.terms WHERE wp_term_taxonomy_id IS NULL OR wp_term_id IS NULL")
    for name in ("translated_from_id", "translation_origin"):
        op.drop_column("terms", name, schema="cms")
    for name in ("wp_term_taxonomy_id", "wp_term_id"):
        op.alter_column("terms", name, nullable=False, schema="cms")
