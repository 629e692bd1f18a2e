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
    lines = []
    if adopted.unsigned:
        # What else is staged stays out of a commit with `--only`.
        lines.append(
            "Your git signs commits, and this one is not signed: "
            f"`git -C {place} commit --amend --no-edit --only -S` signs it."
        )
    commands = [] if committed else _commit_commands(adopted, place)
    if adopted.behind:
        commands.append(f"stackgen update {place} --dry-run")
    if adopted.readiness.lack == "other":
        lines.append(adopted.readiness.reason)
    if not commands:
        return "\n".join([*lines, "It follows the installed version."])
    return "\n".join([*lines, "Next:", *(f"  {command}" for command in commands)])


def _commit_commands(adopted: Adopted, place: str) -> list[str]:
    """Return how to commit the answers file: alone, or where nothing is committed, all there is.

    An update takes what is in no commit for the person's own, and does not touch it.
    """
    add = f"git -C {place} add --force {ANSWERS_FILE}"
    whole = adopted.readiness.lack in {"repository", "commit"}
    commit = f"git -C {place} commit --message 'Follow stackgen' {'.' if whole else ANSWERS_FILE}"
    init = [f"git -C {place} init"] if adopted.readiness.lack == "repository" else []
    return [*init, *([f"git -C {place} add --all ."] if whole else []), add, commit]


def _likeness(adopted: Adopted, path: str, state: str) -> str:
    if state != "edited":
        return ""
    return f" ({adopted.likeness[path]:.0%} of its lines)"
