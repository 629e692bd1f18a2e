"""`stackgen update`: a project brought to another version of the template, or other options."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackgen.cli import completion, console, parameters
from stackgen.cli.call import Call, Outcome
from stackgen.errors import DiscardError, OptionError
from stackgen.foreign_text import printable

if TYPE_CHECKING:
    from stackgen.updating.outcome import Update
    from stackgen.updating.request import UpdateRequest


EXAMPLES = (
    "stackgen update --dry-run",
    "stackgen update shop --set ci=gitlab",
)


def command(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    context: typer.Context,
    path: Annotated[
        Path, typer.Argument(readable=False, metavar="PATH", help="The project's directory.")
    ] = Path(),
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
            "--discard-edits", help="Delete files that you edited; with --undo: drop later edits."
        ),
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the last update of the project back.")
    ] = False,
    standard: parameters.Standard = None,
    no_config: parameters.NoConfig = False,
    defaults: parameters.Defaults = False,
    linear: parameters.Linear = False,
    as_json: parameters.Json = False,
    as_markdown: parameters.Markdown = False,
    quiet: parameters.Quiet = False,
) -> Outcome:
    """Merge the installed version of the template, or other options, into a project."""
    call = context.ensure_object(Call)
    call.path = path
    from stackgen.changes.undo import Undone
    from stackgen.cli.inputs import pairs
    from stackgen.cli.standards import read_sources
    from stackgen.schemas.update import update_result
    from stackgen.text.update import (
        undone_notes,
        undone_text,
        update_notes,
    )
    from stackgen.updating.request import UpdateRequest

    parameters.refuse_together(undo=undo, json=as_json, markdown=as_markdown)
    parameters.refuse_together(check=check, markdown=as_markdown)
    parameters.refuse_together(diff=diff, markdown=as_markdown)
    request = UpdateRequest(
        path=path,
        changes=pairs("--set", "OPTION=VALUE", set_ or [], OptionError),
        undo=undo,
        check=check,
        dry_run=dry_run,
        diff=diff,
        discard_edits=discard_edits,
        standard=standard,
        sources=None if undo else read_sources(configured=not no_config),
    )
    asks = console.can_ask() and not defaults
    linear = console.is_linear(linear)
    if asks:
        request = _ask_new_options(request, linear=linear)
    try:
        result = request.carry_out()
    except DiscardError as error:
        if not asks or dry_run or not _may_discard(error.paths, linear=linear):
            raise
        result = request.discarding().carry_out()
    if isinstance(result, Undone):
        for note in undone_notes(result):
            console.say(printable(note))
        if not quiet:
            console.write(undone_text(result))
        return Outcome.NEEDS_YOU if result.kept else Outcome.DONE
    for note in update_notes(result):
        console.say(printable(note))
    if as_json:
        console.write_json(update_result(result))
    elif not quiet:
        console.write(printable(_text(result, check=check, as_markdown=as_markdown)))
    needs_you = result.conflicts or (check and result.behind)
    return Outcome.NEEDS_YOU if needs_you else Outcome.DONE


def _text(update: Update, *, check: bool, as_markdown: bool) -> str:
    """Return an update in the words that were asked for."""
    from stackgen.text.update import check_text, update_text
    from stackgen.text.update_markdown import update_markdown

    if as_markdown:
        return update_markdown(update)
    return check_text(update) if check else update_text(update)


def _ask_new_options(request: UpdateRequest, *, linear: bool) -> UpdateRequest:
    """Ask for the options that the project does not record yet."""
    from stackgen.cli.interview.one_option import ask_option
    from stackgen.cli.interview.terminal import open_terminal

    new = request.new_options()
    if not new:
        return request
    console.say("Options that this project does not record yet:")
    with open_terminal(linear=linear) as terminal:
        values = {
            each.option.id: ask_option(terminal, each.option, each.value, each.words)
            for each in new
        }
    return request.with_changes(values)


def _may_discard(paths: Sequence[str], *, linear: bool) -> bool:
    """Ask whether edits may go that would be lost."""
    from stackgen.cli.interview.prompts import Prompt
    from stackgen.cli.interview.terminal import open_terminal

    console.say("The template no longer has these files, and you edited them:")
    for name in paths:
        console.say(f"  {printable(name)}")
    choices = [("no", "No, change nothing"), ("yes", "Yes, delete them")]
    with open_terminal(linear=linear) as terminal:
        return terminal.choose(Prompt(title="Delete them?"), choices, default="no") == "yes"
