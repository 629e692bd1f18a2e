"""`stackgen new`: from what a person wants to a project."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from stackgen.cli import completion, console, parameters
from stackgen.cli.call import Call
from stackgen.cli.verify import verify_first
from stackgen.errors import ExistingFilesError, VerificationError
from stackgen.foreign_text import printable
from stackgen.template import source

if TYPE_CHECKING:
    from stackgen.project.creation import Generated
    from stackgen.project.decision import Decision
    from stackgen.project.preset import Preset
    from stackgen.project.request import Request
    from stackgen.project.standard_record import RecordedStandard
    from stackgen.team.edition import Edition
    from stackgen.verification.keeping import FirstReceipt


EXAMPLES = (
    "stackgen new shop",
    "stackgen new shop --defaults --set database=postgresql",
    "stackgen new shop --answers answers.yml --json",
    "stackgen new shop --defaults --standard acme-standard",
    "stackgen new shop --defaults --verify",
)


def command(  # noqa: PLR0913, PLR0917 - a parameter is a flag
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(
            readable=False,
            metavar="PATH",
            help="Where the project goes, and its name; `.` for the empty clone you are in.",
        ),
    ],
    framework: Annotated[
        str | None,
        typer.Option(
            metavar="FRAMEWORK",
            help="Take this framework, whatever the answers call for.",
            autocompletion=completion.frameworks,
        ),
    ] = None,
    answer: parameters.Answer = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="OPTION=VALUE",
            help="Set one option; may be repeated.",
            autocompletion=completion.options,
        ),
    ] = None,
    answers: parameters.Answers = None,
    defaults: parameters.Defaults = False,
    ask_all: parameters.All = False,
    again: parameters.Again = False,
    no_config: parameters.NoConfig = False,
    standard: parameters.Standard = None,
    no_git: Annotated[bool, typer.Option("--no-git", help="Make no git repository.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the files and write nothing.")
    ] = False,
    existing: Annotated[
        str | None,
        typer.Option(
            metavar="keep|replace|merge",
            help="What becomes of files that are there already; a LICENSE stays.",
            autocompletion=completion.ways,
        ),
    ] = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", help="Install, test and serve it, and commit a lock and a receipt with it."
        ),
    ] = False,
    linear: parameters.Linear = False,
    as_json: parameters.Json = False,
    quiet: parameters.Quiet = False,
) -> None:
    """Ask what the project needs, recommend a framework, and make the project."""
    from stackgen.cli.inputs import read_inputs
    from stackgen.cli.presets import read_presets, remember
    from stackgen.project.existing import check_way
    from stackgen.project.request import request_project
    from stackgen.template.rendering import Renderer
    from stackgen.text.creation import bound_lines, notes

    parameters.refuse_together(defaults=defaults, all=ask_all)
    parameters.refuse_together(verify=verify, dry_run=dry_run)
    check_way(existing)
    linear = console.is_linear(linear)
    renderer = context.with_resource(Renderer())
    inputs = read_inputs(answers, answer, set_, framework)
    followed = _standard(standard, configured=not no_config) if standard else None
    presets = read_presets(again=again, configured=not no_config, quiet=quiet)
    request = request_project(
        path,
        answers=inputs.answers,
        options=inputs.options,
        file=inputs.file,
        presets=[*presets, followed.preset] if followed else presets,
    )
    if not no_git:
        _check_repository(request.destination)
    asks = console.can_ask(answers) and not defaults and "framework" not in request.options
    if asks:
        call = _call(path, no_git=no_git, existing=existing, verify=verify, standard=standard)
        decision = _ask(request, call, ask_all=ask_all, linear=linear)
    else:
        decision = request.unasked().decide(take_default=defaults)
    warnings = followed.preset.warnings if followed else ()
    shown = () if asks else (*bound_lines(request), *notes(decision))  # By an interview.
    for note in () if quiet else (*warnings, *shown):
        console.say(printable(note))
    values = decision.resolved.values
    # Nobody waits for these before the first question.
    from stackgen.project.creation import generate
    from stackgen.text.existing import existing_notes
    from stackgen.verification.python import check_python

    make = partial(generate, path, values, with_git=not no_git, dry_run=dry_run, renderer=renderer)
    if followed:
        make = partial(make, extend=followed.extension(context, request, values))
    if verify:
        make = partial(make, check=check_python)
    made, seconds = _make(make, existing, asks=asks, linear=linear)
    for note in [] if quiet else existing_notes(made, decision, dry_run=dry_run):
        console.say(printable(note))
    if asks and not dry_run:
        remember(decision)
    first = verify_first(made, silent=as_json or quiet) if verify else None
    recorded = followed.edition.recorded if followed else None
    result = _Result(made, decision, path, seconds, first, recorded)
    _show(result, context.ensure_object(Call), dry_run=dry_run, quiet=quiet)


class _Result(NamedTuple):
    """What came of a call."""

    made: Generated
    decision: Decision
    typed: Path
    seconds: float
    first: FirstReceipt | None
    standard: RecordedStandard | None


class _Followed(NamedTuple):
    """The standard that a new project follows."""

    edition: Edition
    preset: Preset

    def extension(
        self, context: typer.Context, request: Request, values: Mapping[str, Any]
    ) -> Callable[[Path], None]:
        """Return what makes a rendered project follow it."""
        from stackgen.team.following import follow
        from stackgen.team.jinja import Jinja

        jinja = context.with_resource(Jinja())
        return partial(follow, self.edition, values=values, options=request.template, jinja=jinja)


def _standard(where: str, *, configured: bool) -> _Followed:
    """Fetch a standard, and hold it against the options and questions that there are."""
    from stackgen.cli.standards import read_sources
    from stackgen.project.installation import load_installation
    from stackgen.team.fitting import fit_standard

    edition = read_sources(configured=configured).open(where)
    return _Followed(edition, fit_standard(edition, load_installation()))


def _show(result: _Result, call: Call, *, dry_run: bool, quiet: bool) -> None:
    """Print what came of a call, and fail where the project does not pass what it should."""
    from stackgen.schemas.new import new_result
    from stackgen.text.creation import made_text
    from stackgen.text.receipt import failure_text, first_text

    made, decision, typed, seconds, first, standard = result
    call.output = new_result(
        made, decision, source.version(), dry_run=dry_run, first=first, standard=standard
    )
    has_failed = first is not None and not first.verified.receipt.passed
    if call.as_json:
        if not has_failed:
            console.write_json(call.output)
    elif dry_run:
        console.write("\n".join(made.paths))
    elif quiet:
        console.write(str(made.path))
    else:
        before = f"{first_text(first)}\n\n" if first else ""
        console.write(printable(before + made_text(made, decision, typed, seconds)))
    if first and has_failed:
        raise VerificationError(failure_text(first.verified))


def _call(
    path: Path, *, no_git: bool, existing: str | None, verify: bool, standard: str | None
) -> str:
    """Return the call as far as an interview does not change it."""
    flags = (" --no-git" if no_git else "") + (f" --existing {existing}" if existing else "")
    flags += f" --standard {shlex.quote(standard)}" if standard else ""
    return f"stackgen new {shlex.quote(str(path))}{flags}{' --verify' if verify else ''}"


def _check_repository(destination: Path) -> None:
    """Refuse a repository that no commit may go to, before anything is asked."""
    if destination.is_dir():
        from stackgen.project.filling import check_repository

        check_repository(destination)


def _make(
    make: Callable[..., Generated], existing: str | None, *, asks: bool, linear: bool
) -> tuple[Generated, float]:
    """Make the project, and ask what becomes of files that are there where nobody has said."""
    started = time.monotonic()
    try:
        return make(existing=existing), time.monotonic() - started
    except ExistingFilesError as error:
        if not asks:
            raise
        from stackgen.cli.interview.existing import ask_existing

        existing = ask_existing(error, linear=linear)
    started = time.monotonic()
    return make(existing=existing), time.monotonic() - started


def _ask(request: Request, call: str, *, ask_all: bool, linear: bool) -> Decision:
    from stackgen.cli.interview.interview import Interview
    from stackgen.cli.interview.terminal import open_terminal

    with open_terminal(linear=linear) as terminal:
        return Interview(request=request, command=call, ask_all=ask_all, terminal=terminal).run()
