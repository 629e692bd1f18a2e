"""The models of the API. Nothing in them is worth stealing: tokens are hashed."""

from datetime import UTC, datetime

from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.access import Owned
from app.api.fields import as_utc
from app.database import Base

NAME_LENGTH = 100


class ApiToken(Owned, Base):
    """What a program shows to be let in; where there are users, it acts for its owner."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    scope: Mapped[str] = mapped_column(String(5))  # `read` or `write`
    created: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=lambda: datetime.now(UTC)
    )
    expires: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_used: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def state(self) -> str:
        if self.revoked:
            return "revoked"
        ended = self.expires and as_utc(self.expires) <= datetime.now(UTC)
        return "expired" if ended else "valid"


class ApiRequests(Base):
    """How many requests a token or a network made in a minute."""

    __tablename__ = "api_requests"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    minute: Mapped[int] = mapped_column(primary_key=True, index=True)
    count: Mapped[int]


class ApiAnswer(Base):
    """What was answered to a request with an `Idempotency-Key`; no status while it is worked on."""

    __tablename__ = "api_answer"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    claim: Mapped[str] = mapped_column(String(32))
    claimed: Mapped[int] = mapped_column(index=True)
    status: Mapped[int | None]
    location: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)
