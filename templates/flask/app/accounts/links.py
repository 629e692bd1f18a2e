"""Links in mails, and other words of ours: signed, for one purpose, of use for a short time."""

import hashlib
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.accounts.models import User
from app.extensions import db

SIGNUP_SECONDS = 24 * 60 * 60
RESET_SECONDS = 60 * 60
EMAIL_SECONDS = 24 * 60 * 60
HALF_SECONDS = 15 * 60
SECRET_SECONDS = 60 * 60


def serializer(purpose: str) -> URLSafeTimedSerializer:
    """Return what signs for `purpose`: the last key signs, former ones verify."""
    keys = [*current_app.config["SECRET_KEY_FALLBACKS"], current_app.config["SECRET_KEY"]]
    options = {"digest_method": hashlib.sha256}
    return URLSafeTimedSerializer(keys, salt=f"accounts.{purpose}", signer_kwargs=options)


def read(purpose: str, token: str, seconds: int) -> Any:
    """Return what `token` was made of; nothing if it is forged, too old or for something else."""
    try:
        return serializer(purpose).loads(token, max_age=seconds)
    except BadSignature:
        return None


def signup_token(email: str) -> str:
    """Return a token that proves that whoever has it reads the mail of `email`."""
    return serializer("signup").dumps(email)


def signup_email(token: str) -> str | None:
    """Return the address of a token, unless it has an account by now."""
    email: str | None = read("signup", token, SIGNUP_SECONDS)
    return None if email is None or User.of(email) else email


def reset_token(user: User) -> str:
    """Return a token that lets `user` choose a new password, once."""
    return of_user("reset", user)


def reset_user(token: str) -> User | None:
    """Return the user of a token, unless address or password have changed since it was made."""
    return user_of("reset", token, RESET_SECONDS)[0]


def email_token(user: User, email: str) -> str:
    """Return a token that proves that whoever has it reads the mail of a new address."""
    return of_user("email", user, email)


def email_user(token: str) -> tuple[User | None, str]:
    """Return the user of a token and the new address, while it is nobody's."""
    user, email = user_of("email", token, EMAIL_SECONDS)
    return (None if User.of(email) else user), email


def half_token(user: User) -> str:
    """Return what says that `user` has given the password, and no code yet."""
    return of_user("half", user)


def half_user(token: str) -> User | None:
    """Return who has given the password."""
    return user_of("half", token, HALF_SECONDS)[0]


def secret_token(user: User, secret: str) -> str:
    """Return what a form holds of a secret that `user` is about to share."""
    return of_user("secret", user, secret)


def secret_of(user: User, token: str) -> str | None:
    """Return the secret of a form that was made for `user`."""
    found, secret = user_of("secret", token, SECRET_SECONDS)
    return secret if found and found.id == user.id else None


def of_user(purpose: str, user: User, said: str = "") -> str:
    """Return a token for `user`, which is dead once the address or the password has changed."""
    return serializer(purpose).dumps([user.id, fingerprint(user), said])


def user_of(purpose: str, token: str, seconds: int) -> tuple[User | None, str]:
    """Return the user of a token, while it is good, and what it says besides."""
    user_id, made_from, *said = read(purpose, token, seconds) or (None, None)
    user = db.session.get(User, user_id) if user_id else None
    is_good = user and user.active and fingerprint(user) == made_from
    return user if is_good else None, said[0] if said else ""


def fingerprint(user: User) -> str:
    """Return what changes with the address, and with the password: its hash has a new salt then."""
    return hashlib.sha256(f"{user.email}\0{user.password_hash}".encode()).hexdigest()[:16]
