"""What holds for every resource: bodies, who may change, ETags, and creations under a key."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from api import idempotency
from api.models import IdempotencyKey
from tests.api import things as things_api
from tests.api.conftest import Program, assert_problem, token_of
from tests.api.things import THINGS, things
from users.models import User

pytestmark = pytest.mark.urls("tests.api.things")


@pytest.fixture
def thing(program: Program) -> str:
    """The address of a thing."""
    location: str = program.send("POST", THINGS, {"name": "Milk"})["Location"]
    return location


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=+5", "limit=5&limit=6", "offset=-1", "offset=1e9", "q=%00"],
)
def test_parts_that_are_none_are_refused(program: Program, query: str) -> None:
    problem = assert_problem(program.get(f"{THINGS}?{query}"), 422, "The request is not valid.")
    assert [error["pointer"] for error in problem["errors"]] == [f"?{query[: query.index('=')]}"]


def test_a_token_that_may_only_read_writes_nothing(reader: Program, thing: str) -> None:
    assert reader.get(thing).status_code == 200
    for method, path in (("POST", THINGS), ("PATCH", thing)):
        refused = reader.send(method, path, {"name": "Bread"})
        assert_problem(refused, 403, "This token may only read.")
    assert things.get().key == "Milk"


def test_pages_of_the_site_change_with_their_token(page: Program) -> None:
    assert page.send("POST", THINGS, {"name": "Milk"}).status_code == 201
    assert_problem(
        page.send("POST", THINGS, {"name": "Milk"}, X_CSRFToken="wrong"),
        403,
        "The CSRF token is missing or wrong.",
    )
    foreign = page.send("POST", THINGS, {"name": "Milk"}, Origin="https://evil.example")
    assert_problem(foreign, 403)
    assert things.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "pointers"),
    [
        (b'"name"', 422, [""]),
        (b'[["name", "Milk"]]', 422, [""]),
        (b"{}", 422, ["/name"]),
        (b'{"name": " ", "tags": [1]}', 422, ["/name", "/tags/0"]),
        (b'{"name": "\\u001f"}', 422, ["/name"]),
        (b'{"name": "Milk", "a/b~": 1}', 422, ["/a~1b~0"]),
        (b'{"name": "Milk", "owner_id": 1}', 422, ["/owner_id"]),
        (b'{"name": "a\\u0000"}', 422, ["/name"]),
        (b'{"name": "a", "tags": ["\\ud800"]}', 422, ["/tags/0"]),
        (b'{"name": "a", "\\ud800": ""}', 422, [""]),
        (b'{"name": "' + b"x" * 21 + b'"}', 422, ["/name"]),
        (b'{"name": "Milk", "name": "Bread"}', 400, []),
        (b'{"name": NaN}', 400, []),
        (b'\xef\xbb\xbf{"name": "Milk"}', 400, []),
        (b'{"name": "caf\xe9"}', 400, []),
        (b"[" * 100_000, 400, []),
        (b"", 400, []),
    ],
)
def test_bad_bodies_are_refused_with_their_places(
    program: Program, body: bytes, status: int, pointers: list[str]
) -> None:
    response = program.generic(
        "POST", THINGS, body, "application/json", CONTENT_TYPE="application/json"
    )
    problem = assert_problem(response, status)
    assert [error["pointer"] for error in problem.get("errors", ())] == pointers
    assert not things.exists()


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"]
)
def test_bodies_of_other_types_are_refused(program: Program, kind: str) -> None:
    for body in (b'{"name": "Milk"}', b""):
        response = program.send("POST", THINGS, body, Content_Type=kind)
        assert_problem(response, 415, "Send application/json.")
    assert not things.exists()


@pytest.mark.parametrize("seen", ['"0"', 'W/"0"', "0", ""])
def test_what_was_changed_meanwhile_stays(program: Program, thing: str, seen: str) -> None:
    response = program.send("PATCH", thing, {"name": "Bread"}, If_Match=seen)
    assert_problem(response, 412, "It was changed since you read it.")
    assert things.get().key == "Milk"


def test_what_is_as_it_was_seen_changes(program: Program, thing: str) -> None:
    etag = program.get(thing)["ETag"]
    changed = program.send("PATCH", thing, {"name": "Bread"}, If_Match=f'"0", {etag}')
    assert changed.status_code == 200
    assert changed["ETag"] == program.get(thing)["ETag"] != etag
    assert program.send("PATCH", thing, {}, If_Match="*").status_code == 200


def test_a_creation_under_a_key_happens_once(program: Program, user: User) -> None:
    first = program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a")
    again = program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a")
    assert things.count() == 1
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    for name in ("Location", "ETag", "Content-Type"):
        assert again[name] == first[name]
    assert (again.status_code, again.content) == (first.status_code, first.content)
    reused = program.send("POST", THINGS, {"name": "Bread"}, Idempotency_Key="a")
    assert_problem(reused, 422, "This key was used with another request.")
    other = Program(token_of(user))
    assert other.send("POST", THINGS, {"name": "Bread"}, Idempotency_Key="a").status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "é", "a" * 256])
def test_a_key_that_is_none_is_refused(program: Program, key: str) -> None:
    problem = assert_problem(
        program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key=key), 422
    )
    assert "Idempotency-Key" in problem["errors"][0]["detail"]
    assert not things.exists()


def claim(program: Program, key: str = "a") -> Any:
    """Leave a key as a request leaves it that is still at work."""
    program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key=key)
    things.delete()
    rows = IdempotencyKey.objects.all()
    rows.update(status=None, claim=uuid.uuid4())
    return rows


def test_a_key_in_use_waits_until_its_request_is_given_up(program: Program) -> None:
    rows = claim(program)
    waiting = program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a")
    assert_problem(waiting, 409, "A request with this key is still in progress.")
    rows.update(created=timezone.now() - idempotency.ABANDONED - timedelta(seconds=1))
    taken = program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a")
    assert (taken.status_code, things.count()) == (201, 1)


def test_a_request_that_lost_its_key_creates_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_over(*_: Any) -> HttpResponse:
        IdempotencyKey.objects.update(claim=uuid.uuid4())
        return HttpResponse(status=201)

    monkeypatch.setattr(things_api, "created", taken_over)
    assert_problem(program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a"), 409)
    assert not things.exists()


def test_a_failed_creation_gives_its_key_back(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(things_api, "created", lambda *_: 1 // 0)
        assert_problem(program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a"), 500)
    assert not things.exists()
    assert program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a").status_code == 201


def test_a_key_that_is_given_back_meanwhile_is_in_use(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(QuerySet, "get_or_create", gone)
    assert_problem(program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a"), 409)


def test_an_answer_that_says_no_is_not_kept(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(things_api, "created", lambda *_: HttpResponse(status=400))
    assert_problem(program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a"), 400)
    assert not IdempotencyKey.objects.exists()


def test_keys_are_forgotten_after_a_day(program: Program) -> None:
    for _ in range(2):
        things.delete()
        made = program.send("POST", THINGS, {"name": "Milk"}, Idempotency_Key="a")
        assert "Idempotency-Replayed" not in made
        IdempotencyKey.objects.update(created=timezone.now() - timedelta(days=1, seconds=1))
    assert things.exists()
    call_command("api_prune")
    assert not IdempotencyKey.objects.exists()
