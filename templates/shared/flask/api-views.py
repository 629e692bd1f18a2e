"""What belongs to no resource: the session of the site's own pages."""

from typing import Any

from apiflask import APIBlueprint
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel

from app.access import public
{% if database != 'none' %}
from app.api import owners
{% endif %}
from app.extensions import csrf

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Session")
csrf.exempt(blueprint)  # `requests.admit` asks for the token, and says so in its own words


class SessionUser(BaseModel):
    """Who is signed in."""

    id: int
    email: str


class Session(BaseModel):
    """What a page of the site needs to call the API."""

    csrf_token: str
    user: SessionUser | None


@blueprint.get("/session/")
@public
@blueprint.output(Session)
@blueprint.doc(operation_id="read_session")
def session() -> dict[str, Any]:
    """Tell who is asking, and the `X-CSRFToken` that a page of the site sends with changes."""
    return {"csrf_token": generate_csrf(), "user": {{ 'owners.shown()' if database != 'none' else 'None' }}}
