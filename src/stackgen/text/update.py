"""An update, in words."""

from __future__ import annotations

import shlex

from stackgen.changes.undo import Undone
from stackgen.template.option import shown
from stackgen.updating.outcome import Update

_SHORT = 12
"""How many digits of a commit are shown."""


def update_text(update: Update) -> str:
    """Return what an update did, or with nothing to undo what it would do; then what to do next."""
    name, previous, installed = update.path.name, _version(update.from_tag), _version(update.to_tag)
    changed = [file for file in update.files if file.state != "unchanged"]
    if not changed:
        return f"{name} follows {installed}, and there is nothing to change."
    done = bool(update.undo)
    step = f"from {previous} to {installed}" if previous != installed else f"within {installed}"
    step += _standard_step(update)
    lines = [f"{'Updated' if done else 'Would update'} {name} {step}:"]
    lines += [f"  {file.state:<13} {file.path}" for file in changed]
    lines.append(f"  and {len(update.files) - len(changed)} files unchanged")
    if update.diff:
        lines += ["", update.diff.rstrip("\n")]
    if done:
        lines.append("")
        if update.conflicts:
            count = len(update.conflicts)
            lines.append(f"Finish: {count} in conflict; edit, then `git add` or `git rm` each.")
        review = shlex.join(["git", "-C", str(update.path), "diff", "HEAD"])
        lines += [f"Review: {review}", f"Undo:   {update.undo}"]
    return "\n".join(lines)


def versions(update: Update) -> str:
    """Return which versions an update leads from and to: a sentence without its end, with code."""
    previous, installed = _version(update.from_tag), _version(update.to_tag)
    if previous == installed:
        return f"stackgen `{installed}`{_standard_step(update)}"
    return f"stackgen `{previous}` to `{installed}`{_standard_step(update)}"


def update_notes(update: Update) -> list[str]:
    """Return what a person should know besides."""
    notes = [
        f"New option `{name}` is {shown(value) or 'empty'}; "
        f"`stackgen update --set {name}=VALUE` changes it."
        for name, value in update.defaulted.items()
    ]
    notes += [
        f"`{name}` has another value now, set by {words}." for name, words in update.held.items()
    ]
    notes += update.warnings
    notes += [f"`{path}` is not in git: it was left as it is." for path in update.untracked]
    notes += [
        f"`{kept.option}` is off, but `{kept.folder}/` stays: databases that ran its migrations "
        f"need them. Where their tables may go, with all that is in them, run `{kept.undo}` (in "
        f"production `{kept.undo_in_production}`) for each database, and delete `{kept.folder}/`."
        for kept in update.kept
    ]
    return notes


def undone_text(undone: Undone) -> str:
    """Return how much of an update was taken back, in words."""
    count = len(undone.files)
    what = "The last update is undone" if not undone.kept else "The last update is undone in part"
    state = "file is as it was" if count == 1 else "files are as they were"
    return f"{what}: {count} {state} before it."


def undone_notes(undone: Undone) -> list[str]:
    """Return which files were not taken back, and what takes them back."""
    notes = [f"`{path}` changed since the update: it was left as it is." for path in undone.kept]
    if notes:
        notes.append("With `--discard-edits` they are taken back, too.")
    return notes


def check_text(update: Update) -> str:
    """Return whether a project is behind."""
    previous, installed = _version(update.from_tag), _version(update.to_tag)
    if update.behind and update.from_tag == update.to_tag:
        return f"{update.path.name} follows {installed}{_standard_step(update)}: `stackgen update`."
    if update.behind:
        return (
            f"{update.path.name} follows {previous}; {installed} is installed: `stackgen update`."
        )
    return f"{update.path.name} follows {installed}, the installed version."


def _standard_step(update: Update) -> str:
    """Return the step of the standard, as the end of a sentence; empty where there is none."""
    before, after = update.from_standard, update.to_standard
    if after is None or before == after:
        return ""
    former = f" from {before.commit[:_SHORT]}" if before else ""
    return f", the standard{former} to {after.commit[:_SHORT]}"


def _version(tag: str) -> str:
    return tag.removeprefix("v")
