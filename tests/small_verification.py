"""Projects that are verified in seconds: the commands are real, and fetch nothing.

The program is a copy of the checkout whose template says other commands: an environment without
pip, Python's own compiler, tests of the standard library, and its server over the project's files.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from command_line import OPTIONS, Done
from template_history import PERSON

FRAMEWORK = OPTIONS.frameworks[-1]
PROJECT = "shop"
TESTS = ".venv/bin/python -m unittest -q seen.py"
SEEN = """\
import os, unittest

class Tests(unittest.TestCase):
    def test_the_files(self):
        self.assertTrue(os.path.exists("README.md"))
"""
SETTINGS = """\
import os
assert len(os.environ["SECRET_KEY"]) > 50
assert os.environ["COLOUR"] == "blue"
"""
SERVE = ".venv/bin/python -m http.server --bind 127.0.0.1 {port}"


def verification() -> dict[str, Any]:
    """What the small template says."""
    return {
        "installers": [
            {
                "program": "python3",
                "steps": [
                    {
                        "name": "Lock",
                        "run": "python3 -c \"open('uv.lock', 'w').write('locked')\"",
                        "writes": "uv.lock",
                    },
                    {"name": "Environment", "run": "python3 -m venv --without-pip .venv"},
                ],
                "not_checked": ["Whether anything was installed."],
            }
        ],
        "checks": [
            {"name": "Syntax", "run": ".venv/bin/python -m compileall -q app"},
            {"name": "Tests", "run": TESTS},
            {"name": "Settings", "run": ".venv/bin/python settings.py", "production": True},
        ],
        "prepare": [],
        "serve": SERVE,
        "secrets": ["SECRET_KEY"],
        "environment": {"COLOUR": "blue"},
        "headers": {"Host": "shop.example"},
        "addresses": [
            {"path": "/README.md"},
            {"path": "/LICENSE", "option": "license"},
            {"path": "/nowhere", "status": [404, 410], "option": "api"},
        ],
        "interpreter": "python",
        "limits": {"ci": "rendered", "title": "tested"},
        "not_checked": ["The weather."],
    }


@dataclass
class Small:
    """The program with the small template, and a folder to work in."""

    program: Path
    work: Path
    said: dict[str, Any] = field(default_factory=verification)

    def __post_init__(self) -> None:
        self.says(self.said)
        (self.tree / "seen.py").write_text(SEEN)
        (self.tree / "settings.py").write_text(SETTINGS)
        self.temporary.mkdir()

    @property
    def tree(self) -> Path:
        """The files of its projects."""
        return self.program / "templates" / FRAMEWORK

    @property
    def temporary(self) -> Path:
        """Where temporary files go."""
        return self.work / "tmp"

    @property
    def project(self) -> Path:
        return self.work / PROJECT

    def says(self, said: Mapping[str, Any]) -> None:
        """Let the template say other commands."""
        name = f"templates/shared/verification-{FRAMEWORK}.yml"
        (self.program / name).write_text(yaml.safe_dump(dict(said)))

    def environment(self, **variables: str) -> dict[str, str]:
        return {
            **os.environ,
            **PERSON,
            "PYTHONPATH": str(self.program / "src"),
            "TMPDIR": str(self.temporary),
            "TERM": "xterm",
            **variables,
        }

    def words(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "stackgen", *words]

    def run(self, *words: str, where: str = "", **variables: str) -> Done:
        """Call the program, and see that nothing of it is left.

        `where` is run before, such as what makes a limit shorter than a test can wait for.
        """
        script = f"{where}\nfrom stackgen.__main__ import main\nmain()"
        called = [sys.executable, "-c", script, *words] if where else self.words(*words)
        done = subprocess.run(
            called,
            cwd=self.work,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assert_nothing_left()
        return Done(words, done.returncode, done.stdout, done.stderr)

    def new(self, *words: str, **variables: str) -> Done:
        return self.run("new", PROJECT, "--framework", FRAMEWORK, *words, **variables)

    def assert_nothing_left(self) -> None:
        """No temporary file, and no process of the verification."""
        assert list(self.temporary.iterdir()) == []
        assert running_in(self.temporary) == []

    def receipt(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.project / "docs/receipt.json").read_text())
        return read


def running_in(folder: Path) -> list[str]:
    """Return the commands of processes that work in a folder."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "cwd").readlink().is_relative_to(folder):
                found.append((place / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # It has ended, or is somebody else's.
    return found


def make_program(program: Path, folder: Path) -> Path:
    """Copy the program for one test."""
    return Path(shutil.copytree(program, folder / "program"))


def shell(commands: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """Type commands into a shell one after another, up to the first that fails."""
    return subprocess.run(
        ["sh", "-e", "-c", "\n".join(commands)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
