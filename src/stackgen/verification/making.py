"""The steps of a verification, made one after another in a private copy."""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stackgen.errors import VerificationError
from stackgen.progress import step as announced
from stackgen.verification import environment, indexes
from stackgen.verification.causes import machine_cause
from stackgen.verification.planning import PORT, Kind, Plan, Planned
from stackgen.verification.process import LIMIT, Ended, NotStarted, Process, run
from stackgen.verification.receipt import Step, StepState
from stackgen.verification.server import ask, free_port, serving

MOST_LINES = 25
"""How much of what a failed command printed is told."""

_LONGEST_LINE = 200
_LISTED = (" + ", " - ", " ~ ")

Report = Callable[[Step], object]
"""Called with each step as it ends."""


@dataclass(slots=True)
class _Result:
    """What became of a step; it passed unless somebody says otherwise."""

    state: StepState = "passed"
    detail: str = ""

    def fails(self, detail: str) -> None:
        """Let it fail, and say why."""
        self.state, self.detail = "failed", detail


class Making:
    """A plan, and what became of its steps.

    Attributes:
        plan: The plan.
        made: Each planned step with its result, in order.
        locks: The files that the steps made to hold versions.
        warnings: What is to be known of these, in sentences.
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
        self.warnings: list[str] = []
        self._copy = copy
        self._scratch = scratch
        self._report = report
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
        with self._step(planned) as result:
            ended = run(
                self.plan.words(planned, PORT),
                cwd=self._copy,
                scratch=self._scratch,
                environment=self._environment(planned),
                limit=LIMIT,
            )
            installs = planned.kind == "install"
            if ended.code and (cause := machine_cause(ended, self._scratch, installs=installs)):
                raise VerificationError(
                    f"`{self.plan.typed(planned)}` ended with {ended.how}. {cause}"
                )
            result.detail = self._said(ended)
            if ended.code:
                result.fails(result.detail)
            elif planned.writes:
                self._keep_lock(planned, result)

    def _keep_lock(self, planned: Planned, result: _Result) -> None:
        lock = self._copy / planned.writes
        if lock.is_file():
            self.locks[planned.writes] = lock.read_bytes()
            if warning := indexes.warning(lock):
                self.warnings.append(warning)
                result.detail = warning
        else:
            result.fails(f"it made no `{planned.writes}`")

    def _serve(self, serve: Planned, asks: Sequence[Planned]) -> None:
        with contextlib.ExitStack() as stack:
            with self._step(serve) as result:
                port = free_port()
                server = serving(
                    self.plan.words(serve, port),
                    port,
                    cwd=self._copy,
                    scratch=self._scratch,
                    environment=self._environment(serve),
                )
                try:
                    process = stack.enter_context(server)
                except NotStarted as error:
                    result.fails(self._said(error.ended))
            if result.state == "failed":
                self._skip(asks, "the server did not start")
                return
            for planned in asks:
                self._ask(planned, process, port)

    def _ask(self, planned: Planned, server: Process, port: int) -> None:
        assert planned.address  # noqa: S101 - for the type checker
        with self._step(planned) as result:
            wrong = ask(port, planned.address, self.plan.verification.headers)
            if wrong:
                result.fails("\n".join([wrong, *self._lines(server.lines()[-MOST_LINES:])]))

    def _skip(self, planned: Sequence[Planned], reason: str) -> None:
        for each in planned:
            self._record(each, _Result("skipped", reason), 0.0)

    @contextlib.contextmanager
    def _step(self, planned: Planned) -> Iterator[_Result]:
        """Announce a step, time it, and record what became of it unless there is an exception."""
        number = self.plan.steps.index(planned) + 1
        result, began = _Result(), time.monotonic()
        with announced(f"{planned.name} ({number} of {len(self.plan.steps)})"):
            yield result
        self._record(planned, result, time.monotonic() - began)

    def _record(self, planned: Planned, result: _Result, seconds: float) -> None:
        step = Step(
            name=planned.name,
            command=self.plan.typed(planned),
            state=result.state,
            seconds=round(seconds, 1),
            detail=result.detail,
        )
        self.made.append((planned, step))
        self._report(step)

    def _environment(self, planned: Planned) -> dict[str, str]:
        if planned.kind == "install":
            # uv would take or fetch another one.
            own = {"UV_PYTHON": self.plan.python.path, "UV_PYTHON_DOWNLOADS": "never"}
            return {**environment.for_installs(), **own}
        return {**environment.for_checks(), **(self._production if planned.production else {})}

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
