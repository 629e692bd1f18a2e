"""`stackgen verify`: a project installed, tested and served, and its receipt."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackgen.cli import console, parameters
from stackgen.cli.call import Call
from stackgen.errors import VerificationError
from stackgen.foreign_text import printable

if TYPE_CHECKING:
    from stackgen.project.creation import Generated
    from stackgen.verification.keeping import FirstReceipt
    from stackgen.verification.receipt import Step

EXAMPLES = (
    "stackgen verify",
    "stackgen verify shop --write",
)


def command(
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(readable=False, metavar="PATH", help="The project's directory.")
    ] = Path(),
    write: Annotated[
        bool, typer.Option("--write", help="Write the receipt into the project's docs/.")
    ] = False,
    as_json: parameters.Json = False,
    quiet: parameters.Quiet = False,
) -> None:
    """Install, test and serve a private copy of a project, and say what was seen."""
    call = context.ensure_object(Call)
    call.path = path
    from stackgen.changes.files import refuse_linked
    from stackgen.schemas.receipt import verify_result
    from stackgen.text.receipt import failure_text, receipt_files, verified_text
    from stackgen.verification.keeping import keep
    from stackgen.verification.receipt import JSON_FILE, MARKDOWN_FILE
    from stackgen.verification.verify import verify

    if write:  # It takes minutes until there is something to write.
        refuse_linked(path, (JSON_FILE, MARKDOWN_FILE))
    verified = verify(path, report=reporter(silent=as_json or quiet))
    if write:
        keep(verified.path, receipt_files(verified.receipt))
    result = verify_result(verified)
    if not (as_json or quiet):
        console.write(printable(verified_text(verified)))
    if not verified.receipt.passed:
        call.output = result
        raise VerificationError(failure_text(verified))
    if as_json:
        console.write_json(result)


def verify_first(made: Generated, *, silent: bool) -> FirstReceipt:
    """Verify a project that was just made, and put its receipt into its commit.

    Args:
        made: The project.
        silent: Whether no step is told.

    Raises:
        VerificationError: This machine does not let it be verified; it stays without a receipt.
    """
    from stackgen import signals
    from stackgen.text.receipt import receipt_files
    from stackgen.verification.keeping import first_commit, keep_first
    from stackgen.verification.verify import verify

    path = made.path
    with signals.going_on(f"`{path}` is made, but not verified."):
        commit = first_commit(path, made.repository)
        try:
            verified = verify(path, report=reporter(silent=silent))
        except VerificationError as error:
            later = shlex.join(["stackgen", "verify", str(path), "--write"])
            raise VerificationError(f"{error} Then run `{later}`.") from error
        files = {**verified.locks, **receipt_files(verified.receipt)}
        return keep_first(verified, files, made.repository, commit)


def reporter(*, silent: bool) -> Callable[[Step], None]:
    """Return what tells a person of each step as it ends, on a line of its own.

    Args:
        silent: Whether nothing is told: a program reads the result.
    """
    from stackgen.text.receipt import step_line

    def report(step: Step) -> None:
        if not silent:
            console.say(step_line(step))

    return report
