"""Who asks: programs, each with its token."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import inspect, select

from app.api.fields import as_utc
from app.api.models import ApiToken
from tests.api.conftest import make_program
from tests.api.test_problems import check
from tests.api.things import THINGS

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
def test_a_header_that_is_no_token_is_refused(program, client, value):
    header = {"Authorization": value.format(program.secret)}
    assert refused(client.get(THINGS, headers=header))


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
        assert (now is not None and as_utc(now) > BEFORE) is True
        assert (last_used is None or as_utc(now) != last_used) is noted


def test_tokens_are_made_listed_and_revoked_by_commands(app, runner, session, owner):
    user = ["--user", owner.email] if owner else []
    made = runner.invoke(args=["api-token", "create", "ci", *user, "--days", "9"])
    secret = made.stdout.strip()
    token = session.scalars(select(ApiToken)).one()
    assert (token.name, token.scope, token.revoked) == ("ci", "write", None)
    assert as_utc(token.expires) > datetime.now(UTC) + timedelta(days=8)
    client = app.test_client()
    headers = {"Authorization": f"bearer {secret}"}
    assert client.get(THINGS, headers=headers).status_code == 200
    listed = runner.invoke(args=["api-token", "list"]).stdout
    words = [str(token.id), "ci", "write", *user[1:]]
    words += [f"used {datetime.now(UTC):%Y-%m-%d}", f"expires {as_utc(token.expires):%Y-%m-%d}"]
    assert listed.splitlines() == ["\t".join(words)]
    assert runner.invoke(args=["api-token", "revoke", str(token.id)]).exit_code == 0
    assert refused(client.get(THINGS, headers=headers))
    assert "revoked 2" in runner.invoke(args=["api-token", "list"]).stdout
    for number in (str(token.id), "7777", "9" * 30):
        assert runner.invoke(args=["api-token", "revoke", number]).exit_code > 0
    for name in (" ", "a\nb", "x" * 101):
        assert runner.invoke(args=["api-token", "create", name, *user]).exit_code == 1
