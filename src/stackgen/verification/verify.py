"""A project verified: installed, checked, tested and served in a private copy, all gone after."""

from __future__ import annotations

import errno
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stackgen.changes.staging import temporary_directory
from stackgen.errors import ProjectError, VerificationError
from stackgen.project.record import Project, open_project, recorded_values
from stackgen.template import source
from stackgen.template.history import History
from stackgen.template.loading import load_options
from stackgen.template.source import Source
from stackgen.template.verification import Level, Verification, lower
from stackgen.verification.making import Making, Report
from stackgen.verification.planning import plan
from stackgen.verification.private_copy import copy_project
from stackgen.verification.python import find_python
from stackgen.verification.receipt import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A project that was looked at.

    Attributes:
        path: Its directory, absolute.
        receipt: What was seen.
        repeat: The commands that repeat the first step that failed, from a fresh project.
        locks: The files that hold the versions that were installed, and were not there before.
    """

    path: Path
    receipt: Receipt
    repeat: tuple[str, ...] = ()
    locks: Mapping[str, bytes] = field(default_factory=dict)


_NO_ROOM = {errno.EDQUOT, errno.EFBIG, errno.ENOSPC}


def verify(
    path: Path, *, template: Source | None = None, report: Report = lambda _step: None
) -> Verified:
    """Install, check, test and serve a project in a private copy; the project is only read.

    The environment is made in that copy as well, and goes with it: what was verified is then what
    a clone holds, and nothing depends on what its developer happens to have installed.

    Args:
        path: The project's directory.
        template: The source whose history knows the project; the installed one unless given.
        report: Called with each step as it ends.

    Raises:
        ProjectError: It is no project, it follows a version that does not say how it is verified,
            or there is no Python for it. Nothing was run.
        VerificationError: The machine does not let it be verified: no network, no room.
    """
    template = template or source.installed()
    project = open_project(path, template)
    try:
        with temporary_directory() as private:
            options = load_options(History(template, private).template(project.tag))
            values = dict(recorded_values(project, options))
            verification = _verification(project, options.verification(values))
            python = find_python(project.path, private)
            copy = private / (project.path.name or "project")
            copy_project(project.path, copy)
            making = Making(plan(verification, python, copy), copy, private, report)
            making.make()
    except OSError as error:
        raise VerificationError(f"`{project.path}` cannot be verified: {_told(error)}") from error
    settable = {name: values[name] for name in options.settable}
    failed = making.first_failed()
    return Verified(
        path=project.path,
        receipt=Receipt(
            stackgen=source.version(),
            template=project.tag.removeprefix("v"),
            options=settable,
            python=python.version,
            platform=sysconfig.get_platform(),
            made=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            steps=tuple(step for _, step in making.made),
            evidence=_evidence(making, settable),
            not_checked=_not_checked(making),
        ),
        repeat=making.plan.repeated(failed) if failed else (),
        locks=making.locks,
    )


def _verification(project: Project, told: Verification | None) -> Verification:
    if told is None:
        raise ProjectError(
            f"`{project.path}` follows {project.tag.removeprefix('v')}, which does not say how it "
            "is verified. Run `stackgen update` there first."
        )
    return told


def _told(error: OSError) -> str:
    """Return what the system refused, and what to do about it."""
    what = error.strerror or str(error)
    if error.errno in _NO_ROOM:
        return f"{what}. Make room, or let `TMPDIR` name a folder on another disk."
    if error.filename is None:
        return f"{what}. Call `stackgen verify` again when that is mended."
    return (
        f"`{error.filename}`: {what}. See that it may be read, or, where it lies in a "
        "temporary folder, let `TMPDIR` name another one."
    )


def _evidence(making: Making, options: Mapping[str, Any]) -> dict[str, Level]:
    """Return what was seen of each option at most."""
    reached: Level = "rendered"
    if making.passed("install"):
        reached = "installed"
        if making.passed("check", "prepare"):
            reached = "served" if making.passed("serve") else "tested"
    return {name: lower(reached, _limit_of(name, options, making)) for name in options}


def _limit_of(option: str, options: Mapping[str, Any], making: Making) -> Level:
    """Return the most that can be seen of an option, by what is planned and what went wrong."""
    verification = making.plan.verification
    if option == verification.interpreter and options[option] != making.plan.python.minor:
        return "rendered"
    limit = verification.limits.get(option, "served")
    unanswered = [
        planned.address.option
        for planned, step in making.made
        if planned.address and step.state != "passed"
    ]
    # An address of no option in particular counts for all of them.
    return lower("tested", limit) if {"", option} & {*unanswered} else limit


def _not_checked(making: Making) -> tuple[str, ...]:
    """Return what was left open, in sentences."""
    skipped = [step.name for _, step in making.made if step.state == "skipped"]
    lines = [f"Skipped: {', '.join(skipped)}."] if skipped else []
    lines += making.warnings
    return (*lines, *making.plan.installer.not_checked, *making.plan.verification.not_checked)
