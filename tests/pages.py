"""Pages that tests follow to the letter: files to write, commands, and what these print.

A block of text is a file, or a part of one, where the line before says so:

- Make `PATH`: the file is new; `Make PATH anew`: it is there, and gets another content;
- Into `PATH`, before (or after) the line with `WORDS`, or at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_BLOCK = re.compile(
    r"(?m)^(?:(?P<do>Make|Into) (?P<paths>`[^`\n]+`(?:,(?: and)? `[^`\n]+`)*)(?P<anew> anew)?"
    r"(?:, (?:(?P<where>before|after) the line with `(?P<line>[^`\n]+)`|at the end))?:\n\n)?"
    r"^```(?P<kind>\w+)\n(?P<text>(?:.*\n)*?)```$"
)


def blocks(page: str) -> Iterator[re.Match[str]]:
    """Yield every fenced block of a page: its `kind`, its `text`, and what to `do` with it."""
    found = list(_BLOCK.finditer(page))
    assert len(found) == page.count("```") / 2
    yield from found


def follow(block: re.Match[str], folder: Path) -> None:
    """Write what a block holds into the files that it names, from a folder."""
    for name in re.findall("`([^`]+)`", block["paths"]):
        path = folder / Path(name).expanduser()
        if block["do"] == "Into":
            _insert(path, block)
            continue
        assert path.exists() == bool(block["anew"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["text"], encoding="utf-8")


def _insert(path: Path, block: re.Match[str]) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    place = len(lines)
    if block["where"]:
        (number,) = (number for number, each in enumerate(lines) if block["line"] in each)
        place = number + (block["where"] == "after")
    lines.insert(place, block["text"])
    path.write_text("".join(lines), encoding="utf-8")
