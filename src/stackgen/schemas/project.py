"""What `update` and `status` both tell of a project."""

from __future__ import annotations

from typing import Annotated, TypedDict

from stackgen.errors import SourceError
from stackgen.template import source

Follows = TypedDict(
    "Follows",
    {
        "path": Annotated[
            str | None, "Its directory, absolute; null where the call failed before it was read."
        ],
        "from": Annotated[str | None, "The version that it follows; null where it is not known."],
        "to": Annotated[str | None, "The installed version; null where it is not known."],
        "behind": Annotated[bool, "Whether the installed version is a later one."],
    },
)

Error = Annotated[str | None, "What happened, and what to do about it; null where all is well."]


def follows(path: str | None, from_tag: str, to_tag: str, *, behind: bool) -> Follows:
    """Return which version a project follows.

    Args:
        path: Its directory, absolute.
        from_tag: The tag of its version; empty where it is not known.
        to_tag: The tag of the installed version; empty where it is not known.
        behind: Whether the installed version is a later one.
    """
    return {
        "path": path,
        "from": from_tag.removeprefix("v") or None,
        "to": to_tag.removeprefix("v") or None,
        "behind": behind,
    }


def installed_tag() -> str:
    """Return the tag of the installed version; empty where that is not known."""
    try:
        return source.tag()
    except SourceError:
        return ""
