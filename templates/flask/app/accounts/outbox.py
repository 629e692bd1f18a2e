"""The mails of development: kept in `var/mails/`, and listed at `/mails/`."""

import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Blueprint, Flask, render_template

from app.access import public
from app.environment import ROOT

FOLDER = ROOT / "var" / "mails"
SHOWN = 50

blueprint = Blueprint("outbox", __name__, template_folder="templates")


def init_app(app: Flask) -> None:
    """Add the list to the application of development."""
    if not app.config["SETTINGS"].production:
        app.register_blueprint(blueprint)


def keep(message: EmailMessage) -> None:
    """Put a mail that goes nowhere else into the folder."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{time.time_ns()}.eml").write_bytes(message.as_bytes())


@blueprint.get("/mails/")
@public
def index() -> str:
    """List the last mails, with links to click."""
    files = sorted(FOLDER.glob("*.eml"), reverse=True)[:SHOWN]
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    texts = [(mail, mail.get_body(["plain"])) for mail in mails]
    shown = [(mail, body.get_content() if body else "") for mail, body in texts]
    return render_template("accounts/mails.html", mails=shown)
