"""What tells a staging directory of this user's own from one that came with a repository.

A journal says which files to move and where. Where git carries files to, anybody may have written
one: it is followed only with a seal, made with a key that stays in the user's own folder of states.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from pathlib import Path

from stackgen.changes.files import is_directory

SEAL = "journal.seal"
_BYTES = 32


def write_seal(stage: Path, content: bytes) -> None:
    """Seal the content of a journal that is about to be written; without a key there is no seal.

    Args:
        stage: The staging directory.
        content: What the journal will hold.

    Raises:
        OSError: The seal cannot be written there.
    """
    if key := _key() or _make_key():
        (stage / SEAL).write_text(_digest(key, content), "ascii")


def is_sealed(stage: Path, content: bytes) -> bool:
    """Whether this user's stackgen sealed this content of a journal in this staging directory."""
    try:
        found = (stage / SEAL).read_bytes()
    except OSError:
        return False
    key = _key()
    return key is not None and hmac.compare_digest(found, _digest(key, content).encode())


def _digest(key: bytes, content: bytes) -> str:
    return hmac.new(key, content, "sha256").hexdigest()


def _place() -> Path | None:
    from platformdirs import PlatformDirs  # What makes no transaction need not wait for it.

    with contextlib.suppress(RuntimeError):  # Nobody knows where their home is.
        folder = PlatformDirs("stackgen", appauthor=False).user_state_path
        return folder / "key" if folder.is_absolute() else None
    return None


def _key() -> bytes | None:
    place = _place()
    try:
        if place and not place.is_symlink() and len(key := place.read_bytes()) == _BYTES:
            return key
    except OSError:
        pass
    return None


def _make_key() -> bytes | None:
    """Make a key, or take the one that another process made meanwhile."""
    if not (place := _place()):
        return None
    draft = place.with_name(f"key.{secrets.token_hex(8)}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        if is_directory(place):
            return None
        try:
            os.link(draft, place)
        except FileExistsError:  # Another process was first, or what is there is no key.
            if _key() is None:
                draft.replace(place)
        except OSError:  # A file system without links.
            draft.replace(place)
    except OSError:
        return None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    return _key()
