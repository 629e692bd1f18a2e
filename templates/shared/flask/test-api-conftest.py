"""Programs that call the API, each with a token of its own."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.api import tokens
from app.api.models import ApiToken
{% if frontend != 'none' %}
from app.extensions import csrf
{% endif %}
from conftest import sample
from tests.api import things

sample.record(lambda state: state.app.register_blueprint(things.blueprint))
{% if frontend != 'none' %}
csrf.exempt(things.blueprint)
{% endif %}


class Program(FlaskClient):
    """A client that shows `token` with every request."""

    token: ApiToken
    secret: str


def make_program(
    app: Flask, session: Session, owner: Any = None, scope: str = "write", **values: Any
) -> Program:
    """Return a program with a new token, which acts for `owner` where there are users."""
    program = Program(app, app.response_class)
    program.token, program.secret = tokens.make("test", scope)
    for name, value in values.items():
        setattr(program.token, name, value)
    if owner is not None:
        program.token.owner = owner  # type: ignore[attr-defined, unused-ignore]
    session.add(program.token)
    session.commit()
    program.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {program.secret}"
    return program


@pytest.fixture(autouse=True)
def table(session):
    """The table of the things, which is rolled back with everything else."""
    things.TABLE.create(session.connection())


@pytest.fixture
{% if frontend != 'none' %}
def owner(member):
    """Whose the tokens of `program` are: `member`, or nobody where there are no users."""
    return getattr(member, "user", None)
{% else %}
def owner():
    """Whose the tokens of `program` are: there are no users."""
    return
{% endif %}


@pytest.fixture
def program(app, session, owner):
    return make_program(app, session, owner)


@pytest.fixture
def other_program(app, session{{ ', other_member' if frontend != 'none' else '' }}):
    return make_program(app, session{{ ', getattr(other_member, "user", None)' if frontend != 'none' else '' }})
