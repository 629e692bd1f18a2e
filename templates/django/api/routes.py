"""The API of the site: what it is made of."""

from django.conf import settings
from ninja import NinjaAPI

from api import problems, session
from api.bodies import StrictParser
from api.conditional import Renderer
from api.tokens import authenticate


def new_api(namespace: str) -> NinjaAPI:
    """Return an API without resources; another version is another one."""
    api = NinjaAPI(
        title=settings.SITE_NAME,
        version="1",
        description=settings.SITE_DESCRIPTION,
        openapi_url=None,  # see `api.schema`
        docs_url=None,
        urls_namespace=namespace,
        auth=authenticate,
        parser=StrictParser(),
        renderer=Renderer(),
    )
    problems.register(api)
    return api


api = new_api("api")
api.add_router("session/", session.router)
api.add_router("notes/", "notes.api.router")
