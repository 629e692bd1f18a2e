"""What is put to a person, whatever the terminal: a list to choose from, or the options at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from stackgen.cli.interview.options import OptionsForm
from stackgen.text.styled import Line

Panel = Callable[[int, int], Sequence[Line]]
"""From columns and rows to what stands above a list of choices, no larger than that."""


class Step(Enum):
    """What a person may do instead of answering."""

    BACK = "back"


BACK: Final = Step.BACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One question to a person.

    Attributes:
        title: The question itself.
        place: Where it stands among others, such as `Needs, 3 of at most 11`; may be empty.
        why: Why it is asked, shown on `?`; may be empty.
        back: Whether there is something to go back to.
        above: What was answered before it, one line an answer.
        note: What the answer before it means, where that needs saying.
        panel: What stands between the answers and the question; may be nothing.
        everything: From columns to the whole of which the panel is a part, shown on `?`.
    """

    title: str
    place: str = ""
    why: str = ""
    back: bool = False
    above: Sequence[str] = ()
    note: str = ""
    panel: Panel | None = None
    everything: Callable[[int], str] | None = None


class Terminal(Protocol):
    """A terminal that a person sits at."""

    def choose(
        self, prompt: Prompt, choices: Sequence[tuple[str, str]], default: str
    ) -> str | Step:
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

    def type_in(self, prompt: Prompt, default: str, check: Callable[[str], object]) -> str | Step:
        """Let a person edit a line.

        Args:
            prompt: The question.
            default: What stands in the line at first.
            check: Called with the text; the message of a `StackgenError` is shown, and the line
                stays open.

        Returns:
            The text, or `BACK`.

        Raises:
            KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
        """

    def set_options(self, form: OptionsForm) -> Step | None:
        """Let a person set options until the project is to be made.

        Args:
            form: The options; it holds what was set.

        Returns:
            Nothing, or `BACK`.

        Raises:
            KeyboardInterrupt: The person pressed Ctrl-C or closed the input.
        """
