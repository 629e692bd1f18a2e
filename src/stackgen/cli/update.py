"""`stackgen update`: a project brought to another version of the template, or other options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackgen.cli import completion, console, parameters
from stackgen.cli.call import Call, Outcome
from stackgen.errors import OptionError
from stackgen.foreign_text import printable

if TYPE_CHECKING:
    from stackgen.updating.request import UpdateRequest


def command(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="The project's directory.")] = Path(),
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="OPTION=VALUE",
            help="Change an option; may be repeated.",
            autocompletion=completion.options,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and write nothing.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="With --dry-run: show the content, too.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether there is an update: exit code 3.")
    ] = False,
    discard_edits: Annotated[
        bool,
        typer.Option(
            "--discard-edits", help="Let edited files go; with --undo: what you did since."
        ),
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last update of the project back.")
    ] = False,
    defaults: parameters.Defaults = False,
    as_json: parameters.Json = False,
    quiet: parameters.Quiet = False,
) -> Outcome:
    """Merge the installed version of the template, or other options, into a project."""
    call = context.ensure_object(Call)
    call.path = path
    from stackgen.cli.inputs import pairs
    from stackgen.schemas.update import update_result
    from stackgen.text.update import check_text, undone_text, update_notes, update_text
    from stackgen.updating.request import Undone, UpdateRequest

    parameters.refuse_together(undo=undo, json=as_json)
    request = UpdateRequest(
        path=path,
        changes=pairs("--set", "OPTION=VALUE", set_ or [], OptionError),
        undo=undo,
        check=check,
        dry_run=dry_run,
        diff=diff,
        discard_edits=discard_edits,
    )
    if console.can_ask() and not defaults:
        request = _ask(request)
    result = request.carry_out()
    if isinstance(result, Undone):
        call.done = f"The last update of `{result.path}` is undone."
        if not quiet:
            console.write(undone_text(result))
        return Outcome.DONE
    if result.undo:
        call.done = f"`{result.path}` was updated."
    for note in update_notes(result):
        console.say(printable(note))
    if as_json:
        console.write_json(update_result(result))
    elif not quiet:
        console.write(printable(check_text(result) if check else update_text(result)))
    needs_you = result.conflicts or (check and result.behind)
    return Outcome.NEEDS_YOU if needs_you else Outcome.DONE


def _ask(request: UpdateRequest) -> UpdateRequest:
    """Ask for new options, and whether edits may go that would be lost."""
    from stackgen.cli.interview.interview import ask_option
    from stackgen.cli.interview.prompts import Prompt, choose

    new = request.new_options()
    if new:
        console.say("Options that this project does not record yet:")
        request = request.with_changes(
            {each.option.id: ask_option(each.option, each.value, back=False) for each in new}
        )
    lost = request.lost_edits()
    if lost:
        console.say("The template will not have these files any more, and you edited them:")
        for name in lost:
            console.say(f"  {printable(name)}")
        choices = [("no", "No, change nothing"), ("yes", "Yes, delete them")]
        if choose(Prompt(title="Delete them?"), choices, default="no") == "yes":
            return request.discarding()
    return request
