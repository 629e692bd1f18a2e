"""Note owner."""

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from alembic import op

NOTES = Path(__file__).parent.parent / "0001_notes.py"

revision: str = "0002"
down_revision: str | Sequence[str] | None = "accounts_0001"
branch_labels: str | Sequence[str] | None = None
# The notes are an example, which may have been removed before there were accounts.
depends_on: str | Sequence[str] | None = "0001" if NOTES.exists() else None
owns: Sequence[str] = ("note.owner_id",)


def upgrade() -> None:
    if not sa.inspect(op.get_bind()).has_table("note"):
        return
    # Notes from before there were users belong to nobody, and nobody sees them.
    with op.batch_alter_table("note") as note:
        note.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        note.create_index(op.f("ix_note_owner_id"), ["owner_id"])
        note.create_foreign_key(
            op.f("fk_note_owner_id_account"), "account", ["owner_id"], ["id"], ondelete="CASCADE"
        )


def downgrade() -> None:
    if not sa.inspect(op.get_bind()).has_table("note"):
        return
    with op.batch_alter_table("note") as note:
        note.drop_constraint(op.f("fk_note_owner_id_account"), type_="foreignkey")
        note.drop_index(op.f("ix_note_owner_id"))
        note.drop_column("owner_id")
