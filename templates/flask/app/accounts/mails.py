"""The mails of the accounts, which are written and sent once the answer is out."""

from collections.abc import Callable
from contextvars import copy_context
from threading import Thread

import structlog
from flask import Response, after_this_request, current_app, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from app import mail
from app.accounts import links
from app.accounts.models import User

log = structlog.get_logger(__name__)


def later(write: Callable[[str], None], email: str) -> None:
    """Let `write` do its work after the response, in a thread.

    The response takes as long for an address that has an account as for one that has none.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def work() -> None:
        with app.app_context():
            try:
                write(email)
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
        send(email, "already.txt", url_for("accounts.reset", _external=True))
        return
    token = links.signup_token(email)
    send(email, "welcome.txt", url_for("accounts.signup_confirm", token=token, _external=True))


def reset(email: str) -> None:
    """Send a link that sets a new password, to an address that has an account."""
    user = User.of(email)
    if user and user.active:
        token = links.reset_token(user)
        send(email, "reset.txt", url_for("accounts.reset_confirm", token=token, _external=True))


def changed(email: str) -> None:
    """Tell that the password was changed."""
    send(email, "changed.txt", url_for("accounts.reset", _external=True))


def send(email: str, template: str, url: str) -> None:
    """Send a text of `templates/accounts/mails/`: its first line is the subject."""
    subject, _, text = render_template(f"accounts/mails/{template}", url=url).partition("\n\n")
    mail.send(email, subject, text)
