"""A resource of the tests: they know what the API does for each, whatever resources there are."""

from typing import Annotated, Any

from apiflask import APIBlueprint
from flask import abort
from flask.testing import FlaskClient
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.test import TestResponse

from app.access import Owned, own
from app.api.conditional import require_match
from app.api.fields import Input, Visible
from app.api.idempotency import idempotent
from app.api.paging import Page
from app.database import Base
from app.extensions import db

THINGS = "/api/v1/things/"

blueprint = APIBlueprint("things", __name__, url_prefix=THINGS[:-1], enable_openapi=False)


class Thing(Owned, Base):
    __tablename__ = "api_thing"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


TABLE = Base.metadata.tables["api_thing"]
Base.metadata.remove(TABLE)  # as far as migrations go, it is not there


class ThingIn(Input):
    name: Annotated[str, Visible]


class ThingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: int
    name: str


def find(number: int) -> Thing:
    return db.session.scalar(own(Thing).where(Thing.id == number)) or abort(404)


@blueprint.get("/")
@blueprint.input(Page, location="query", arg_name="page")
def index(page: Page) -> dict[str, Any]:
    things = db.session.scalars(own(Thing).order_by(Thing.id).limit(page.limit).offset(page.offset))
    return {"things": [thing.name for thing in things]}


@blueprint.post("/")
@blueprint.input(ThingIn, arg_name="new")
@idempotent
@blueprint.output(ThingOut, 201)
def create(new: ThingIn) -> tuple[Thing, int, dict[str, str]]:
    thing = Thing(name=new.name)
    db.session.add(thing)
    db.session.flush()
    return thing, 201, {"Location": address(thing)}


@blueprint.get("/<int:number>/")
@blueprint.output(ThingOut)
def detail(number: int) -> Thing:
    return find(number)


@blueprint.patch("/<int:number>/")
@blueprint.input(ThingIn, arg_name="change")
@blueprint.output(ThingOut)
def change(number: int, change: ThingIn) -> Thing:
    thing = find(number)
    require_match(ThingOut, thing)
    thing.name = change.name
    db.session.commit()
    return thing


@blueprint.delete("/<int:number>/")
@blueprint.output({}, 204)
def delete(number: int) -> str:
    thing = find(number)
    require_match(ThingOut, thing)
    db.session.delete(thing)
    db.session.commit()
    return ""


def address(thing: Thing) -> str:
    return f"{THINGS}{thing.id}/"


def create_thing(program: FlaskClient) -> TestResponse:
    response = program.post(THINGS, json={"name": "Milk"})
    assert response.status_code == 201, response.text
    return response
