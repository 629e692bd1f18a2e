"""Accounts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["account.id"],
            name=op.f("fk_sign_in_user_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_user_id"), "sign_in", ["user_id"])
    op.create_index(op.f("ix_sign_in_created"), "sign_in", ["created"])
    op.create_table(
        "attempts",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_ends"), "attempts", ["ends"])
    # Notes from before there were users belong to nobody, and nobody sees them.
    with op.batch_alter_table("note") as note:
        note.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        note.create_index(op.f("ix_note_owner_id"), ["owner_id"])
        note.create_foreign_key(
            op.f("fk_note_owner_id_account"), "account", ["owner_id"], ["id"], ondelete="CASCADE"
        )


def downgrade() -> None:
    """Take the change back."""
    with op.batch_alter_table("note") as note:
        note.drop_constraint(op.f("fk_note_owner_id_account"), type_="foreignkey")
        note.drop_index(op.f("ix_note_owner_id"))
        note.drop_column("owner_id")
    for table in ("attempts", "sign_in", "account"):
        op.drop_table(table)
