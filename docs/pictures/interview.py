"""Pictures of the interview, from the program itself: `python docs/pictures/interview.py`.

Needs the extra `test`, for a terminal to run in; a test keeps the pictures as the program is.
"""

from __future__ import annotations

import io
import sys
import tempfile
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tests"))

from screen import Terminal, stackgen  # noqa: E402 - tests/ has the terminal

SIZE = (100, 30)
ANSWERS = (
    "scope=many-modules", "style=ready-structure", "data=linked-tables", "backoffice=a-little",
    "accounts=own-users", "output=pages", "layer=product", "team=1-2", "first_project=yes",
    "lightness=no",
)  # fmt: skip
OPTIONS = ("author_name=Ann Other", "author_email=ann@example.org", "year=2026")

_WHITE, _BLACK = (229, 229, 229), (12, 12, 12)
_THEME = TerminalTheme(_BLACK, _WHITE, [_BLACK] * 8, [_BLACK] * 8)
_FORMAT = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font: {char_height}px/{line_height}px ui-monospace, Menlo, Consolas, monospace;
}}
.{unique_id}-title {{ font: 16px sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def pictures() -> dict[str, str]:
    """Return the pictures, as the program makes them now: file name to SVG."""
    words = [word for answer in ANSWERS for word in ("--answer", answer)]
    words += [word for option in OPTIONS for word in ("--set", option)]
    with (
        tempfile.TemporaryDirectory() as place,
        stackgen(
            Path(place),
            *("new", "shop", "--all", "--no-config", *words),
            size=SIZE,
            HOME=place,
        ) as terminal,
    ):
        terminal.wait_for("Needs, 1 of 1")
        terminal.press("2")
        terminal.wait_for("2. Take Flask instead")
        found = {"interview.svg": _svg(terminal, "interview")}
        terminal.press("1")
        terminal.wait_for("Enter makes the project")
        terminal.press("database", " ")
        terminal.wait_for("database postgresql you")
        terminal.press("\x1b")
        terminal.wait_for("license mit", gone="Filter")
        found["options.svg"] = _svg(terminal, "options")
    return found


def _svg(terminal: Terminal, name: str) -> str:
    console = Console(
        record=True, width=SIZE[0], file=io.StringIO(), color_system="truecolor",
        force_terminal=True, legacy_windows=False,
    )  # fmt: skip
    for cells in terminal.cells:
        line = Text()
        for (colour, bold), run in groupby(cells, key=lambda cell: cell[1:]):
            text = "".join(character for character, *_ in run)
            line.append(text, Style(color=f"#{colour}" if colour else None, bold=bold))
        line.rstrip()
        console.print(line)
    svg = console.export_svg(
        title="stackgen new shop", theme=_THEME, code_format=_FORMAT, unique_id=name
    )
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


if __name__ == "__main__":
    for file, picture in pictures().items():
        (HERE / file).write_text(picture, encoding="utf-8")
