"""Who may see what, and whose it is; there are no users, the names are those of a site with them."""

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Select, select

View = TypeVar("View", bound=Callable[..., Any])
Model = TypeVar("Model")


def public(view: View) -> View:
    """Mark a view that everybody may see, whether there are users or not."""
    return view


def is_public(_view: Callable[..., Any]) -> bool:
    return True


class Stranger:
    """Who makes a request."""

    is_authenticated = False
    id = None


current_user = Stranger()


class Owned:
    """A model whose rows would belong to a user."""


def own(model: type[Model]) -> Select[Model]:
    """Select what a visitor may see of a model: all of it."""
    return select(model)
