"""What users do with their own account: password, address, sessions, and its end."""

import structlog
from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import delete as delete_from
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.access import current_user, public
from app.accounts import links, mails, passwords, sessions, throttle
from app.accounts.forms import ChangeEmailForm, ChangePasswordForm, PasswordForm, given
from app.accounts.models import User
from app.accounts.views import blueprint, link_is_dead, password_was_changed, refused
from app.extensions import db

log = structlog.get_logger(__name__)


def is_confirmed(form: PasswordForm) -> bool:
    """Tell whether a form was sent with the user's password, which is asked once more.

    A session left open is no place to guess at leisure.
    """
    if not form.validate_on_submit():
        return False
    email, password_hash = current_user.email, current_user.password_hash
    throttle.count_sign_in(email)
    if passwords.matches(password_hash, given(form.current)):
        throttle.forgive_sign_in(email)
        return True
    refused("password refused", email, current_user)
    form.current.errors = ["This is not your password."]
    return False


@blueprint.route("/password/change/", methods=["GET", "POST"])
def change() -> str | Response:
    """Change the password of the user, and sign them out everywhere else."""
    form = ChangePasswordForm(current_user.email)
    if not is_confirmed(form):
        return render_template("accounts/change.html", form=form)
    user = db.session.get_one(User, current_user.id)
    user.password_hash = passwords.HASHER.hash(given(form.password))
    password_was_changed(user)
    sessions.begin_alone(user)
    db.session.commit()
    flash("Your password is changed.", "success")
    return redirect(url_for("pages.home"))


@blueprint.route("/email/", methods=["GET", "POST"])
def email() -> str | Response:
    """Mail a link to a new address, and a word to the one so far."""
    form = ChangeEmailForm(current_user.email)
    if not is_confirmed(form):
        return render_template("accounts/email.html", form=form)
    address = given(form.email)
    throttle.count_mail(address)
    mails.later(mails.new_address, current_user.id, address)
    flash("Look into the mailbox of the new address: a message is on its way.", "success")
    return redirect(url_for(".email"))


@blueprint.route("/email/<token>/", methods=["GET", "POST"], strict_slashes=False)
@public
def email_confirm(token: str) -> str | Response:
    """Give the account of a mailed link its new address, and end all links from before.

    Whoever mistyped the address mailed the link to a stranger: it is good for the user alone.
    """
    if not current_user.is_authenticated:
        flash("Sign in, then open the link once more.", "error")
        return redirect(url_for(".login"))
    user, address = links.email_user(token)
    if user is None or user.id != current_user.id:
        return link_is_dead(".email")
    if request.method == "GET":
        return render_template("accounts/email_confirm.html", address=address)
    former, user.email = user.email, address
    sessions.begin_alone(user)
    try:
        db.session.commit()
    except IntegrityError:  # somebody has just made an account with it
        return link_is_dead(".email")
    log.info("address changed", user=user.id, address=request.remote_addr)
    mails.later(mails.email_changed, former)
    flash("Your address is changed.", "success")
    return redirect(url_for("pages.home"))


@blueprint.route("/sessions/", methods=["GET", "POST"], endpoint="sessions")
def list_sessions() -> str | Response:
    """Show where the user is signed in, and sign them out there."""
    user = db.session.get_one(User, current_user.id)
    if request.method == "GET":
        return render_template(
            "accounts/sessions.html",
            sessions=sessions.of_user(user),
            here=sessions.present(),
            in_words=sessions.in_words,
        )
    if chosen := request.form.get("session"):
        if not sessions.end_one(user, chosen):
            abort(404)
        flash("That browser is signed out.", "success")
    else:
        sessions.end_others(user)
        flash("You are signed out everywhere else.", "success")
    db.session.commit()
    log.info("sessions ended", user=user.id, address=request.remote_addr)
    return redirect(url_for(".sessions"))


@blueprint.route("/delete/", methods=["GET", "POST"])
def delete() -> str | Response:
    """Delete the account of the user, with all that belongs to it."""
    form = PasswordForm(current_user.email)
    if not is_confirmed(form):
        return render_template("accounts/delete.html", form=form)
    user_id, address = current_user.id, current_user.email
    sessions.end()
    db.session.execute(delete_from(User).where(User.id == user_id))
    db.session.commit()
    log.info("account deleted", user=user_id, address=request.remote_addr)
    mails.later(mails.deleted, address)
    flash("Your account is deleted.", "success")
    return redirect(url_for("pages.home"))
