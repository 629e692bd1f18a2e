"""What `stackgen new --json` prints."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired, TypedDict

from stackgen.project.creation import Generated
from stackgen.project.decision import Decision, RecordedRecommendation
from stackgen.project.existing import State
from stackgen.project.standard_record import RecordedStandard
from stackgen.schemas.receipt import receipt_data
from stackgen.verification.keeping import FirstReceipt
from stackgen.verification.receipt import Receipt


class NextCommands(TypedDict):
    """Shell commands for the project's directory, in order; each list starts from a fresh one."""

    run: Annotated[list[str], "The last one serves on http://127.0.0.1:8000 for development."]
    test: Annotated[list[str], "The last one runs the tests."]
    production: Annotated[list[str], "The last one serves on http://127.0.0.1:8000 as in earnest."]


class Existing(TypedDict):
    """A file that was there and that the project has as well."""

    path: Annotated[str, "Its path, relative, with `/`."]
    state: Annotated[State, "What became of it, or would."]


class Standard(TypedDict):
    """A standard at a commit."""

    url: Annotated[str, "The address of its repository."]
    commit: Annotated[str, "The full name of the commit."]


class NewResult(TypedDict):
    """A project that was made, or would be."""

    path: Annotated[str, "Its directory, absolute."]
    framework: Annotated[str, "The framework that was taken."]
    recommendation: Annotated[
        RecordedRecommendation | None,
        "What the answers spoke for; null where nothing was answered.",
    ]
    options: Annotated[dict[str, Any], "Option to value."]
    files: Annotated[int, "How many files it has, without those of git."]
    paths: NotRequired[Annotated[list[str], "With `--dry-run`: its files, relative, with `/`."]]
    existing: Annotated[
        list[Existing], "Files that were there with other content, and what became of each."
    ]
    version: Annotated[str, "The version of stackgen."]
    receipt: NotRequired[
        Annotated[Receipt, "With `--verify`: what was seen, as `docs/receipt.json` holds it."]
    ]
    repeat: NotRequired[
        Annotated[list[str], "With `--verify`: commands that repeat the first step that failed."]
    ]
    standard: NotRequired[Annotated[Standard, "With `--standard`: what it follows."]]
    next: NextCommands


def new_result(
    made: Generated,
    decision: Decision,
    version: str,
    *,
    dry_run: bool,
    first: FirstReceipt | None = None,
    standard: RecordedStandard | None = None,
) -> NewResult:
    """Return what is printed of a new project.

    Args:
        made: The project.
        decision: What was decided.
        version: The version of stackgen.
        dry_run: Whether nothing was written: the list of files is then part of it.
        first: What was seen of it; nothing where it was not verified.
        standard: The standard that it follows; nothing where it follows none.
    """
    values, commands = dict(decision.resolved.values), decision.resolved.commands
    result: NewResult = {
        "path": str(made.path),
        "framework": decision.framework,
        "recommendation": values.pop("recommendation"),
        "options": values,
        "files": len(made.paths) + (len(first.files) if first else 0),
        "existing": [{"path": each.path, "state": each.state} for each in made.existing],
        "version": version,
        "next": {
            "run": list(commands["run"]),
            "test": list(commands["test"]),
            "production": list(commands["production"]),
        },
    }
    if standard:
        result["standard"] = {"url": standard.url, "commit": standard.commit}
    if dry_run:
        result["paths"] = list(made.paths)
    if first:
        result["receipt"] = receipt_data(first.verified.receipt)
        result["repeat"] = list(first.verified.repeat)
    return result
