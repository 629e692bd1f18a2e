"""Staff, and a model with columns of every kind."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from sqlalchemy import DateTime, ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.accounts.models import SecondFactor
from app.accounts.roles import STAFF
from app.admin.registry import register, registered
from app.database import Base
from tests.accounts.people import signed_in


class Colour(Enum):
    """What a thing may be."""

    RED = 1
    BLUE = 2


class Parcel(Base):
    __tablename__ = "parcel"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    text: Mapped[str | None] = mapped_column(String(2000))
    colour: Mapped[Colour | None]
    fragile: Mapped[bool] = mapped_column(default=False)
    insured: Mapped[bool | None]
    pieces: Mapped[int] = mapped_column(default=1)
    weight: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    length: Mapped[float | None]
    sent: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    due: Mapped[date | None]
    hour: Mapped[time | None]
    number: Mapped[UUID | None]
    inside_id: Mapped[int | None] = mapped_column(ForeignKey("parcel.id"))
    door_pin: Mapped[str | None] = mapped_column(String(20))

    @validates("pieces")
    def check_pieces(self, _key: str, pieces: int) -> int:
        if pieces < 1:
            raise ValueError("A parcel has a piece.")
        return pieces


TABLE = Base.metadata.tables["parcel"]
Base.metadata.remove(TABLE)  # as far as migrations go, it is not there


@pytest.fixture
def staff(app, session):
    """The browser of somebody of the staff, who has a second factor."""
    client = signed_in(app, session, "grace@example.com")
    client.user.roles = STAFF
    session.add(SecondFactor(user_id=client.user.id, secret="sealed", step=0))
    session.commit()
    return client


@pytest.fixture
def parcels(app, session):
    """A model of this test's own in the admin."""
    TABLE.create(session.connection())
    register(app, Parcel)
    yield Parcel
    del registered(app)[TABLE.name]
