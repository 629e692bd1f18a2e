"""The notes: list, page, form and deletion."""

import pytest
from sqlalchemy import select

from app.notes.models import TEXT_LENGTH, TITLE_LENGTH, Note
from conftest import token

OWNED = hasattr(Note, "owner")


def post(client, **fields):
    data = {"csrf_token": token(client), "title": "First", "text": "Hello."} | fields
    return client.post("/notes/new/", data=data, follow_redirects=True).text


def test_note_is_kept_and_shown(member, session):
    assert "No notes yet." in member.get("/notes/").text
    page = post(member, title="  Milk  ", text="One\n\nTwo")
    for shown in ("The note is saved.", "<h1>Milk</h1>", "<p>One</p>", "<p>Two</p>"):
        assert shown in page
    page = member.get("/notes/").text
    assert "Milk" in page
    assert "The note is saved." not in page


def test_note_is_changed_and_deleted(member, session):
    post(member, title="Milk", text="Two bottles")
    note = session.scalars(select(Note)).one()
    address, csrf_token = f"/notes/{note.id}/", token(member)
    page = member.get(f"{address}edit/").text
    for shown in ("<h1>Edit note</h1>", 'value="Milk"', "Two bottles"):
        assert shown in page
    data = {"csrf_token": csrf_token, "title": " ", "text": "None"}
    assert "Error: Edit note" in member.post(f"{address}edit/", data=data).text
    session.expire_all()
    assert (note.title, note.text) == ("Milk", "Two bottles")
    data["title"] = "Bread"
    page = member.post(f"{address}edit/", data=data, follow_redirects=True).text
    assert "The note is saved." in page
    assert "<h1>Bread</h1>" in page
    assert "It cannot be brought back." in member.get(f"{address}delete/").text
    data = {"csrf_token": csrf_token}
    page = member.post(f"{address}delete/", data=data, follow_redirects=True).text
    assert "The note is deleted." in page
    assert "No notes yet." in page
    assert session.scalars(select(Note)).all() == []


@pytest.mark.parametrize("page", ["edit/", "delete/"])
def test_changes_need_their_token(member, session, page):
    post(member)
    note = session.scalars(select(Note)).one()
    assert member.post(f"/notes/{note.id}/{page}", data={"title": "Mine"}).status_code == 400
    assert session.scalars(select(Note.title)).all() == ["First"]


def test_list_has_pages(member, session):
    post(member)
    owner = {"owner_id": session.scalars(select(Note)).one().owner_id} if OWNED else {}
    session.add_all(Note(title=f"Note {n}", text="", **owner) for n in range(44))
    session.commit()
    page = member.get("/notes/?page=2").text
    for shown in ("Page 2 of 3", "Newer", "Older"):
        assert shown in page


def test_other_visitors(member, other_member, session):
    """Where there are users, each sees their own notes alone; where there are none, all do."""
    post(member, title="Mine")
    note = session.scalars(select(Note)).one()
    for page in ("", "edit/", "delete/"):
        assert member.get(f"/notes/{note.id}/{page}").status_code == 200
        status = other_member.get(f"/notes/{note.id}/{page}").status_code
        assert status == (404 if OWNED else 200)
    if OWNED:
        data = {"csrf_token": token(other_member), "title": "Theirs"}
        for page in ("edit/", "delete/"):
            assert other_member.post(f"/notes/{note.id}/{page}", data=data).status_code == 404
    assert session.scalars(select(Note.title)).all() == ["Mine"]
    assert ("Mine" in other_member.get("/notes/").text) is not OWNED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "   "),
        ("title", "x" * (TITLE_LENGTH + 1)),
        ("title", "a\0b"),
        ("text", "x" * (TEXT_LENGTH + 1)),
    ],
)
def test_bad_field_is_refused_with_a_reason(member, session, field, value):
    page = post(member, **{field: value})
    assert f'aria-describedby="{field}_error"' in page
    assert "Error: New note" in page
    assert session.scalars(select(Note)).all() == []


def test_fields_that_the_form_lacks_have_no_effect(member, session):
    post(member, id="987654321", created="1999-01-01", owner="admin", owner_id="987654321")
    note = session.scalars(select(Note)).one()
    assert 987654321 not in {note.id, getattr(note, "owner_id", None)}
    assert note.created.year > 1999
