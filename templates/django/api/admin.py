from typing import Any

import structlog
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from api.models import Token
from api.tokens import digest, random_text
from users.access import signed_in_user

log = structlog.get_logger(__name__)


@admin.register(Token)
class TokenAdmin(ModelAdmin[Token]):
    """Makes tokens, lists and revokes them; a token is shown once, on the page that made it.

    A token can do what its user can: only administrators make and see those of others.
    """

    list_display = ("name", "user", "scope", "state", "created", "expires", "last_used")
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    autocomplete_fields = ("user",)
    actions = ("revoke",)
    fields = ("user", "name", "scope", "expires", "created", "last_used", "revoked")

    def get_readonly_fields(self, request: HttpRequest, obj: Token | None = None) -> list[str]:
        names = ["created", "last_used", "revoked"]
        if obj:
            names += ["user", "scope"]
        elif not request.user.is_superuser:
            names += ["user"]
        return names

    def get_queryset(self, request: HttpRequest) -> QuerySet[Token]:
        tokens = super().get_queryset(request)
        return tokens if request.user.is_superuser else tokens.filter(user=request.user.pk)

    @admin.action(description="Revoke selected tokens", permissions=["change"])
    def revoke(self, _request: HttpRequest, tokens: QuerySet[Token]) -> None:
        valid = tokens.filter(revoked=None)
        for token in valid:
            log.info("token revoked", credential=token.pk)
        valid.update(revoked=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Token) -> None:
        log.info("token deleted", credential=obj.pk)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Token]) -> None:
        for token in queryset:
            log.info("token deleted", credential=token.pk)
        super().delete_queryset(request, queryset)

    def save_model(
        self, request: HttpRequest, obj: Token, form: ModelForm[Token], change: bool
    ) -> None:
        if not change:
            if not request.user.is_superuser:
                obj.user = signed_in_user(request)
            request.made_token = random_text()  # type: ignore[attr-defined]
            obj.digest = digest(request.made_token)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)
        if not change:
            log.info("token made", credential=obj.pk, owner=obj.user_id)

    def response_add(
        self, request: HttpRequest, obj: Token, post_url_continue: str | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": "The token is made",
            "opts": self.opts,
            "token": obj,
            "text": request.made_token,  # type: ignore[attr-defined]
        }
        response = TemplateResponse(request, "admin/api/token/made.html", context)
        response["Cache-Control"] = "no-store"
        return response
