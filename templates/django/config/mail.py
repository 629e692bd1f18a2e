"""The mail settings that EMAIL_URL stands for, in the form that the installed Django reads."""

from typing import Any

import dj_email_url
import django
from django.core.exceptions import ImproperlyConfigured


def mail_settings(url: str) -> dict[str, Any]:
    """Return the settings for an address such as `submission://user:password@host:587`.

    Django 6.1 reads `MAILERS` and warns of the `EMAIL_*` settings, which are all that 5.2 knows.
    Raises `ImproperlyConfigured` for a kind of address that is not known.
    """
    parsed: dict[str, Any] = dj_email_url.parse(url)
    if "EMAIL_BACKEND" not in parsed:
        raise ImproperlyConfigured(
            f"EMAIL_URL cannot begin with `{url.partition(':')[0]}:`. Set it to "
            "`submission://user:password@host:587`, `smtp://host` or `console:`."
        )
    if django.VERSION < (6, 1):
        return parsed
    options = {
        option: parsed[f"EMAIL_{name}"]
        for option, name in {
            "host": "HOST",
            "port": "PORT",
            "username": "HOST_USER",
            "password": "HOST_PASSWORD",
            "use_tls": "USE_TLS",
            "use_ssl": "USE_SSL",
            "timeout": "TIMEOUT",
        }.items()
    }
    backend = parsed["EMAIL_BACKEND"]
    mailer = {"BACKEND": backend}
    if backend.endswith(".smtp.EmailBackend"):
        mailer["OPTIONS"] = options
    addresses = {key: value for key, value in parsed.items() if not key.startswith("EMAIL_")}
    return {"MAILERS": {"default": mailer}, **addresses}
