"""Notes belong to their owner."""

import pytest
from django.test import Client

from notes.models import Note
from tests.conftest import Browser
from users.models import User


@pytest.fixture
def note(user: User) -> Note:
    """A note of `user`."""
    return Note.objects.create(owner=user, title="Milk", text="Two bottles")


def test_a_user_writes_reads_changes_and_deletes(member: Client, user: User) -> None:
    response = member.post("/notes/new/", {"title": "Milk", "text": "Two"}, follow=True)
    note = Note.objects.get()
    assert note.owner == user
    assert "The note is saved." in response.text
    assert "<h1>Milk</h1>" in member.get(f"/notes/{note.pk}/").text
    member.post(f"/notes/{note.pk}/edit/", {"title": "Bread", "text": ""})
    assert "Bread" in member.get("/notes/").text
    assert "cannot be brought back" in member.get(f"/notes/{note.pk}/delete/").text
    member.post(f"/notes/{note.pk}/delete/")
    assert "No notes yet." in member.get("/notes/").text


def test_the_list_has_pages(member: Client, user: User) -> None:
    Note.objects.bulk_create(Note(owner=user, title=f"Note {n}") for n in range(45))
    page = member.get("/notes/?page=2").text
    assert "Page 2 of 3" in page
    assert "Newer" in page
    assert "Older" in page


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["", "edit/", "delete/"])
def test_other_users_find_nothing(note: Note, page: str, method: str) -> None:
    client = Browser()
    client.force_login(User.objects.create_user("bob@example.com"))
    response = getattr(client, method)(f"/notes/{note.pk}/{page}", {"title": "Mine"})
    assert response.status_code in {404, 405}
    assert Note.objects.get().title == "Milk"


def test_they_go_with_their_owner(note: Note) -> None:
    eve = User.objects.create_user("eve@example.com")
    Note.objects.create(owner=eve, title="Bread")
    note.owner.delete()
    assert [left.title for left in Note.objects.all()] == ["Bread"]


def test_markup_stays_text(member: Client, note: Note) -> None:
    Note.objects.update(title="<b>bold</b>", text="<script>alert(1)</script>")
    page = member.get(f"/notes/{note.pk}/").text
    assert "&lt;b&gt;" in page
    assert "<script>" not in page


@pytest.mark.parametrize("title", ["", " ", "x" * 121])
def test_the_server_checks_the_form(member: Client, title: str) -> None:
    response = member.post("/notes/new/", {"title": title})
    assert response.status_code == 200
    assert "errorlist" in response.text
    assert not Note.objects.exists()


def test_fields_that_the_form_lacks_have_no_effect(member: Client, user: User) -> None:
    other = User.objects.create_user("bob@example.com")
    member.post("/notes/new/", {"title": "Milk", "owner": other.pk})
    assert Note.objects.get().owner == user


def test_notes_are_searched_in_the_admin(office: Client, note: Note) -> None:
    page = office.get("/office/notes/note/", {"q": "milk"}).text
    assert str(note) in page


def test_the_menu_marks_the_current_page(member: Client) -> None:
    assert 'href="/notes/" aria-current="page"' in " ".join(member.get("/notes/").text.split())
    assert 'href="/notes/" aria-current="true"' in " ".join(member.get("/notes/new/").text.split())
    assert "aria-current" not in member.get("/").text
