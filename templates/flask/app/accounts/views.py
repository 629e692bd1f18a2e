"""The pages of the accounts. What they answer never tells whether an address has an account."""

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app import mail
from app.accounts import access, links, passwords, throttle
from app.accounts.forms import ChangePasswordForm, EmailForm, LoginForm, NewPasswordForm, given
from app.accounts.models import User
from app.config import SITE_NAME
from app.extensions import db

RULE = f"At least {passwords.MIN_LENGTH} characters; several words are a good choice."
LOGINS_OF_ACCOUNT = 10
LOGINS_OF_NETWORK = 30
MAILS_OF_NETWORK = 10
MAILS_OF_NETWORK_TO_ADDRESS = 3
MAILS_TO_ADDRESS = 20

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")
log = structlog.get_logger(__name__)


@blueprint.route("/login/", methods=["GET", "POST"])
def login() -> str | Response:
    """Sign a user in, and go on to the page that asked for it."""
    form = LoginForm()
    if not form.validate_on_submit():
        return render_template("accounts/login.html", form=form)
    email, password, network = given(form.email), given(form.password), throttle.network()
    throttle.count(LOGINS_OF_NETWORK, "login", network)
    throttle.count(LOGINS_OF_ACCOUNT, "login", network, email)

    user = User.of(email)
    password_hash = user.password_hash if user else passwords.NOBODY
    db.session.commit()  # no transaction stays open while the hash is computed
    right = passwords.matches(password_hash, password)
    if not (right and user and user.active):
        log.warning("sign-in failed", user=user and user.id, address=request.remote_addr)
        form.password.errors = ["The address or the password is wrong."]
        return render_template("accounts/login.html", form=form)
    if passwords.HASHER.check_needs_rehash(password_hash):
        user.password_hash = passwords.HASHER.hash(password)
    throttle.forget("login", network, email)
    access.begin(user)
    db.session.commit()
    log.info("signed in", user=user.id, address=request.remote_addr)
    return redirect(access.local_path(request.args.get("next", "")))


@blueprint.post("/logout/")
def logout() -> Response:
    """Sign the user out, here and in every copy of the cookie."""
    log.info("signed out", user=access.signed_in_user().id, address=request.remote_addr)
    access.end()
    db.session.commit()
    response = redirect(url_for("pages.home"))
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


@blueprint.route("/signup/", methods=["GET", "POST"])
def signup() -> str | Response:
    """Mail a link that makes an account, or a word that there is one."""
    form = EmailForm()
    if not form.validate_on_submit():
        hint = "We mail you a link. The account is made when you open it and choose a password."
        return show(form, "Sign up", "Send the link", hint)
    email = given(form.email)
    count_mail(email)
    if User.of(email):
        url = url_for(".reset", _external=True)
        mail.send(email, f"Your account at {SITE_NAME}", ALREADY.format(url=url))
    else:
        url = url_for(".signup_confirm", token=links.signup_token(email), _external=True)
        mail.send(email, f"Your account at {SITE_NAME}", WELCOME.format(url=url))
    return mail_is_on_its_way()


@blueprint.route("/signup/<token>/", methods=["GET", "POST"], strict_slashes=False)
def signup_confirm(token: str) -> str | Response:
    """Make the account of a mailed link, with the password that its owner chooses."""
    email = links.signup_email(token)
    if email is None:
        return link_is_dead(".signup")
    form = NewPasswordForm(email)
    if not form.validate_on_submit():
        return show(form, "Choose a password", "Make the account", f"For {email}. {RULE}")
    user = User(email=email, password_hash=passwords.HASHER.hash(given(form.password)))
    db.session.add(user)
    try:
        db.session.commit()
    except IntegrityError:  # the link was sent off twice
        return link_is_dead(".signup")
    log.info("account made", user=user.id, address=request.remote_addr)
    flash("Your account is ready. Sign in.", "success")
    return redirect(url_for(".login"))


