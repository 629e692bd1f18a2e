"""The command line: parameters, one call, printing, and the one place where errors become text."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shlex
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stackgen import source
from stackgen.errors import AnswerError, OptionError, RenderError, SourceError, StackgenError
from stackgen.signals import Interrupted, interrupting

if TYPE_CHECKING:
    from stackgen.answers import AnswersFile
    from stackgen.project_update import Update

FAILED, WRONG, NEEDS_YOU, INTERRUPTED = 1, 2, 3, 130

IDLE_SECONDS = 5
"""How long `--answers -` waits for a pipe on which nothing comes."""

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
        "--answer", metavar="QUESTION=CHOICE", help="Answer one question; may be repeated."
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="OPTION=VALUE", help="Set one option; may be repeated."),
]
FrameworkOption = Annotated[
    str | None, typer.Option(help="Take this framework, whatever the answers call for.")
]
DefaultsOption = Annotated[
    bool, typer.Option("--defaults", help="Ask nothing; take the default of what is not given.")
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Ask every question, without an offer to stop early.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Print as little as possible.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What flags and a file gave, checked: flags go before the file."""

    answers: Mapping[str, str]
    options: Mapping[str, Any]


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: The words after `stackgen`.
    """
    _open_closed_streams()
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
        return _complain(str(error), WRONG)
    except BrokenPipeError:
        # The reader of stdout has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    if result == INTERRUPTED:  # Typer turns a KeyboardInterrupt into this code itself.
        return _complain("Interrupted. Nothing was left behind.", INTERRUPTED)
    return result if isinstance(result, int) else 0


def printable(text: str) -> str:
    """Show control characters by their code, so that no foreign text can steer a terminal."""
    return "".join(
        character if character.isprintable() or character == "\n" else ascii(character)[1:-1]
        for character in text
    )


def _complain(message: str, code: int) -> int:
    sys.stderr.write(f"stackgen: {printable(message)}\n")
    return code


def _one_sentence(error: typer.TyperException) -> str:
    """What Typer found wrong with the call, and where the right form stands."""
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "stackgen"
    return f"{message.rstrip('.')}. See `{path} --help`."


def _open_closed_streams() -> None:
    """Give a closed stdin, stdout or stderr something harmless, before a file takes its number."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115


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
        Path, typer.Argument(help="Where the project goes; its last part is the project's name.")
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

    from stackgen.decision import decide
    from stackgen.destination import check_destination, check_name
    from stackgen.generation import generate
    from stackgen.interview import Interview, dropped_lines
    from stackgen.options import load_options
    from stackgen.questions import load_questionnaire

    gc.disable()  # A short life: collecting costs a tenth of it and frees nothing that is needed.
    options = load_options(source.template_root())
    questionnaire = load_questionnaire()
    given = _given(answers, answer, set_, framework)
    destination = check_destination(path)

    def check(values: Mapping[str, Any]) -> None:
        check_name(str(values.get("project_name", destination.name)), options.frameworks)

    check({})
    check(given.options)
    base = _defaults_of_this_run(destination, options.settable)
    if _asks(answers, defaults=defaults, given=given):
        decision = Interview(
            questionnaire=questionnaire,
            options=options,
            given=given.options,
            defaults=base,
            command=f"stackgen new {shlex.quote(str(path))}",
            colour=_colour(sys.stderr),
            ask_all=ask_all,
            check=check,
        ).run(given.answers)
        if decision is None:
            typer.echo("Nothing was made.", err=True)
            return
    else:
        decision = decide(
            given.answers,
            given.options,
            questionnaire=questionnaire,
            options=options,
            defaults=base,
            take_default=defaults,
        )
    if decision.by == "default" and not quiet:
        name = questionnaire.frameworks[decision.framework]
        cause = "The answers do not decide" if given.answers else "No question was answered"
        typer.echo(f"{cause}: {name} is the default, not a recommendation.", err=True)
    if not quiet:
        for line in dropped_lines(decision):
            typer.echo(line, err=True)
    made = generate(path, decision.resolved.values, with_git=not no_git, dry_run=dry_run)
    if as_json:
        values = dict(decision.resolved.values)
        _print_json(
            {
                "path": str(made.path),
                "framework": decision.framework,
                "recommendation": values.pop("recommendation"),
                "options": values,
                "files": len(made.paths),
                **({"paths": made.paths} if dry_run else {}),
                "version": source.version(),
                "next": decision.resolved.commands,
            }
        )
    elif dry_run:
        _print("\n".join(made.paths))
    elif quiet:
        _print(str(made.path))
    else:
        name = questionnaire.frameworks[decision.framework]
        _print(_made(made.path, path, name, made.repository, decision.resolved.commands))


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
    from stackgen.interview import ask_questions
    from stackgen.prompts import width
    from stackgen.questions import load_questionnaire
    from stackgen.recommendation import recommend as weigh
    from stackgen.report import recommendation_markdown, recommendation_text

    _exclude(as_json, markdown)
    questionnaire = load_questionnaire()
    given = _given(answers, answer, None, None)
    everything = dict(given.answers)
    if _terminal(answers) and not defaults:
        everything = ask_questions(questionnaire, everything, ask_all=ask_all)
        typer.echo(err=True)
    elif not everything:
        raise AnswerError(
            "No question was answered, and there is no terminal to ask at. "
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
        columns, colour = width(sys.stdout), _colour(sys.stdout)
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
    from stackgen.comparison import comparison_dict, comparison_markdown, comparison_text
    from stackgen.prompts import width
    from stackgen.questions import load_questionnaire

    _exclude(as_json, markdown)
    questionnaire = load_questionnaire()
    if as_json:
        _print_json(comparison_dict(questionnaire))
    elif markdown:
        _print(comparison_markdown(questionnaire).rstrip())
    else:
        colour = _colour(sys.stdout)
        _print(comparison_text(questionnaire, width=width(sys.stdout), colour=colour).rstrip())


@app.command()
def questions(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON Schema of the answers file.")
    ] = False,
) -> None:
    """Show every question and every option with its choices."""
    from stackgen.comparison import questions_text
    from stackgen.options import load_options
    from stackgen.prompts import width
    from stackgen.questions import load_questionnaire
    from stackgen.schema import answers_schema, options_text

    questionnaire, options = load_questionnaire(), load_options(source.template_root())
    if as_json:
        _print_json(answers_schema(questionnaire, options))
        return
    columns, colour = width(sys.stdout), _colour(sys.stdout)
    _print("QUESTIONS, for `--answer QUESTION=CHOICE`; leave out what you do not know\n")
    _print(questions_text(questionnaire, width=columns, colour=colour))
    _print("OPTIONS, for `--set OPTION=VALUE`\n")
    _print(options_text(options, width=columns, colour=colour).rstrip())


