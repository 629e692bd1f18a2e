"""Sign-in, sign-up and the forgotten password: pages for those who are not signed in.

What they answer never tells whether an address has an account.
"""

import re

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.access import current_user, public
from app.accounts import factor, links, mails, passwords, sessions, throttle
from app.accounts.forms import CodeForm, EmailForm, LoginForm, NewPasswordForm, given
from app.accounts.models import User
from app.extensions import db

# A path of this site, which no browser takes for another host.
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts", template_folder="templates")
log = structlog.get_logger(__name__)


@blueprint.after_request
def keep_links(response: Response) -> Response:
    """Let no browser name the address of a mailed link to anybody, this site included."""
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.route("/login/", methods=["GET", "POST"])
@public
def login() -> str | Response:
    """Sign a user in, or ask for the code of the second factor, and go on to where they were."""
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
        refused("sign-in failed", email, user)
        form.form_errors.append("This e-mail address and password do not belong together.")
        return render_template("accounts/login.html", form=form)
    if passwords.HASHER.check_needs_rehash(password_hash):
        user.password_hash = passwords.HASHER.hash(password)
    if user.factor:
        throttle.take_back_sign_in(email)
        sessions.begin_half(user)
        db.session.commit()
        return redirect(url_for(".verify", next=request.args.get("next")))
    throttle.forgive_sign_in(email)
    return signed_in(user)


@blueprint.route("/2fa/verify/", methods=["GET", "POST"])
@public
def verify() -> str | Response:
    """Sign in whoever has given the password, with a code."""
    user = sessions.half()
    if user is None:
        flash("Sign in first; a code is asked for within a quarter of an hour.", "error")
        return redirect(url_for(".login", next=request.args.get("next")))
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("accounts/verify.html", form=form)
    throttle.count_code(user.email)
    if not factor.accepts(user, given(form.code)):
        refused("code refused", user.email, user)
        form.code.errors = ["This code is not right."]
        return render_template("accounts/verify.html", form=form)
    throttle.forgive_code(user.email)
    return signed_in(user)


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
    if request.method == "POST" and not throttle.settings().signup_open:
        abort(403)
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
    former = (User.id == user.id) & (User.password_hash == user.password_hash)
    password_hash = passwords.HASHER.hash(given(form.password))
    db.session.commit()  # what is read from here on is what the other worker has written
    # Sent off twice at once, a link is good for the first.
    change = update(User).where(former).values(password_hash=password_hash)
    if not db.session.scalar(change.returning(User.id)):
        return link_is_dead(".reset")
    sessions.end_all(user)
    db.session.commit()
    password_was_changed(user)
    flash("Your password is set. Sign in.", "success")
    return redirect(url_for(".login"))


def local_path(target: str) -> str:
    """Return `target` if it is a path of this site, the front page if it is anything else."""
    return target if LOCAL.fullmatch(target) else url_for("pages.home")


def signed_in(user: User) -> Response:
    """Begin a session, and go on to the page that asked for it."""
    sessions.begin(user)
    db.session.commit()
    log.info("signed in", user=user.id, address=request.remote_addr)
    return redirect(local_path(request.args.get("next", "")))


def refused(event: str, email: str, user: User | None) -> None:
    """Note a failure, and let the owner of the account know where there are many."""
    log.warning(event, user=user and user.id, address=request.remote_addr)
    if throttle.is_worth_a_notice(email):
        mails.later(mails.attempts, email)


def password_was_changed(user: User) -> None:
    """Tell the log, and the user by mail, that the password is another one: links are dead now."""
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
