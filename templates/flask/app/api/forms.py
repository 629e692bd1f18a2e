"""The form of a token."""

from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp

from app.api import tokens
from app.api.models import NAME_LENGTH
from app.forms import Form


class TokenForm(Form):
    """A new token."""

    name = StringField(
        "Name",
        description="What uses it, so that you know which one to revoke.",
        validators=[
            DataRequired("Give the token a name."),
            Length(max=NAME_LENGTH),
            Regexp(tokens.NAME.pattern + r"\Z", message="Leave out control characters."),
        ],
    )
    only_read = BooleanField("It may only read")
    days = IntegerField(
        "Days until it expires",
        description="Empty: it does not expire.",
        validators=[Optional(), NumberRange(1, tokens.MOST_DAYS)],
    )
