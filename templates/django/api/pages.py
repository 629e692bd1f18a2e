"""The page on which users make, see and revoke their own tokens."""

from datetime import timedelta

import structlog
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from api.forms import TokenForm
from api.models import Token
from api.tokens import digest, random_text
from users.access import signed_in_user

app_name = "tokens"
log = structlog.get_logger(__name__)


def own(request: HttpRequest) -> QuerySet[Token]:
    return Token.objects.filter(user=signed_in_user(request), revoked=None)


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    secret = None
    if form.is_valid():
        secret, days = random_text(), form.cleaned_data["days"]
        token = form.save(commit=False)
        token.user, token.digest = signed_in_user(request), digest(secret)
        token.scope = Token.Scope.READ if form.cleaned_data["only_read"] else Token.Scope.WRITE
        token.expires = timezone.now() + timedelta(days=days) if days else None
        token.save()
        log.info("token made", credential=token.pk, owner=token.user_id)
        form = TokenForm()
    tokens = own(request).order_by("-pk")
    return render(request, "api/tokens.html", {"form": form, "secret": secret, "tokens": tokens})


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(own(request), pk=pk)
    token.revoked = timezone.now()
    token.save(update_fields=["revoked"])
    log.info("token revoked", credential=pk, owner=token.user_id)
    messages.success(request, "The token is revoked.")
    return redirect("tokens:list")


urlpatterns = [
    path("", index, name="list"),
    path("<int:pk>/revoke/", revoke, name="revoke"),
]
