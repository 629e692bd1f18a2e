"""A receipt, in words: line by line as it is made, in the end, and as a document."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict

from stackgen.foreign_text import one_line
from stackgen.template.option import shown
from stackgen.text.layout import listed
from stackgen.verification.keeping import FirstReceipt
from stackgen.verification.receipt import JSON_FILE, MARKDOWN_FILE, Receipt, Step
from stackgen.verification.verify import Verified

_NAME = 28
_LEVELS = (
    "Rendered: its files were made. Installed: the project was installed with it. Tested: checks "
    "and tests passed. Served: the production server answered."
)


def step_line(step: Step) -> str:
    """Return what became of a step, on one line."""
    said = step.detail.splitlines()[0] if step.detail else ""
    seconds = "" if step.state == "skipped" else f"{step.seconds:.1f} s"
    return one_line(f"{step.state:<7} {step.name:<{_NAME}} {seconds:>7}  {said}".rstrip())


def verified_text(verified: Verified) -> str:
    """Return what was seen of a project, and of what failed what it said."""
    receipt, name = verified.receipt, verified.path.name
    seconds = sum(step.seconds for step in receipt.steps)
    with_python = f"with Python {receipt.python} in {seconds:.0f} s"
    lines = [f"{name}: {_counts(receipt)} {with_python}"]
    for step in receipt.failed:
        lines += ["", f"{step.name}: {step.command}"]
        lines += [f"  {line}" for line in step.detail.splitlines()]
    lines += ["", "Not checked:"]
    lines += [f"  {sentence}" for sentence in receipt.not_checked]
    return "\n".join(lines)


def failure_text(verified: Verified) -> str:
    """Return what failed, and the commands that repeat the first of it, in two sentences."""
    failed = [f"`{step.name}`" for step in verified.receipt.failed]
    commands = listed([f"`{command}`" for command in verified.repeat])
    return f"{listed(failed)} failed in `{verified.path}`. Repeat it there with {commands}."


def receipt_files(receipt: Receipt) -> dict[str, bytes]:
    """Return the files of a receipt: content by path in the project."""
    data = json.dumps(asdict(receipt), indent=2, ensure_ascii=False) + "\n"
    return {JSON_FILE: data.encode(), MARKDOWN_FILE: receipt_markdown(receipt).encode()}


def receipt_markdown(receipt: Receipt) -> str:
    """Return a receipt as a document."""
    lines = [
        "# Receipt",
        "",
        f"What `stackgen verify` saw of this project on {receipt.made}: {_counts(receipt)}.",
        "",
        f"- stackgen {receipt.stackgen}, template {receipt.template}",
        f"- Python {receipt.python}, {receipt.platform}",
        "",
        "| step | state | seconds | said |",
        "| --- | --- | ---: | --- |",
    ]
    for step in receipt.steps:
        said = step.detail.splitlines()[0] if step.detail else ""
        lines.append(f"| {step.name} | {step.state} | {step.seconds:.1f} | {_cell(said)} |")
    commands = "\n".join(_commands(receipt.steps))
    lines += ["", "## Commands", "", *_fenced("shell", commands)]
    for step in receipt.failed:
        lines += ["", f"## {step.name} failed", "", *_fenced("text", step.detail)]
    lines += ["", "## Options", "", "| option | value | seen |", "| --- | --- | --- |"]
    for name, value in receipt.options.items():
        lines.append(f"| `{name}` | {_cell(shown(value))} | {receipt.evidence[name]} |")
    lines += ["", _LEVELS, "", "## Not checked", ""]
    lines += [f"- {sentence}" for sentence in receipt.not_checked]
    return "\n".join(lines) + "\n"


def first_text(first: FirstReceipt) -> str:
    """Return what was seen of a new project, and where that is written down."""
    where = "in its commit" if first.is_committed else "there, but not committed"
    return f"{verified_text(first.verified)}\n\n{listed(first.files)} are {where}."


def _counts(receipt: Receipt) -> str:
    states = [step.state for step in receipt.steps]
    parts = [f"{states.count('passed')} passed"]
    parts += [f"{states.count(each)} {each}" for each in ("failed", "skipped") if each in states]
    return ", ".join(parts)


def _commands(steps: Sequence[Step]) -> list[str]:
    return [one_line(step.command) for step in steps]


def _fenced(language: str, text: str) -> list[str]:
    """Return a block of code, in a fence that is longer than any in the text."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", text, fence]


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|").replace("<", "&lt;")
