"""`docs/platform-team.md`, followed to the letter: each command is run, each output compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

import pages
import pytest
from newcomer import ROOT

pytestmark = pytest.mark.proof

PAGE = ROOT / "docs/platform-team.md"
YEAR = "2027"
"""What stands in the page for the year that is next."""

END = "-- end of a block --"
LEFT_OUT = "..."

# "done, but it needs you" is an end that the page speaks of.
BEGIN = 'set -e\nstackgen() { command stackgen "$@" || [ $? = 3 ]; }\n'

VARIES = (
    (r"\b\d+\.\d+\.\d+(?:\.dev\d+)?(?:\+[\w.]+)?\b", "VERSION"),
    (r"\b[0-9a-f]{12}\b", "COMMIT"),
    (r"\b\d+\.\d s\b", "SECONDS"),
    (r"\b\d+ (?=same|files|projects were)", "SOME "),
    (r"(?m) +$", ""),
    (r"  +", "  "),  # Columns are as wide as the version.
)


def test_the_page_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "robin"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname = Robin Doe\nemail = robin@example.com\n")
    monkeypatch.setenv("HOME", str(home))
    page = PAGE.read_text("utf-8").replace(YEAR, str(date.today().year + 1))  # noqa: DTZ011
    printed = ""
    with shell(home) as (said, heard):
        for block in pages.blocks(page):
            if block["do"]:
                pages.follow(block, home / "team")
            elif block["kind"] == "shell":
                said.write(f"{{\n{block['text']}}} </dev/null 2>&1\necho '{END}'\n")
                said.flush()
                printed = read(heard)
            else:
                assert block["kind"] == "text", f"What is to be done with {block[0]}?"
                compare(printed.replace(str(home), "/home/robin"), block["text"])


@contextmanager
def shell(home: Path) -> Iterator[tuple[IO[str], IO[str]]]:
    """One bash, as a person has it open; it ends with the first command that fails."""
    places = [str(Path(sys.executable).parent), os.environ["PATH"]]
    process = subprocess.Popen(
        ["bash", "--noprofile", "--norc"],
        cwd=home,
        env={
            "HOME": str(home),
            "PATH": os.pathsep.join(places),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    with process:
        process.stdin.write(BEGIN)
        yield process.stdin, process.stdout


def read(heard: IO[str]) -> str:
    """Return what a block printed."""
    lines: list[str] = []
    for line in heard:
        if line.rstrip("\n") == END:
            return "".join(lines)
        lines.append(line)
    pytest.fail(f"A command of the page failed:\n{''.join(lines)}")


def compare(printed: str, shown: str) -> None:
    """Hold what was printed against what the page shows, but for what varies."""
    for pattern, word in VARIES:
        printed, shown = re.sub(pattern, word, printed), re.sub(pattern, word, shown)
    parts = [re.escape(part) for part in shown.split(f"{LEFT_OUT}\n")]
    if not re.fullmatch(r"(?:.*\n)*?".join(parts), printed):
        assert printed == shown
