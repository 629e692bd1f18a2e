"""Entity tags: nothing is sent again that the client has, nothing is changed that it has not seen."""

from hashlib import sha256
from typing import Any

from flask import Response, abort, jsonify, request
from pydantic import BaseModel


def etag(body: bytes) -> str:
    return sha256(body).hexdigest()[:32]


def add_etag(response: Response) -> None:
    """Name the representation that a response is; leave it out if the client has it."""
    if response.status_code not in {200, 201} or response.mimetype != "application/json":
        return
    tag = etag(response.get_data())
    response.set_etag(tag)
    if request.method in {"GET", "HEAD"} and request.if_none_match.contains_weak(tag):
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"], response.headers["Content-Length"]


def require_match(model: type[BaseModel], item: Any) -> None:
    """Abort with 412 if `If-Match` names another state of what is about to be changed."""
    if request.headers.get("If-Match") is None:
        return
    body = jsonify(model.model_validate(item).model_dump(mode="json")).get_data()
    if not request.if_match.contains(etag(body)):
        abort(412)
