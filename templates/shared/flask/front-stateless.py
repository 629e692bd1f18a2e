"""What answers without a token: where the API is, robots, and the probes of a supervisor."""

from flask import Blueprint, Flask, Response, url_for

from app.config import SITE_NAME

blueprint = Blueprint("front", __name__)
# They answer any host and over plain http, since a probe calls an address. The log leaves them out.
probes = Blueprint("probes", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(probes)


@blueprint.get("/", provide_automatic_options=False)
def front() -> dict[str, str]:
    schema = url_for("api_docs.openapi")
    return {"name": SITE_NAME, "api": schema.removesuffix("openapi.json"), "openapi": schema}


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")


@probes.get("/livez")
@probes.get("/readyz")
def live() -> Response:
    """Answer: nothing is stored here, so that a process that lives is ready."""
    return Response("ok\n", headers={"Cache-Control": "no-store"}, mimetype="text/plain")
