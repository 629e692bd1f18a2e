"""The form of a note."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Regexp

from app.forms import Form
from app.notes.models import TEXT_LENGTH, TITLE_LENGTH

# A character that PostgreSQL stores in no text.
NO_NUL = Regexp(r"[^\0]*\Z", message="Leave out the NUL character.")


def stripped(text: str | None) -> str:
    """Return `text` without the white space around it; a field that was not sent is empty."""
    return (text or "").strip()


class NoteForm(Form):
    """A new note; whatever else a request holds is ignored."""

    title = StringField(
        "Title",
        filters=[stripped],
        validators=[DataRequired("Give the note a title."), Length(max=TITLE_LENGTH), NO_NUL],
    )
    text = TextAreaField("Text", filters=[stripped], validators=[Length(max=TEXT_LENGTH), NO_NUL])
