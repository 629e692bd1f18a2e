"""Bodies: JSON as its standard has it, which is less than Python reads, and nothing else."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
{% if database == 'none' %}
from pydantic import BaseModel, ConfigDict
{% endif %}
from werkzeug.exceptions import BadRequest, HTTPException

from app.api.problems import pointer, unprocessable

# Halves of characters, which no encoding has, and NUL, which not every {{ 'database' if database != 'none' else 'program' }} keeps
UNFIT = re.compile("[\x00\ud800-\udfff]")
UNFIT_TEXT = "String should have no NUL and no lone surrogate"


def init_app(app: Flask) -> None:
    app.json = StrictJSON(app)


class StrictJSON(DefaultJSONProvider):
    """JSON in UTF-8 without a mark before it, with numbers alone and no name twice."""

    sort_keys = False  # names stand in the order of their model

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        text = s if isinstance(s, str) else s.decode()
        try:
            return json.loads(text, object_pairs_hook=unique, parse_constant=refuse, **kwargs)
        except RecursionError:
            raise ValueError("It is nested too deep.") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name stands twice in an object.")
    return found


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number.")


def require_json() -> None:
    """Refuse a body that is something else, or too large.

    A form of another site can send any text, but not say that it is JSON.
    """
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in {"utf-8", "utf8"}:
        abort(415)
    try:
        size = len(request.get_data())
    except Exception as error:  # what a server raises at chunks that are none is its own
        if isinstance(error, HTTPException | OSError):
            raise
        raise BadRequest("The request could not be understood.") from error
    # Werkzeug cuts a body that comes in chunks where the limit is.
    limit = request.max_content_length
    if request.content_length is None and limit and size >= limit:
        abort(413)
    body = request.get_json()
    # APIFlask would take `null` for an object without fields.
    if body is None:
        abort(unprocessable([{"pointer": "", "detail": "Input should be an object"}]))
    try:
        errors = [{"pointer": pointer(place), "detail": UNFIT_TEXT} for place in unfit(body)]
    except RecursionError:
        abort(400)
    if errors:
        abort(unprocessable(errors))


def unfit(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the places of texts that nothing can keep."""
    if isinstance(value, str) and UNFIT.search(value):
        yield place
    members: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for name, member in members:
        if isinstance(name, str) and UNFIT.search(name):
            yield place
        else:
            yield from unfit(member, (*place, name))
{% if database == 'none' %}


{% include 'templates/shared/flask/api-input.py' %}
{% endif %}
