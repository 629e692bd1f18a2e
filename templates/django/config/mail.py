"""The mail settings that EMAIL_URL stands for, in the form that the installed Django reads."""

from typing import Any

import dj_email_url
import django
from django.core.exceptions import ImproperlyConfigured


def mail_settings(url: str, timeout: int) -> dict[str, Any]:
    """Return the settings for an address such as `submission://user:password@host:587`.

    Django 6.1 reads `MAILERS` and warns of the `EMAIL_*` settings, which are all that 5.2 knows.
    """
    parsed: dict[str, Any] = dj_email_url.parse(url)
    if "EMAIL_BACKEND" not in parsed:
        raise ImproperlyConfigured(
            f"EMAIL_URL cannot begin with `{url.partition(':')[0]}:`. Set it to "
            "`submission://user:password@host:587`, `smtp://host` or `console:`."
        )
    parsed["EMAIL_TIMEOUT"] = parsed["EMAIL_TIMEOUT"] or timeout
    if parsed["EMAIL_BACKEND"].endswith(".console.EmailBackend"):
        parsed["EMAIL_BACKEND"] = "config.mailbox.EmailBackend"
    if django.VERSION < (6, 1):
        return parsed
    mailer = {"BACKEND": parsed["EMAIL_BACKEND"]}
    if mailer["BACKEND"].endswith(".smtp.EmailBackend"):
        names = ("HOST", "PORT", "USE_TLS", "USE_SSL", "TIMEOUT")
        mailer["OPTIONS"] = {name.lower(): parsed[f"EMAIL_{name}"] for name in names} | {
            "username": parsed["EMAIL_HOST_USER"],
            "password": parsed["EMAIL_HOST_PASSWORD"],
        }
    return {"MAILERS": {"default": mailer}}
