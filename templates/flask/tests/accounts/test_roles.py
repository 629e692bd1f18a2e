"""Roles, and the second factor that staff need."""

import pytest
from flask import Blueprint
from werkzeug.exceptions import Unauthorized

from app.access import current_user
from app.accounts.roles import require_role, role_required
from conftest import browser
from tests.accounts.people import (
    EMAIL,
    FACTOR,
    PASSWORD,
    is_signed_in,
    post,
    set_up_factor,
    sign_in,
)

office = Blueprint("office", __name__, url_prefix="/office")


@office.get("/")
@role_required("staff")
def desk():
    return "papers"


@office.get("/hall/")
def hall():
    return "chairs"


@pytest.fixture
def site(make_app, app):
    """Build an application with a page for staff and one for members; the variables given are its settings."""

    def build(**variables):
        made = make_app(**variables)
        made.register_blueprint(office)
        made.extensions["sqlalchemy"] = app.extensions["sqlalchemy"]
        return made

    return build


def give_role(app, *words):
    done = app.test_cli_runner().invoke(args=["user", EMAIL, *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_staff_alone_see_what_is_theirs(site, member):
    client = browser(site(STAFF_SECOND_FACTOR="0"))
    assert client.get("/office/").headers["Location"].startswith("/accounts/login/?next=")
    sign_in(client)
    assert client.get("/office/").status_code == 403
    assert "roles: staff" in give_role(client.application, "--role", "staff")
    assert client.get("/office/").text == "papers"
    assert "roles: none" in give_role(client.application, "--remove-role", "staff")
    assert not is_signed_in(client)
    sign_in(client)
    assert client.get("/office/").status_code == 403


def test_staff_need_the_second_factor(site, member):
    """Without it they reach the page that sets it up, and the way out."""
    app = site()
    client = browser(app)
    give_role(app, "--role", "staff")
    sign_in(client)
    for path in ("/office/", "/office/hall/", "/accounts/password/change/", "/accounts/sessions/"):
        assert client.get(path).headers["Location"] == FACTOR
    refused = client.get("/office/hall/", headers={"Accept": "application/json"})
    assert refused.status_code == 403
    assert client.get("/").status_code == 200, "everybody sees it"
    set_up_factor(client)
    assert client.get("/office/").text == "papers"
    post(client, FACTOR, current=PASSWORD, off="1")
    assert client.get("/office/").headers["Location"] == FACTOR
    assert post(client, "/accounts/logout/").headers["Location"] == "/"


def test_members_do_not_need_it(site, member):
    client = browser(site())
    sign_in(client)
    assert client.get("/office/hall/").text == "chairs"


def test_it_is_on_in_production_alone(app, development):
    assert app.config["SETTINGS"].staff_second_factor
    assert not development.config["SETTINGS"].staff_second_factor


def test_roles_that_do_not_exist_are_refused(app, member):
    with pytest.raises(ValueError, match="janitor"):
        role_required("janitor")
    done = app.test_cli_runner().invoke(args=["user", EMAIL, "--role", "janitor"])
    assert done.exit_code == 2


def test_a_stranger_has_no_role(app):
    with app.test_request_context():
        assert not current_user.has_role("staff")
        with pytest.raises(Unauthorized):
            require_role("staff")
