"""The mails of the site: a text in `templates/mails/`, and the same as a page.

They are written and sent once the answer is out, see `config.later`.
"""

from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template import Context, engines
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from config.client import network
from throttle import attempts
from users.models import User

log = structlog.get_logger("users")


def reset(email: str) -> None:
    """Send a link that sets a new password, to an address that has an account."""
    user = User.of(email)
    if user and user.is_active:
        name, token = "users:password_reset_confirm", default_token_generator.make_token(user)
        uid = urlsafe_base64_encode(force_bytes(user.pk))
        send("mails/reset.txt", user.email, url=absolute(name, uid, token))


def changed(email: str) -> None:
    """Tell that the password was changed."""
    send("mails/changed.txt", email, url=absolute("users:password_reset"))


def count(request: HttpRequest, email: str) -> None:
    """Count a mail that was asked for, whether the address has an account or not."""
    here, address = network(request), attempts.spelled(email)
    attempts.count(settings.MAILS_PER_NETWORK_TO_ADDRESS, "mail", here, address)
    attempts.count(settings.MAILS_PER_ADDRESS, "mail", "to", address)
    attempts.count(settings.MAILS_PER_NETWORK, "mail", here)


def absolute(name: str, *args: Any) -> str:
    """Return the address of a view as a mail has it, whatever host was asked for."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def send(template: str, email: str, **values: Any) -> None:
    """Send a text, whose first line is the subject; the log tells if the server does not take it."""
    context = Context({"brand": settings.SITE_NAME, **values}, autoescape=False)
    text = engines["django"].engine.get_template(template).render(context)  # type: ignore[attr-defined]
    subject, _, body = text.partition("\n\n")
    message = EmailMultiAlternatives(subject, body, to=[email])
    page = render_to_string("mails/mail.html", {"subject": subject, "body": body})
    message.attach_alternative(page, "text/html")
    try:
        message.send()
    except (OSError, SMTPException) as error:
        log.exception("mail not sent", error=type(error).__name__)
