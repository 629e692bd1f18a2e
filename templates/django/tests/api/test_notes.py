"""Notes for programs: what they may send, and that each user finds their own alone."""

import json

import pytest

from notes.models import Note
from tests.api.conftest import Program, assert_problem, token_of
from users.models import User

NOTES = "/api/v1/notes/"


@pytest.fixture
def note(user: User) -> Note:
    """A note of `user`."""
    return Note.objects.create(owner=user, title="Milk", text="Two bottles")


def place(note: Note) -> str:
    return f"{NOTES}{note.pk}/"


def test_a_program_writes_reads_changes_and_deletes(program: Program, user: User) -> None:
    made = program.send("POST", NOTES, {"title": " Milk ", "text": "Two"})
    note = Note.objects.get(owner=user)
    assert (made.status_code, made["Location"]) == (201, place(note))
    created = f"{note.created:%Y-%m-%dT%H:%M:%S.%f}Z"
    expected = {"id": note.pk, "title": "Milk", "text": "Two", "created": created}
    assert json.loads(made.content) == expected
    assert program.get(made["Location"]).json() == expected
    assert program.get(NOTES).json() == {"items": [expected], "count": 1}
    changed = program.send("PATCH", place(note), {"text": ""})
    assert json.loads(changed.content) == expected | {"text": ""}
    deleted = program.send("DELETE", place(note))
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert_problem(program.get(place(note)), 404)


def test_the_list_comes_in_parts(program: Program, user: User) -> None:
    Note.objects.bulk_create(Note(owner=user, title=f"Note {n}") for n in range(25))
    first = program.get(NOTES).json()
    assert (len(first["items"]), first["count"]) == (20, 25)
    last = program.get(f"{NOTES}?limit=100&offset=24").json()
    assert [note["title"] for note in last["items"]] == ["Note 24"]
    ids = [note["id"] for note in first["items"]]
    assert ids == sorted(ids)


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_the_notes_of_others_do_not_exist(note: Note, method: str) -> None:
    other = Program(token_of(User.objects.create_user("bob@example.com")))
    assert_problem(other.send(method, place(note), {"title": "Mine"}), 404)
    assert other.get(NOTES).json() == {"items": [], "count": 0}
    assert Note.objects.get().title == "Milk"


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({}, "/title"),
        ({"title": " "}, "/title"),
        ({"title": "x" * 121}, "/title"),
        ({"title": "Milk", "text": None}, "/text"),
        ({"title": "Milk", "owner": 1}, "/owner"),
    ],
)
def test_what_is_no_note_is_refused(program: Program, data: dict[str, str], pointer: str) -> None:
    problem = assert_problem(program.send("POST", NOTES, data), 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert not Note.objects.exists()


@pytest.mark.parametrize("name", ["0", "abc", "9" * 30, "-1"])
def test_what_names_no_note_is_not_found(program: Program, name: str) -> None:
    assert_problem(program.get(f"{NOTES}{name}/"), 404, "There is nothing at this address.")


def test_what_is_known_is_not_sent_again(program: Program, note: Note) -> None:
    for address in (NOTES, place(note)):
        etag = program.get(address)["ETag"]
        assert not etag.startswith("W/")
        known = program.get(address, headers={"If-None-Match": etag})
        assert (known.status_code, known.content, known["ETag"]) == (304, b"", etag)
    Note.objects.update(title="Bread")
    assert program.get(NOTES, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_note_that_was_changed_meanwhile_stays(program: Program, note: Note, method: str) -> None:
    stale = program.get(place(note))["ETag"]
    Note.objects.update(text="Three")
    assert_problem(program.send(method, place(note), {"title": "Bread"}, If_Match=stale), 412)
    assert Note.objects.get().title == "Milk"
    current = program.get(place(note))["ETag"]
    assert program.send(method, place(note), {"title": "Bread"}, If_Match=current).status_code < 300
