"""Whose is it? For views that are not public."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse

from users.models import User


def signed_in_user(request: HttpRequest) -> User:
    """Return who is signed in; a view made public by mistake answers 403 to a stranger."""
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


class Owned:
    """Limits a generic view to what belongs to the user who asks: all else does not exist."""

    request: HttpRequest

    def get_queryset(self) -> models.QuerySet[Any]:
        everything: models.QuerySet[Any] = super().get_queryset()  # type: ignore[misc]
        return everything.filter(owner=signed_in_user(self.request))

    def form_valid(self, form: Any) -> HttpResponse:
        if hasattr(form, "instance"):
            form.instance.owner = signed_in_user(self.request)
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return response
