"""Mail: EMAIL_URL names the server; without one, development shows messages in the terminal."""

import smtplib
import ssl
from contextvars import copy_context
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from threading import Thread
from typing import Annotated
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import click
import structlog
from flask import current_app, request
from pydantic import AfterValidator, SecretStr

PORTS = {"smtp": 25, "submission": 587, "smtps": 465}
SECONDS = 20

log = structlog.get_logger(__name__)


def check_url(secret: SecretStr) -> SecretStr:
    """Return `secret` if it names a mail server, or the terminal; raise `ValueError` if not."""
    url = urlsplit(secret.get_secret_value())
    if url.geturl() == "console:":
        return secret
    if url.scheme not in PORTS or not url.hostname:
        raise ValueError("is not the URL of a mail server")
    if url.scheme == "smtp" and url.password and url.hostname not in {"localhost", "127.0.0.1"}:
        raise ValueError("would send its password in the clear")
    return secret


def check_server(secret: SecretStr) -> SecretStr:
    """Return `secret` if it names a mail server; raise `ValueError` if it names the terminal."""
    if secret.get_secret_value() == "console:":
        raise ValueError("would write the links of accounts into the log")
    return check_url(secret)


AnyURL = Annotated[SecretStr, AfterValidator(check_url)]
ServerURL = Annotated[SecretStr, AfterValidator(check_server)]


def send(to: str, subject: str, text: str) -> None:
    """Send a message, in a thread: how long an answer takes tells nobody whether one was sent.

    A message that the server does not take is an error in the log, without its text.
    """
    url = urlsplit(current_app.config["SETTINGS"].email_url.get_secret_value())
    message = EmailMessage()
    host = urlsplit(request.host_url).hostname or "localhost"
    message["From"] = parse_qs(url.query).get("from", [f"no-reply@{host}"])[0]
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=host)
    message.set_content(text)
    # The copy carries the id of the request into the log of the thread.
    Thread(target=copy_context().run, args=(deliver, url, message), name="mail").start()


def deliver(url: SplitResult, message: EmailMessage) -> None:
    """Hand `message` to the server of `url`, over TLS unless its scheme is `smtp`."""
    if url.scheme == "console":
        # Not as it is encoded for the way: that breaks long lines, and links with them.
        text = f"To: {message['To']}\nSubject: {message['Subject']}\n\n{message.get_content()}"
        click.echo(f"\n{text}", err=True)
        return
    try:
        with connect(url) as server:
            if url.username:
                server.login(unquote(url.username), unquote(url.password or ""))
            server.send_message(message)
    except OSError:  # those of smtplib and ssl included
        log.exception("mail not sent", server=url.hostname)


def connect(url: SplitResult) -> smtplib.SMTP:
    """Return a connection to the server of `url`; `submission` insists on STARTTLS."""
    host, port = url.hostname or "", url.port or PORTS[url.scheme]
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=SECONDS)
    if url.scheme == "submission":
        try:
            server.starttls(context=context)
        except OSError:
            server.close()
            raise
    return server