@blueprint.route("/password/change/", methods=["GET", "POST"])
def change() -> str | Response:
    """Change the password of the user, and sign them out everywhere else."""
    user = access.signed_in_user()
    form = ChangePasswordForm(user.email)
    hint = f"{RULE} You stay signed in here, and are signed out everywhere else."
    if not form.validate_on_submit():
        return show(form, "Change your password", "Change it", hint)
    throttle.count(LOGINS_OF_ACCOUNT, "change", user.id)
    if not passwords.matches(user.password_hash, given(form.current)):
        log.warning("password change failed", user=user.id, address=request.remote_addr)
        form.current.errors = ["This is not your password."]
        return show(form, "Change your password", "Change it", hint)
    set_password(user, given(form.password))
    access.begin(user)
    db.session.commit()
    flash("Your password is changed.", "success")
    return redirect(url_for("pages.home"))


@blueprint.route("/password/reset/", methods=["GET", "POST"])
def reset() -> str | Response:
    """Mail a link that sets a new password, to an address that has an account."""
    form = EmailForm()
    if not form.validate_on_submit():
        hint = "We mail you a link, if the address has an account."
        return show(form, "Forgotten your password?", "Send the link", hint)
    email = given(form.email)
    count_mail(email)
    user = User.of(email)
    if user and user.active:
        url = url_for(".reset_confirm", token=links.reset_token(user), _external=True)
        mail.send(user.email, f"A new password for {SITE_NAME}", RESET.format(url=url))
    return mail_is_on_its_way()


@blueprint.route("/password/reset/<token>/", methods=["GET", "POST"], strict_slashes=False)
def reset_confirm(token: str) -> str | Response:
    """Set the password of a mailed link, and sign the user out everywhere."""
    user = links.reset_user(token)
    if user is None:
        return link_is_dead(".reset")
    form = NewPasswordForm(user.email)
    if not form.validate_on_submit():
        return show(form, "Choose a new password", "Set it", f"For {user.email}. {RULE}")
    set_password(user, given(form.password))
    db.session.commit()
    flash("Your password is set. Sign in.", "success")
    return redirect(url_for(".login"))


def set_password(user: User, password: str) -> None:
    """Give `user` a new password; sessions and links from before are dead, and a mail says so."""
    user.password_hash = passwords.HASHER.hash(password)
    access.end_all(user)
    log.info("password changed", user=user.id, address=request.remote_addr)
    url = url_for(".reset", _external=True)
    mail.send(user.email, f"Your password for {SITE_NAME}", CHANGED.format(url=url))


def count_mail(email: str) -> None:
    """Count a message, so that nobody floods a mailbox; known and unknown addresses alike."""
    network = throttle.network()
    throttle.count(MAILS_OF_NETWORK, "mail", network)
    throttle.count(MAILS_OF_NETWORK_TO_ADDRESS, "mail", network, email)
    throttle.count(MAILS_TO_ADDRESS, "mail", "to", email)


def show(form: FlaskForm, title: str, button: str, hint: str) -> str:
    """Return the page of a form."""
    return render_template("accounts/form.html", form=form, title=title, button=button, hint=hint)


def mail_is_on_its_way() -> Response:
    """Answer alike whatever was sent."""
    flash("Look into your mailbox: a message is on its way.", "success")
    return redirect(url_for(".login"))


def link_is_dead(endpoint: str) -> Response:
    """Say that a link is of no use, where a new one is to be had."""
    flash("This link is no longer valid. Ask for a new one.", "error")
    return redirect(url_for(endpoint))


WELCOME = """\
Open this link within a day to choose a password and make your account:

{url}

If you did not ask for it, somebody mistyped their address, and you need not do anything.
"""
ALREADY = """\
Somebody, probably you, wanted to make an account with this address. There is one already.
If you do not know its password, choose a new one:

{url}
"""
RESET = """\
Open this link within an hour to choose a new password. It works once:

{url}

If you did not ask for it, you need not do anything.
"""
CHANGED = """\
Your password was changed. If it was not you, choose another one at once:

{url}
"""
