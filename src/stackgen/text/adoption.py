"""A repository that was adopted, in words."""

from __future__ import annotations

import shlex

from stackgen.adoption.adopt import Adopted
from stackgen.template.option import shown
from stackgen.template.rendering import ANSWERS_FILE


def adopted_text(adopted: Adopted) -> str:
    """Return what was found: version and options, how near, and the files that differ."""
    done = "follows" if adopted.written else "would follow"
    version = adopted.tag.removeprefix("v")
    counts = adopted.counts
    tally = ", ".join(f"{counts[state]} {state}" for state in ("same", "edited", "missing"))
    lines = [f"{adopted.path} {done} {version}; files: {tally}"]
    lines += [
        f"  {file.state:<8} {file.path}{_likeness(adopted, file.path, file.state)}"
        for file in adopted.files
        if file.state != "same"
    ]
    lines += ["Options:"]
    lines += [f"  {name}: {shown(value)}".rstrip() for name, value in adopted.options.items()]
    return "\n".join(lines)


def next_text(adopted: Adopted, *, committed: bool) -> str:
    """Return what to do next.

    Args:
        adopted: What was adopted.
        committed: Whether its answers file is committed.
    """
    if not adopted.written:
        return "Nothing was written."
    place = shlex.quote(str(adopted.path))
    commands = []
    if not committed:
        commands += [
            f"git -C {place} add --force {ANSWERS_FILE}",
            f"git -C {place} commit --message 'Follow stackgen' {ANSWERS_FILE}",
        ]
    if adopted.behind:
        commands.append(f"stackgen update {place} --dry-run")
    if not commands:
        return "It follows the installed version."
    return "\n".join(["Next:", *(f"  {command}" for command in commands)])


def _likeness(adopted: Adopted, path: str, state: str) -> str:
    if state != "edited":
        return ""
    return f" ({adopted.likeness[path]:.0%} of its lines)"
