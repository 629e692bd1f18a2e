"""Questions in the terminal: a list to choose from, or a line to type."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from stackgen.cli.console import is_plain_terminal, say, wrap
from stackgen.errors import StackgenError
from stackgen.foreign_text import quoted

if TYPE_CHECKING:
    from prompt_toolkit.application import Application
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.key_binding import KeyBindings


class Step(Enum):
    """What a person may do instead of answering."""

    BACK = "back"


BACK: Final = Step.BACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question to a person.

    Attributes:
        title: The question itself.
        progress: Where it stands among others, such as `3 of 11`; may be empty.
        why: Why it is asked, shown on `?`; may be empty.
        back: Whether there is something to go back to.
    """

    title: str
    progress: str = ""
    why: str = ""
    back: bool = False


def choose(prompt: Prompt, choices: Sequence[tuple[str, str]], default: str) -> str | Step:
    """Let a person choose one of a list.

    Args:
        prompt: The question.
        choices: Value and label of each choice, in order.
        default: The value that is highlighted, and that Enter takes.

    Returns:
        The chosen value, or `BACK`.

    Raises:
        KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
    """
    ask = _choose_by_line if is_plain_terminal() else _choose_by_key
    return ask(prompt, choices, default)


def type_in(prompt: Prompt, default: str, check: Callable[[str], object]) -> str | Step:
    """Let a person type a line; an empty one takes the default, `<` goes back.

    Args:
        prompt: The question.
        default: What Enter alone stands for.
        check: Called with the text; the message of a `StackgenError` is shown and asks again.

    Raises:
        KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
    """
    shown = f" [{default}]" if default else ""
    hint = " (`<` goes back)" if prompt.back else ""
    while True:
        text = _read_line(f"{wrap(prompt.title)}{hint}{shown}: ") or default
        if prompt.back and text == "<":
            return BACK
        try:
            check(text)
        except StackgenError as error:
            say(wrap(str(error), "  "))
        else:
            return text


def _read_line(question: str) -> str:
    sys.stderr.write(question)
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        say()
        raise KeyboardInterrupt
    return line.strip()


def _head(prompt: Prompt, keys: str) -> str:
    progress = f"{prompt.progress}  " if prompt.progress else ""
    return f"{wrap(progress + prompt.title)}\n{wrap(keys, '  ')}"


def _choose_by_line(prompt: Prompt, choices: Sequence[tuple[str, str]], default: str) -> str | Step:
    keys = "A number"
    keys += ", ? for why" if prompt.why else ""
    keys += ", < for back" if prompt.back else ""
    say(_head(prompt, f"{keys}, Enter for the default."))
    values = [value for value, _ in choices]
    for number, (_, label) in enumerate(choices, 1):
        say(wrap(label, f"  {number:>2}. ", "      "))
    while True:
        word = _read_line(f"Choice [{values.index(default) + 1}]: ").lower()
        if not word:
            return default
        if prompt.back and word == "<":
            return BACK
        if word in values:
            return word
        if word.isascii() and word.isdigit() and 1 <= int(word) <= len(values):
            return values[int(word) - 1]
        if word == "?" and prompt.why:
            say(wrap(prompt.why, "  "))
            continue
        say(f"  {quoted(word)} is none of them. Give a number from 1 to {len(values)}.")


def _choose_by_key(prompt: Prompt, choices: Sequence[tuple[str, str]], default: str) -> str | Step:
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_input
    from prompt_toolkit.output import create_output

    output = create_output(stdout=sys.stderr)
    # Not every terminal answers a request for the cursor's position; none is needed here.
    if hasattr(output, "enable_cpr"):
        output.enable_cpr = False
    with create_app_session(input=create_input(sys.stdin), output=output):
        chosen: str | Step = _application(prompt, choices, default).run()
    if chosen is not BACK:
        say(wrap(f"{prompt.title} {dict(choices)[str(chosen)]}", "  ", "    "))
    return chosen


def _application(
    prompt: Prompt, choices: Sequence[tuple[str, str]], default: str
) -> Application[Any]:
    from prompt_toolkit.application import Application
    from prompt_toolkit.layout import HSplit, Layout
    from prompt_toolkit.styles import Style
    from prompt_toolkit.widgets import Label, RadioList

    margin = "      "
    listed = RadioList(
        [
            (value, wrap(label, margin, margin)[len(margin) :] if label else value)
            for value, label in choices
        ],
        default=default,
        select_on_focus=True,
        open_character="",
        select_character=">",
        close_character="",
        show_cursor=False,
        show_numbers=True,
        show_scrollbar=False,
        default_style="class:choice",
        checked_style="class:chosen",
    )
    head = _Head(prompt)
    return Application(
        layout=Layout(HSplit([Label(head.text, dont_extend_height=True), listed]), listed),
        key_bindings=_keys(listed, head),
        style=Style.from_dict({"question": "bold", "chosen": "bold", "keys": "italic"}),
        erase_when_done=True,
    )


@dataclass
class _Head:
    """What stands above the list: the question, the keys, and on request why it is asked."""

    prompt: Prompt
    explains: bool = False

    def text(self) -> FormattedText:
        from prompt_toolkit.formatted_text import FormattedText

        prompt = self.prompt
        keys = "↑↓ or a number, Enter"
        keys += " · ? why" if prompt.why else ""
        keys += " · ← back" if prompt.back else ""
        lines = [("class:question", wrap(f"{prompt.progress}  {prompt.title}".strip()))]
        if self.explains:
            lines += [("", "\n"), ("", wrap(prompt.why, "  "))]
        return FormattedText([*lines, ("", "\n"), ("class:keys", wrap(keys, "  "))])


def _keys(listed: Any, head: _Head) -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings

    keys = KeyBindings()

    @keys.add("enter", eager=True)
    @keys.add("c-j", eager=True)  # Enter, typed while the terminal was still in its line mode.
    def _accept(event: Any) -> None:
        event.app.exit(result=listed.current_value)

    @keys.add("c-c", eager=True)
    @keys.add("c-d", eager=True)
    @keys.add("<sigint>", eager=True)
    def _interrupt(event: Any) -> None:
        event.app.exit(exception=KeyboardInterrupt())

    if head.prompt.why:

        @keys.add("?", eager=True)
        def _explain(_event: Any) -> None:
            head.explains = not head.explains

    if head.prompt.back:

        @keys.add("left", eager=True)
        @keys.add("backspace", eager=True)
        @keys.add("<", eager=True)
        def _go_back(event: Any) -> None:
            event.app.exit(result=BACK)

    return keys
