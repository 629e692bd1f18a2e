"""What `flask check` looks at: the application as it is configured, and how it answers."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Literal, NamedTuple

from flask import Flask
from jinja2 import TemplateSyntaxError
from pydantic import SecretStr
from structlog.testing import capture_logs

from app.config import check_secret

YEAR = 31_536_000
DOCUMENT_HEADERS = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}


class Problem(NamedTuple):
    """Something unsafe, and what to do about it."""

    level: Literal["warning", "error"]
    text: str
    remedy: str


def run(app: Flask, *, deploy: bool) -> list[Problem]:
    """Return every problem of `app`; with `deploy` also what only production must have."""
    problems = list(check_templates(app))
    if deploy:
        # The requests of `check_answers` are no visitors: they stay out of the log.
        with capture_logs():
            for check in (check_config, check_secrets, check_cookies, check_answers):
                problems.extend(check(app))
    return problems


def check_templates(app: Flask) -> Iterator[Problem]:
    """Find templates that do not compile."""
    for name in app.jinja_env.list_templates(extensions=["html"]):
        try:
            app.jinja_env.get_template(name)
        except TemplateSyntaxError as error:
            yield Problem("error", f"{name} does not compile: {error}", f"See line {error.lineno}.")


def check_config(app: Flask) -> Iterator[Problem]:
    """Find unsafe values in the configuration."""
    config = app.config
    if app.debug or app.testing or not config["SETTINGS"].production:
        yield Problem("error", "Debug or test mode is on.", "Serve wsgi:app.")
    if not config["TRUSTED_HOSTS"] or "*" in config["TRUSTED_HOSTS"]:
        yield Problem("error", "Any Host header is accepted.", "Set ALLOWED_HOSTS.")
    if not config["MAX_CONTENT_LENGTH"]:
        yield Problem("error", "A request may be of any size.", "Set MAX_CONTENT_LENGTH.")
    if config["SETTINGS"].hsts_seconds < YEAR:
        yield Problem("warning", "HSTS lasts less than a year.", f"Set HSTS_SECONDS to {YEAR}.")


def check_secrets(app: Flask) -> Iterator[Problem]:
    """Find keys that can be guessed; every former key counts, for it still verifies."""
    for key in (app.config["SECRET_KEY"], *app.config["SECRET_KEY_FALLBACKS"]):
        try:
            check_secret(SecretStr(key))
        except ValueError as error:
            yield Problem("error", f"A secret key {error}.", "Set SECRET_KEY to a random one.")


def check_cookies(app: Flask) -> Iterator[Problem]:
    """Find what would let somebody else read or set the session cookie."""
    config = app.config
    if not config["SESSION_COOKIE_NAME"].startswith("__Host-"):
        yield Problem("error", "A subdomain can set the session cookie.", "Name it __Host-session.")
    if not (config["SESSION_COOKIE_SECURE"] and config["SESSION_COOKIE_HTTPONLY"]):
        yield Problem("error", "The session cookie can be read.", "Make it Secure and HttpOnly.")
    if config["SESSION_COOKIE_SAMESITE"] not in {"Lax", "Strict"}:
        yield Problem("error", "Other sites send the session cookie.", "Make it SameSite=Lax.")


def check_answers(app: Flask) -> Iterator[Problem]:
    """Find what is missing in real answers: the redirect, the headers, the refusals."""
    client = app.test_client(use_cookies=False)
    host = (app.config["TRUSTED_HOSTS"] or ["localhost"])[0].lstrip(".")
    site = f"https://{host}"
    if client.get("/", base_url=f"http://{host}").status_code != HTTPStatus.PERMANENT_REDIRECT:
        yield Problem("error", "Plain http is answered.", "Serve wsgi:app.")
    present = set(client.get("/no-such-page", base_url=site).headers.keys())
    for header in sorted(DOCUMENT_HEADERS - present):
        yield Problem("error", f"{header} is missing.", "Keep it in app/security.py.")
    if client.get("/", base_url="https://other.invalid").status_code != HTTPStatus.BAD_REQUEST:
        yield Problem("error", "A foreign host is answered.", "Set ALLOWED_HOSTS.")
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and not rule.arguments:
            answer = client.post(rule.rule, base_url=site, headers={"Origin": site})
            if answer.status_code != HTTPStatus.BAD_REQUEST:
                yield Problem("error", f"{rule} takes foreign forms.", "Keep its CSRF check.")
