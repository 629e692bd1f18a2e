"""Files of an overlay are rendered apart: what they try ends with the process."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackgen.errors import RenderError, StandardError
from stackgen.team.jinja import Jinja

VALUES = {"framework": "flask", "project_name": "shop", "year": 2026, "api": True}
ENVOPS = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}


@pytest.fixture(scope="module")
def jinja() -> Iterator[Jinja]:
    with Jinja(seconds=60) as each:
        yield each


def render(jinja: Jinja, text: str, **files: str) -> str:
    named = {f"common/{name}": content for name, content in files.items()}
    return jinja.render({**named, "common/a": text}, ["common/a"], VALUES, ENVOPS)["common/a"]


def test_the_same_variables_as_the_template(jinja: Jinja) -> None:
    text = '{{ project_name }} {{ year }}{% if api %} API{% endif %} {{ "ä" | to_json }}\n'
    assert render(jinja, text) == 'shop 2026 API "\\u00e4"\n'
    assert render(jinja, "{% for i in range(3) %}\n{{ i }}\n{% endfor %}\n") == "0\n1\n2\n"


def test_includes_stay_within_the_overlay(jinja: Jinja) -> None:
    assert render(jinja, '{% include "common/b" %}', b="{{ year }}") == "2026"
    for name in ("/etc/passwd", "../standard.toml", "common/../../x", "pyproject.toml"):
        with pytest.raises(StandardError) as caught:
            render(jinja, f'{{% include "{name}" %}}')
        assert f"`{name}` is not in the overlay" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{% if %}", "in line 1"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ ''['__class__'] }}", "unsafe"),
        ("{{ (''|attr('__class__')).__mro__ }}", "unsafe"),
        ("{{ cycler.__init__.__globals__ }}", "unsafe"),
        ("{{ '{0.__class__}'.format(1) }}", "unsafe"),
        ("{{ range(10**9) | list }}", "Range too big"),
        ("{{ '/etc/passwd' | fileglob }}", "No filter named 'fileglob'"),
        ("{{ '$HOME' | expandvars }}", "No filter named 'expandvars'"),
        ("{{ [1, 2] | random }}", "No filter named 'random'"),
        ("{{ lipsum() }}", "'lipsum' is undefined"),
        ("{% import 'os' as os %}", "is not in the overlay"),
        ("{% include 'common/a' %}", "includes itself"),
        ("{{ 'a' * 3 * 10**9 }}", "too much memory"),
        ("{{ 'a' * 11 * 1024**2 }}", "becomes larger than 10240 KiB"),
        ("{{ [1].append(2) }}", "unsafe"),
        ("{{ joiner() }}", "a Joiner is no text"),
        ("{{ [1] | map('string') }}", "a generator is no text"),
        ("{{ ''.upper }}", "is no text"),
        ("{{ [joiner()] }}", "a Joiner is no text"),
        ("{{ [{'a': (1, cycler('x'))}] }}", "a Cycler is no text"),
        ("{{ {'a': [1] | map('string')} }}", "a generator is no text"),
        ("{{ joiner() ~ '' }}", "another one every time"),
        ("{{ joiner() | string }}", "another one every time"),
        ("{{ [joiner()] | join | e }}", "another one every time"),
        ("{{ '%s' % joiner() }}", "another one every time"),
        ("{{ '{0.upper}'.format('') | upper }}", "another one every time"),
    ],
)
def test_what_is_refused(jinja: Jinja, text: str, said: str) -> None:
    with pytest.raises(StandardError) as caught:
        render(jinja, text)
    assert said in str(caught.value)
    assert "`common/a` of the overlay" in str(caught.value)
    assert render(jinja, "{{ year }}") == "2026"  # The next one is none the worse for it.


def test_what_people_write_of_a_place_in_memory_is_text(jinja: Jinja) -> None:
    assert render(jinja, "<Joiner at 0x7f001122>{{ year }}") == "<Joiner at 0x7f001122>2026"
    text = "{{ [1, (none, 'a'), {'b': [2.5, true]}] }}"
    assert render(jinja, text) == "[1, (None, 'a'), {'b': [2.5, True]}]"
    nested = f"{'[' * 20}{']' * 20}"
    assert render(jinja, f"{{{{ {nested} }}}}") == nested


def test_the_same_inputs_are_the_same_text_in_every_process() -> None:
    """`-` makes a set, which Python orders at random unless told otherwise."""
    names = ", ".join(f"'{name}': 1" for name in "abcdefghij")
    text = f"{{{{ ({{{names}}}.keys() - {{}}.keys()) | list }}}}"
    found = set()
    for _ in range(4):
        with Jinja(seconds=60) as fresh:
            found.add(render(fresh, text))
    assert len(found) == 1


def test_a_process_that_cannot_start_is_no_fault_of_the_overlays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Jinja(seconds=60) as fresh:
        monkeypatch.setattr(sys, "path", [])
        with pytest.raises(RenderError) as caught:
            render(fresh, "")
        said = f"Python (`{sys.executable}`) cannot be started to render files of an overlay: "
        assert str(caught.value).startswith(said)
        assert "stackgen" in str(caught.value).removeprefix(said)
        monkeypatch.setattr(sys, "executable", shutil.which("false"))
        with pytest.raises(RenderError, match=r"of an overlay: ended with exit code 1\.$"):
            render(fresh, "")
        monkeypatch.undo()
        assert render(fresh, "{{ year }}") == "2026"


@pytest.mark.parametrize(
    ("end", "error", "said"),
    [
        ("os.kill(os.getpid(), 9)", StandardError, r"too much memory .* killed by signal 9 \("),
        (
            "os.close(1); time.sleep(0.3); os._exit(3)",
            RenderError,
            r"cannot be rendered: the process ended with exit code 3\.",
        ),
    ],
)
def test_how_a_process_ended_is_told(
    monkeypatch: pytest.MonkeyPatch, end: str, error: type[Exception], said: str
) -> None:
    program = f"import os, sys, time; print('{{}}', flush=True); sys.stdin.readline(); {end}"

    def start() -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        words = [sys.executable, "-c", program]
        return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe)

    monkeypatch.setattr("stackgen.team.jinja._start", start)
    with Jinja(seconds=60) as fresh, pytest.raises(error, match=said):
        render(fresh, "")


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 7 ** (10 ** 9) }}",
    ],
)
@pytest.mark.proof
def test_what_takes_too_long_is_ended(text: str) -> None:
    with Jinja(seconds=60) as jinja:
        render(jinja, "warm")
        jinja._seconds = 3
        process = jinja._process
        started = time.monotonic()
        with pytest.raises(StandardError, match=r"longer than 3 seconds|too much memory"):
            render(jinja, text)
        assert time.monotonic() - started < 15
        assert process
        assert process.poll() is not None


def test_what_grows_together_is_bounded(jinja: Jinja) -> None:
    files = {f"common/{number}": "{{ 'a' * 9 * 1024**2 }}" for number in range(8)}
    with pytest.raises(StandardError, match="becomes larger than"):
        jinja.render(files, list(files), VALUES, ENVOPS)


def test_the_process_knows_nothing_of_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    with Jinja(seconds=60) as jinja:
        render(jinja, "")
        assert jinja._process
        environment = Path(f"/proc/{jinja._process.pid}/environ")
        if environment.exists():  # not on every system
            assert b"hunter2" not in environment.read_bytes()


def test_a_process_that_ended_by_the_sets_before_is_replaced() -> None:
    """It may take so many seconds of the processor in all, which a thousand projects need."""
    with Jinja(seconds=60) as jinja:
        render(jinja, "")
        assert jinja._process
        jinja._process.kill()
        jinja._process.wait()
        assert render(jinja, "{{ year }}") == "2026"
