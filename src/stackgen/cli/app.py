"""The command line: parameters, one call, printing, and the one place where errors become text."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackgen.cli import completion, console
from stackgen.cli.remedies import explain
from stackgen.cli.signals import Interrupted, interrupting
from stackgen.errors import (
    AnswerError,
    CombinationError,
    OptionError,
    RenderError,
    SourceError,
    StackgenError,
)
from stackgen.foreign_text import printable
from stackgen.template import source

if TYPE_CHECKING:
    from stackgen.project.decision import Decision
    from stackgen.updating.request import UpdateRequest

FAILED, WRONG, NEEDS_YOU, INTERRUPTED = 1, 2, 3, 130

app = typer.Typer(
    name="stackgen",
    help="Asks what a web project needs, recommends a framework, and renders a repository.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

AnswersOption = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Read answers and options from a YAML or JSON file, `-` for standard input, "
        "or from a project's .copier-answers.yml.",
    ),
]
AnswerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        metavar="QUESTION=CHOICE",
        help="Answer one question; may be repeated.",
        autocompletion=completion.answers,
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="OPTION=VALUE",
        help="Set one option; may be repeated.",
        autocompletion=completion.options,
    ),
]
FrameworkOption = Annotated[
    str | None,
    typer.Option(
        metavar="FRAMEWORK",
        help="Take this framework, whatever the answers call for.",
        autocompletion=completion.frameworks,
    ),
]
DefaultsOption = Annotated[
    bool, typer.Option("--defaults", help="Ask nothing; take the default of what is not given.")
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Ask every question, without an offer to stop early.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Print as little as possible.")]


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: The words after `stackgen`.
    """
    console.open_closed_streams()
    if os.environ.get("_STACKGEN_COMPLETE") == "complete_bash":
        completion.mend_bash_words()
    try:
        with interrupting():
            result = app(list(arguments), prog_name="stackgen", standalone_mode=False)
    except (Interrupted, KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except typer.TyperException as error:
        return _complain(_one_sentence(error), WRONG)
    except (RenderError, SourceError) as error:
        return _complain(str(error), FAILED)
    except StackgenError as error:
        return _complain(explain(error), WRONG)
    except BrokenPipeError:  # The reader of stdout has gone, and knows it.
        console.abandon_stdout()
        return FAILED
    if result == INTERRUPTED:  # Typer turns a KeyboardInterrupt into this code itself.
        return _complain("Interrupted. Nothing was left behind.", INTERRUPTED)
    return result if isinstance(result, int) else 0


def _complain(message: str, code: int) -> int:
    console.complain(message)
    return code


def _one_sentence(error: typer.TyperException) -> str:
    """What Typer found wrong with the call, and where the right form stands."""
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "stackgen"
    return f"{message.rstrip('.')}. See `{path} --help`."


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"stackgen {source.version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def new(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH", help="Where the project goes; its last part is the project's name."
        ),
    ],
    framework: FrameworkOption = None,
    answer: AnswerOption = None,
    set_: SetOption = None,
    answers: AnswersOption = None,
    defaults: DefaultsOption = False,
    ask_all: AllOption = False,
    no_git: Annotated[bool, typer.Option("--no-git", help="Make no git repository.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the files and write nothing.")
    ] = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Ask what the project needs, recommend a framework, and make the project."""
    import gc

    from stackgen.cli.inputs import read_inputs
    from stackgen.project.creation import generate
    from stackgen.project.request import request_project
    from stackgen.schemas.new import new_result
    from stackgen.text.creation import made_text, notes

    gc.disable()  # A short life: collecting costs a tenth of it and frees nothing that is needed.
    _exclude("--defaults", defaults, "--all", ask_all)
    inputs = read_inputs(answers, answer, set_, framework)
    request = request_project(
        path, answers=inputs.answers, options=inputs.options, file=inputs.file
    )
    asks = _terminal(answers) and not defaults and "framework" not in request.options
    decision: Decision | None
    if asks:
        from stackgen.cli.interview.interview import Interview

        command = f"stackgen new {shlex.quote(str(path))}{' --no-git' if no_git else ''}"
        colour = console.has_colour(sys.stderr)
        decision = Interview(request=request, command=command, colour=colour, ask_all=ask_all).run()
    else:
        decision = request.decide(take_default=defaults)
    if decision is None:
        typer.echo("Nothing was made.", err=True)
        return
    for note in [] if asks or quiet else notes(decision):  # An interview has shown them.
        typer.echo(note, err=True)
    made = generate(path, decision.resolved.values, with_git=not no_git, dry_run=dry_run)
    if as_json:
        _print_json(new_result(made, decision, source.version(), dry_run=dry_run))
    elif dry_run:
        _print("\n".join(made.paths))
    elif quiet:
        _print(str(made.path))
    else:
        _print(printable(made_text(made, decision, path)))


@app.command()
def recommend(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    answer: AnswerOption = None,
    answers: AnswersOption = None,
    defaults: DefaultsOption = False,
    ask_all: AllOption = False,
    as_json: JsonOption = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the result as Markdown.")
    ] = False,
    quiet: QuietOption = False,
) -> None:
    """Ask what a project needs, and recommend a framework with the reasons."""
    from stackgen.advice.loading import load_questionnaire
    from stackgen.advice.recommendation import recommend as weigh
    from stackgen.cli.inputs import read_inputs
    from stackgen.cli.interview.questions import QuestionRound
    from stackgen.project.request import check_inputs
    from stackgen.template.options import load_options
    from stackgen.text.recommendation import recommendation_markdown, recommendation_text

    _exclude("--json", as_json, "--markdown", markdown)
    _exclude("--defaults", defaults, "--all", ask_all)
    questionnaire = load_questionnaire()
    inputs = read_inputs(answers, answer)
    everything, _ = check_inputs(
        inputs.answers,
        inputs.options,
        inputs.file,
        questionnaire=questionnaire,
        template=load_options(source.template_root()),
    )
    if _terminal(answers) and not defaults:
        everything = QuestionRound(questionnaire, everything, ask_all=ask_all).ask()
        typer.echo(err=True)
    elif not everything:
        cause = "`--defaults` asks nothing" if defaults else "there is no terminal to ask at"
        raise AnswerError(
            f"No question was answered, and {cause}. "
            "Give `--answer QUESTION=CHOICE` or `--answers FILE`. Questions: "
            f"{', '.join(question.id for question in questionnaire.questions)}."
        )
    result = weigh(everything, questionnaire)
    if as_json:
        _print_json(result.as_dict())
    elif markdown:
        _print(recommendation_markdown(result, questionnaire).rstrip())
    elif quiet:
        _print(result.framework or "undecided")
    else:
        columns, colour = console.width(sys.stdout), console.has_colour(sys.stdout)
        text = recommendation_text(result, questionnaire, width=columns, colour=colour)
        _print(text.rstrip())


@app.command()
def compare(
    as_json: JsonOption = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the result as Markdown.")
    ] = False,
) -> None:
    """Show what the article says of both frameworks, aspect by aspect."""
    from stackgen.advice.loading import load_questionnaire
    from stackgen.schemas.compare import comparison
    from stackgen.text.comparison import comparison_markdown, comparison_text

    _exclude("--json", as_json, "--markdown", markdown)
    questionnaire = load_questionnaire()
    if as_json:
        _print_json(comparison(questionnaire))
    elif markdown:
        _print(comparison_markdown(questionnaire).rstrip())
    else:
        columns, colour = console.width(sys.stdout), console.has_colour(sys.stdout)
        _print(comparison_text(questionnaire, width=columns, colour=colour).rstrip())


@app.command()
def questions(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON Schema of the answers file.")
    ] = False,
) -> None:
    """Show every question and every option with its choices."""
    from stackgen.advice.loading import load_questionnaire
    from stackgen.schemas.answers import answers_schema
    from stackgen.template.options import load_options
    from stackgen.text.comparison import questions_text
    from stackgen.text.options import options_text

    questionnaire, options = load_questionnaire(), load_options(source.template_root())
    if as_json:
        _print_json(answers_schema(questionnaire, options))
        return
    columns, colour = console.width(sys.stdout), console.has_colour(sys.stdout)
    _print("QUESTIONS, for `--answer QUESTION=CHOICE`; leave out what you do not know\n")
    _print(questions_text(questionnaire, width=columns, colour=colour))
    _print("OPTIONS, for `--set OPTION=VALUE`\n")
    _print(options_text(options, width=columns, colour=colour).rstrip())


@app.command()
def update(  # noqa: PLR0913, PLR0917 - a parameter is a flag
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
    defaults: DefaultsOption = False,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Merge the installed version of the template, or other options, into a project."""
    import gc

    from stackgen.cli.inputs import pairs
    from stackgen.schemas.update import update_result
    from stackgen.text.update import check_text, update_notes, update_text
    from stackgen.updating.request import Undone, UpdateRequest

    gc.disable()  # as in `new`
    if undo:
        _exclude("--undo", undo, "--json", as_json)
    request = UpdateRequest(
        path=path,
        changes=pairs("--set", "OPTION=VALUE", set_ or [], OptionError),
        undo=undo,
        check=check,
        dry_run=dry_run,
        diff=diff,
        discard_edits=discard_edits,
    )
    with _failure_as_json(path, as_json):
        if _terminal(None) and not defaults:
            request = _ask(request)
        result = request.carry_out()
    if isinstance(result, Undone):
        if not quiet:
            count = len(result.files)
            _print(f"The last update is undone: {count} files are as they were before it.")
        return 0
    if as_json:
        _print_json(update_result(result))
    elif not quiet:
        _print(printable(check_text(result) if check else update_text(result)))
    for note in update_notes(result):
        typer.echo(printable(note), err=True)
    return NEEDS_YOU if result.conflicts or (check and result.behind) else 0


