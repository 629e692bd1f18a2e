"""The page on which users make, see and revoke their tokens."""

import re

from sqlalchemy import select

from app.api.models import ApiToken
from conftest import token
from tests.api.things import THINGS

PAGE = "/accounts/tokens/"


def make(member, **fields):
    data = {"csrf_token": token(member), "name": "laptop", "days": ""} | fields
    return member.post(PAGE, data=data).text


def test_users_make_and_revoke_their_own_tokens(app, member, other_member, session):
    page = make(member)
    (secret,) = re.findall(r"<code>(api_.+?)</code>", page)
    assert "laptop" in page
    assert secret not in member.get(PAGE).text
    assert "laptop" not in other_member.get(PAGE).text
    program = app.test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    assert program.get(THINGS, headers=headers).status_code == 200
    made = session.scalars(select(ApiToken)).one()
    assert (made.owner, made.expires) == (member.user, None)

    address = f"{PAGE}{made.id}/revoke/"
    foreign = other_member.post(address, data={"csrf_token": token(other_member)})
    assert foreign.status_code == 404
    assert program.get(THINGS, headers=headers).status_code == 200
    revoked = member.post(address, data={"csrf_token": token(member)}, follow_redirects=True).text
    assert "The token is revoked." in revoked
    assert "laptop" not in revoked
    assert program.get(THINGS, headers=headers).status_code == 401


def test_bad_fields_make_no_token(member, session):
    for fields in ({"name": " "}, {"name": "a\0"}, {"days": "0"}, {"days": "x"}):
        assert "Error:" in make(member, **fields)
    assert session.scalars(select(ApiToken)).all() == []
    assert "expires " in make(member, days="9")
