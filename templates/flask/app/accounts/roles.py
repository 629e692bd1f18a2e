"""Roles: what some users may do and others may not. A role of your own is one more line here.

`flask user EMAIL --role NAME` gives a user a role, `--remove-role` takes it away.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import abort, current_app, redirect, url_for
from werkzeug.wrappers import Response

from app.access import current_user
from app.errors import prefers_json

if TYPE_CHECKING:
    from app.accounts.models import User

STAFF = "staff"
ROLES = {STAFF: "Works behind the scenes, with the second factor"}

View = TypeVar("View", bound=Callable[..., Any])


def role_required(name: str) -> Callable[[View], View]:
    """Let only users with a role see a view: put it below the route, as `@role_required("staff")`."""
    if name not in ROLES:
        raise ValueError(f"{name} is not among the roles of {__name__}")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*values: Any, **named: Any) -> Any:
            return require_role(name) or view(*values, **named)

        return cast(View, guarded)

    return decorate


def require_role(name: str) -> Response | None:
    """Refuse whoever lacks a role; a view, or `app.before_request`, returns what this returns.

    Staff without a second factor are sent to set it up.
    """
    if not current_user.is_authenticated:
        abort(401)
    if not current_user.has_role(name):
        abort(403)
    return require_factor(current_user)


def require_factor(user: "User") -> Response | None:
    """Send staff who have no second factor to set it up, where STAFF_SECOND_FACTOR is on."""
    if not lacks_factor(user):
        return None
    if prefers_json():
        abort(403)
    return redirect(url_for("accounts.factor"))


def lacks_factor(user: "User") -> bool:
    """Tell whether somebody must set up the second factor before anything else."""
    needed = current_app.config["SETTINGS"].staff_second_factor and user.has_role(STAFF)
    return bool(needed and user.factor is None)
