"""Passwords: argon2id with the parameters that OWASP advises, and none that is easy to guess."""

import re
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from zxcvbn import zxcvbn

from app.config import SITE_NAME

MIN_LENGTH = 12
MAX_LENGTH = 128
GUESSES = 10**11
# What is said again later adds next to nothing, whatever stands in between.
SAID_AGAIN = re.compile(r"([^\W_]{3,})(?=.*\1)", re.IGNORECASE | re.DOTALL)
# The time that the estimate takes grows with the length: where so much is enough, the rest is not
# looked at.
ENOUGH = 40

HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
# Checked where there is no user, so that the answer takes as long.
NOBODY = HASHER.hash(secrets.token_urlsafe())


def matches(password_hash: str, password: str) -> bool:
    """Tell whether `password` is the one that was hashed."""
    try:
        return HASHER.verify(password_hash, password)
    except VerifyMismatchError:
        return False


def is_easy(password: str, email: str) -> bool:
    """Tell whether `password` falls to fewer than a hundred thousand million guesses.

    Guesses begin with known passwords, words, names, keys in a row, and what is known of the
    user; zxcvbn's lists have almost four thousand entries of `MIN_LENGTH` characters or more.
    """
    known = [email, *email.split("@"), SITE_NAME]
    said = SAID_AGAIN.sub("", password)
    return all(
        zxcvbn(part, user_inputs=known, max_length=MAX_LENGTH)["guesses"] < GUESSES
        for part in (said[:ENOUGH], said)
    )
