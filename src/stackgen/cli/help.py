"""Help as it is shown: whole summaries, arguments by their names alone, and examples."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand


class Command(TyperCommand):
    """A command whose epilog is examples, a line each, that work as they are printed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an empty argument: no default may count where a script's variable is not set."""
        for number, word in enumerate(args):
            option = word.removesuffix("=")
            is_empty = word != option and option.startswith("--") and "=" not in option
            if not word or is_empty:
                before = args[number - 1] if number else ""
                where = option or (before if before.startswith("-") else "")
                what = f"The argument of `{where}`" if where else "An argument"
                raise typer.BadParameter(
                    f"{what} is empty, as where a variable is not set. Give it, or leave it out.",
                    ctx=ctx,
                )
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words of the usage line: what may be left out stands in brackets."""
        return [self.options_metavar or "", *map(_in_usage, _arguments(self, ctx))]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, without the types they have in Python, and the options."""
        arguments = _arguments(self, ctx)
        records = [(each, each.get_help_record(ctx)) for each in arguments]
        if rows := [(_name(each), record[1]) for each, record in records if record]:
            with formatter.section("Arguments"):
                formatter.write_dl(rows)
        others = [each for each in self.get_params(ctx) if each not in arguments]
        with formatter.section("Options"):
            formatter.write_dl([row for each in others if (row := each.get_help_record(ctx))])

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - as Typer calls it
        """Write the examples; none is folded, so that each can be copied."""
        with formatter.section("Examples"):
            for line in (self.epilog or "").splitlines():
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


def _arguments(command: TyperCommand, ctx: Any) -> list[TyperArgument]:
    return [each for each in command.get_params(ctx) if isinstance(each, TyperArgument)]


def _name(argument: TyperArgument) -> str:
    return argument.metavar or str(argument.name).upper()


def _in_usage(argument: TyperArgument) -> str:
    name = _name(argument) if argument.required else f"[{_name(argument)}]"
    return name if argument.nargs == 1 else f"{name}..."
