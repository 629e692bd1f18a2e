"""What a call prints that failed, where JSON was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, TypedDict


class Failure(TypedDict):
    """What a failure has at least, whatever the command."""

    error: Annotated[str, "What happened, and what to do about it."]


def failure(
    command: str,
    message: str,
    path: Path | None,
    discarded: Sequence[str] = (),
    output: Mapping[str, object] | None = None,
) -> object:
    """Return what a failed call prints: the shape of its command, where that has room for errors.

    Args:
        command: The name of the command; empty where that is not known.
        message: What happened, and what to do about it.
        path: The project that was worked on; nothing where that is not known.
        discarded: Files with edits for which an update was refused.
        output: What the call came to before it failed.
    """
    if command == "update":
        from stackgen.schemas.update import failed_update

        return failed_update(message, path, discarded)
    if command == "status":
        from stackgen.schemas.status import failed_status

        return failed_status(message)
    if command == "adopt":
        from stackgen.schemas.adopt import failed_adopt

        return failed_adopt(message, path)
    if command == "audit":
        from stackgen.schemas.audit import failed_audit

        return failed_audit(message)
    return {**(output or {}), **Failure(error=message)}
