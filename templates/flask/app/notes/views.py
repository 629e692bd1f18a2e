"""The notes: list, page and form."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import own
from app.extensions import db
from app.notes.forms import NoteForm
from app.notes.models import LARGEST_ID, Note

blueprint = Blueprint("notes", __name__, url_prefix="/notes", template_folder="templates")


@blueprint.get("/")
def index() -> str:
    query = own(Note).order_by(Note.created.desc(), Note.id.desc())
    page = db.paginate(query, request.args.get("page", 1, type=int))
    return render_template("notes/index.html", page=page)


@blueprint.get(f"/<int(max={LARGEST_ID}):note_id>/")
def detail(note_id: int) -> str:
    note = db.session.scalar(own(Note).where(Note.id == note_id)) or abort(404)
    return render_template("notes/detail.html", note=note)


@blueprint.route("/new/", methods=["GET", "POST"])
def create() -> str | Response:
    form = NoteForm()
    if not form.validate_on_submit():
        return render_template("notes/form.html", form=form)
    note = Note(title=form.title.data, text=form.text.data)
    db.session.add(note)
    db.session.commit()
    flash("The note is saved.", "success")
    return redirect(url_for(".detail", note_id=note.id))
