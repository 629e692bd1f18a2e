"""The form of a text."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.forms import Form

TEXT_LENGTH = 10_000


class TextForm(Form):
    """A text whose words are counted; whatever else a request holds is ignored."""

    text = TextAreaField(
        "Text",
        filters=[lambda text: (text or "").replace("\r\n", "\n")],  # as browsers end lines
        validators=[DataRequired("Write something."), Length(max=TEXT_LENGTH)],
    )
