"""What an update asks at a real pseudo-terminal, and never without one."""

from __future__ import annotations

import os
import sys

import pexpect
import pytest
from template_history import LAST, commit, git, snapshot

pytestmark = pytest.mark.proof

DOWN, ENTER, CTRL_C = "\x1b[B", "\r", "\x03"

SCRIPT = """
import sys
from pathlib import Path
from stackgen.template import source
from stackgen.template.source import Source
installed = Source(root=Path({root!r}), tag={tag!r}, history=Path({history!r}))
source.installed, source.template_root = lambda: installed, lambda: installed.root
from stackgen.cli.app import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.fixture
def start(project, history):
    children = []

    def spawn(*words):
        installed = history.source(LAST)
        script = SCRIPT.format(
            root=str(installed.root), tag=installed.tag, history=str(installed.history)
        )
        child = pexpect.spawn(
            sys.executable,
            ["-c", script, "update", str(project), *words],
            env={**os.environ, "TERM": "xterm-256color"},
            encoding="utf-8",
            dimensions=(50, 80),
            timeout=20,
        )
        child.delaybeforesend = 0.02
        children.append(child)
        return child

    yield spawn
    for child in children:
        child.close(force=True)


def finish(child):
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


def test_new_option_is_asked_for(start, project):
    child = start()
    child.expect("The colours")
    child.send("2" + ENTER)
    child.expect("Still more")
    child.send(ENTER)
    child.expect("Updated shop from 1.0.0 to 1.5.0")
    assert finish(child) == 0
    assert "theme: dark\n" in (project / ".copier-answers.yml").read_text()


def test_ctrl_c_at_the_question_changes_nothing(start, project):
    before = snapshot(project)
    child = start()
    child.expect("The colours")
    child.send(CTRL_C)
    assert finish(child) == 130
    assert snapshot(project) == before


def test_defaults_ask_nothing(start, project):
    child = start("--defaults")
    child.expect("New option `theme` is light")
    assert finish(child) == 0
    assert "theme: light\n" in (project / ".copier-answers.yml").read_text()


@pytest.mark.parametrize("answer", ["no", "yes"])
def test_edits_that_would_go_are_asked_about(start, project, answer):
    (project / "extras/one.py").write_text("mine\n")
    commit(project)
    child = start("--set", "extras=no", "--set", "theme=dark", "--set", "more=no")
    child.expect("extras/one.py")
    child.expect("Delete them\\?")
    child.send((DOWN if answer == "yes" else "") + ENTER)
    assert finish(child) == (0 if answer == "yes" else 2)
    assert (project / "extras/one.py").exists() is (answer == "no")
    assert (git("status", "--porcelain", cwd=project) == "") is (answer == "no")
