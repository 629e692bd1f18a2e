"""Token owner: where there are users, a token acts for one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "api_owner_0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = ("api_owner",)
depends_on: str | Sequence[str] | None = ("api_0001", "accounts_0001")
owns: Sequence[str] = ("api_token.owner_id",)


def upgrade() -> None:
    # Tokens from before there were users act for nobody: they are good for nothing any more.
    with op.batch_alter_table("api_token") as token:
        token.add_column(sa.Column("owner_id", sa.Integer(), nullable=True))
        token.create_index(op.f("ix_api_token_owner_id"), ["owner_id"])
        token.create_foreign_key(
            op.f("fk_api_token_owner_id_account"),
            "account",
            ["owner_id"],
            ["id"],
            ondelete="CASCADE",
        )


def downgrade() -> None:
    with op.batch_alter_table("api_token") as token:
        token.drop_constraint(op.f("fk_api_token_owner_id_account"), type_="foreignkey")
        token.drop_index(op.f("ix_api_token_owner_id"))
        token.drop_column("owner_id")
