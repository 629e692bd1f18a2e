"""A terminal of lines alone: nothing is drawn, as screen readers and plain terminals want it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from stackgen.cli.console import say, width, wrap
from stackgen.cli.interview.options import OptionsForm, Row
from stackgen.cli.interview.prompts import BACK, Prompt, Step
from stackgen.errors import StackgenError
from stackgen.foreign_text import quoted
from stackgen.text.styled import plain

_UNLIMITED = 10**6
_NOTHING = '""'


class LineTerminal:
    """See `Terminal`, which this is one of: a question is a few lines, an answer is one."""

    def choose(
        self, prompt: Prompt, choices: Sequence[tuple[str, str]], default: str
    ) -> str | Step:
        """See `Terminal.choose`."""
        if prompt.panel:
            say()
            say("\n".join(map(plain, prompt.panel(width(), _UNLIMITED))))
        _say_question(prompt, choices)
        values = [value for value, _ in choices]
        at = values.index(default) + 1
        say(wrap(f"{_keys(prompt)}Enter for {at}.", "  "))
        while True:
            word = _read_line(f"Choice [{at}]: ").lower()
            if not word:
                return default
            if prompt.back and word == "<":
                return BACK
            if word in values:
                return word
            if word.isascii() and word.isdigit() and 1 <= int(word) <= len(values):
                return values[int(word) - 1]
            if word == "?" and prompt.everything:
                say(prompt.everything(width()))
            elif word == "?" and prompt.why:
                say(wrap(prompt.why, "  "))
            else:
                say(f"  {quoted(word)} is none of them. Give a number from 1 to {len(values)}.")

    def type_in(self, prompt: Prompt, default: str, check: Callable[[str], object]) -> str | Step:
        """See `Terminal.type_in`; Enter takes what would stand in the line."""
        say()
        while True:
            text = _read_text(prompt.title, default, back=prompt.back)
            if text is None:
                return BACK
            try:
                check(text)
            except StackgenError as error:
                say(wrap(str(error), "  "))
            else:
                return text

    def set_options(self, form: OptionsForm) -> Step | None:
        """See `Terminal.set_options`."""
        say(f"Options, {form.decision.framework_name}")
        _say_rows(form, form.rows)
        for note in form.notes:
            say(wrap(note, "  "))
        for offer in form.offers.values():
            say(wrap(offer, "  "))
        say(wrap("Enter makes the project. A number or a name changes an option, < goes back."))
        while True:
            _say_command(form)
            word = _read_line("Change, or Enter to make the project: ")
            if not word:
                return None
            if word == "<":
                return BACK
            name, equals, value = word.partition("=")
            row = _find(name.strip(), form.rows)
            if row is None:
                say(f"  There is no option {quoted(name)}. Give a number or a name from the list.")
            elif not row.open:
                say(wrap(f"`{row.name}` is {row.value}: {row.origin}.", "  "))
            else:
                _set(form, row, value.strip() if equals else None)


def _say_question(prompt: Prompt, choices: Sequence[tuple[str, str]]) -> None:
    say()
    for line in filter(None, (prompt.note, prompt.place, prompt.title)):
        say(wrap(line))
    for number, (_, label) in enumerate(choices, 1):
        say(wrap(label, f"  {number}. ", " " * (len(str(number)) + 4)))


def _keys(prompt: Prompt) -> str:
    keys = "A number, "
    if prompt.everything:
        keys += "? for everything, "
    elif prompt.why:
        keys += "? for why, "
    return keys + ("< for back, " if prompt.back else "")


def _read_line(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    try:
        line = sys.stdin.readline()
    except OSError:  # The terminal has gone.
        line = ""
    if not line:
        say()
        raise KeyboardInterrupt
    return line.strip()


def _read_text(title: str, default: str, *, back: bool) -> str | None:
    """Return the text that was typed, the default for an empty line, or nothing to go back."""
    hints = [f"Enter for {quoted(default)}", f"{_NOTHING} for none"] if default else ["Enter: none"]
    hints += ["< goes back"] if back else []
    question = wrap(f"{title} ({', '.join(hints)})")
    typed = _read_line(f"{question}: ")
    if typed == "<" and back:
        return None
    return "" if typed == _NOTHING else typed or default


def _say_rows(form: OptionsForm, rows: Sequence[Row]) -> None:
    names = [row.name for row in form.rows]
    for row in rows:
        number = names.index(row.name) + 1
        say(wrap(f"{row.name}: {row.value or 'empty'} ({row.origin})", f"  {number:>2}. ", " " * 6))


def _say_command(form: OptionsForm) -> None:
    say("The same without questions:")
    # One line, however long: the terminal folds it, and it is copied whole.
    say(f"  {form.command}")


def _find(word: str, rows: Sequence[Row]) -> Row | None:
    if word.isascii() and word.isdigit() and 1 <= int(word) <= len(rows):
        return rows[int(word) - 1]
    return next((row for row in rows if row.name == word), None)


def _set(form: OptionsForm, row: Row, value: str | None) -> None:
    """Give an option the value, or ask for one; then say every option that is another now."""
    before = {each.name: each for each in form.rows}
    if value is None:
        if form.takes_text(row.name):
            value = _read_text(f"{row.name}, {form.help(row.name)}", row.value, back=True)
        else:
            value = _ask_word(form, row)
    if value is None:
        return
    try:
        form.set(row.name, value)
    except StackgenError as error:
        say(wrap(str(error), "  "))
    else:
        _say_rows(form, _changed(before, form.rows))


def _changed(before: Mapping[str, Row], rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if before.get(row.name) != row]


def _ask_word(form: OptionsForm, row: Row) -> str | None:
    say(wrap(f"{form.help(row.name)}."))
    words = form.words(row.name)
    for number, word in enumerate(words, 1):
        label = word.value if word.label == word.value else f"{word.value}, {word.label}"
        refusal = f" (cannot be: {word.refusal})" if word.refusal else ""
        say(wrap(f"{label}{refusal}", f"  {number}. ", " " * 5))
    typed = _read_line(f"{row.name} (Enter keeps {quoted(row.value)}, < goes back): ")
    if typed in {"", "<"}:
        return None
    if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(words):
        # A number of the list, unless the value itself looks like one.
        return next((w.value for w in words if w.value == typed), words[int(typed) - 1].value)
    return typed
