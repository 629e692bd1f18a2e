"""Who is signed in, and the token that a page of the site sends along with changes."""

from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router
from pydantic import BaseModel, ConfigDict

from api.tokens import identify

router = Router(tags=["Session"])


class SessionUser(BaseModel):
    """Who is signed in."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str


class Session(BaseModel):
    """What a page of the site needs to call the API."""

    csrf_token: str
    user: SessionUser | None


@router.get(
    "",
    auth=None,
    response=Session,
    operation_id="read_session",
    openapi_extra={"security": [{}, {"token": []}, {"session": []}]},
)
def read_session(request: HttpRequest) -> Session:
    """Tell who is asking, and the `X-CSRFToken` that a page of the site sends with changes."""
    caller = identify(request)
    user = SessionUser.model_validate(caller.user) if caller else None
    return Session(csrf_token=get_token(request), user=user)
