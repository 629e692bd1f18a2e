"""The models of the accounts. Nothing in them is worth stealing: it is hashed, or sealed."""

from datetime import UTC, datetime
from typing import ClassVar, Self

from sqlalchemy import DateTime, ForeignKey, String, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base
from app.extensions import db

EMAIL_LENGTH = 254
BROWSER_LENGTH = 60
ADDRESS_LENGTH = 45
EMPTY = text("''")  # also for workers of the version before, which do not know the column


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
    # Names with spaces between them
    roles: Mapped[str] = mapped_column(String(200), default="", server_default=EMPTY)
    factor: Mapped["SecondFactor | None"] = relationship(passive_deletes=True)

    def has_role(self, name: str) -> bool:
        """Tell whether somebody has a role of `app/accounts/roles.py`."""
        return name in self.roles.split()

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
    browser: Mapped[str] = mapped_column(String(BROWSER_LENGTH), default="", server_default=EMPTY)
    address: Mapped[str] = mapped_column(String(ADDRESS_LENGTH), default="", server_default=EMPTY)


class SecondFactor(Base):
    """What the app on somebody's phone shares with this site."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(String(255))  # sealed
    step: Mapped[int]  # the half minute of the last code that was taken; none before it is
    created: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=lambda: datetime.now(UTC)
    )


class RecoveryCode(Base):
    """What signs somebody in, once, whose phone is gone."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)


class Attempts(Base):
    """How often something was tried since its window of time began."""

    __tablename__ = "attempts"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    ends: Mapped[int] = mapped_column(index=True)
