"""Rendering through Copier, in a process of its own: a caller's process stays as it is."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from stackgen.errors import RenderError

ANSWERS_FILE = ".copier-answers.yml"

_STAMPED = re.compile(r"(?m)^_(?:commit|src_path):.*\n(?:[ ].*\n)*")


# Pydantic, which Copier uses, would look through all installed packages for plugins of its own.
_ENVIRONMENT = {"PATH": os.devnull, "PYDANTIC_DISABLE_PLUGINS": "1"}


class Renderer:
    """Renders one project after another, for as long as its context lasts.

    Its process starts with the context, so that Copier is imported there while the caller still
    prepares; the umask of that moment holds. Threads may share a renderer, and wait for each other;
    with one each they do not.
    """

    def __init__(self, keeping: Path | None = None) -> None:
        """Start nothing yet.

        Args:
            keeping: A private folder for renders that later ones take files from, where many
                projects are rendered; none unless given.
        """
        self._keeping = keeping
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def __enter__(self) -> Self:
        """Start the process.

        Raises:
            RenderError: Python cannot be started.
        """
        self._process = _waiting.pop() if _waiting else _Process()
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._stop()

    def render(self, template: Path, destination: Path, values: Mapping[str, Any]) -> None:
        """Render a template folder into a new directory.

        Nothing is fetched or asked, and settings of the user's own for Copier are left aside.

        Args:
            template: The folder that holds `copier.yml` and `templates/`.
            destination: The directory to make; its parent exists.
            values: A value for every option that is recorded.

        Raises:
            RenderError: Copier could not render, or a file could not be read or written.
        """
        arguments = (template.absolute(), destination.absolute(), dict(values), self._keeping)
        request = pickle.dumps(arguments)
        with self._lock:
            try:
                self._process = self._process or _Process()
                failure = self._process.ask(request)
            except BaseException:
                self._stop()  # It may still be writing what the caller is about to remove.
                raise
        if failure:
            raise RenderError(f"{failure} Nothing was kept.")

    def _stop(self) -> None:
        if self._process:
            self._process.end()
            self._process = None


def get_ready() -> None:
    """Start a process ahead of its renderer: the next one whose context begins takes it over.

    It imports Copier, which takes longer than all that is done before something is rendered.
    """
    with contextlib.suppress(RenderError):  # The renderer will try again, and say why.
        _waiting.append(_Process())


def render(template: Path, destination: Path, values: Mapping[str, Any]) -> None:
    """Render one project with a renderer of its own; see `Renderer.render`."""
    with Renderer() as renderer:
        renderer.render(template, destination, values)


class _Process:
    """A running `stackgen.template.worker`."""

    def __init__(self) -> None:
        search_path = os.pathsep.join(filter(None, sys.path))
        try:
            self._popen = subprocess.Popen(
                [sys.executable, "-P", "-W", "ignore", "-m", "stackgen.template.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": search_path},
                start_new_session=True,  # A Ctrl-C is for the caller, who then ends this one.
            )
        except OSError as error:
            raise RenderError(
                f"Python (`{sys.executable}`) cannot be started: {error.strerror}."
            ) from error

    def ask(self, request: bytes) -> str | None:
        """Return the worker's answer: what went wrong, or nothing."""
        assert self._popen.stdin  # noqa: S101 - for the type checker: both are pipes
        assert self._popen.stdout  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            self._popen.stdin.write(request)
            self._popen.stdin.flush()
        answer = self._popen.stdout.readline()
        if not answer:
            code = self._popen.wait()
            raise RenderError(f"The process that renders ended with exit code {code}. Try again.")
        failure: str | None = json.loads(answer)
        return failure

    def end(self) -> None:
        """Let nothing more be written, whatever it is doing."""
        self._popen.kill()
        with contextlib.suppress(BrokenPipeError), self._popen:
            pass  # Its pipes are closed, and it is waited for.


_waiting: list[_Process] = []


def stamp(project: Path, *, url: str, tag: str) -> None:
    """Record where the template is public and which version was rendered.

    Copier writes these two only when it clones a repository itself.

    Args:
        project: A rendered project.
        url: The public address of the template.
        tag: The release's tag, such as `v1.2.0`.
    """
    path = project / ANSWERS_FILE
    comment, _, answers = path.read_text("utf-8").partition("\n")
    answers = _STAMPED.sub("", answers)
    path.write_text(f"{comment}\n_commit: {tag}\n_src_path: {url}\n{answers}", "utf-8")
