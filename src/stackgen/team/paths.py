"""Paths that a standard may name: within a project, on every system, and never what git keeps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from stackgen.template.option import BIDI_CONTROLS, UNPRINTABLE
from stackgen.template.rendering import ANSWERS_FILE

SUFFIX = ".jinja"
"""What the name of a file ends in that is rendered."""

LONGEST_PATH = 200

_NOT_ON_WINDOWS = frozenset('<>:"|?*')
_DEVICES = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_GIT = re.compile(r"(?i)\.git|git~\d+")
_ENV = re.compile(r"(?i)\.env(?:\..*)?")
_SHAREABLE_ENV = ".env.example"


def objection(path: str) -> str:
    """Return why a path cannot be that of a file of a project; empty where it can.

    Args:
        path: The path, relative with `/`.
    """
    reasons = (
        *map(_objection_to_sign, path),
        "it is absolute" if path.startswith("/") else "",
        f"it is longer than {LONGEST_PATH} characters" if len(path) > LONGEST_PATH else "",
        *map(_objection_to_part, path.split("/")),
        "stackgen writes that file itself" if path.casefold() == ANSWERS_FILE else "",
        "submodules are not allowed" if path.casefold() == ".gitmodules" else "",
    )
    return next(filter(None, reasons), "")


def _objection_to_sign(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Cs":
        return "it is not UTF-8"
    if kind in UNPRINTABLE or kind == "Cf" or sign in BIDI_CONTROLS:
        return f"it holds the character U+{ord(sign):04X}"
    if sign in _NOT_ON_WINDOWS or sign == "\\":
        return f"`{sign}` is not allowed in it"
    return ""


def _objection_to_part(part: str) -> str:
    if part in {"", ".", ".."}:
        return f"`{part}` is not allowed as a part of it"
    if part != part.rstrip(". ") or part != part.lstrip(" "):
        return "a part of it begins or ends with a space, or ends with a dot"
    if _GIT.fullmatch(part):
        return "what git keeps is git's own"
    if _ENV.fullmatch(part) and part != _SHAREABLE_ENV:
        return f"secrets do not belong in a standard; `{_SHAREABLE_ENV}` is allowed"
    if _DEVICES.fullmatch(part):
        return "Windows keeps that name for a device"
    return ""


def twins(paths: Iterable[str]) -> tuple[str, str] | None:
    """Return two paths, or folders of theirs, that one file system takes for the same; or None.

    They differ in case or in how an accented letter is written, or one is a file and a folder.

    Args:
        paths: The paths, relative with `/`; the same one may come twice.
    """
    spelled: dict[str, str] = {}
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        parts = path.split("/")
        prefixes = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        for prefix in prefixes:
            key = unicodedata.normalize("NFC", unicodedata.normalize("NFD", prefix).casefold())
            if spelled.setdefault(key, prefix) != prefix:
                return spelled[key], prefix
        files.add(path)
        folders.update(prefixes[:-1])
    both = sorted(files & folders)
    return (both[0], f"{both[0]}/") if both else None