@app.command()
def update(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    path: Annotated[Path, typer.Argument(help="The project's directory.")] = Path(),
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="OPTION=VALUE", help="Change an option; may be repeated."),
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
        typer.Option("--discard-edits", help="Let files go that the template has no more."),
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

    from stackgen.project_update import check_update, plan_update, undo_update
    from stackgen.update_text import check_text, update_notes, update_text

    gc.disable()  # as in `new`
    if undo:
        count = len(undo_update(path))
        _print(f"The last update is undone: {count} files are as they were before it.")
        return 0
    if diff and not dry_run:
        raise OptionError("`--diff` belongs to `--dry-run`. Give both.")
    changes: dict[str, Any] = _pairs("--set", "OPTION=VALUE", set_ or [], OptionError)
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
    from stackgen.project_drift import drift
    from stackgen.update_text import drift_text

    found = []
    for each in drift(paths or [Path()]):
        found.append(each)
        if not (as_json or quiet):
            _print(printable(drift_text(each)))
    if as_json:
        _print(json.dumps([each.as_dict() for each in found], indent=2))
    needs = any(each.behind or each.drifted or each.error for each in found)
    return NEEDS_YOU if needs else 0


def _ask_new_options(path: Path, known: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for the options that a project does not record yet."""
    from stackgen.interview import ask_option
    from stackgen.options import load_options
    from stackgen.project_update import new_options

    settable = load_options(source.template_root()).settable
    return {
        name: ask_option(settable[name], value, back=False)
        for name, value in new_options(path).items()
        if name not in known
    }


def _write_update(
    path: Path, changes: Mapping[str, Any], *, discard_edits: bool, asks: bool
) -> Update:
    """Update, after asking about edits that would be lost if there is somebody to ask."""
    from stackgen.project_update import plan_update
    from stackgen.project_update import update as write
    from stackgen.prompts import Prompt, choose, say

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


def _exclude(as_json: bool, markdown: bool) -> None:
    if as_json and markdown:
        raise AnswerError("`--json` and `--markdown` exclude each other. Give one of them.")


def _given(
    file: str | None,
    answers: list[str] | None,
    options: list[str] | None,
    framework: str | None,
) -> Given:
    """Put flags and file together and check every name and value.

    Raises:
        AnswerError: A question, choice or the file is wrong.
        OptionError: An option or value is wrong, or two flags contradict each other.
    """
    from stackgen.answers import AnswersFile
    from stackgen.options import load_options
    from stackgen.questions import load_questionnaire

    loaded = _read(file) if file else AnswersFile()
    flags = _pairs("--set", "OPTION=VALUE", options or [], OptionError)
    if framework is not None:
        if flags.get("framework", framework) != framework:
            raise OptionError(
                f"`--framework {framework}` and `--set framework={flags['framework']}` "
                "contradict each other. Give one of them."
            )
        flags["framework"] = framework
    told = _pairs("--answer", "QUESTION=CHOICE", answers or [], AnswerError)
    questionnaire = load_questionnaire()
    template = load_options(source.template_root())
    options_of_file = loaded.options
    if loaded.of_project and "framework" in flags:
        options_of_file = template.carried_over(options_of_file, flags["framework"])
    return Given(
        answers=questionnaire.check({**loaded.answers, **told}),
        options={**template.parse(options_of_file), **template.parse(flags)},
    )


def _pairs(
    flag: str, form: str, words: Sequence[str], error: type[StackgenError]
) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals):
            raise error(f"`{flag} {word}` is not of the form {form}.")
        if pairs.setdefault(name, value) != value:
            raise error(
                f"`{flag} {name}={pairs[name]}` and `{flag} {word}` contradict each other. "
                "Give one of them."
            )
    return pairs


def _read(file: str) -> AnswersFile:
    from stackgen.answers import decode_answers, read_answers_file

    return decode_answers(_read_stdin(), "stdin") if file == "-" else read_answers_file(Path(file))


def _read_stdin() -> bytes:
    """Read a pipe to its end, but never wait long for one on which nothing comes."""
    if sys.stdin.isatty():
        raise AnswerError("`--answers -` reads a pipe, and stdin is a terminal. Name a file.")
    from stackgen.answers import LARGEST_FILE

    data, deadline = b"", time.monotonic() + IDLE_SECONDS
    while len(data) <= LARGEST_FILE:
        ready, _, _ = select.select([0], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise AnswerError(
                f"`--answers -`: stdin did not end within {IDLE_SECONDS} seconds of silence. "
                "Close it, or name a file."
            )
        chunk = os.read(0, 65536)
        if not chunk:
            break
        data, deadline = data + chunk, time.monotonic() + IDLE_SECONDS
    return data


def _terminal(answers: str | None) -> bool:
    return answers != "-" and sys.stdin.isatty() and sys.stderr.isatty()


def _asks(answers: str | None, *, defaults: bool, given: Given) -> bool:
    """Whether there is somebody to ask, and anything left to ask: flags are asked nothing."""
    return _terminal(answers) and not defaults and "framework" not in given.options


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


def _colour(stream: Any) -> bool:
    return bool(
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print_json(value: Mapping[str, Any]) -> None:
    _print(json.dumps(value, indent=2))


def _made(
    path: Path, typed: Path, framework: str, repository: str, commands: Mapping[str, Sequence[str]]
) -> str:
    git = {
        "committed": "Its files are in a first git commit.",
        "staged": "Its files are staged in git, but not committed: git does not know who you are. "
        "Set user.name and user.email, then commit.",
        "enclosing": "It lies in a git repository already: commit it there.",
        "none": "It has no git repository.",
    }
    lines = [
        f"Made {path.name} with {framework}: {path}",
        git[repository],
        "",
        "Run it:",
        f"  cd {shlex.quote(str(typed))}",
        *(f"  {command}" for command in commands["run"]),
        "and open http://127.0.0.1:8000/",
        "",
        "Test it:",
        f"  {commands['test'][-1]}",
        "",
        "README.md says the rest.",
    ]
    return printable("\n".join(lines))
