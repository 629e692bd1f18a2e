"""A question with its choices, line by line, for a terminal of any size; nothing draws it here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stackgen.cli.interview.prompts import Prompt
from stackgen.text.styled import Line, Part, Style, folded

MARK, NO_MARK = "> ", "  "
MOST_DIGITS = 9
"""The longest list in which a digit answers at once."""

_SCROLL_KEYS = "↑↓ or space scroll · ? or Enter back to the question"


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
    return [*above, *panel, *head, *around(choices, state.at, room - len(above)), *foot]


def _list_keys(prompt: Prompt, state: ListState) -> str:
    digits = f"1-{len(state.choices)} or " if len(state.choices) <= MOST_DIGITS else ""
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
        first = f"{MARK if marked else NO_MARK}{number}. "
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


def around(blocks: Sequence[Sequence[Line]], at: int, rows: int) -> list[Line]:
    """Return the lines of blocks, or as many as fit, those of one block among them.

    Args:
        blocks: The blocks.
        at: The one that has to be among them.
        rows: The most lines there may be; one is always returned.
    """
    lines = [line for block in blocks for line in block]
    if len(lines) <= rows:
        return lines
    first = sum(map(len, blocks[:at]))
    last = first + len(blocks[at])
    start = max(0, min(first, len(lines) - rows) if last - first >= rows else last - rows)
    return lines[start : start + max(rows, 1)]


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
