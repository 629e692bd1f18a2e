"""Who asks: tokens, and the session of a page."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, select

from app.api.models import ApiToken
from tests.api.conftest import make_program
from tests.api.test_problems import check
from tests.api.things import THINGS, create_thing

UNKNOWN = "Sign in, or send a valid token."
BEFORE = datetime.now(UTC) - timedelta(days=1)


def refused(response):
    check(response, 401, UNKNOWN)
    return response.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_is_kept_as_a_hash(program, session):
    columns = inspect(ApiToken).columns
    values = [str(getattr(program.token, column.key)) for column in columns]
    assert len(program.secret) >= 43
    assert not [value for value in values if program.secret in value]


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "Bearer api_x", "Basic YTpi", "Token {}", "{}", "bearer  {}"]
)
def test_the_header_decides_alone(program, member, value):
    """A header that is not good is refused, whatever session there is."""
    member.get("/api/v1/session/")
    assert member.get(THINGS).status_code == 200
    header = {"Authorization": value.format(program.secret)}
    assert refused(member.get(THINGS, headers=header))
    assert refused(member.get("/api/v1/session/", headers=header))


@pytest.mark.parametrize("values", [{"expires": BEFORE}, {"revoked": BEFORE}])
def test_a_token_ends(app, session, owner, values):
    assert refused(make_program(app, session, owner, **values).get(THINGS))


def test_without_anything_nobody_is_let_in(client):
    assert refused(client.get(THINGS))
    assert refused(client.post(THINGS, json={"name": "x"}))


def test_a_token_may_only_read(app, session, owner):
    reader = make_program(app, session, owner, scope="read")
    assert reader.get(THINGS).status_code == 200
    check(reader.post(THINGS, json={"name": "x"}), 403, "This token may only read.")


def test_use_is_noted_once_a_minute(program, session):
    for last_used, noted in ((None, True), (datetime.now(UTC), False), (BEFORE, True)):
        program.token.last_used = last_used
        session.commit()
        assert program.get(THINGS).status_code == 200
        session.expire_all()
        now = program.token.last_used
        assert (now is not None and now.replace(tzinfo=UTC) > BEFORE) is True
        assert (last_used is None or now.replace(tzinfo=UTC) != last_used) is noted


def test_a_page_needs_its_session_and_its_token(app, member):
    token = member.get("/api/v1/session/").json["csrf_token"]
    header = {"X-CSRFToken": token}
    assert member.get(THINGS).status_code == 200
    assert member.post(THINGS, json={"name": "x"}, headers=header).status_code == 201
    foreign = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
    for headers in ({}, {"X-CSRFToken": "x"}, header | foreign):
        response = member.post(THINGS, json={"name": "x"}, headers=headers)
        check(response, 403, "The CSRF token is missing or wrong.")
    assert len(member.get(THINGS).json["things"]) == 1


def test_a_program_needs_no_csrf_token(program):
    foreign = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
    assert program.post(THINGS, json={"name": "x"}, headers=foreign).status_code == 201


def test_a_page_learns_who_is_signed_in(client, member):
    user = getattr(member, "user", None)
    expected = user and {"id": user.id, "email": user.email}
    assert member.get("/api/v1/session/").json["user"] == expected


def test_tokens_are_made_listed_and_revoked_by_commands(app, runner, session, owner):
    user = ["--user", owner.email] if owner else []
    made = runner.invoke(args=["api-token", "create", "ci", *user, "--days", "9"])
    secret = made.stdout.strip()
    token = session.scalars(select(ApiToken)).one()
    assert (token.name, token.scope, token.revoked) == ("ci", "write", None)
    assert token.expires.replace(tzinfo=UTC) > datetime.now(UTC) + timedelta(days=8)
    client = app.test_client()
    headers = {"Authorization": f"bearer {secret}"}
    assert client.get(THINGS, headers=headers).status_code == 200
    listed = runner.invoke(args=["api-token", "list"]).stdout
    assert f"{token.id}  ci  write" in listed
    assert secret not in listed
    assert runner.invoke(args=["api-token", "revoke", str(token.id)]).exit_code == 0
    assert refused(client.get(THINGS, headers=headers))
    assert runner.invoke(args=["api-token", "revoke", "7777"]).exit_code == 1
    assert runner.invoke(args=["api-token", "create", "", *user]).exit_code == 1


def test_a_token_acts_for_its_owner(app, runner, session, owner, program):
    if owner is None:
        pytest.skip("There are no users.")
    assert runner.invoke(args=["api-token", "create", "ci"]).exit_code == 2
    nobody = ["--user", "nobody@example.com"]
    assert runner.invoke(args=["api-token", "create", "ci", *nobody]).exit_code == 1
    create_thing(program)
    assert make_program(app, session).get(THINGS).status_code == 401, "a token of nobody's"
    owner.active = False
    session.commit()
    assert refused(program.get(THINGS))
