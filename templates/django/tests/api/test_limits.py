"""How much a program may ask in a minute."""

import time
from typing import Any

import pytest
from django.core.management import call_command

from api import limits
from api.models import RequestCount
from tests.api.conftest import Program, assert_problem, token_of
from users.models import User

SESSION = "/api/v1/session/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands, twenty seconds into a minute."""
    clock = [time.time() // 60 * 60 + 20]
    monkeypatch.setattr(limits, "time", lambda: clock[0])
    return clock


def test_a_token_is_limited_and_the_wait_ends(
    program: Program, user: User, settings: Any, now: list[float]
) -> None:
    settings.API_LIMIT_TOKEN = 2
    assert [program.get(SESSION).status_code for _ in range(3)] == [200, 200, 429]
    response = program.get(SESSION)
    assert_problem(response, 429, "Too many requests.")
    assert response["Retry-After"] == "40"
    assert Program(token_of(user)).get(SESSION).status_code == 200
    now[0] += 40
    assert program.get(SESSION).status_code == 200


@pytest.mark.django_db
def test_a_network_is_limited_whatever_it_sends(settings: Any) -> None:
    settings.API_LIMIT_NETWORK = 3
    senders = [Program("bad", f"203.0.113.{n}") for n in range(4)]
    assert [sender.get(SESSION).status_code for sender in senders] == [401, 401, 401, 429]
    assert Program(address="203.0.114.1").get(SESSION).status_code == 200
    hosts = [Program(address=f"2001:db8:1:2::{n}") for n in range(4)]
    assert [host.get(SESSION).status_code for host in hosts] == [200, 200, 200, 429]


@pytest.mark.django_db
def test_a_forged_address_does_not_help(settings: Any) -> None:
    settings.API_LIMIT_NETWORK = 1
    answers = [Program(address=f"198.51.{n}.1, 203.0.113.7").get(SESSION) for n in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]


def test_a_read_writes_its_count_alone(
    program: Program, django_assert_num_queries: Any, settings: Any
) -> None:
    program.get(SESSION)
    with django_assert_num_queries(2) as queries:
        program.get(SESSION)
    assert [query["sql"][:6] for query in queries] == ["SELECT", "INSERT"]
    settings.API_LIMIT_TOKEN = settings.API_LIMIT_NETWORK = 0
    with django_assert_num_queries(1):
        program.get(SESSION)


def test_counts_are_pruned(program: Program, now: list[float], capsys: Any) -> None:
    program.get(SESSION)
    call_command("api_prune")
    assert RequestCount.objects.count() == 2
    now[0] += 60
    call_command("api_prune")
    assert not RequestCount.objects.exists()
    assert "2 counts and 0 keys are deleted." in capsys.readouterr().out
