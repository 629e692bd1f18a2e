"""The notes: list, page and form."""

import pytest
from sqlalchemy import select

from app.notes.models import TEXT_LENGTH, TITLE_LENGTH, Note
from conftest import token


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


def test_other_visitors(member, other_member, session):
    """Where there are users, each sees their own notes alone; where there are none, all do."""
    post(member, title="Mine")
    note = session.scalars(select(Note)).one()
    owned = hasattr(note, "owner")
    assert member.get(f"/notes/{note.id}/").status_code == 200
    assert other_member.get(f"/notes/{note.id}/").status_code == (404 if owned else 200)
    assert ("Mine" in other_member.get("/notes/").text) is not owned


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
    post(member, id="77", created="1999-01-01", owner="admin", owner_id="77")
    note = session.scalars(select(Note)).one()
    assert 77 not in {note.id, getattr(note, "owner_id", None)}
    assert note.created.year > 1999
