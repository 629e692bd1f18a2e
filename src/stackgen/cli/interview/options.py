"""The options of a project while a person sets them: rows, what may be chosen, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from stackgen.errors import StackgenError
from stackgen.project.request import Request
from stackgen.template.combinations import possible
from stackgen.template.option import shown
from stackgen.text.creation import (
    dropped_lines,
    equivalent_command,
    offer_lines,
    option_rows,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One option as it stands.

    Attributes:
        name: The option's id.
        value: Its value, as a person would write it.
        origin: Where the value comes from; of an option that cannot be changed, why not.
        open: Whether it can be changed.
    """

    name: str
    value: str
    origin: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One value that may be chosen; `refusal` says why not while the others are as they are."""

    value: str
    label: str
    refusal: str


class OptionsForm:
    """Holds a request, and what becomes of it as options are set one by one."""

    def __init__(self, request: Request, command: str) -> None:
        """Begin with the options of a request.

        Args:
            request: The request; its framework is settled.
            command: The command that makes the project, without its flags.

        Raises:
            OptionError: The options do not go with the framework.
        """
        self._command = command
        self._take(request)

    def _take(self, request: Request) -> None:
        self.decision = request.decide(take_default=True)
        self.request = request
        self.rows = tuple(
            Row(name=name, value=value, origin=origin, open=self._is_open(name))
            for name, value, origin in option_rows(self.decision, request)
        )
        self.command = equivalent_command(self._command, self.decision, request.options)
        self.notes = tuple(dropped_lines(self.decision))
        self.offers = offer_lines(self.decision, request)
        self._words: dict[str, list[Word]] = {}

    def _is_open(self, name: str) -> bool:
        bound = self.request.bounds.get(name)
        locked = bound is not None and bound.locked
        return not locked and self.request.template.is_open(name, self.decision.framework)

    def help(self, name: str) -> str:
        """Return what an option is for."""
        return self.request.template.settable[name].help

    def takes_text(self, name: str) -> bool:
        """Return whether any text will do."""
        return not self.request.template.settable[name].allowed

    def set(self, name: str, text: str) -> None:
        """Give an option a value.

        Args:
            name: The option's id.
            text: The value as it was typed or chosen.

        Raises:
            StackgenError: It cannot have that value; nothing is changed.
        """
        self._take(self.request.with_options({name: text}))

    def words(self, name: str) -> list[Word]:
        """Return every value of an option that any project may have, and what stands against it.

        Args:
            name: An option that does not take any text.
        """
        if name not in self._words:  # They are shown at every key, and change with a value only.
            option = self.request.template.settable[name]
            labels = option.choices or {"true": "yes", "false": "no"}
            self._words[name] = [
                Word(value=word, label=labels[word], refusal=self._refusal(name, word))
                for word in possible(self.request.template)[name]
            ]
        return self._words[name]

    def _refusal(self, name: str, word: str) -> str:
        if word == shown(self.decision.resolved.values[name]):
            return ""
        try:
            self.request.with_options({name: word}).decide(take_default=True)
        except StackgenError as error:
            return str(error)
        return ""

    def turn(self, name: str, places: int) -> str:
        """Give an option the next value that goes with the others.

        Args:
            name: An option that does not take any text.
            places: 1 for the next, -1 for the one before.

        Returns:
            Nothing, or why there is no other.
        """
        words = self.words(name)
        at = [word.value for word in words].index(shown(self.decision.resolved.values[name]))
        for step in range(1, len(words)):
            word = words[(at + places * step) % len(words)]
            if not word.refusal:
                self.set(name, word.value)
                return ""
        return next((word.refusal for word in words if word.refusal), "")
