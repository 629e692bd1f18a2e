"""The command line: parameters, one call, printing, and the one place where errors become text."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stackgen.cli import completion, console, progress
from stackgen.cli.console import printable
from stackgen.cli.signals import Interrupted, interrupting
from stackgen.errors import AnswerError, OptionError, RenderError, SourceError, StackgenError
from stackgen.template import source

if TYPE_CHECKING:
    from stackgen.cli.inputs import Given
    from stackgen.cli.interview.interview import Interview
    from stackgen.updating.planning import Update

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
        with interrupting(), progress.shown(arguments):
            result = app(list(arguments), prog_name="stackgen", standalone_mode=False)
    except (Interrupted, KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except typer.TyperException as error:
        return _complain(_one_sentence(error), WRONG)
    except (RenderError, SourceError) as error:
        return _complain(str(error), FAILED)
    except StackgenError as error:
        return _complain(str(error), WRONG)
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
    context: typer.Context,
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

    from stackgen.cli.inputs import gather
    from stackgen.project.creation import generate
    from stackgen.project.destination import check_destination
    from stackgen.template.rendering import Renderer
    from stackgen.text.creation import made_dict, made_text, notes

    gc.disable()  # A short life: collecting costs a tenth of it and frees nothing that is needed.
    _exclude("--defaults", defaults, "--all", ask_all)
    renderer = context.with_resource(Renderer())  # It gets ready while the rest is found out.
    given = gather(answers, answer, set_, framework)
    command = f"stackgen new {shlex.quote(str(path))}{' --no-git' if no_git else ''}"
    interview = _interview(check_destination(path), given, command, ask_all=ask_all)
    asks = _terminal(answers) and not defaults and "framework" not in given.options
    decision = interview.run() if asks else interview.skip(take_default=defaults)
    if decision is None:
        typer.echo("Nothing was made.", err=True)
        return
    for note in [] if asks or quiet else notes(decision):  # An interview has shown them.
        typer.echo(note, err=True)
    values = decision.resolved.values
    made = generate(path, values, with_git=not no_git, dry_run=dry_run, renderer=renderer)
    if as_json:
        _print_json(made_dict(made, decision, source.version(), dry_run=dry_run))
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
    from stackgen.advice.recommendation import recommend as weigh
    from stackgen.cli.inputs import gather
    from stackgen.cli.interview.prompts import width
    from stackgen.cli.interview.questions import QuestionRound
    from stackgen.project.installation import load_installation
    from stackgen.text.recommendation import recommendation_markdown, recommendation_text

    _exclude("--json", as_json, "--markdown", markdown)
    _exclude("--defaults", defaults, "--all", ask_all)
    questionnaire = load_installation().questionnaire
    everything = gather(answers, answer).answers
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
        columns, colour = width(sys.stdout), console.has_colour(sys.stdout)
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
    from stackgen.cli.interview.prompts import width
    from stackgen.project.installation import load_installation
    from stackgen.text.comparison import comparison_dict, comparison_markdown, comparison_text

    _exclude("--json", as_json, "--markdown", markdown)
    questionnaire = load_installation().questionnaire
    if as_json:
        _print_json(comparison_dict(questionnaire))
    elif markdown:
        _print(comparison_markdown(questionnaire).rstrip())
    else:
        colour = console.has_colour(sys.stdout)
        _print(comparison_text(questionnaire, width=width(sys.stdout), colour=colour).rstrip())


@app.command()
def questions(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON Schema of the answers file.")
    ] = False,
) -> None:
    """Show every question and every option with its choices."""
    from stackgen.cli.interview.prompts import width
    from stackgen.project.installation import load_installation
    from stackgen.schemas.answers import answers_schema
    from stackgen.text.comparison import questions_text
    from stackgen.text.options import options_text

    questionnaire, options = load_installation()
    if as_json:
        _print_json(answers_schema(questionnaire, options))
        return
    columns, colour = width(sys.stdout), console.has_colour(sys.stdout)
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
    from stackgen.text.update import check_text, update_notes, update_text
    from stackgen.updating.planning import check_update, plan_update, undo_update

    gc.disable()  # as in `new`
    _refuse_together(
        undo=undo, check=check, dry_run=dry_run, diff=diff, json=as_json, set=bool(set_)
    )
    if undo:
        count = len(undo_update(path, discard_edits=discard_edits))
        if not quiet:
            _print(f"The last update is undone: {count} files are as they were before it.")
        return 0
    changes: dict[str, Any] = pairs("--set", "OPTION=VALUE", set_ or [], OptionError)
    asks = _terminal(None) and not (defaults or check)
    with _failure_as_json(path, as_json):
        if asks:
            changes |= _ask_new_options(path, changes)
        if check:
            result = check_update(path)
        elif dry_run:
            result = plan_update(path, changes, discard_edits=discard_edits, with_diff=diff)
        else:
            result = _write_update(path, changes, discard_edits=discard_edits, asks=asks)
    if as_json:
        _print_json(result.as_dict())
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
    from stackgen.text.update import drift_text

    found = []
    for each in drift(paths or [Path()]):
        found.append(each)
        if not (as_json or quiet):
            _print(printable(drift_text(each)))
    if as_json:
        _print(json.dumps([each.as_dict() for each in found], indent=2))
    needs = any(each.behind or each.drifted or each.error for each in found)
    return NEEDS_YOU if needs else 0


def _refuse_together(**flags: bool) -> None:
    """Refuse flags of `update` of which one would be left aside."""
    for leading, others in (
        ("undo", ("check", "dry_run", "diff", "json", "set")),
        ("check", ("dry_run", "diff", "set")),
    ):
        for other in others:
            if flags[leading] and flags[other]:
                flag = other.replace("_", "-")
                raise OptionError(
                    f"`--{leading}` and `--{flag}` exclude each other. Give one of them."
                )
    if flags["diff"] and not flags["dry_run"]:
        raise OptionError("`--diff` belongs to `--dry-run`. Give both.")


def _ask_new_options(path: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the options that a project does not record yet."""
    from stackgen.cli.interview.interview import ask_option
    from stackgen.cli.interview.prompts import say
    from stackgen.template.options import load_options
    from stackgen.updating.planning import new_options

    settable = load_options(source.template_root()).settable
    asked = {name: value for name, value in new_options(path).items() if name not in known}
    if asked:
        say("Options that this project does not record yet:")
    return {name: ask_option(settable[name], value, back=False) for name, value in asked.items()}


