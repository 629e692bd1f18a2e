"""What was seen of a project, and by which commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from stackgen.template.verification import Level

JSON_FILE, MARKDOWN_FILE = "docs/receipt.json", "docs/receipt.md"

StepState = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command that was run, or an address that was asked for."""

    name: Annotated[str, "What was done."]
    command: Annotated[str, "The command that repeats it, for the project's directory."]
    state: StepState
    seconds: Annotated[float, "How long it took."]
    detail: Annotated[str, "What it said last, or why it was skipped."]


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was seen of a project, and by which commands."""

    stackgen: Annotated[str, "The version of stackgen that looked."]
    template: Annotated[str, "The version of the template that the project follows."]
    options: Annotated[Mapping[str, Any], "Option to value."]
    python: Annotated[str, "The version of Python that it ran with."]
    platform: Annotated[str, "The system that it ran on."]
    made: Annotated[str, "When it was finished, in RFC 3339, UTC."]
    steps: Annotated[Sequence[Step], "In the order in which they were made."]
    evidence: Annotated[Mapping[str, Level], "What was seen of each option at most."]
    not_checked: Annotated[Sequence[str], "What was left open, in sentences."]

    @property
    def failed(self) -> tuple[Step, ...]:
        """The steps that failed."""
        return tuple(step for step in self.steps if step.state == "failed")

    @property
    def passed(self) -> bool:
        """Whether none did."""
        return not self.failed
