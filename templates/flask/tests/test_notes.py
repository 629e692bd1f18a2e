"""The notes: list, page and form."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.notes.models import TEXT_LENGTH, TITLE_LENGTH, Note
from app.pagination import PER_PAGE
from tests.test_csrf import token


def count(session: Session) -> int:
    return session.scalars(select(func.count(Note.id))).one()


def post(client: FlaskClient, **fields: str) -> str:
    data = {"csrf_token": token(client), "title": "First", "text": "Hello."} | fields
    return client.post("/notes/new/", data=data, follow_redirects=True).text


def test_list_is_empty_at_first(client: FlaskClient) -> None:
    assert "No notes yet." in client.get("/notes/").text


def test_note_is_kept_and_shown(client: FlaskClient, session: Session) -> None:
    page = post(client, title="  Milk  ", text="One\n\nTwo")
    assert "<h1>Milk</h1>" in page
    assert "<p>One</p>" in page
    assert "<p>Two</p>" in page
    assert count(session) == 1
    assert "Milk" in client.get("/notes/").text


def test_message_is_shown_once(client: FlaskClient) -> None:
    assert "The note is saved." in post(client)
    assert "The note is saved." not in client.get("/notes/").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "   "),
        ("title", "x" * (TITLE_LENGTH + 1)),
        ("title", "a\0b"),
        ("text", "x" * (TEXT_LENGTH + 1)),
        ("text", "a\0b"),
    ],
)
def test_bad_field_is_refused_with_a_reason(
    client: FlaskClient, session: Session, field: str, value: str
) -> None:
    page = post(client, **{field: value})
    assert f'aria-describedby="{field}_error"' in page
    assert "Error: New note" in page
    assert count(session) == 0


def test_a_field_that_was_not_sent_is_empty(client: FlaskClient, session: Session) -> None:
    data = {"csrf_token": token(client), "title": "First"}
    assert client.post("/notes/new/", data=data).status_code == 302
    assert not session.scalars(select(Note)).one().text


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 10**30])
def test_a_number_that_no_note_has_is_not_found(client: FlaskClient, number: int) -> None:
    assert client.get(f"/notes/{number}/").status_code == 404


def test_fields_that_the_form_lacks_have_no_effect(client: FlaskClient, session: Session) -> None:
    post(client, id="77", created="1999-01-01", owner="admin")
    note = session.scalars(select(Note)).one()
    assert note.id != 77
    assert note.created.year > 1999


def test_markup_comes_back_escaped(client: FlaskClient) -> None:
    page = post(client, title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>")
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_unknown_note_is_not_found(client: FlaskClient) -> None:
    assert client.get("/notes/12345/").status_code == 404


def test_list_has_pages(client: FlaskClient, session: Session) -> None:
    session.add_all(Note(title=f"Note {number}", text="") for number in range(2 * PER_PAGE + 1))
    session.commit()
    first, second = client.get("/notes/").text, client.get("/notes/?page=2").text
    assert first.count("<li>") == second.count("<li>") == PER_PAGE
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="prev"' in second
    assert "Page 3 of 3" in client.get("/notes/?page=3").text


@pytest.mark.parametrize("page", ["0", "-1", "2", "99999999999999999999"])
def test_page_past_the_end_is_not_found(client: FlaskClient, page: str) -> None:
    assert client.get(f"/notes/?page={page}").status_code == 404


def test_page_that_is_no_number_is_the_first(client: FlaskClient) -> None:
    assert client.get("/notes/?page=x").status_code == 200
