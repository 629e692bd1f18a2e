"""Where a standard is: a name, a path or an address, and which revision of it is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from stackgen.errors import StandardError
from stackgen.foreign_text import quoted
from stackgen.project.folder import is_folder, unreachable
from stackgen.project.standard_record import is_revision

LONGEST_SHOWN = 200

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_SCP = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!/?/)[^:]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\]")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_SECRET = re.compile(r"(?<=:)[^:/@?#]*@|(?<=//)[^/@]*@|[?#].*")
"""Where an address may hold a password or a token."""

_PORTS = {"https": 443, "ssh": 22}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What was named.

    Attributes:
        address: An address of https or ssh, or the absolute path of a folder.
        revision: A branch, tag or commit; empty where none was named.
    """

    address: str
    revision: str = ""

    @property
    def is_path(self) -> bool:
        """Whether it is a folder of this machine."""
        return self.address.startswith("/")


def parse_where(text: str, names: Mapping[str, str] | None = None) -> Where:
    """Read `WHERE[@REVISION]`.

    Args:
        text: What a person wrote.
        names: Names to addresses, each of which may have a revision: from a configuration.

    Raises:
        StandardError: It is no address that is allowed, or no revision.
    """
    _refuse_odd(text)
    name, at, revision = text.partition("@")
    if names and name in names and _NAME.fullmatch(name):
        named = parse_where(names[name])
        return Where(
            address=named.address, revision=check_revision(revision) if at else named.revision
        )
    place, revision = _split(text)
    return Where(
        address=check_address(place), revision=check_revision(revision) if revision else ""
    )


def check_address(text: str) -> str:
    """Return an address as it is recorded: of https or ssh, or an absolute path.

    Raises:
        StandardError: It is another one, or holds a password.
    """
    _refuse_odd(text)
    if "::" in text and "[" not in text:
        raise _refused(text, "helpers of git's such as `ext` are never run")
    if _SCHEME.match(text):
        return _check_url(text)
    if _SCP.fullmatch(text) and "/" not in text.partition(":")[0]:
        if text.partition(":")[2].startswith("-"):
            raise _refused(text, "its path begins with `-`")
        host, _, path = text.partition(":")
        user, at, host = host.rpartition("@")
        return f"{user}{at}{host.lower()}:{path.rstrip('/')}"
    folder = _folder(text)
    if reason := unreachable(folder):
        raise _refused(text, reason)
    try:
        return str(folder.resolve())
    except (OSError, RuntimeError) as error:  # It changed in between.
        raise _refused(text, str(error)) from error


def check_revision(text: str) -> str:
    """Return a revision that can be the name of a branch, a tag or a commit.

    Raises:
        StandardError: It cannot.
    """
    if not is_revision(text):
        raise StandardError(
            f"{quoted(text)} is no revision of a standard. Give a branch, a tag or a commit."
        )
    return text


def _check_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused(text, "it is malformed") from error
    if parts.scheme not in {"https", "ssh"}:
        raise _refused(text, f"`{parts.scheme}` is not one of https and ssh")
    if parts.password is not None or (parts.username and parts.scheme == "https"):
        # Not shown: whoever reads the message might read the secret.
        raise StandardError(
            "The address of a standard is recorded in every project: it must not hold a name or "
            "password for https. Leave that to a credential helper of git's."
        )
    if parts.username and not _USER.fullmatch(parts.username):
        raise _refused(text, "its user is malformed")
    if not _HOST.fullmatch(host if ":" not in host else f"[{host}]"):
        raise _refused(text, "its host is malformed")
    if parts.query or parts.fragment:
        raise _refused(text, "it has a query or a fragment")
    if not parts.path.strip("/") or parts.path.startswith("/-"):
        raise _refused(text, "it names no repository")
    # One spelling for all: what a project records is compared with what a person names.
    place = host if ":" not in host else f"[{host}]"
    user = f"{parts.username}@" if parts.username else ""
    at = f":{port}" if port and port != _PORTS[parts.scheme] else ""
    return f"{parts.scheme}://{user}{place}{at}{parts.path.rstrip('/')}"


def _split(text: str) -> tuple[str, str]:
    """Return the place, and the revision behind an `@` that is not the user's."""
    if _SCHEME.match(text):
        scheme, _, rest = text.partition("://")
        host, slash, path = rest.partition("/")
        path, _, revision = path.partition("@")
        return _or_nothing(f"{scheme}://{host}{slash}{path}", revision, text)
    if ":" in text and "/" not in text.partition(":")[0]:
        host, colon, path = text.partition(":")
        path, _, revision = path.partition("@")
        return _or_nothing(f"{host}{colon}{path}", revision, text)
    if is_folder(_folder(text)):
        return text, ""
    place, at, revision = text.partition("@") if text.count("@") == 1 else text.rpartition("@")
    return _or_nothing(place, revision, text) if at else (text, "")


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise _refused(text, "nobody here has that name, or their home is not known") from error


def _or_nothing(place: str, revision: str, text: str) -> tuple[str, str]:
    if text.endswith("@"):
        raise StandardError(
            f"{quoted(text)} ends in `@`. Name a branch, a tag or a commit after it."
        )
    return place, revision


def _refuse_odd(text: str) -> None:
    if not text or text.startswith("-"):
        raise _refused(text, "it is empty" if not text else "it begins with `-`")
    if not text.isprintable() or text != text.strip():
        raise _refused(text, "it holds a character that cannot be seen")


def _refused(text: str, why: str) -> StandardError:
    shown = _SECRET.sub("...", text)  # Whoever reads the message might read the secret.
    return StandardError(
        f"{quoted(shown, longest=LONGEST_SHOWN)} cannot be where a standard is: {why}. Give an "
        "address with https or ssh, or the path of a git repository."
    )
