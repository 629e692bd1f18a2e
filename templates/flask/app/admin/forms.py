"""The forms of the admin, made from the columns of a model."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import wtforms
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.accounts.roles import ROLES
from app.admin.registry import LARGEST, Section, is_long, is_text, target_of
from app.extensions import db
from app.forms import Form

CHOICES = 200  # of more records that a column may refer to, the key is typed
MOST_TEXT = 100_000
MISSING = "Fill this in."
NO_NUL = Regexp(r"[^\0]*\Z", message="Leave out the NUL character.")


class MomentField(wtforms.DateTimeLocalField):
    """A date and time in UTC; one that comes back as it was shown keeps its fractions."""

    def __init__(self, *, zoned: bool, **options: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        super().__init__(format=formats, render_kw={"step": "1"}, **options)
        self.zoned = zoned

    def process_data(self, value: Any) -> None:
        self.data = value.astimezone(UTC) if value and value.tzinfo else value

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        before: datetime | None = self.object_data
        if self.data and before and self.data == before.replace(tzinfo=None, microsecond=0):
            self.data = before
        elif self.data and self.zoned:
            self.data = self.data.replace(tzinfo=UTC)


class RolesField(wtforms.SelectMultipleField):
    """Roles, which are kept as names with spaces between."""

    def process_data(self, value: Any) -> None:
        self.data = (value or "").split()

    def populate_obj(self, obj: object, name: str) -> None:
        setattr(obj, name, " ".join(sorted(self.data or ())))


class UserForm(Form):
    """What a user may do."""

    active = wtforms.BooleanField("Active", description="Who is not active cannot sign in.")
    roles = RolesField("Roles", choices=lambda: [(name, name) for name in ROLES])


FIELDS: Mapping[type, Callable[..., wtforms.Field]] = {
    sa.Boolean: wtforms.BooleanField,
    sa.Date: wtforms.DateField,
    sa.DateTime: MomentField,
    sa.Float: wtforms.FloatField,
    sa.Integer: wtforms.IntegerField,
    sa.Numeric: partial(wtforms.DecimalField, places=None),
    sa.String: wtforms.StringField,
    sa.Time: partial(wtforms.TimeField, format=["%H:%M:%S", "%H:%M"]),
    sa.Uuid: wtforms.StringField,
}


def choices_of(column: sa.Column[Any]) -> list[tuple[Any, str]] | None:
    """Return the values that a column may have and what they are called, if these are few."""
    if target := target_of(column):
        query = sa.select(target.model).order_by(target.known[target.primary])
        records = db.session.scalars(query.limit(CHOICES + 1)).all()
        known = [(target.key(record), target.label(record)) for record in records]
        return known if len(known) <= CHOICES else None
    if isinstance(column.type, sa.Boolean):
        return [(True, "Yes"), (False, "No")]
    if isinstance(column.type, sa.Enum):
        values = column.type.enum_class or column.type.enums
        return [(value, str(getattr(value, "name", value))) for value in values]
    return None


def text_of(value: Any) -> str:
    """Return how a form sends a value."""
    return "" if value is None else str(value)


def has_default(column: sa.Column[Any]) -> bool:
    numbered = column.table.autoincrement_column is column
    return numbered or column.default is not None or column.server_default is not None


def field_of(key: str, column: sa.Column[Any], *, new: bool) -> wtforms.Field:
    """Return the field of a column; what may stay empty gets nothing then, or its default."""
    kind, optional = column.type, column.nullable or (new and has_default(column))
    required = DataRequired if is_text(column) else InputRequired
    checks: list[Any] = [Optional() if optional or is_long(column) else required(MISSING)]
    label = key.removesuffix("_id").replace("_", " ").capitalize()
    options: dict[str, Any] = {"label": label, "validators": checks, "description": column.doc}
    if isinstance(kind, sa.Boolean) and not column.nullable:
        default = getattr(column.default, "arg", False)
        return wtforms.BooleanField(label, default=default is True)
    choices = choices_of(column)
    if choices is not None:
        choices = [(None, "–"), *choices] if optional else choices
        known = {text_of(value): value for value, _label in choices}
        options["choices"] = lambda: [(text_of(value), label) for value, label in choices]
        return wtforms.SelectField(coerce=lambda given: known.get(given, given), **options)
    if isinstance(kind, (sa.Integer, sa.Float, sa.Numeric)):
        checks.append(NumberRange(-LARGEST, LARGEST))
    elif isinstance(kind, sa.DateTime):
        options |= {"zoned": kind.timezone, "description": column.doc or "In UTC."}
    elif isinstance(kind, sa.Uuid):
        options["filters"] = [
            lambda text: UUID(text) if isinstance(text, str) and text else text or None
        ]
    elif isinstance(kind, sa.String):
        checks += [Length(max=kind.length or MOST_TEXT), NO_NUL]
        empty = None if column.nullable else ""
        options["filters"] = [lambda text: (text or "").replace("\r\n", "\n").strip() or empty]
        return (wtforms.TextAreaField if is_long(column) else wtforms.StringField)(**options)
    return next(make for each, make in FIELDS.items() if isinstance(kind, each))(**options)


def made(section: Section) -> list[str]:
    """Return the columns that have a field in the form.

    There is none for JSON and the like, and none called as what every form has, such as `data`.
    """
    kinds = {key: section.known[key].type for key in section.fields if not hasattr(Form, key)}
    return [key for key, kind in kinds.items() if isinstance(kind, (*FIELDS,))]


def form_of(section: Section, record: Any = None) -> Form:
    """Return the form of a record, or of a new one."""
    if section.form:
        return section.form(obj=record)
    new, columns = record is None, section.known
    fields = {key: field_of(key, columns[key], new=new) for key in made(section)}
    return type("RecordForm", (Form,), fields)(obj=record)


def can_make(section: Section) -> bool:
    """Tell whether a record can be made: the form must have all that it needs."""
    empty = [key for key, one in section.every.items() if one.nullable or has_default(one)]
    complete = section.form or section.every.keys() <= {*empty, *made(section)}
    return "create" in section.can and bool(complete)


def fill(section: Section, record: Any, form: Form, *, new: bool) -> list[str]:
    """Give a record what the form has, and return the fields that differ now.

    What the model refuses with a `ValueError`, as its `@validates` may, is an error of the field.
    """
    changed = []
    for field in (field for field in form if field.name in section.known):
        if new and field.data in (None, "") and has_default(section.known[field.name]):
            continue
        before = getattr(record, field.name)
        try:
            field.populate_obj(record, field.name)
        except ValueError as error:
            field.errors = [*field.errors, str(error)]
        if new or getattr(record, field.name) != before:
            changed.append(field.name)
    return changed
