"""The command line: its commands, one call, and the one place where errors become text."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from inspect import getdoc
from itertools import takewhile
from typing import Annotated

import typer

from stackgen.cli import (
    adopt,
    audit,
    compare,
    completion,
    console,
    new,
    progress,
    questions,
    recommend,
    schema,
    standard,
    status,
    update,
    verify,
)
from stackgen.cli.call import Call, Outcome, SeveralError
from stackgen.cli.help import Command
from stackgen.cli.remedies import explain
from stackgen.errors import (
    DiscardError,
    RenderError,
    SourceError,
    StackgenError,
    VerificationError,
)
from stackgen.signals import Interrupted, interrupting
from stackgen.template import source

DONE, FAILED, WRONG, NEEDS_YOU, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(
    name="stackgen",
    help="Asks what a web project needs, recommends a framework, and renders a repository.",
    epilog="`stackgen COMMAND --help` shows what a command takes, with examples.",
    add_completion=False,  # Typer's own flags guess the shell, whatever one is named.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (new, recommend, compare, questions, update, status, verify, adopt, audit, schema):
    app.command(
        module.__name__.rpartition(".")[2],
        cls=Command,
        short_help=getdoc(module.command),  # Typer would cut the whole of it.
        epilog="\n".join(module.EXAMPLES),
    )(module.command)
app.add_typer(standard.app, name="standard")


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: The words after `stackgen`.
    """
    console.open_closed_streams()
    console.let_any_character_through()
    if os.environ.get("_STACKGEN_COMPLETE"):
        completion.get_ready()
    call = Call(as_json="--json" in takewhile(lambda word: word != "--", arguments))
    try:
        with interrupting() as call.work, progress.shown(arguments):
            words = completion.with_shell(arguments)
            result = app(words, prog_name="stackgen", standalone_mode=False, obj=call)
    except (Interrupted, KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except typer.TyperException as error:
        return _fail(call, _one_sentence(error), WRONG)
    except StackgenError as error:
        call.discarded = error.paths if isinstance(error, DiscardError) else ()
        return _fail(call, explain(error), _code_of(error))
    except SeveralError as several:
        return _fail_all(call, several.errors)
    except console.ReaderGoneError as error:
        return _fail(call, str(error), FAILED) if call.work.finished else FAILED
    except Exception as error:
        _print_failure(call, f"{type(error).__name__}: {error}")
        raise  # A fault of stackgen's own: whoever reports it needs all of it.
    if result == INTERRUPTED:  # Typer turns a KeyboardInterrupt into this code itself.
        left = "" if call.work.finished else " Nothing was left behind."
        return _fail(call, f"Interrupted.{left}", INTERRUPTED)
    return _exit_code(result)


def _exit_code(result: object) -> int:
    """Return the code of a call that did not fail; a code of Typer's own stays."""
    if isinstance(result, Outcome):
        return NEEDS_YOU if result is Outcome.NEEDS_YOU else DONE
    return result if isinstance(result, int) else DONE


def _code_of(error: StackgenError) -> int:
    return FAILED if isinstance(error, RenderError | SourceError | VerificationError) else WRONG


def _fail_all(call: Call, errors: Sequence[StackgenError]) -> int:
    """Tell each error on a line; that something failed while working goes before a wrong call."""
    *others, last = errors
    for error in others:
        console.complain(explain(error))
    return _fail(call, explain(last), min(map(_code_of, errors)))


def _fail(call: Call, message: str, code: int) -> int:
    message = f"{call.work.finished} {message}".lstrip()
    _print_failure(call, message)
    console.complain(message)
    return code


def _print_failure(call: Call, message: str) -> None:
    """Print what a program gets to read that asked for JSON."""
    if not call.as_json:
        return
    from stackgen.schemas.failure import failure

    with contextlib.suppress(RenderError, console.ReaderGoneError):
        console.write_json(failure(call.command, message, call.path, call.discarded, call.output))


def _one_sentence(error: typer.TyperException) -> str:
    """Return what Typer found wrong with the call, and where the right form stands."""
    message = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "stackgen"
    return f"{message.rstrip('.')}. See `{path} --help`."


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"stackgen {source.version()}")
        raise typer.Exit


def _show_completion(shell: str | None) -> None:
    if shell is not None:
        console.write(completion.script(shell))
        raise typer.Exit


def _install_completion(shell: str | None) -> None:
    if shell is not None:
        console.write(completion.install(shell))
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
    _show: Annotated[
        str | None,
        typer.Option(
            "--show-completion",
            metavar="[SHELL]",
            callback=_show_completion,
            is_eager=True,
            help="Print the completion script of a shell: bash, zsh, fish or powershell.",
        ),
    ] = None,
    _install: Annotated[
        str | None,
        typer.Option(
            "--install-completion",
            metavar="[SHELL]",
            callback=_install_completion,
            is_eager=True,
            help="Install that script for you; the shell is the one you type in, unless named.",
        ),
    ] = None,
) -> None:
    context.ensure_object(Call).command = context.invoked_subcommand or ""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
