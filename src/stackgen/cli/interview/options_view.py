"""Every option of a project, line by line, for a terminal of any size; nothing draws it here."""

from __future__ import annotations

from dataclasses import dataclass

from stackgen.cli.interview.list_view import MARK, NO_MARK, around
from stackgen.cli.interview.options import OptionsForm, Row
from stackgen.foreign_text import one_line
from stackgen.text.styled import Line, Part, Style, folded

_LEAST_FOOT = 4
"""The rows below the options, however many of these there are."""


@dataclass(slots=True, kw_only=True)
class OptionsState:
    """Where a person stands among the options.

    Attributes:
        form: The options.
        name: The option that is marked.
        filter: What was typed; only options that hold it are shown.
        editing: Whether a text is being edited.
        message: What was refused, and why; empty otherwise.
    """

    form: OptionsForm
    name: str
    filter: str = ""
    editing: bool = False
    message: str = ""

    @property
    def shown(self) -> list[Row]:
        """The options that the filter leaves."""
        word = self.filter.casefold()
        return [
            row
            for row in self.form.rows
            if word in f"{row.name} {row.value} {self.form.help(row.name)}".casefold()
        ]

    @property
    def row(self) -> Row | None:
        """The option that is marked; nothing where the filter leaves none."""
        return next((row for row in self.shown if row.name == self.name), None)

    def move(self, places: int) -> None:
        """Mark another option; behind the last comes the first."""
        names = [row.name for row in self.shown]
        if names:
            at = names.index(self.name) + places if self.name in names else 0
            self.name = names[at % len(names)]
        self.message = ""

    def narrow(self, text: str) -> None:
        """Show only options that hold a text."""
        self.filter = text
        if not self.row and self.shown:
            self.name = self.shown[0].name
        self.message = ""


def options_view(
    state: OptionsState, title: str, columns: int, rows: int
) -> tuple[list[Line], list[Line]]:
    """Return what stands above the line in which a text is edited, and what stands below it.

    Args:
        state: The options.
        title: What is set here.
        columns: The columns of the terminal.
        rows: The rows there are for both; the line itself is not counted.
    """
    table = [_row(row, state, columns) for row in state.shown] or [
        [Part(f"  No option holds `{one_line(state.filter)}`.", Style.AGAINST)]
    ]
    head = folded(title, columns, style=Style.STRONG)[:1]
    room = rows - len(head) - max(min(len(table), rows - len(head) - _LEAST_FOOT), 1)
    detail = _detail(state, columns)[: max(room - 1, 0)]
    room -= len(detail)
    keys = next(
        (
            lines
            for text in _option_keys(state)
            if len(lines := folded(text, columns, first="  ", rest="  ", style=Style.DIM)) <= room
        ),
        [],
    )
    command = _command(state, columns, room - len(keys))
    below = [*command, *keys]
    at = next((i for i, row in enumerate(state.shown) if row.name == state.name), 0)
    body = around([[line] for line in table], at, rows - len(head) - len(detail) - len(below))
    return [*head, *body, *detail], below


def _option_keys(state: OptionsState) -> tuple[str, ...]:
    """Return what the keys do, in full and in short."""
    if state.editing:
        return ("Enter takes it · Esc leaves it as it was",)
    return (
        "↑↓ move · ←→ or space change · Enter makes the project · type to filter · Esc back",
        "space changes · Enter makes it",
    )


def _widths(form: OptionsForm, columns: int) -> tuple[int, int]:
    names = max(len(row.name) for row in form.rows)
    values = max(len(row.value) for row in form.rows)
    return names, max(8, min(values, columns // 3, columns - names - 8))


def _row(row: Row, state: OptionsState, columns: int) -> Line:
    names, values = _widths(state.form, columns)
    marked = row.name == state.name
    value = one_line(row.value) or "-"
    value = value if len(value) <= values else f"{value[: values - 1]}…"
    parts = [f"{MARK if marked else NO_MARK}{row.name:<{names}}  ", f"{value:<{values}}"]
    room = columns - sum(map(len, parts)) - 2
    origin = row.origin if len(row.origin) <= room else f"{row.origin[: max(room - 1, 0)]}…"
    if not row.open:
        return [Part(f"{''.join(parts)}  {origin if room > 0 else ''}".rstrip(), Style.DIM)]
    style = Style.CHOSEN if marked else Style.PLAIN
    line = [Part(parts[0], style), Part(parts[1], style)]
    return [*line, Part(f"  {origin}", Style.DIM)] if room > 1 else line


def _detail(state: OptionsState, columns: int) -> list[Line]:
    """Return what the marked option is for, its values, and what was refused."""
    row = state.row
    lines: list[Line] = [[]]
    if state.filter:
        lines += folded(f"Filter: {state.filter}", columns, first="  ", rest="  ")
    if row is None:
        return lines
    lines += folded(f"{state.form.help(row.name)}.", columns, first="  ", rest="  ")
    if state.message:
        lines += folded(state.message, columns, first="  ! ", rest="    ", style=Style.AGAINST)
    if row.name in state.form.offers:
        lines += folded(state.form.offers[row.name], columns, first="  ", rest="  ")
    if row.open and not state.editing and not state.form.takes_text(row.name):
        lines += _words(state, row, columns)
    elif not row.open:
        lines += folded(row.origin, columns, first="  ", rest="  ", style=Style.DIM)
    for note in state.form.notes:
        if f"`{row.name}`" in note:
            lines += folded(note, columns, first="  ! ", rest="    ", style=Style.AGAINST)
    return lines


def _words(state: OptionsState, row: Row, columns: int) -> list[Line]:
    """Return the values of an option: those that go on one line, each refused one on its own."""
    words = state.form.words(row.name)
    taken: list[Part] = [Part("  ")]
    lines: list[Line] = []
    length = 2
    for word in words:
        if word.refusal:
            continue
        text = word.value if word.label.casefold() == word.value else f"{word.value} ({word.label})"
        if length > 2 and length + len(text) + 3 > columns:  # noqa: PLR2004 - the indent, the dot
            lines.append(taken)
            taken, length = [Part("  ")], 2
        if length > 2:  # noqa: PLR2004 - the indent
            taken.append(Part(" · ", Style.DIM))
            length += 3
        style = Style.CHOSEN if word.value == row.value else Style.PLAIN
        taken.append(Part(text, style))
        length += len(text)
    lines.append(taken)
    for word in words:
        if word.refusal:
            text = f"{word.value}: {word.refusal}"
            lines += folded(text, columns, first="  ", rest="    ", style=Style.DIM)
    return lines


def _command(state: OptionsState, columns: int, rows: int) -> list[Line]:
    """Return the command that makes the same project; what does not fit is cut, and says so."""
    text = f"The same without questions: {state.form.command}"
    lines = folded(text, columns - 2, first="  ", rest="    ", style=Style.DIM)
    if len(lines) >= rows:
        lines = lines[: max(rows - 1, 0)]
        if lines:
            lines[-1] = [*lines[-1], Part(" …", Style.DIM)]
    return [[], *lines] if lines else []
