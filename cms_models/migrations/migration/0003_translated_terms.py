"""Before-images and conflicts of terms get the column that `cms.terms` has since: a rollback puts whole rows back."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

ORIGIN = """'{"translation_origin": "source"}'"""


def upgrade() -> None:
    op.execute(f"UPDATE migration.row_history SET before = {ORIGIN} || before WHERE table_name = 'terms'")  # noqa: S608
    op.execute(f"UPDATE migration.conflicts SET source_row = {ORIGIN} || source_row WHERE entity = 'terms'")  # noqa: S608


def downgrade() -> None:
    """Leave the images as they are: a column that is not there any more is not read."""
