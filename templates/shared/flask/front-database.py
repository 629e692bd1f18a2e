"""The front of the service: it tells a program where the API is, and a robot that nothing is here."""

from flask import Blueprint, Flask, Response, url_for

from app.config import SITE_NAME

blueprint = Blueprint("front", __name__)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)


@blueprint.get("/", provide_automatic_options=False)
def front() -> dict[str, str]:
    schema = url_for("api_docs.openapi")
    return {"name": SITE_NAME, "api": schema.removesuffix("openapi.json"), "openapi": schema}


@blueprint.get("/robots.txt")
def robots() -> Response:
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
