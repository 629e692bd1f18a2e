"""What django-allauth asks this site: where a visitor is, and how something is said."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import mails, seals
from config import client
from config.later import later
from users.models import User

CHANGES = {
    "totp_activated": "The second factor is on.",
    "totp_deactivated": "The second factor is off.",
    "recovery_codes_generated": "There are new recovery codes, and the former ones are void.",
    "webauthn_added": "A passkey was added.",
    "webauthn_removed": "A passkey was removed.",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # at the library's own pages, which have no address here

    def get_client_ip(self, request: HttpRequest) -> str:
        return client.address(request)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what is worth it: of a change it made, and what it refuses."""
        text = message or CHANGES.get(name_of(message_template or ""))
        if text:
            level = messages.ERROR if message else messages.SUCCESS
            messages.add_message(request, level, text)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        later(self.request, mails.factor, user.email, CHANGES[name_of(template_prefix)])

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, "This passkey was not accepted.")
        return redirect("users:sign_in")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right.",
        "cannot_generate_recovery_codes": "Set up a second factor first.",
    }

    def encrypt(self, text: str) -> str:
        return seals.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return seals.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return "Passkey"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": settings.SITE_NAME}


def name_of(template: str) -> str:
    """Return the name of a change, which is what its templates are called by."""
    return template.rpartition("/")[2].removesuffix(".txt")
