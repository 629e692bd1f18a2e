"""What the second factor is checked with must be readable here, so it is kept sealed.

The key is made of SECRET_KEY: a copy of the database alone is worth nothing. While the key is
rotated, the former ones in SECRET_KEY_FALLBACKS open what they sealed.
"""

import secrets
from base64 import b32encode, urlsafe_b64encode

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

log = structlog.get_logger("accounts")


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text, or a fresh secret, which no code belongs to, where its key is gone."""
    try:
        return _keys().decrypt(sealed).decode()
    except InvalidToken:
        log.warning("second factor sealed under a key that is not known")
        return b32encode(secrets.token_bytes(20)).decode()


def _keys() -> MultiFernet:
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [salted_hmac("accounts.seals", "", key, algorithm="sha256").digest() for key in known]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])
