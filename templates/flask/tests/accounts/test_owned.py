"""What belongs to somebody is there for them alone."""

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from app.access import Owned, own
from app.database import Base
from app.extensions import db
from tests.accounts.people import DELETE, PASSWORD, post


class Thing(Owned, Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(primary_key=True)


TABLE = Base.metadata.tables["thing"]
Base.metadata.remove(TABLE)  # as far as migrations go, it is not there


def test_what_belongs_to_others_does_not_exist(app, member, other_member, session):
    TABLE.create(session.connection())
    for owner in (member.user, other_member.user, None):
        with app.test_request_context():
            g.user = owner
            db.session.add(Thing())
            db.session.commit()
    with app.test_request_context():
        g.user = member.user
        (mine,) = db.session.scalars(own(Thing))
        assert mine.owner
        assert mine.owner.email == member.user.email
    post(member, DELETE, current=PASSWORD)
    left = session.scalars(select(Thing.owner_id).order_by(Thing.id)).all()
    assert left == [other_member.user.id, None], "it goes with its owner"
