"""The steps of a verification, made one after another in a private copy."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from stackgen.errors import VerificationError
from stackgen.progress import step as announced
from stackgen.verification.causes import machine_cause
from stackgen.verification.planning import Kind, Plan, Planned
from stackgen.verification.process import Ended, run
from stackgen.verification.receipt import Step, StepState
from stackgen.verification.server import ask, free_port, serving

MOST_LINES = 25
"""How much of what a failed command printed is told."""

_LONGEST_LINE = 200
_LISTED = (" + ", " - ", " ~ ")

Report = Callable[[Step], object]
"""Called with each step as it ends."""


class Making:
    """A plan, and what became of its steps.

    Attributes:
        plan: The plan.
        made: Each planned step with its result, in order.
        locks: The files that the steps made to hold versions.
    """

    def __init__(self, plan: Plan, copy: Path, scratch: Path, report: Report) -> None:
        """Make nothing yet.

        Args:
            plan: The plan.
            copy: A copy of the project that may be changed.
            scratch: A directory for what the commands print.
            report: See `Report`.
        """
        self.plan = plan
        self.made: list[tuple[Planned, Step]] = []
        self.locks: dict[str, bytes] = {}
        self._copy = copy
        self._scratch = scratch
        self._report = report
        self._port = free_port()
        made = {name: secrets.token_urlsafe(64) for name in plan.verification.secrets}
        self._production = {**made, **plan.verification.environment}

    def make(self) -> None:
        """Make all steps, but for those that a failed one makes pointless.

        Raises:
            VerificationError: The machine does not let one be made.
            OSError: What a command prints cannot be kept.
        """
        for planned in self.plan.of("install", "check", "prepare"):
            if self._failed("install"):
                self._skip([planned], "the project is not installed")
            else:
                self._run(planned)
        (serve,), asks = self.plan.of("serve"), self.plan.of("ask")
        if self._failed("install"):
            self._skip([serve, *asks], "the project is not installed")
        elif failed := self._failed("prepare"):
            self._skip([serve, *asks], f"`{failed[0].name}` failed")
        else:
            self._serve(serve, asks)

    def first_failed(self) -> Planned | None:
        """Return the first step that failed, if one did."""
        return next((each for each, step in self.made if step.state == "failed"), None)

    def passed(self, *kinds: Kind) -> bool:
        """Whether every step of some kinds passed."""
        return all(step.state == "passed" for each, step in self.made if each.kind in kinds)

    def _failed(self, kind: Kind) -> list[Planned]:
        return [each for each, step in self.made if each.kind == kind and step.state == "failed"]

    def _run(self, planned: Planned) -> None:
        started = time.monotonic()
        with self._announced(planned):
            ended = run(
                self.plan.words(planned, self._port),
                cwd=self._copy,
                scratch=self._scratch,
                settings=self._settings(planned),
            )
        installs = planned.kind == "install"
        if ended.code and (cause := machine_cause(ended, self._scratch, installs=installs)):
            raise VerificationError(f"`{self.plan.typed(planned)}` ended with {ended.how}. {cause}")
        if planned.writes and not ended.code:
            self.locks[planned.writes] = (self._copy / planned.writes).read_bytes()
        self._end(planned, "failed" if ended.code else "passed", started, self._said(ended))

    def _serve(self, serve: Planned, asks: Sequence[Planned]) -> None:
        started = time.monotonic()
        with contextlib.ExitStack() as stack:
            server = serving(
                self.plan.words(serve, self._port),
                self._port,
                cwd=self._copy,
                scratch=self._scratch,
                settings=self._settings(serve),
            )
            with self._announced(serve):
                process = stack.enter_context(server)
            if not process.is_running:
                self._end(serve, "failed", started, self._said(process.ended()))
                self._skip(asks, "the server did not start")
                return
            self._end(serve, "passed", started, "")
            for planned in asks:
                self._ask(planned, process.output)

    def _ask(self, planned: Planned, output: Callable[[], str]) -> None:
        assert planned.address  # noqa: S101 - for the type checker
        started = time.monotonic()
        with self._announced(planned):
            wrong = ask(self._port, planned.address, self.plan.verification.headers)
        lines = Ended(1, output()).lines[-MOST_LINES:]
        detail = "\n".join([wrong, *self._lines(lines)]) if wrong else ""
        self._end(planned, "failed" if wrong else "passed", started, detail)

    def _skip(self, planned: Sequence[Planned], reason: str) -> None:
        for each in planned:
            self._end(each, "skipped", time.monotonic(), reason)

    def _end(self, planned: Planned, state: StepState, started: float, detail: str) -> None:
        step = Step(
            name=planned.name,
            command=self.plan.typed(planned),
            state=state,
            seconds=round(time.monotonic() - started, 1),
            detail=detail,
        )
        self.made.append((planned, step))
        self._report(step)

    def _announced(self, planned: Planned) -> AbstractContextManager[None]:
        number = self.plan.steps.index(planned) + 1
        return announced(f"{planned.name} ({number} of {len(self.plan.steps)})")

    def _settings(self, planned: Planned) -> dict[str, str]:
        if planned.kind == "install":
            # uv would take or fetch another one.
            return {"UV_PYTHON": self.plan.python.path, "UV_PYTHON_DOWNLOADS": "never"}
        return self._production if planned.production else {}

    def _said(self, ended: Ended) -> str:
        """Return what a command said: the last line of one that passed, more of one that failed."""
        if ended.code:
            return "\n".join([ended.how, *self._lines(ended.lines[-MOST_LINES:])])
        lines = self._lines(ended.lines)
        # uv ends with every package; how many there are stands before.
        summary = [line for line in lines if not line.startswith(_LISTED)]
        return summary[-1].strip("= ") if summary else ""

    def _lines(self, lines: list[str]) -> list[str]:
        """Return lines in which the project stands for its private copy."""
        for place in {str(self._copy.resolve()), str(self._copy)}:
            lines = [line.replace(f"{place}/", "").replace(place, ".") for line in lines]
        return [line[:_LONGEST_LINE] for line in lines]
