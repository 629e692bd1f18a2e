"""Probes for a supervisor: `/livez`, the process answers; `/readyz`, pages will work.

They answer any host and over plain http, since a probe calls an address. Nothing is stored here,
so that a process that answers is ready; what your pages come to need is looked at in `readyz`.
"""

from flask import Blueprint, Flask, Response

from app.access import public

blueprint = Blueprint("probes", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/livez")
@public
def livez() -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response("ok\n", headers=headers, mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    return livez()
