"""Help as it is shown: whole summaries, arguments by their names alone, and examples."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperCommand


class Command(TyperCommand):
    """A command whose epilog is examples, a line each, that work as they are printed."""

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
