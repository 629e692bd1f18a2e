"""Links in mails: signed, for one purpose, and of use for a short time."""

import hashlib
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.accounts.models import User
from app.extensions import db

SIGNUP_SECONDS = 24 * 60 * 60
RESET_SECONDS = 60 * 60


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
    return serializer("reset").dumps([user.id, fingerprint(user)])


def reset_user(token: str) -> User | None:
    """Return the user of a token, unless address or password have changed since it was made."""
    user_id, made_from = read("reset", token, RESET_SECONDS) or (None, None)
    user = db.session.get(User, user_id) if user_id else None
    return user if user and user.active and fingerprint(user) == made_from else None


def fingerprint(user: User) -> str:
    """Return what changes with the address, and with the password: its hash has a new salt then."""
    return hashlib.sha256(f"{user.email}\0{user.password_hash}".encode()).hexdigest()[:16]
