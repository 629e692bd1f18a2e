"""What belongs to no resource: the session of the site's own pages."""

from typing import Any

from apiflask import APIBlueprint
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel

from app.access import public
from app.api import owners
from app.extensions import csrf

blueprint = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Session")
csrf.exempt(blueprint)  # `requests.admit` asks for the token, and says so in its own words


class User(BaseModel):
    """Who is signed in."""

    id: int
    email: str


class Session(BaseModel):
    """What a page of the site needs to call the API."""

    csrf_token: str
    user: User | None


@blueprint.get("/session/")
@public
@blueprint.output(Session, description="The session")
@blueprint.doc(operation_id="get_session")
def session() -> dict[str, Any]:
    """Give a page of this site its CSRF token, for the header X-CSRFToken, and who is signed in."""
    return {"csrf_token": generate_csrf(), "user": owners.shown()}
