"""The notes for programs."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import abort, url_for
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.sql.functions import count

from app.access import own
from app.api.conditional import require_match
from app.api.fields import VISIBLE_TEXT, Change, Input, UtcTime, Visible
from app.api.idempotency import idempotent
from app.api.paging import Page
from app.extensions import db
from app.notes.models import TEXT_LENGTH, TITLE_LENGTH, Note

blueprint = APIBlueprint("notes_api", __name__, url_prefix="/api/v1/notes", tag="Notes")

Title = Annotated[
    str,
    Field(max_length=TITLE_LENGTH, examples=["Milk"], json_schema_extra=VISIBLE_TEXT),
    Visible,
]
Text = Annotated[str, Field(max_length=TEXT_LENGTH, examples=["Two bottles"])]


class NoteNew(Input):
    """A new note."""

    title: Title
    text: Text = ""


class NoteChange(Change):
    """What of a note changes."""

    title: Title = ""
    text: Text = ""


class NoteOut(BaseModel):
    """A note."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(examples=[1])
    title: str = Field(examples=["Milk"])
    text: str = Field(examples=["Two bottles"])
    created: UtcTime = Field(examples=["2026-01-31T12:00:00Z"])


class NoteList(BaseModel):
    """A page of notes, and how many there are in all."""

    model_config = ConfigDict(from_attributes=True)

    items: list[NoteOut]
    count: int = Field(examples=[1])


@blueprint.get("/")
@blueprint.input(Page, location="query", arg_name="page")
@blueprint.output(NoteList)
@blueprint.doc(operation_id="list_notes")
def index(page: Page) -> dict[str, Any]:
    """List the notes, the oldest first."""
    notes = db.session.scalars(own(Note).order_by(Note.id).limit(page.limit).offset(page.offset))
    total = select(count()).select_from(own(Note).subquery())
    return {"items": notes.all(), "count": db.session.scalars(total).one()}


@blueprint.post("/")
@blueprint.input(NoteNew, arg_name="new")
@idempotent
@blueprint.output(NoteOut, 201)
@blueprint.doc(operation_id="create_note")
def create(new: NoteNew) -> tuple[Note, int, dict[str, str]]:
    """Write a note."""
    note = Note(**new.model_dump())
    db.session.add(note)
    db.session.flush()
    return note, 201, {"Location": url_for(".detail", note_id=note.id)}


@blueprint.get("/<int:note_id>/")
@blueprint.output(NoteOut)
@blueprint.doc(operation_id="read_note")
def detail(note_id: int) -> Note:
    """Read a note."""
    return find(note_id)


@blueprint.patch("/<int:note_id>/")
@blueprint.input(NoteChange, arg_name="change")
@blueprint.output(NoteOut)
@blueprint.doc(operation_id="change_note")
def change(note_id: int, change: NoteChange) -> Note:
    """Change the fields of a note that are sent."""
    note = find(note_id, lock=True)
    require_match(NoteOut, note)
    for name, value in change.model_dump(exclude_unset=True).items():
        setattr(note, name, value)
    db.session.commit()
    return note


@blueprint.delete("/<int:note_id>/")
@blueprint.output({}, 204)
@blueprint.doc(operation_id="delete_note")
def delete(note_id: int) -> str:
    """Delete a note."""
    note = find(note_id, lock=True)
    require_match(NoteOut, note)
    db.session.delete(note)
    db.session.commit()
    return ""


def find(note_id: int, *, lock: bool = False) -> Note:
    """Return a note of whoever asks; with `lock` nobody else changes it meanwhile."""
    query = own(Note).where(Note.id == note_id)
    return db.session.scalar(query.with_for_update() if lock else query) or abort(404)
