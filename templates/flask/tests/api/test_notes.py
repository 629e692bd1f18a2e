"""A resource: its notes, as programs see them."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.notes.models import TEXT_LENGTH, TITLE_LENGTH, Note

NOTES = "/api/v1/notes/"


def create(program, **fields):
    response = program.post(NOTES, json={"title": "Milk"} | fields)
    assert response.status_code == 201, response.text
    return response


def test_a_note_is_created_read_changed_and_deleted(program):
    created = create(program, title="  Milk ", text="Two litres.")
    note = created.json
    assert list(note) == ["id", "title", "text", "created"]
    assert (note["title"], note["text"]) == ("Milk", "Two litres.")
    assert note["created"].endswith("Z")
    assert datetime.fromisoformat(note["created"]).utcoffset() == timedelta(0)
    address = created.headers["Location"]
    assert address == f"{NOTES}{note['id']}/"
    assert program.get(address).json == note
    changed = program.patch(address, json={"text": "Three."})
    assert changed.json == note | {"text": "Three."}
    assert program.patch(address, json={}).json == changed.json
    gone = program.delete(address)
    assert (gone.status_code, gone.data) == (204, b"")
    assert program.get(address).status_code == 404


def test_a_list_is_given_in_pages(program):
    titles = [create(program, title=str(number)).json["title"] for number in range(23)]
    page = program.get(NOTES).json
    assert (page["count"], [note["title"] for note in page["items"]]) == (23, titles[:20])
    page = program.get(NOTES, query_string={"limit": 2, "offset": 21, "other": "x"}).json
    assert (page["count"], [note["title"] for note in page["items"]]) == (23, titles[21:])


def test_what_belongs_to_others_does_not_exist(program, other_program, session):
    """Where there are users, each sees their own notes alone; where there are none, all do."""
    address = create(program).headers["Location"]
    owned = hasattr(session.scalars(select(Note)).one(), "owner")
    expected = 404 if owned else 200
    assert other_program.get(address).status_code == expected
    assert other_program.patch(address, json={"text": "x"}).status_code == expected
    assert other_program.get(NOTES).json["count"] == (0 if owned else 1)
    assert other_program.delete(address).status_code == (404 if owned else 204)


@pytest.mark.parametrize("number", ["0", "99999999999", "x", "-1", "%D9%A3", "1%00", "1 "])
def test_what_is_no_number_of_a_note_is_not_found(program, number):
    for method in ("GET", "DELETE"):
        assert program.open(f"{NOTES}{number}/", method=method).status_code == 404


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({}, ["/title"]),
        ({"title": "  "}, ["/title"]),
        ({"title": "x" * (TITLE_LENGTH + 1)}, ["/title"]),
        ({"title": "\x1f", "text": "x" * (TEXT_LENGTH + 1)}, ["/title", "/text"]),
        ({"title": "a", "text": "a\0b"}, ["/text"]),
        ({"title": 5, "text": None}, ["/title", "/text"]),
        ({"title": "\ud800"}, ["/title"]),
        ({"title": "x", "owner_id": 7, "a/b~": 1}, ["/owner_id", "/a~1b~0"]),
        ("AAA", [""]),
        ([{"title": "x"}], [""]),
    ],
)
def test_wrong_fields_are_refused_each_with_its_place(program, session, fields, pointers):
    response = program.post(NOTES, json=fields)
    assert response.status_code == 422
    assert {each["pointer"] for each in response.json["errors"]} == set(pointers)
    assert session.scalars(select(Note)).all() == []


def test_a_change_takes_no_other_field(program):
    address = create(program).headers["Location"]
    for fields in ({"id": 7}, {"title": None}, {"title": ""}, {"created": "1999-01-01"}):
        assert program.patch(address, json=fields).status_code == 422
    null = program.patch(address, data=b"null", content_type="application/json")
    assert null.json["errors"] == [{"pointer": "", "detail": "Input should be an object"}]
