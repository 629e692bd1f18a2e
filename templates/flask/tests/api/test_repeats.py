"""Requests that are sent again: entity tags, and `Idempotency-Key`."""

import time

import pytest
from flask import g
from sqlalchemy import select, update

from app.api import idempotency
from app.api.models import ApiAnswer
from app.extensions import db
from tests.api.conftest import make_program
from tests.api.test_problems import check
from tests.api.things import THINGS, Thing, create_thing


def test_nothing_is_sent_that_the_client_has(program):
    address = create_thing(program).headers["Location"]
    for path in (address, THINGS):
        first = program.get(path)
        tag = first.headers["ETag"]
        assert not tag.startswith("W/")
        assert program.get(path, headers={"If-None-Match": '"x"'}).data == first.data
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = program.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.data) == (304, b"")
            assert again.headers["ETag"] == tag
    program.patch(address, json={"name": "new"})
    assert program.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_nothing_is_changed_that_the_client_has_not_seen(program, method):
    created = create_thing(program)
    address, tag = created.headers["Location"], created.headers["ETag"]
    body = {"json": {"name": "y"}} if method == "PATCH" else {}
    program.patch(address, json={"name": "x"})
    for seen in (tag, "x", f"W/{tag}", ""):
        refused = program.open(address, method=method, headers={"If-Match": seen}, **body)
        check(refused, 412, "It was changed since you read it.")
    tag = program.get(address).headers["ETag"]
    done = program.open(address, method=method, headers={"If-Match": tag}, **body)
    assert done.status_code == (200 if method == "PATCH" else 204)


def send(program, key="a-key", name="Milk"):
    return program.post(THINGS, json={"name": name}, headers={"Idempotency-Key": key})


def test_a_request_is_done_once(app, program, session, owner):
    first, again = send(program), send(program)
    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert again.data == first.data
    assert send(program, key="other").json["id"] != first.json["id"]
    assert send(make_program(app, session, owner)).json["id"] != first.json["id"]


def test_a_key_is_for_one_request(program, session):
    send(program)
    problem = check(send(program, name="Other"), 422, "This key was used with another request.")
    assert problem["errors"] == [{"pointer": "", "detail": problem["detail"]}]
    for key in ("", "with space", "x" * 256, "ä"):
        assert send(program, key=key).status_code == 422
    assert len(session.scalars(select(Thing)).all()) == 1


def test_a_request_in_progress_is_not_done_again(program, session):
    send(program)
    session.execute(update(ApiAnswer).values(status=None))
    session.commit()
    check(send(program), 409, "A request with this key is still in progress.")
    died = int(time.time()) - idempotency.ABANDONED
    session.execute(update(ApiAnswer).values(claimed=died))
    session.commit()
    assert send(program).status_code == 201


def test_a_request_that_failed_may_be_sent_again(program, session, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("tests.api.things.address", None)  # after the note is made
        assert send(program).status_code == 500
    assert session.scalars(select(Thing)).all() == []
    assert session.scalars(select(ApiAnswer)).all() == []
    assert send(program).status_code == 201


def test_who_was_taken_for_dead_does_nothing(program, session, monkeypatch):
    def slow(*values, **address):
        db.session.execute(update(ApiAnswer).values(claim="another"))
        return THINGS

    monkeypatch.setattr("tests.api.things.address", slow)
    assert send(program).status_code == 409
    assert session.scalars(select(Thing)).all() == []


def test_an_answer_that_says_no_is_not_kept(app, session):
    @idempotency.idempotent
    def refuse():
        return "", 400

    with app.test_request_context(method="POST", headers={"Idempotency-Key": "a"}):
        g.api_principal = "token 1"
        assert refuse().status_code == 400
    assert session.scalars(select(ApiAnswer)).all() == []


def test_an_answer_is_kept_for_a_day(program, session):
    first = send(program)
    session.execute(update(ApiAnswer).values(claimed=int(time.time()) - idempotency.KEPT))
    session.commit()
    assert send(program).json["id"] != first.json["id"]
