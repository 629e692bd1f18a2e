"""The mails of the accounts, which are written and sent once the answer is out."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Thread
from typing import Any

import structlog
from flask import Response, after_this_request, current_app, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from app import mail
from app.accounts import links
from app.accounts.models import User
from app.extensions import db

log = structlog.get_logger(__name__)


def later(write: Callable[..., None], *values: Any) -> None:
    """Let `write` do its work after the response, in a thread.

    The response takes as long for an address that has an account as for one that has none.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def work() -> None:
        with app.app_context():
            try:
                write(*values)
            except SQLAlchemyError:
                log.exception("mail not written")

    @after_this_request
    def start(response: Response) -> Response:
        # The copy carries the id of the request into the log of the thread.
        response.call_on_close(
            lambda: Thread(target=copy_context().run, args=(work,), name="mail").start()
        )
        return response


def invite(email: str) -> None:
    """Send a link that makes an account, or a word that there is one."""
    if User.of(email):
        already(email)
        return
    token = links.signup_token(email)
    send(email, "welcome", url_for("accounts.signup_confirm", token=token, _external=True))


def already(email: str) -> None:
    """Tell the owner of an address that it has an account."""
    send(email, "already", url_for("accounts.reset", _external=True))


def reset(email: str) -> None:
    """Send a link that sets a new password, to an address that has an account."""
    user = User.of(email)
    if user and user.active:
        token = links.reset_token(user)
        send(email, "reset", url_for("accounts.reset_confirm", token=token, _external=True))


def new_address(user_id: int, email: str) -> None:
    """Send a link that changes the address to the new one, and a word to the one so far."""
    user = db.session.get_one(User, user_id)
    if User.of(email):
        already(email)
    else:
        token = links.email_token(user, email)
        send(email, "email_new", url_for("accounts.email_confirm", token=token, _external=True))
    send(user.email, "email_old", url_for("accounts.reset", _external=True))


def email_changed(former: str) -> None:
    """Tell the address so far that the account has another one."""
    send(former, "email_changed")


def changed(email: str) -> None:
    """Tell that the password was changed."""
    send(email, "changed", url_for("accounts.reset", _external=True))


def factor(email: str, change: str) -> None:
    """Tell what happened to the second factor."""
    send(email, "factor", url_for("accounts.reset", _external=True), change=change)


def attempts(email: str) -> None:
    """Tell the owner of an account, if there is one, that somebody keeps guessing."""
    user = User.of(email)
    if user and user.active:
        send(email, "attempts", url_for("accounts.reset", _external=True))


def deleted(email: str) -> None:
    """Tell that the account is gone."""
    send(email, "deleted")


def send(email: str, name: str, url: str = "", **values: Any) -> None:
    """Send the text `name` of `templates/accounts/mails/`, and the same as a page.

    The first line of the text is the subject.
    """
    text = render_template(f"accounts/mails/{name}.txt", url=url, **values)
    subject, _, body = text.partition("\n\n")
    page = render_template("accounts/mails/mail.html", subject=subject, body=body)
    mail.send(email, subject, body, page)
