"""Bodies: JSON as its standard has it, which is less than Python reads, and nothing else."""

import json
from typing import Any

from flask import Flask, abort, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import BadRequest, HTTPException

from app.api.problems import unprocessable


def init_app(app: Flask) -> None:
    app.json = StrictJSON(app)


class StrictJSON(DefaultJSONProvider):
    """JSON in UTF-8 without a mark before it, with numbers alone and no name twice."""

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
    except (HTTPException, OSError):
        raise
    except Exception as error:  # what a server raises at chunks that are none is its own
        raise BadRequest("The request could not be understood.") from error
    # Werkzeug cuts a body that comes in chunks where the limit is.
    limit = request.max_content_length
    if request.content_length is None and limit and size >= limit:
        abort(413)
    # APIFlask would take `null` for an object without fields.
    if request.get_json() is None:
        abort(unprocessable([{"pointer": "", "detail": "Input should be an object"}]))
