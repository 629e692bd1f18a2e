"""Limits: over all workers, for each token and each network."""

import time

import pytest
from sqlalchemy import select, update

from app.api import limits
from app.api.models import ApiAnswer, ApiRequests
from tests.api.conftest import make_program
from tests.api.test_problems import check
from tests.api.things import THINGS, create_thing

NOW = 1_000_000_010


@pytest.fixture
def make_strict(make_app, app, session, monkeypatch):
    """Make an application with limits, at a moment that stands still."""
    monkeypatch.setattr("app.api.limits.time.time", lambda: NOW)

    def make(**variables):
        strict = make_app(**variables)
        strict.extensions["sqlalchemy"] = app.extensions["sqlalchemy"]
        return strict

    return make


def test_requests_of_a_token_are_counted(make_strict, session, owner, monkeypatch):
    strict = make_strict(API_LIMIT_TOKEN="3")
    program, other = (make_program(strict, session, owner) for _ in range(2))
    assert [program.get(THINGS).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = program.get(THINGS)
    check(refused, 429, "Too many requests.")
    assert refused.headers["Retry-After"] == str(60 - NOW % 60)
    assert other.get(THINGS).status_code == 200
    monkeypatch.setattr("app.api.limits.time.time", lambda: NOW + 60)
    assert program.get(THINGS).status_code == 200


def test_requests_of_a_network_are_counted(make_strict, session, owner):
    strict = make_strict(API_LIMIT_NETWORK="3")
    guesses = strict.test_client()
    header = {"Authorization": "Bearer api_guess"}
    answers = [guesses.get(THINGS, headers=header).status_code for _ in range(4)]
    assert answers == [401, 401, 401, 429]
    program = make_program(strict, session, owner)
    assert program.get(THINGS).status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert program.get(THINGS, environ_base=elsewhere).status_code == 200
    assert guesses.get("/").status_code == 200, "pages are not counted"


def test_nothing_is_counted_where_there_are_no_limits(make_strict, session, owner):
    strict = make_strict(API_LIMIT_TOKEN="0", API_LIMIT_NETWORK="0")
    assert make_program(strict, session, owner).get(THINGS).status_code == 200
    assert session.scalars(select(ApiRequests)).all() == []


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_network(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.network() == network


def test_what_is_of_no_use_is_pruned(program, runner, session):
    create_thing(program)
    program.post(THINGS, json={"name": "x"}, headers={"Idempotency-Key": "a"})
    kept = [len(session.scalars(select(model)).all()) for model in (ApiRequests, ApiAnswer)]
    assert runner.invoke(args=["api-prune"]).exit_code == 0
    assert kept == [len(session.scalars(select(model)).all()) for model in (ApiRequests, ApiAnswer)]
    session.execute(update(ApiRequests).values(minute=ApiRequests.minute - 3))
    session.execute(update(ApiAnswer).values(claimed=int(time.time()) - 24 * 60 * 60))
    session.commit()
    assert runner.invoke(args=["api-prune"]).exit_code == 0
    for model in (ApiRequests, ApiAnswer):
        assert session.scalars(select(model)).all() == []
