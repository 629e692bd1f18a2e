"""Notes for programs: the list, and each of them. Users find their own alone."""

from datetime import datetime
from typing import Annotated

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from api.conditional import check_unchanged, created
from api.fields import VISIBLE_TEXT, Change, Input, Page, Visible
from api.idempotency import DESCRIBED, idempotent
from notes.models import Note
from users.access import signed_in_user

router = Router(tags=["Notes"])

Title = Annotated[
    str, Field(max_length=120, examples=["Milk"], json_schema_extra=VISIBLE_TEXT), Visible
]
Text = Annotated[str, Field(max_length=10_000, examples=["Two bottles"])]


class NoteOut(BaseModel):
    """A note."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    title: str = Field(examples=["Milk"])
    text: str = Field(examples=["Two bottles"])
    created: datetime = Field(examples=["2026-01-31T12:00:00Z"])


class NoteList(BaseModel):
    """A page of notes, and how many there are in all."""

    items: list[NoteOut]
    count: int = Field(examples=[1])


class NoteNew(Input):
    """A new note."""

    title: Title
    text: Text = ""


class NoteChange(Change):
    """What of a note changes."""

    title: Title = ""
    text: Text = ""


def own(request: HttpRequest) -> QuerySet[Note]:
    return Note.objects.filter(owner=signed_in_user(request))


@router.get("", response=NoteList, operation_id="list_notes")
def list_notes(request: HttpRequest, page: Query[Page]) -> NoteList:
    """List the notes, the oldest first."""
    notes = own(request).order_by("pk")
    part = notes[page.offset : page.offset + page.limit]
    return NoteList(items=[NoteOut.model_validate(note) for note in part], count=notes.count())


@router.post("", response={201: NoteOut}, operation_id="create_note", openapi_extra=DESCRIBED)
@idempotent
def create_note(request: HttpRequest, data: NoteNew) -> HttpResponse:
    """Write a note."""
    note = Note.objects.create(owner=signed_in_user(request), **data.model_dump())
    return created(NoteOut.model_validate(note), reverse("api:read_note", args=[note.pk]))


@router.get("{int:note_id}/", response=NoteOut, operation_id="read_note")
def read_note(request: HttpRequest, note_id: int) -> NoteOut:
    """Read a note."""
    return NoteOut.model_validate(get_object_or_404(own(request), pk=note_id))


@router.patch("{int:note_id}/", response=NoteOut, operation_id="change_note")
@transaction.atomic
def change_note(request: HttpRequest, note_id: int, data: NoteChange) -> NoteOut:
    """Change the fields of a note that are sent."""
    note = get_object_or_404(own(request).select_for_update(), pk=note_id)
    check_unchanged(request, NoteOut.model_validate(note))
    for name, value in data.model_dump(exclude_unset=True).items():
        setattr(note, name, value)
    note.save()
    return NoteOut.model_validate(note)


@router.delete("{int:note_id}/", response={204: None}, operation_id="delete_note")
@transaction.atomic
def delete_note(request: HttpRequest, note_id: int) -> None:
    """Delete a note."""
    note = get_object_or_404(own(request).select_for_update(), pk=note_id)
    check_unchanged(request, NoteOut.model_validate(note))
    note.delete()
