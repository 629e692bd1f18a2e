"""What the admin shows: the models that are registered, and how."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, current_app
from sqlalchemy import Boolean, Column, Enum, String

from app.database import Base
from app.extensions import db
from app.forms import Form

# Columns of such names are shown nowhere and in no form.
SECRET = re.compile("(^|_)(digest|hash|key|otp|passphrase|password|pin|salt|secret|token)s?(_|$)")
SHORT = 255  # a longer text has a box of several lines, and no column in the list
COLUMNS = 6
LARGEST = 2**63 - 1


@dataclass
class Section:
    """A model in the admin; what is not given follows from the model."""

    model: type[Base]
    # What a record is called, and several.
    name: str = ""
    plural: str = ""
    # Columns of the list, those of text in which the search looks, and those with few values by
    # which the list is filtered.
    columns: Sequence[str] = ()
    search: Sequence[str] = ()
    filters: Sequence[str] = ()
    # The column by which the list is ordered at first; `-created` begins with the largest.
    order: str = ""
    # Columns in the form, or a form of your own.
    fields: Sequence[str] = ()
    form: type[Form] | None = None
    # Columns to hide besides those that are called like a secret.
    secret: Sequence[str] = ()
    can: Sequence[str] = ("create", "change", "delete")
    # What else is done to chosen records, by its label; the function is given one at a time.
    actions: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)
    # Returns why a record must not be changed by who asks, or nothing.
    guard: Callable[[Any], str] = lambda _record: ""
    # Called with a record that was made or changed, before that is committed.
    saved: Callable[[Any], None] = lambda _record: None

    def __post_init__(self) -> None:
        """Complete what was not given; refuse names that the model lacks."""
        self.slug = str(self.model.__tablename__)
        self.every: dict[str, Column[Any]] = dict(self.model.__mapper__.columns.items())
        self.known = {key: one for key, one in self.every.items() if not self.is_secret(key, one)}
        keys = [key for key, column in self.every.items() if column.primary_key]
        if len(keys) != 1 or keys[0] not in self.known:
            raise ValueError(f"{self.slug} needs a key of one column that is no secret.")
        self.primary = keys[0]
        self.order = self.order or f"-{self.primary}"
        named = {*self.columns, *self.search, *self.filters, *self.fields, self.order.lstrip("-")}
        if unknown := named - self.known.keys():
            raise ValueError(f"{self.slug} has no {', '.join(sorted(unknown))}, or it is secret.")
        words = re.sub("(?<=[a-z])(?=[A-Z])", " ", self.model.__name__).capitalize()
        self.name = self.name or words
        self.plural = self.plural or re.sub("(?<![aeou])y$", "ie", self.name) + "s"
        short = [key for key, column in self.known.items() if not is_long(column)]
        self.columns = self.columns or short[:COLUMNS]
        self.texts = [key for key in short if is_text(self.known[key])]
        self.search = self.search or [key for key in self.known if is_text(self.known[key])]
        self.filters = self.filters or [key for key in self.known if has_few(self.known[key])]
        self.fields = self.fields or [key for key in self.known if key != self.primary]

    def is_secret(self, key: str, column: Column[Any]) -> bool:
        return key in self.secret or bool(SECRET.search(key) and not column.foreign_keys)

    def count(self, number: int) -> str:
        return f"{number} {(self.name if number == 1 else self.plural).lower()}"

    def key(self, record: Any) -> Any:
        return getattr(record, self.primary)

    def record(self, text: str) -> Any:
        """Return the record whose key stands in an address; abort with 404 if there is none."""
        kind = self.known[self.primary].type.python_type
        try:
            key = kind(text)
        except ValueError:
            abort(404)
        if str(key) != text or "\0" in text or (kind is int and abs(key) > LARGEST):
            abort(404)
        return db.session.get(self.model, key) or abort(404)

    def label(self, record: Any) -> str:
        """Return what a record is called: its `__str__`, its first text or its key."""
        if any("__str__" in vars(kind) for kind in type(record).__mro__[:-1]):
            return str(record)
        texts = (getattr(record, key) for key in self.texts)
        return next(filter(None, texts), "") or f"{self.name} {self.key(record)}"


def is_text(column: Column[Any]) -> bool:
    return isinstance(column.type, String) and not isinstance(column.type, Enum)


def is_long(column: Column[Any]) -> bool:
    return is_text(column) and (getattr(column.type, "length", None) or SHORT + 1) > SHORT


def has_few(column: Column[Any]) -> bool:
    """Tell whether a column may have few values, of which one is chosen."""
    return bool(column.foreign_keys) or isinstance(column.type, (Boolean, Enum))


def register(app: Flask, model: type[Base], **options: Any) -> None:
    """Show a model in the admin; the options are the fields of `Section`."""
    section = Section(model, **options)
    registered(app)[section.slug] = section


def registered(app: Flask) -> dict[str, Section]:
    sections: dict[str, Section] = app.extensions.setdefault("admin", {})
    return sections


def target_of(column: Column[Any]) -> Section | None:
    """Return what a column refers to, if that is registered."""
    tables = (key.column.table.name for key in column.foreign_keys)
    return registered(current_app).get(next(tables, ""))


def shown(value: Any) -> str:
    """Return a value as it is read."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    return str(getattr(value, "name", value))
