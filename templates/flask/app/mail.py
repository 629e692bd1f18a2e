"""Mail: EMAIL_URL names the server; `console:` shows messages in the terminal."""

import smtplib
import ssl
from contextvars import copy_context
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from functools import partial
from threading import Thread
from urllib.parse import unquote, urlsplit

import click
import structlog
from flask import current_app
from pydantic import BaseModel, Field, SecretStr, ValidationInfo, field_validator

PORTS = {"smtp": 25, "submission": 587, "smtps": 465}
HERE = {"localhost", "127.0.0.1", "::1"}

log = structlog.get_logger(__name__)


class MailSettings(BaseModel):
    email_url: SecretStr = Field(
        SecretStr("smtp://localhost"),
        description="Give submission://user:password@host:587, smtps://... or smtp://localhost",
    )
    email_timeout: int = Field(10, gt=0)

    @field_validator("email_url")
    @classmethod
    def check_email_url(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        url = urlsplit(secret.get_secret_value())
        if url.geturl() == "console:":
            if info.data.get("production"):
                raise ValueError("would write mails, and the links in them, into the log")
        elif url.scheme not in PORTS or not url.hostname or url.port == 0:
            raise ValueError("is not the URL of a mail server")
        elif url.query:
            raise ValueError("has a query; DEFAULT_FROM_EMAIL names the sender")
        elif url.scheme == "smtp" and url.password and url.hostname not in HERE:
            raise ValueError("would send its password in the clear")
        return secret


def send(to: str, subject: str, text: str) -> None:
    """Send a message from DEFAULT_FROM_EMAIL; the log tells if the server does not take it."""
    settings = current_app.config["SETTINGS"]
    message = EmailMessage()
    message["From"] = settings.default_from_email
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.site_url).hostname)
    message.set_content(text)
    post(settings, message)


def post(settings: MailSettings, message: EmailMessage) -> None:
    """Deliver in a thread: how long an answer takes tells nobody whether there was a message."""
    # The copy carries the id of the request into the log; the process ends when the thread has.
    Thread(target=copy_context().run, args=(deliver, settings, message), name="mail").start()


def deliver(settings: MailSettings, message: EmailMessage) -> None:
    """Hand `message` to the server, over TLS unless the scheme is `smtp`."""
    url = urlsplit(settings.email_url.get_secret_value())
    if url.scheme == "console":
        # Not as it is encoded for the way: that breaks long lines, and links with them.
        text = f"To: {message['To']}\nSubject: {message['Subject']}\n\n{message.get_content()}"
        click.echo(f"\n{text}", err=True)
        return
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    tls = ssl.create_default_context()
    connect = partial(smtplib.SMTP_SSL, context=tls) if url.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(host, port, timeout=settings.email_timeout) as server:
            if url.scheme == "submission":
                server.starttls(context=tls)
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except OSError:  # those of smtplib and ssl included
        log.exception("mail not sent", server=host)
