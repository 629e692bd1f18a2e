"""Who is signed in, for views that are not public."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from users.models import User


def signed_in_user(request: HttpRequest) -> User:
    """Return the user of a request to a view that is not public.

    LoginRequiredMiddleware guarantees that there is one; a view made public by mistake answers 403.
    """
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
