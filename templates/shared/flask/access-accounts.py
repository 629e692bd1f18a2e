"""Who may see what, and whose it is. Every view asks for a sign-in unless it is `public`."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from flask import Flask, abort, current_app, g, has_request_context, redirect, request, url_for
from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from app.errors import prefers_json

if TYPE_CHECKING:
    from app.accounts.models import User

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Let everybody see a view: `@blueprint.get("/")`, and below it `@public`."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Tell whether everybody may see a view."""
    return getattr(view, "is_public", False)


class Stranger:
    """Who makes a request without being signed in."""

    is_authenticated: ClassVar[bool] = False
    id = None
    email = ""

    def has_role(self, _name: str) -> bool:
        """Tell that nobody in particular may do nothing in particular."""
        return False


STRANGER = Stranger()


def visitor() -> "User | Stranger":
    """Return who makes the request; outside of one, as in a command, that is nobody."""
    if not has_request_context():
        return STRANGER
    if "user" not in g:
        # Not above: it needs the database, and views of every part need this module.
        from app.accounts.sessions import load_user

        g.user = load_user()
    return g.user or STRANGER


# The user who is signed in, or a `Stranger`: ask `current_user.is_authenticated`.
current_user = cast("User", LocalProxy(visitor))


class Owned:
    """A model whose rows belong to the user who makes them, and go with that user.

    Nobody owns what was made before there were users, or by a command.
    """

    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True, default=lambda: current_user.id
    )

    @declared_attr
    def owner(cls) -> Mapped["User | None"]:
        """The owner."""
        return relationship("User")


Model = TypeVar("Model", bound=Owned)


def own(model: type[Model]) -> Select[Model]:
    """Select what belongs to the user who asks; what belongs to others does not exist for them."""
    if not current_user.is_authenticated:
        abort(401)
    return select(model).where(model.owner_id == current_user.id)


def init_app(app: Flask) -> None:
    """Close the views of `app` to strangers, and keep what users see out of every cache."""
    app.before_request(require_user)
    app.after_request(forbid_caches)


def require_user() -> Response | None:
    """Send a stranger to the sign-in page; a program is told that it has to sign in.

    Staff without the second factor that they need are sent to set it up.
    """
    endpoint = request.endpoint
    if endpoint is None or endpoint.rpartition(".")[2] == "static":
        return None
    if is_public(current_app.view_functions[endpoint]):
        return None
    if current_user.is_authenticated:
        # Not above: a role needs to know who asks.
        from app.accounts.roles import require_factor

        is_way_out = endpoint in {"accounts.factor", "accounts.logout"}
        return None if is_way_out else require_factor(current_user)
    if prefers_json():
        abort(401)
    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")))


def forbid_caches(response: Response) -> Response:
    """Mark what is for one user alone, and every page about accounts."""
    if g.get("user") or request.blueprint == "accounts":
        response.headers["Cache-Control"] = "no-store"
    return response
