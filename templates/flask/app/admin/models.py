"""The model of the log: what staff did in the admin."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base

LABEL_LENGTH = 200


class LogEntry(Base):
    """Who did what to which record, and when.

    It names fields and holds no values of theirs, and it stays when the record or the user goes.
    """

    __tablename__ = "admin_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    created: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=lambda: datetime.now(UTC), index=True
    )
    user_id: Mapped[int]
    email: Mapped[str] = mapped_column(String(254))
    action: Mapped[str] = mapped_column(String(100))
    model: Mapped[str] = mapped_column(String(100))
    record: Mapped[str] = mapped_column(String(100), index=True)
    label: Mapped[str] = mapped_column(String(LABEL_LENGTH))
    fields: Mapped[str] = mapped_column(Text, default="")
