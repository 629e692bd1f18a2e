"""What stands on the screen, line by line, for a terminal of any size; nothing here draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stackgen.cli.interview.options import OptionsForm, Row
from stackgen.cli.interview.prompts import Prompt
from stackgen.foreign_text import one_line
from stackgen.text.styled import Line, Part, Style, folded

_MARK, _NO_MARK = "> ", "  "
_SCROLL_KEYS = "↑↓ or space scroll · ? or Enter back to the question"
_LEAST_FOOT = 4
"""The rows below the options, however many of these there are."""


@dataclass(slots=True, kw_only=True)
class ListState:
    """Where a person stands in a list of choices.

    Attributes:
        choices: Value and label of each choice.
        at: The choice that is marked.
        explains: Whether it is shown why the question is asked.
    """

    choices: Sequence[tuple[str, str]]
    at: int
    explains: bool = False

    def move(self, places: int) -> None:
        """Mark another choice; behind the last comes the first."""
        self.at = (self.at + places) % len(self.choices)


def list_view(prompt: Prompt, state: ListState, columns: int, rows: int) -> list[Line]:
    """Return a question with its choices, in no more lines than there are rows.

    What does not fit goes in this order: answers given before, the panel's lesser parts, the keys,
    why it is asked, the place; a list that is too long even then shows the part around the mark.
    """
    title = folded(prompt.title, columns, style=Style.STRONG)
    place = folded(prompt.place, columns, style=Style.DIM) if prompt.place else []
    note = [*folded(prompt.note, columns, first="  ", rest="  "), []] if prompt.note else []
    why = folded(prompt.why, columns, first="  ", rest="  ") if state.explains else []
    keys = folded(_list_keys(prompt, state), columns, first="  ", rest="  ", style=Style.DIM)
    choices = _choices(state, columns)
    needed = len(title) + sum(map(len, choices))
    head: list[Line] = [*title]
    foot: list[Line] = []
    for part, before in ((place, True), (why, False), (keys, None), (note, True)):
        if needed + len(part) <= rows:
            needed += len(part)
            if before is None:
                foot = part
            else:
                head = [*part, *head] if before else [*head, *part]
    panel: Sequence[Line] = []
    if prompt.panel and rows > needed:
        panel = prompt.panel(columns, rows - needed)
        panel = [*panel, []] if 0 < len(panel) < rows - needed else panel
        needed += len(panel)
    above = _above(prompt.above, columns, rows - needed)
    room = rows - needed + sum(map(len, choices))
    return [*above, *panel, *head, *_around(choices, state.at, room - len(above)), *foot]


def _list_keys(prompt: Prompt, state: ListState) -> str:
    digits = f"1-{len(state.choices)} or " if len(state.choices) <= 9 else ""  # noqa: PLR2004
    keys = [f"{digits}↑↓ and Enter"]
    if prompt.everything:
        keys.append("? everything")
    elif prompt.why:
        keys.append("? why")
    if prompt.back:
        keys.append("← back")
    return " · ".join(keys)


def _choices(state: ListState, columns: int) -> list[list[Line]]:
    blocks: list[list[Line]] = []
    for number, (_, label) in enumerate(state.choices, 1):
        marked = number - 1 == state.at
        first = f"{_MARK if marked else _NO_MARK}{number}. "
        style = Style.CHOSEN if marked else Style.PLAIN
        rest = " " * len(first)
        blocks.append(folded(label, columns, first=first, rest=rest, style=style))
    return blocks


def _above(lines: Sequence[str], columns: int, rows: int) -> list[Line]:
    """Return the last of the lines that fit, and an empty one below them."""
    found: list[Line] = []
    for line in reversed(lines):
        block = folded(line, columns, first="  ", rest="    ", style=Style.DIM)
        if len(found) + len(block) + 1 > rows:
            break
        found = [*block, *found]
    return [*found, []] if found else []


def _around(blocks: Sequence[Sequence[Line]], at: int, rows: int) -> list[Line]:
    """Return the lines of blocks, or as many as fit, those of one block among them."""
    lines = [line for block in blocks for line in block]
    if len(lines) <= rows:
        return lines
    first = sum(map(len, blocks[:at]))
    last = first + len(blocks[at])
    start = max(0, min(first, len(lines) - rows) if last - first >= rows else last - rows)
    return lines[start : start + max(rows, 1)]


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
    body = _around([[line] for line in table], at, rows - len(head) - len(detail) - len(below))
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
    parts = [f"{_MARK if marked else _NO_MARK}{row.name:<{names}}  ", f"{value:<{values}}"]
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


def scrolled_view(text: str, top: int, columns: int, rows: int) -> list[Line]:
    """Return a part of a long text, and below it the keys that move it.

    Args:
        text: The text, in lines no longer than the columns.
        top: The line of it to begin with; see `furthest`.
        columns: The columns of the terminal.
        rows: The rows there are.
    """
    lines = text.splitlines()
    keys = folded(_SCROLL_KEYS, columns, style=Style.DIM)[:1]
    return [*([Part(line)] for line in lines[top : top + rows - len(keys)]), *keys]


def furthest(text: str, rows: int) -> int:
    """Return the furthest line of a text to begin with, so that all rows are in use."""
    return max(0, len(text.splitlines()) - (rows - 1))
