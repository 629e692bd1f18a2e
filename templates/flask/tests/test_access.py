"""Who may see what: everything needs a sign-in, save for a written list."""

import pytest
from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

# The endpoints of all views that strangers may see; the others send them to sign in.
PUBLIC = {
    "accounts.login",
    "accounts.reset",
    "accounts.reset_confirm",
    "accounts.signup",
    "accounts.signup_confirm",
    "pages.home",
    "pages.robots",
    "probes.livez",
    "probes.readyz",
    "static",
}


def is_private(app, rule):
    """Tell whether a stranger is sent to sign in, before the view of an address is called."""
    with app.test_request_context():
        request.url_rule = rule
        request.routing_exception = None
        try:
            response = app.preprocess_request()
        except HTTPException:
            return False
    location = response.location if isinstance(response, Response) else None
    return (location or "").startswith("/accounts/login/?next=")


def test_strangers_are_sent_to_sign_in(app):
    """A view is private, or it is on the list; it may do then what it likes."""
    problems = []
    for rule in app.url_map.iter_rules():
        name = rule.endpoint
        if app.view_functions[name].__module__ == "conftest":
            continue
        private = is_private(app, rule)
        if not private and name not in PUBLIC:
            problems.append(
                f"Strangers see {name} ({rule}). If they may, add {name!r} to PUBLIC in this file; "
                "if not, take @public from its view."
            )
        if private and name in PUBLIC:
            problems.append(
                f"{name} is in PUBLIC and asks for a sign-in. Mark its view with @public, below "
                "its route, or take it from the list."
            )
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


def test_list_has_nothing_that_is_gone(app):
    assert app.view_functions.keys() >= PUBLIC
