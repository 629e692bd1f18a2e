"""The process in which Copier renders: the only module that imports it.

Copier looks for git on PATH. Where it finds one it changes the working directory of its whole
process, and starts a process for every file. So `stackgen.template.rendering` starts this module
with a PATH on which nothing is found: Copier then works as it documents for a machine without git,
and takes a template folder for the plain folder that it is.

Stdin carries the pickled arguments of one rendering after another. Stdout answers each with a line
of JSON: what went wrong, or null.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import pickle
import queue
import shutil
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stackgen.template.compiled import compiling_once
from stackgen.template.sharing import Shelf
from stackgen.template.verbatim import make_stage

Request = tuple[Path, Path, Mapping[str, Any], Path | None]
"""Template folder, destination, a value for every option, and where renders are kept, if at all."""


def main() -> None:
    """Render what is asked for, until stdin ends."""
    requests: queue.Queue[Request] = queue.Queue()
    threading.Thread(target=_receive, args=(requests,), daemon=True).start()
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # What anything else prints must not be taken for an answer.
    gc.disable()  # What is imported stays for good: there is nothing to find in it.
    with contextlib.suppress(ImportError):  # Where it is missing, the first answer says so.
        import copier  # noqa: F401 - before it is needed: it takes most of a start
    gc.freeze()
    gc.enable()
    while True:
        answers.write(f"{json.dumps(_attempt(*requests.get()))}\n")
        answers.flush()


def _receive(requests: queue.Queue[Request]) -> None:
    """Pass requests on; when stdin ends, in the middle of a rendering too, so does the process.

    Whoever asked is gone then, killed perhaps, and what is half rendered will be cleared away.
    """
    try:
        while True:
            requests.put(pickle.load(sys.stdin.buffer))  # noqa: S301 - of the process that started it
    except EOFError:
        os._exit(0)


def _attempt(
    template: Path, destination: Path, values: Mapping[str, Any], keeping: Path | None
) -> str | None:
    """Render; return what went wrong, in words for a person, or nothing."""
    shelf = _shelf(keeping) if keeping else None
    try:
        if not _render_stage(template, destination, values, shelf):
            _run_copier(template, destination, values)
        _give_birth_modes(destination)
    except Exception as error:  # noqa: BLE001 - nobody would see a traceback of this process
        return _explain(error, template.resolve())
    return None


@functools.cache  # A process has one, for as long as it lives.
def _shelf(folder: Path) -> Shelf:
    return Shelf(folder / str(os.getpid()), _run_copier)


def _render_stage(
    template: Path, destination: Path, values: Mapping[str, Any], shelf: Shelf | None = None
) -> bool:
    """Let Copier render what has Jinja, and copy the rest; return whether that went well.

    Where it did not, nothing is left, and Copier shall try the whole template: it renders any
    shape, or knows what to say, in the words and with the paths of the template itself.
    """
    if destination.exists():
        return False
    try:
        with compiling_once():
            if shelf and shelf.render(template, destination, values):
                return True
        with tempfile.TemporaryDirectory(prefix=".stage-", dir=destination.parent) as folder:
            stage = make_stage(template, values, Path(folder))
            if shelf:
                shelf.ask(stage)
            with compiling_once():
                _run_copier(stage.root, destination, values)
            stage.complete(destination)
            if shelf:
                shelf.keep(template, destination, values)
    except Exception:  # noqa: BLE001 - whatever it was, the second try tells
        shutil.rmtree(destination, ignore_errors=True)
        return False
    return True


def _run_copier(template: Path, destination: Path, values: Mapping[str, Any]) -> None:
    from copier import Settings, run_copy

    # A user's own settings for Copier are left aside: they would be hidden answers.
    run_copy(
        str(template),
        destination,
        data=dict(values),
        defaults=True,
        quiet=True,
        settings=Settings(),
    )


def _give_birth_modes(project: Path) -> None:
    """Give files the modes that new files get here, instead of those of the template's own.

    What a new file gets is asked of the file system: that minds the umask, a default ACL and a
    mount with modes of its own, and changes nothing that other threads see. Directories have the
    modes and the setgid bit that they were made with, for Copier sets none of theirs.
    """
    probe = project / ".stackgen-mode"
    born = os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o777)
    executable = os.fstat(born).st_mode & 0o777
    os.close(born)
    probe.unlink()
    for directory, _, names in os.walk(project):
        for name in names:
            path = Path(directory, name)
            present = path.stat().st_mode & 0o777
            wanted = executable if present & 0o111 else executable & 0o666
            if present != wanted:
                with contextlib.suppress(OSError):  # Some mounts refuse: modes are theirs alone.
                    path.chmod(wanted)


def _explain(error: Exception, template: Path) -> str:
    import jinja2

    said = " ".join(str(error).split()).rstrip(".")
    match error:
        case jinja2.TemplateNotFound():  # An OSError as well, so it comes first.
            said = f"`{error.name}` is not in it"
        case OSError():
            return _explain_os_error(error, template)
        case UnicodeDecodeError():  # A ValueError as well.
            said = "a file in it is not UTF-8"
        case jinja2.TemplateError():
            said = said or type(error).__name__
        case _ if type(error) is not ValueError:  # Copier says a wrong answer with a plain one.
            said = f"{type(error).__name__}: {said}"
    return f"The template cannot be rendered: {said}{_line(error, template)}."


def _explain_os_error(error: OSError, template: Path) -> str:
    reason = error.strerror or str(error)
    if isinstance(error.filename, str) and (path := _within(template, error.filename)):
        return f"`{path}` of the template cannot be read: {reason}."
    return f"The project cannot be written: {reason}."


def _line(error: Exception, template: Path) -> str:
    """Return the file and line of the template, which Jinja writes into the traceback."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if path := _within(template, frame.filename):
            return f" (`{path}`, line {frame.lineno})"
    return ""


def _within(template: Path, filename: str) -> Path | None:
    """Return a file's path in the template; nothing for any other, in the same checkout perhaps."""
    path = Path(filename)
    if path.is_relative_to(template / "templates") or path == template / "copier.yml":
        return path.relative_to(template)
    return None


if __name__ == "__main__":
    main()
