"""The form of a note."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.notes.models import TEXT_LENGTH, TITLE_LENGTH


def stripped(text: str | None) -> str | None:
    """Return `text` without the white space around it."""
    return text.strip() if text else text


class NoteForm(FlaskForm):
    """A new note; whatever else a request holds is ignored."""

    title = StringField(
        "Title",
        filters=[stripped],
        validators=[DataRequired("Give the note a title."), Length(max=TITLE_LENGTH)],
    )
    text = TextAreaField("Text", filters=[stripped], validators=[Length(max=TEXT_LENGTH)])
