"""Tokens of users: whom they act for, and the page on which users make, see and revoke them."""

import re

from sqlalchemy import select

from app.api.models import ApiToken
from conftest import token
from tests.api.conftest import make_program
from tests.api.test_tokens import refused
from tests.api.things import THINGS, create_thing

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
    unknown = member.post(f"{PAGE}{'9' * 30}/revoke/", data={"csrf_token": token(member)})
    assert unknown.status_code == 404
    assert program.get(THINGS, headers=headers).status_code == 200
    revoked = member.post(address, data={"csrf_token": token(member)}, follow_redirects=True).text
    assert "The token is revoked." in revoked
    assert "laptop" not in revoked
    assert program.get(THINGS, headers=headers).status_code == 401


def test_bad_fields_make_no_token(member, session):
    for fields in ({"name": " "}, {"name": "a\0"}, {"name": "a\nb"}, {"days": "0"}, {"days": "x"}):
        assert "Error:" in make(member, **fields)
    assert session.scalars(select(ApiToken)).all() == []
    assert "expires " in make(member, days="9")


def test_a_token_acts_for_its_owner(app, runner, session, owner, program):
    assert runner.invoke(args=["api-token", "create", "ci"]).exit_code == 2
    nobody = ["--user", "nobody@example.com"]
    assert runner.invoke(args=["api-token", "create", "ci", *nobody]).exit_code == 1
    create_thing(program)
    assert make_program(app, session).get(THINGS).status_code == 401, "a token of nobody's"
    owner.active = False
    session.commit()
    assert refused(program.get(THINGS))
