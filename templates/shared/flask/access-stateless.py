"""Who may see what: there are no users, the names are those of a site with them."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view that everybody may see, whether there are users or not."""
    return view


class Stranger:
    """Who makes a request."""

    is_authenticated = False
    id = None


current_user = Stranger()
