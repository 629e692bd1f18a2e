"""Whose is it? For views that are not public."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest

from users.models import User


def signed_in_user(request: HttpRequest) -> User:
    """Return who is asking; a view made public by mistake answers 403 to a stranger."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class OwnedModel(models.Model):
    """What belongs to one user, and goes with them."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="%(class)ss"
    )

    class Meta:
        abstract = True
