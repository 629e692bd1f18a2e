"""Kills a real process between any two of its steps, and tells what a user then finds.

Run as a program, it copies a project, forks, lets the child run a command of stackgen's, and sends
it a signal before the step of that number; after SIGKILL it goes on as a user would. A step
is whatever changes a file system, or starts a process, as Python's audit events report it: nothing
of how the program is written is known here.
"""

from __future__ import annotations

import json
import mmap
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SENT = mmap.mmap(-1, 1)
"""Shared by a process and its children: whether the signal was sent."""

EVENTS = frozenset(
    {
        *("os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"),
        *("os.truncate", "subprocess.Popen"),
    }
)
MARK = "stackgen-staging-"
"""In the name of whatever a run of stackgen works with."""

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Found:
    """What was found after one kill: states by name, files that should not be there."""

    step: int
    killed: str
    next_run: str
    next_code: int
    strays: list[str]
    undone: str
    undone_strays: list[str]


def signal_at(step: int, within: str = "", number: int = signal.SIGKILL) -> None:
    """Let this process get a signal before its step of that number.

    Args:
        step: The number of the step; the first is 1.
        number: The signal.
        within: Count only what happens in this directory, or anything where it is empty.
    """
    count = 0

    def count_step(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        writes = event == "open" and bool(arguments[2] & WRITING)
        if (writes or event in EVENTS) and is_within(event, arguments, within):
            count += 1
            if count == step:
                SENT[0] = 1
                os.kill(os.getpid(), number)

    sys.addaudithook(count_step)


def is_within(event: str, arguments: tuple[Any, ...], folder: str) -> bool:
    if event == "subprocess.Popen":
        places = [arguments[2]]
    else:
        places = [place for place in arguments[:2] if isinstance(place, str | bytes | Path)]
        if event in {"os.remove", "os.rmdir"} and arguments[-1] > 2:
            # Named below an open directory, as `shutil.rmtree` does.
            places = [Path(f"/proc/self/fd/{arguments[-1]}").readlink()]
    return any(os.fsdecode(place or "").startswith(folder) for place in places)


def run(words: list[str], *signalled: Any, output: Path = Path(os.devnull)) -> int:
    """Run a command in a process of its own; return its exit code, or the signal below zero.

    Args:
        words: The words after `stackgen`.
        signalled: Arguments for `signal_at`, if it is to get a signal.
        output: Where what it prints goes.
    """
    child = os.fork()
    if child == 0:
        from stackgen.__main__ import main

        null, out = os.open(os.devnull, os.O_RDONLY), os.open(output, os.O_WRONLY | os.O_CREAT)
        for descriptor, target in ((0, null), (1, out), (2, out)):
            os.dup2(target, descriptor)
        sys.argv = ["stackgen", *words]
        if signalled:
            signal_at(*signalled)
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:  # noqa: BLE001 - told by its code
            code = 70
        else:
            code = 0
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


class Trial:
    """A command, a project to run it in, and what it may become."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.project = Path(given["project"])
        self.place = Path(given["place"])
        self.command = given["command"]
        self.next = given.get("next") or self.command
        self.inside = given["inside"]
        self.number = 0
        self.temporary = self.place / "temporary"
        self.temporary.mkdir(parents=True)
        os.environ["TMPDIR"] = str(self.temporary)
        whole = self.copy(self.project)
        self.code = run(self.words(whole))
        self.states = {"before": look(self.project), "after": look(whole)}

    def words(self, project: Path) -> list[str]:
        return [word.replace("PROJECT", str(project)) for word in self.command]

    def copy(self, project: Path) -> Path:
        self.number += 1
        place = self.place / str(self.number)
        if project.exists():
            return Path(shutil.copytree(project, place / "shop", symlinks=True))
        place.mkdir()
        return place / "shop"

    def state(self, project: Path) -> str:
        found = look(project)
        return next((name for name, state in self.states.items() if state == found), "between")

    def strays(self, project: Path) -> list[str]:
        places = [self.temporary, project.parent, project, project / ".git"]
        names = [path.name for place in places if place.is_dir() for path in place.iterdir()]
        return sorted(name for name in names if MARK in name or name.endswith(".lock"))

    def kill(self, step: int) -> Found | None:
        """Kill the command before a step, and go on both ways; nothing where it ended before."""
        project = self.copy(self.project)
        within = str(project.parent) if self.inside else ""
        if run(self.words(project), step, within) != -signal.SIGKILL:
            return None
        killed = self.state(project)
        other = self.copy(project)
        code = run([word.replace("PROJECT", str(project)) for word in self.next])
        next_run, strays = self.state(project), self.strays(project)
        undone, undone_strays = "", []
        if self.command[0] == "update" and "--undo" not in self.command:
            run(["update", str(other), "--undo"])
            undone, undone_strays = self.state(other), self.strays(other)
        shutil.rmtree(project.parent)
        shutil.rmtree(other.parent)
        return Found(step, killed, next_run, code, strays, undone, undone_strays)

    def interrupt(self, step: int, number: int) -> dict[str, Any] | None:
        """Send the command a signal before a step; nothing where it ended before."""
        project = self.copy(self.project)
        output = project.parent / "output"
        SENT[0] = 0
        code = run(self.words(project), step, str(project.parent), number, output=output)
        state, said, strays = self.state(project), output.read_text(), self.strays(project)
        shutil.rmtree(project.parent)
        if not SENT[0]:
            return None
        return {"step": step, "code": code, "state": state, "said": said, "strays": strays}


def look(project: Path) -> Any:
    """All that a command may change: files with their modes, the index, and the history."""
    from template_history import git, snapshot

    if not project.exists():
        return None
    files = dict(snapshot(project))
    if ".env" in files:  # secrets differ from run to run
        files[".env"] = (files[".env"][0], b"")
    if not (project / ".git").exists():
        return files, "", ""
    index = git("ls-files", "-s", cwd=project)
    return files, index, git("log", "--all", "--format=%T %s", cwd=project)


def main() -> None:
    """Send the signal before every n-th step until the command ends by itself; print the rest."""
    given = json.loads(sys.argv[1])
    from template_history import TemplateHistory

    from stackgen.template import source

    if "tag" in given:
        installed = TemplateHistory(Path(given["repository"])).source(given["tag"])
        source.installed = lambda: installed
    trial = Trial(given)
    results: list[Any] = []
    step, number = given["first"], given["number"]
    while True:
        found = trial.kill(step) if number == signal.SIGKILL else trial.interrupt(step, number)
        if found is None:
            break
        results.append(found if isinstance(found, dict) else asdict(found))
        step += given["every"]
    print(json.dumps({"code": trial.code, "found": results}))  # noqa: T201 - it is the result


def kill_everywhere(project: Path, place: Path, *command: str, **settings: Any) -> dict[str, Any]:
    """Kill a command before every n-th step, and go on as a user would; see `signal_everywhere`."""
    return signal_everywhere(project, place, signal.SIGKILL, *command, **settings)


def signal_everywhere(  # noqa: PLR0913 - settings of a trial
    project: Path,
    place: Path,
    number: int,
    *command: str,
    every: int,
    first: int = 1,
    inside: bool = True,
    next_command: tuple[str, ...] = (),
    **source: str,
) -> dict[str, Any]:
    """Run this file as a program.

    Args:
        project: The project to copy; it may not exist.
        place: A directory to work in.
        number: The signal.
        command: The words after `stackgen`, with `PROJECT` for the copy.
        every: How many steps to go on after each signal.
        first: The first step before which one is sent.
        inside: Count only the steps in the project and beside it.
        next_command: What is run after a kill; the same command unless given.
        source: `repository` and `tag` of a template of the tests' own.
    """
    given = {"project": str(project), "place": str(place), "command": command, "every": every}
    given |= {"first": first, "inside": inside, "number": int(number), **source}
    given["next"] = next_command
    done = subprocess.run(
        [sys.executable, __file__, json.dumps(given)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
