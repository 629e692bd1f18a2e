"""Links in mails: signed, for one purpose, and of use for a short time."""

import hashlib
from typing import Any

from django.core import signing

from users.models import User

SIGNUP_SECONDS = 24 * 60 * 60
EMAIL_SECONDS = 24 * 60 * 60


def read(purpose: str, token: str, seconds: int) -> Any:
    """Return what `token` was made of; nothing if it is forged, too old or for something else."""
    try:
        return signing.loads(token, salt=f"accounts.{purpose}", max_age=seconds)
    except signing.BadSignature:
        return None


def signup_token(email: str) -> str:
    """Return a token that proves that whoever has it reads the mail of `email`."""
    return signing.dumps(email, salt="accounts.signup")


def signup_email(token: str) -> str | None:
    """Return the address of a token, unless it has an account by now."""
    email: str | None = read("signup", token, SIGNUP_SECONDS)
    return None if email is None or User.of(email) else email


def email_token(user: User, email: str) -> str:
    """Return a token that gives `user` a new address, once."""
    return signing.dumps([user.pk, fingerprint(user), email], salt="accounts.email")


def email_change(token: str) -> tuple[User, str] | None:
    """Return the user and the new address of a token, if neither they nor it have changed since."""
    known = read("email", token, EMAIL_SECONDS)
    if known is None:
        return None
    user_id, made_from, email = known
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or fingerprint(user) != made_from or User.of(email) not in {None, user}:
        return None
    return user, email


def fingerprint(user: User) -> str:
    """Return what changes with the address, and with the password: its hash has a new salt then."""
    return hashlib.sha256(f"{user.email}\0{user.password}".encode()).hexdigest()[:16]
