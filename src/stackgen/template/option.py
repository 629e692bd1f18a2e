"""One option of the template: raw value in, checked value out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from stackgen.errors import OptionError
from stackgen.foreign_text import quoted

OptionType = Literal["str", "bool", "int", "yaml"]

LONGEST_TEXT = 500
"""The most characters a free text may have: a line of a README, not a chapter."""

LARGEST_NUMBER = 2**53
"""The largest number that is taken for a text: beyond it not every reader of JSON sees the same."""

MOST_DIGITS = 4
"""The most digits a number may have: those of a year."""

BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

# Bidirectional controls reorder what a person reads (CVE-2021-42574, "Trojan Source").
BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of the template, as `copier.yml` describes it.

    `choices` maps each allowed value to its label, in order; it is empty for a free text.
    `default`, `ask` and `validator` are Jinja texts over the options above this one.
    """

    id: str
    type: OptionType
    help: str
    choices: Mapping[str, str]
    default: Any
    ask: bool | str
    validator: str
    recorded_only: bool
    computed: bool

    @property
    def allowed(self) -> tuple[str, ...]:
        """The values a person may write, or nothing where any text will do."""
        if self.type == "bool":
            return ("true", "false")
        return tuple(self.choices)

    @property
    def has_static_default(self) -> bool:
        """Whether the default is the same whatever the other options are."""
        return is_static(self.default)

    def parse(self, value: Any) -> Any:
        """Turn a raw value, from a flag or a file, into one of the option's own type.

        Raises:
            OptionError: The value is not allowed; the message names it and those that are.
        """
        if self.type == "yaml":
            return value
        if self.type == "bool":
            word = str(value).lower()
            if word not in BOOLEANS:
                raise self.refused(value, self.allowed)
            return BOOLEANS[word]
        if value is None or isinstance(value, bool | Mapping | list):
            raise self.refused(value, self.allowed)
        if isinstance(value, int | float) and not abs(value) <= LARGEST_NUMBER:
            raise self.refused(value, self.allowed)
        text = text_of(value)
        if self.choices:
            if text not in self.choices:
                raise self.refused(value, self.allowed)
            return text
        check_text(self.id, text)
        if self.type == "int":
            if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
                raise self.refused(value, self.allowed)
            return int(text)
        return text

    def refused(self, value: Any, words: Sequence[str]) -> OptionError:
        """Return the error that refuses a value, and names those that there are.

        Args:
            value: The raw value.
            words: What to choose from; nothing for a free text.
        """
        if words:
            remedy = f"Choose one of: {', '.join(words)}."
        else:
            remedy = "Give a number such as 2026." if self.type == "int" else "Give a text."
        return OptionError(f"`{self.id}` cannot be {quoted(value)}. {remedy}")


def is_static(value: Any) -> bool:
    """Tell whether a value of `copier.yml` has no Jinja in it: it is the same in every project."""
    return not (isinstance(value, str) and "{" in value)


def check_text(name: str, text: str) -> None:
    """Refuse a text that would break a file it is written to, or deceive its reader.

    Raises:
        OptionError: A control, line or paragraph separator, lone surrogate or bidirectional
            control character, named by its code point; or more than `LONGEST_TEXT` characters.
    """
    for character in text:
        if unicodedata.category(character) in UNPRINTABLE or character in BIDI_CONTROLS:
            code = f"U+{ord(character):04X}"
            raise OptionError(
                f"`{name}` contains the character {code}, which cannot be used. Leave it out."
            )
    if len(text) > LONGEST_TEXT:
        raise OptionError(f"`{name}` has {len(text)} characters. Use at most {LONGEST_TEXT}.")


def text_of(value: Any) -> str:
    """Return a value as text; a number as JSON means it, where 3.0 and 3 are one."""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def shown(value: Any) -> str:
    """Return a value as a person would write it in a flag."""
    return str(value).lower() if isinstance(value, bool) else str(value)
