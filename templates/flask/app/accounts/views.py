"""The pages of the accounts. What they answer never tells whether an address has an account."""

import re

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.access import current_user, public
from app.accounts import links, mails, passwords, sessions, throttle
from app.accounts.forms import ChangePasswordForm, EmailForm, LoginForm, NewPasswordForm, given
from app.accounts.models import User
from app.extensions import db

# A path of this site, which no browser takes for another host.
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")
log = structlog.get_logger(__name__)


@blueprint.route("/login/", methods=["GET", "POST"])
@public
def login() -> str | Response:
    """Sign a user in, and go on to the page that asked for it."""
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form)
    email, password = given(form.email), given(form.password)
    throttle.count_sign_in(email)

    user = User.of(email)
    password_hash = user.password_hash if user else passwords.NOBODY
    db.session.commit()  # no transaction stays open while the hash is computed
    right = passwords.matches(password_hash, password)
    if not (right and user and user.active):
        log.warning("sign-in failed", user=user and user.id, address=request.remote_addr)
        form.form_errors.append("This e-mail address and password do not belong together.")
        return render_template("accounts/login.html", form=form)
    if passwords.HASHER.check_needs_rehash(password_hash):
        user.password_hash = passwords.HASHER.hash(password)
    throttle.forgive_sign_in(email)
    sessions.begin(user)
    db.session.commit()
    log.info("signed in", user=user.id, address=request.remote_addr)
    return redirect(local_path(request.args.get("next", "")))


@blueprint.post("/logout/")
def logout() -> Response:
    """Sign the user out, here and in every copy of the cookie."""
    log.info("signed out", user=current_user.id, address=request.remote_addr)
    sessions.end()
    db.session.commit()
    response = redirect(url_for("pages.home"))
    # Cookies are left out: those of every neighbouring subdomain would go as well.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.route("/signup/", methods=["GET", "POST"])
@public
def signup() -> str | Response:
    """Mail a link that makes an account, or a word that there is one."""
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("accounts/signup.html", form=form)
    throttle.count_mail(given(form.email))
    mails.later(mails.invite, given(form.email))
    return mail_is_on_its_way()


@blueprint.route("/signup/<token>/", methods=["GET", "POST"], strict_slashes=False)
@public
def signup_confirm(token: str) -> str | Response:
    """Make the account of a mailed link, with the password that its owner chooses."""
    email = links.signup_email(token)
    if email is None:
        return link_is_dead(".signup")
    form = NewPasswordForm(email)
    if not form.validate_on_submit():
        return render_template("accounts/signup_confirm.html", form=form)
    user = User(email=email, password_hash=passwords.HASHER.hash(given(form.password)))
    db.session.add(user)
    try:
        throttle.forgive_mail()
        db.session.commit()
    except IntegrityError:  # the link was sent off twice
        return link_is_dead(".signup")
    log.info("account made", user=user.id, address=request.remote_addr)
    flash("Your account is ready. Sign in.", "success")
    return redirect(url_for(".login"))


@blueprint.route("/password/change/", methods=["GET", "POST"])
def change() -> str | Response:
    """Change the password of the user, and sign them out everywhere else."""
    form = ChangePasswordForm(current_user.email)
    if not form.validate_on_submit():
        return render_template("accounts/change.html", form=form)
    # A session left open is no place to guess at leisure.
    throttle.count_sign_in(current_user.email)
    if not passwords.matches(current_user.password_hash, given(form.current)):
        log.warning("password change failed", user=current_user.id, address=request.remote_addr)
        form.current.errors = ["This is not your password."]
        return render_template("accounts/change.html", form=form)
    throttle.forgive_sign_in(current_user.email)
    user = db.session.get_one(User, current_user.id)
    set_password(user, given(form.password))
    sessions.begin(user)
    db.session.commit()
    tell_of_change(user)
    flash("Your password is changed.", "success")
    return redirect(url_for("pages.home"))


@blueprint.route("/password/reset/", methods=["GET", "POST"])
@public
def reset() -> str | Response:
    """Mail a link that sets a new password, to an address that has an account."""
    form = EmailForm()
    if not form.validate_on_submit():
        return render_template("accounts/reset.html", form=form)
    throttle.count_mail(given(form.email))
    mails.later(mails.reset, given(form.email))
    return mail_is_on_its_way()


@blueprint.route("/password/reset/<token>/", methods=["GET", "POST"], strict_slashes=False)
@public
def reset_confirm(token: str) -> str | Response:
    """Set the password of a mailed link, and sign the user out everywhere."""
    user = links.reset_user(token)
    if user is None:
        return link_is_dead(".reset")
    form = NewPasswordForm(user.email)
    if not form.validate_on_submit():
        return render_template("accounts/reset_confirm.html", form=form)
    set_password(user, given(form.password))
    db.session.commit()
    tell_of_change(user)
    flash("Your password is set. Sign in.", "success")
    return redirect(url_for(".login"))


def local_path(target: str) -> str:
    """Return `target` if it is a path of this site, the front page if it is anything else."""
    return target if LOCAL.fullmatch(target) else url_for("pages.home")


def set_password(user: User, password: str) -> None:
    """Give `user` a new password; sessions and links from before are dead."""
    user.password_hash = passwords.HASHER.hash(password)
    sessions.end_all(user)


def tell_of_change(user: User) -> None:
    """Tell the log, and the user by mail, that the password is another one."""
    log.info("password changed", user=user.id, address=request.remote_addr)
    mails.later(mails.changed, user.email)


def mail_is_on_its_way() -> Response:
    """Answer alike whatever is sent."""
    flash("Look into your mailbox: a message is on its way.", "success")
    return redirect(url_for(".login"))


def link_is_dead(endpoint: str) -> Response:
    """Say that a link is of no use, where a new one is to be had."""
    flash("This link is no longer valid. Ask for a new one.", "error")
    return redirect(url_for(endpoint))
