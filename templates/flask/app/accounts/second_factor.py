"""The page of the second factor: set it up, turn it off, have new recovery codes."""

import structlog
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.access import current_user
from app.accounts import factor, links, mails, sessions
from app.accounts.forms import FactorForm, PasswordForm, given
from app.accounts.models import User
from app.accounts.profile import is_confirmed
from app.accounts.views import blueprint as blueprint  # of all pages, once they are imported
from app.extensions import db

CHANGES = {
    "on": "The second factor is on.",
    "off": "The second factor is off.",
    "codes": "There are new recovery codes, and the former ones are void.",
}
log = structlog.get_logger(__name__)


@blueprint.route("/2fa/", methods=["GET", "POST"], endpoint="factor")
def index() -> str | Response:
    """Show the page that the state of the account asks for."""
    user = db.session.get_one(User, current_user.id)
    return change(user) if user.factor else set_up(user)


def set_up(user: User) -> str:
    """Share a secret with an app, once the password and a code of the app have come back."""
    form = FactorForm(user.email)
    secret = links.secret_of(user, form.secret.data or "")
    if secret is None:
        secret = factor.new_secret()
        form.secret.data = links.secret_token(user, secret)
    if is_confirmed(form):
        step = factor.step_of(secret, factor.plain(given(form.code)))
        if step is not None:
            codes = factor.set_up(user, secret, step)
            sessions.begin_alone(user)  # those from before needed no code
            return shown_once(user, codes, "on")
        form.code.errors = ["This code is not right."]
    width, path = factor.square(factor.uri(secret, user.email))
    key = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    drawn = {"key": key, "width": width, "path": path}
    return render_template("accounts/factor_set_up.html", form=form, **drawn)


def change(user: User) -> str | Response:
    """Turn the second factor off, or give new recovery codes; both ask for the password."""
    form = PasswordForm(user.email)
    if not is_confirmed(form):
        left = factor.codes_left(user)
        return render_template("accounts/factor.html", form=form, left=left)
    if "off" not in request.form:
        return shown_once(user, factor.renew_codes(user), "codes")
    factor.remove(user)
    save(user, "off")
    flash(CHANGES["off"], "success")
    return redirect(url_for(".factor"))


def shown_once(user: User, codes: list[str], what: str) -> str:
    """Show recovery codes: there are only their hashes afterwards."""
    save(user, what)
    return render_template("accounts/factor_codes.html", codes=codes)


def save(user: User, what: str) -> None:
    """Commit, and tell the log and the user."""
    db.session.commit()
    log.info("second factor changed", user=user.id, what=what, address=request.remote_addr)
    mails.later(mails.factor, user.email, CHANGES[what])