@app.command()
def status(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[PATH]...", help="Projects' directories.")
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> int:
    """Say how far projects lag behind, and which of their files were changed."""
    from stackgen.project.drift import drift
    from stackgen.schemas.status import status_result
    from stackgen.text.update import drift_text

    found = []
    for each in drift(paths or [Path()]):
        found.append(each)
        if not (as_json or quiet):
            _print(printable(drift_text(each)))
    if as_json:
        _print_json(status_result(found))
    needs = any(each.behind or each.drifted or each.error for each in found)
    return NEEDS_YOU if needs else 0


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


@contextlib.contextmanager
def _failure_as_json(path: Path, as_json: bool) -> Iterator[None]:
    """Print an error as the object that `--json` promises; stderr gets its line as always."""
    try:
        yield
    except StackgenError as error:
        if as_json:
            from stackgen.schemas.update import failed_update

            _print_json(failed_update(str(error), path))
        raise


def _exclude(one: str, has_one: bool, other: str, has_other: bool) -> None:
    if has_one and has_other:
        raise CombinationError.contradiction(one, other)


def _terminal(answers: str | None) -> bool:
    return answers != "-" and console.is_terminal()


def _print(text: str) -> None:
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        console.abandon_stdout()
        raise RenderError(
            f"The result cannot be written to stdout: {error.strerror}. Write it elsewhere."
        ) from error


def _print_json(value: object) -> None:
    _print(json.dumps(value, indent=2))
