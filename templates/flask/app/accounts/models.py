"""The models of the accounts. Nothing in them is worth stealing: keys and passwords are hashed."""

from datetime import UTC, datetime
from typing import ClassVar, Self

from sqlalchemy import DateTime, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.extensions import db

EMAIL_LENGTH = 254


class User(Base):
    """Somebody who proved that the address is theirs."""

    __tablename__ = "account"  # `user` is a reserved word in PostgreSQL
    is_authenticated: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=lambda: datetime.now(UTC)
    )

    @classmethod
    def of(cls, email: str) -> Self | None:
        """Return the user with this address."""
        return db.session.scalar(select(cls).where(cls.email == email))


class SignIn(Base):
    """A browser that is signed in; without its row, the cookie of the browser is worth nothing."""

    __tablename__ = "sign_in"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship()
    created: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    seen: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Attempts(Base):
    """How often something was tried since its window of time began."""

    __tablename__ = "attempts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    ends: Mapped[int] = mapped_column(index=True)
