"""A resource of the tests, in tables that are always there: no example is needed to test the API."""

from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path
from ninja import Query, Router
from pydantic import BaseModel, Field

from api.conditional import check_unchanged, created
from api.fields import Change, Input, Page, Visible
from api.idempotency import DESCRIBED, idempotent
from api.models import RequestCount
from api.routes import new_api
from api.urls import addresses
from config import urls

THINGS = "/api/test/things/"
Name = Annotated[str, Field(max_length=20), Visible]
# Counts of a minute long ago are the things.
things = RequestCount.objects.filter(minute=0)
router = Router()


class Thing(BaseModel):
    id: int
    name: str


class ThingNew(Input):
    name: Name
    tags: list[str] = []


class ThingChange(Change):
    name: Name = ""


def thing(row: RequestCount) -> Thing:
    return Thing(id=row.pk, name=row.key)


@router.get("", response=list[Thing])
def list_things(request: HttpRequest, page: Query[Page]) -> list[Thing]:
    rows = things.order_by("pk")[page.offset : page.offset + page.limit]
    return [thing(row) for row in rows]


@router.post("", response={201: Thing}, openapi_extra=DESCRIBED)
@idempotent
def create_thing(request: HttpRequest, data: ThingNew) -> HttpResponse:
    row = RequestCount.objects.create(key=data.name, minute=0, count=0)
    return created(thing(row), f"{THINGS}{row.pk}/")


@router.patch("{int:thing_id}/", response=Thing)
@transaction.atomic
def change_thing(request: HttpRequest, thing_id: int, data: ThingChange) -> Thing:
    row = get_object_or_404(things.select_for_update(), pk=thing_id)
    check_unchanged(request, thing(row))
    row.key = data.name or row.key
    row.save()
    return thing(row)


@router.get("{int:thing_id}/", response=Thing)
def read_thing(request: HttpRequest, thing_id: int) -> Thing:
    return thing(get_object_or_404(things, pk=thing_id))


api = new_api("things")
api.add_router("things/", router)
urlpatterns = [*urls.urlpatterns, path("api/test/", include((addresses(api), "things")))]
