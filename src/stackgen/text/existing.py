"""What becomes of files that were there, and of the git that a project came into, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stackgen.project.creation import Generated
from stackgen.project.decision import Decision
from stackgen.project.existing import Way
from stackgen.project.kept import README, README_BESIDE

WAYS: Mapping[Way, str] = {
    "merge": "Merge where it is possible, else keep",
    "keep": "Keep yours",
    "replace": "Replace them; a LICENSE stays",
}
"""The ways to treat files that are there, the one that is marked first."""

_AT_THE_ROOT = (
    (".github/", "workflows with `working-directory`, and dependabot.yml with `directory`"),
    (".gitlab-ci.yml", "by an `include` in the one there"),
    ("renovate.json", ""),
    (".pre-commit-config.yaml", "with the `files` of its hooks below the project"),
)
"""What hosts and hooks read at the root of a repository alone, and how it moves there."""


def plan_lines(plans: Mapping[str, Sequence[tuple[str, str]]]) -> list[str]:
    """Return what each way makes of each file, a line each.

    Args:
        plans: For each way: path and what would become of it.
    """
    found: dict[str, list[str]] = {}
    for way, plan in plans.items():
        for path, state in plan:
            found.setdefault(path, []).append(f"{way}: {state}")
    return [f"{path}  ({', '.join(states)})" for path, states in found.items()]


def existing_notes(made: Generated, decision: Decision, *, dry_run: bool) -> list[str]:
    """Return what a person should know of the files that were there, and of git.

    Args:
        made: The project.
        decision: What was decided.
        dry_run: Whether nothing was written.
    """
    be = "would be" if dry_run else "was"
    notes = [f"`{file.path}` {be} {file.state}." for file in made.existing]
    if made.env_ignored:
        notes.append("`.gitignore` got a line, so that `.env` with its secrets is not committed.")
    if README_BESIDE in made.paths:
        notes.append(f"The project's own README is `{README_BESIDE}`, as yours is `{README}`.")
    if made.licence:
        value = decision.resolved.values["license"]
        notes.append(
            f"`{made.licence}` stays, but the option `license` is {value}, and pyproject.toml says "
            "so. If yours is right, choose another `license`, or correct pyproject.toml."
        )
    return notes + ([] if dry_run else _git_notes(made))


def _git_notes(made: Generated) -> list[str]:
    notes = []
    if made.git.unsigned:
        notes.append(
            "Your git signs commits, and this one is not signed: `git commit --amend --no-edit -S` "
            "signs it."
        )
    if made.git.detached:
        notes.append("The commit is on no branch: `git switch -c NAME` gives it one.")
    if made.git.root:
        for name, how in _AT_THE_ROOT:
            if any(path.startswith(name) for path in made.paths):
                notes.append(
                    f"`{name}` counts at the root of a repository alone. Move it to "
                    f"`{made.git.root}`{', ' if how else ''}{how}."
                )
    return notes
