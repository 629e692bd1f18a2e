"""The second factor: codes of an app on a phone (TOTP, RFC 6238), and recovery codes.

What the app shares with this site must be readable here, so it is kept sealed under a key that is
made of SECRET_KEY: a copy of the database alone is worth nothing. A secret is as short as one
HMAC-SHA256, which is therefore all the cipher that it takes.
"""

import hmac
import secrets
import time
from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import Any, cast

import pyotp
import segno
from flask import current_app
from sqlalchemy import CursorResult, Delete, Update, delete, select, update
from sqlalchemy.sql.functions import count

from app.accounts.models import RecoveryCode, SecondFactor, User
from app.config import SITE_NAME
from app.extensions import db

STEP_SECONDS = 30
# A clock may be off by this many steps.
DRIFT = 1
RECOVERY_CODES = 10
NONCE, MARK = 16, 16  # bytes


def new_secret() -> str:
    """Return 160 random bits, as apps take them."""
    return pyotp.random_base32()


def uri(secret: str, email: str) -> str:
    """Return what the square holds that an app reads from the screen."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=SITE_NAME)


def square(text: str) -> tuple[int, str]:
    """Return the QR code of a text: how many dots it is wide, and the path of an SVG.

    Within is the margin of four dots that readers need.
    """
    rows = [list(row) for row in segno.make_qr(text).matrix_iter(border=4)]
    runs: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        for dark, dots in groupby(row):
            length = len(list(dots))
            if dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return len(rows), "".join(runs)


def step_of(secret: str, code: str) -> int | None:
    """Return the half minute that a code is of, if it is of the present one or next to it."""
    now = int(time.time()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


def set_up(user: User, secret: str, step: int) -> list[str]:
    """Ask `user` for codes from now on; return the recovery codes."""
    remove(user)
    db.session.add(SecondFactor(user_id=user.id, secret=seal(secret), step=step))
    return renew_codes(user)


def remove(user: User) -> None:
    """Ask `user` for no codes any more."""
    db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user.id))
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.expire(user, ["factor"])


def renew_codes(user: User) -> list[str]:
    """Return new recovery codes; the former ones are worth nothing."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [f"{secrets.randbelow(10**12):012}" for _ in range(RECOVERY_CODES)]
    key = next(keys())
    db.session.add_all(
        [RecoveryCode(user_id=user.id, digest=digest(key, user, code)) for code in codes]
    )
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def accepts(user: User, given: str) -> bool:
    """Tell whether a code signs `user` in, and take it: none is good for a second time.

    What decides is how many rows change, also where the same code comes twice at once.
    """
    code = plain(given)
    if user.factor and (secret := unseal(user.factor.secret)):
        step = step_of(secret, code)
        if step is not None:
            mine = (SecondFactor.user_id == user.id) & (SecondFactor.step < step)
            return changes_a_row(
                update(SecondFactor).where(mine).values(step=step, secret=seal(secret))
            )
    digests = [digest(key, user, code) for key in keys()]
    return changes_a_row(delete(RecoveryCode).where(RecoveryCode.digest.in_(digests)))


def changes_a_row(statement: Update | Delete) -> bool:
    """Execute a statement, and tell whether there was something to do."""
    return cast("CursorResult[Any]", db.session.execute(statement)).rowcount > 0


def codes_left(user: User) -> int:
    """Return how many recovery codes are still good."""
    query = select(count()).where(RecoveryCode.user_id == user.id)
    return db.session.scalars(query).one()


def plain(code: str) -> str:
    """Return a code as it is without what people put between its digits."""
    return code.replace(" ", "").replace("-", "")


def keys() -> Iterator[bytes]:
    """Yield what is made of SECRET_KEY, and of former ones."""
    config = current_app.config
    for key in (config["SECRET_KEY"], *reversed(config["SECRET_KEY_FALLBACKS"])):
        yield hmac.digest(key.encode(), b"accounts.factor", "sha256")


def digest(key: bytes, user: User, code: str) -> str:
    """Return what is kept of a recovery code; whoever lacks the key cannot try them all."""
    return hmac.digest(key, f"code {user.id} {code}".encode(), "sha256").hex()


def seal(secret: str) -> str:
    """Return a secret as it is kept: a nonce, a mark of the key, and the secret under its cover."""
    key, nonce, plain = next(keys()), secrets.token_bytes(NONCE), b32decode(secret)
    return urlsafe_b64encode(nonce + mark(key, nonce, plain) + cover(key, nonce, plain)).decode()


def unseal(sealed: str) -> str | None:
    """Return the secret; nothing if the key that it was sealed with is not known any more."""
    data = urlsafe_b64decode(sealed)
    nonce, kept, covered = data[:NONCE], data[NONCE : NONCE + MARK], data[NONCE + MARK :]
    for key in keys():
        plain = cover(key, nonce, covered)
        if hmac.compare_digest(mark(key, nonce, plain), kept):
            return b32encode(plain).decode()
    return None


def mark(key: bytes, nonce: bytes, plain: bytes) -> bytes:
    """Return what tells whether a secret was sealed with this key, and is as it was."""
    return hmac.digest(key, b"mark" + nonce + plain, "sha256")[:MARK]


def cover(key: bytes, nonce: bytes, text: bytes) -> bytes:
    """Return `text` with every bit turned that a key and a nonce say: doing it twice undoes it."""
    stream = hmac.digest(key, b"cover" + nonce, "sha256")
    return bytes(one ^ other for one, other in zip(text, stream, strict=False))
