"""What a team lets an option or an answer be, and on whose word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stackgen.errors import StandardError
from stackgen.foreign_text import quoted
from stackgen.template.option import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The values that there may be.

    Attributes:
        allowed: These values, of the option's own type.
        standard: The name of the standard that says so.
        because: Why; a sentence, or nothing.
        owner: Whom to ask; or nothing.
        link: Where more stands; or nothing.
    """

    allowed: tuple[Any, ...]
    standard: str
    because: str = ""
    owner: str = ""
    link: str = ""

    @property
    def locked(self) -> bool:
        """Whether there is no choice."""
        return len(self.allowed) == 1

    @property
    def words(self) -> str:
        """Who says so, and why, in a line."""
        asked = ", ".join(filter(None, (self.owner and f"ask {self.owner}", self.link)))
        because = f": {self.because.rstrip('.')}" if self.because else ""
        return f"the standard {self.standard}{because}{f' ({asked})' if asked else ''}"

    def refusal(self, name: str, value: Any) -> str:
        """Return why a value is refused; empty where it is not.

        Args:
            name: The option or question.
            value: The value, of the option's own type.
        """
        if value in self.allowed:
            return ""
        values = " or ".join(quoted(shown(each)) for each in self.allowed)
        verb = "locks it at" if self.locked else "allows"
        because = f" {self.because.rstrip('.')}." if self.because else ""
        ask = f" Ask {self.owner}." if self.owner else ""
        link = f" See {self.link}." if self.link else ""
        return (
            f"`{name}` cannot be {quoted(shown(value))}: the standard `{self.standard}` {verb} "
            f"{values}.{because}{ask}{link}"
        )


def check_bounds(bounds: Mapping[str, Bound], values: Mapping[str, Any]) -> None:
    """Refuse the first value that a standard does not allow.

    Args:
        bounds: Option or question to what it may be.
        values: Option or question to its value.

    Raises:
        StandardError: There is one.
    """
    reasons = (bounds[name].refusal(name, values[name]) for name in bounds if name in values)
    if reason := next(filter(None, reasons), ""):
        raise StandardError(reason)
