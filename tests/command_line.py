"""stackgen as other programs call it.

Whatever it prints as JSON is held against the schema of its command, asked for or not:
`tests/schemas/test_outputs.py` sees to it that no test reads such output on another way.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from forking import Forking

from stackgen.schemas.commands import COMMANDS, output_schema
from stackgen.template import source
from stackgen.template.loading import load_options

PROGRAM = (sys.executable, "-m", "stackgen")

OPTIONS = load_options(source.template_root())
FAILED = {1, 2, 130}
FORKING = Forking()


@dataclass(frozen=True)
class Done:
    """A call that came to its end."""

    words: Sequence[str]
    returncode: int
    stdout: str
    stderr: str

    def __post_init__(self) -> None:
        if "--json" in self.words:
            output = read_json(self.words, self.stdout)
            if self.returncode in FAILED:
                assert told(output)
                assert f"stackgen: {told(output)}" in self.stderr

    @property
    def json(self) -> Any:
        """What it printed, under `--json`."""
        return read_json(self.words, self.stdout)


def told(output: Any) -> str | None:
    """The error of a failed call."""
    (only,) = output if isinstance(output, list) else [output]
    return only["error"]


def read_json(words: Sequence[str], output: str) -> Any:
    """Read what a call printed, and hold it against the schema of its command."""
    value = json.loads(output)
    command = words[0] if words[0] in COMMANDS else None
    if command:
        validator(command).validate(value)
    else:
        assert isinstance(value["error"], str)
    return value


@cache
def validator(command: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(output_schema(command, OPTIONS))


def run(
    *words: str, cwd: Path, stdin: str | None = "", stdout: int = subprocess.PIPE, **variables: str
) -> Done:
    """Call stackgen in a process of its own, without a terminal.

    One that is forked, unless Python has to start for what the call is about.
    """
    env = {**os.environ, "TERM": "xterm", **variables}
    starts = any(name.startswith("PYTHON") for name in variables)
    if stdin is not None and stdout == subprocess.PIPE and not starts:
        return Done(words, *FORKING.call(words, cwd=cwd, env=env, stdin=stdin))
    done = subprocess.run(
        [*PROGRAM, *words],
        cwd=cwd,
        env=env,
        input=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    return Done(words, done.returncode, done.stdout or "", done.stderr)


def run_here(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Call stackgen in this process, where a test may have put something in its way."""

    def call(*words: object) -> Done:
        from stackgen.cli.app import run as run_words

        typed = [str(word) for word in words]
        code = run_words(typed)
        captured = capsys.readouterr()
        return Done(typed, code, captured.out, captured.err)

    return call