def _write_update(
    path: Path, changes: Mapping[str, Any], *, discard_edits: bool, asks: bool
) -> Update:
    """Update, after asking about edits that would be lost if there is somebody to ask."""
    from stackgen.cli.interview.prompts import Prompt, choose, say
    from stackgen.updating.planning import plan_update
    from stackgen.updating.planning import update as write

    if asks and changes and not discard_edits:
        planned = plan_update(path, changes)
        if planned.discarded:
            say("The template will not have these files any more, and you edited them:")
            for name in planned.discarded:
                say(f"  {printable(name)}")
            choices = [("no", "No, change nothing"), ("yes", "Yes, delete them")]
            discard_edits = choose(Prompt(title="Delete them?"), choices, default="no") == "yes"
    return write(path, changes, discard_edits=discard_edits)


@contextlib.contextmanager
def _failure_as_json(path: Path, as_json: bool) -> Iterator[None]:
    """Print an error as the object that `--json` promises; stderr gets its line as always."""
    try:
        yield
    except StackgenError as error:
        if as_json:
            known = {"path": str(path.absolute()), "from": None, "to": source.version()}
            nothing: dict[str, Any] = {"behind": False, "files": [], "conflicts": []}
            _print_json({**known, **nothing, "error": str(error)})
        raise


def _exclude(one: str, has_one: bool, other: str, has_other: bool) -> None:
    if has_one and has_other:
        raise AnswerError(f"`{one}` and `{other}` contradict each other. Give one of them.")


def _terminal(answers: str | None) -> bool:
    return answers != "-" and console.is_terminal()


def _interview(destination: Path, given: Given, command: str, *, ask_all: bool) -> Interview:
    """Prepare an interview about a project at `destination`, which `command` makes."""
    from stackgen.cli.interview.interview import Interview
    from stackgen.project.destination import check_name
    from stackgen.project.installation import load_installation

    questionnaire, options = load_installation()
    check = partial(check_name, reserved=options.frameworks)
    check(destination.name)
    check(given.options.get("project_name", destination.name))
    return Interview(
        questionnaire=questionnaire,
        options=options,
        given=given,
        defaults=_defaults_of_this_run(destination, options.settable),
        command=command,
        colour=console.has_colour(sys.stderr),
        ask_all=ask_all,
        check_name=check,
    )


def _defaults_of_this_run(destination: Path, options: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults that the template cannot know: the name, the year, and who works here."""
    from stackgen import git

    found: dict[str, Any] = {"project_name": destination.name, "year": time.localtime().tm_year}
    for option, setting in (("author_name", "user.name"), ("author_email", "user.email")):
        value = git.configured(setting, destination.parent)
        try:
            if value:
                found[option] = options[option].parse(value)
        except OptionError:
            continue  # Nobody typed this value here, so nobody is told about it.
    return found


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


def _print_json(value: Mapping[str, Any]) -> None:
    _print(json.dumps(value, indent=2))
