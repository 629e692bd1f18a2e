"""The model of the notes."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, String
from sqlalchemy.orm import Mapped, mapped_column

from app.access import Owned
from app.database import Base

TITLE_LENGTH = 120
TEXT_LENGTH = 10_000
LARGEST_ID = 2_147_483_647  # SQLite refuses much larger numbers with an error


class Note(Owned, Base):
    """A text with a title; where there are users, its owner alone sees it."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    created: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=lambda: datetime.now(UTC), index=True
    )
