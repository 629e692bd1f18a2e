"""Streams that cannot take every character, and names that are no text."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import read_json

from stackgen.cli import console

NAME = "caf\N{RIGHTWARDS ARROW}é"
STREAMS = {
    "latin-1": {"PYTHONIOENCODING": "latin-1"},
    "ascii": {"PYTHONIOENCODING": "ascii:strict"},
    "c-locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "utf-8": {"PYTHONUTF8": "1"},
}


@pytest.fixture(params=STREAMS.values(), ids=STREAMS)
def stream(request: pytest.FixtureRequest) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **request.param}


def call(folder: Path, stream: dict[str, str], *words: str | bytes) -> tuple[int, bytes]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "stackgen", *words],
        cwd=folder,
        env={**stream, "HOME": str(folder)},
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.proof
@pytest.mark.parametrize("name", [NAME.encode(), b"b\xffd"], ids=["text", "bytes"])
@pytest.mark.parametrize("form", ["", "--table", "--json", "--markdown", "--html"])
def test_what_a_stream_cannot_encode_is_written_by_its_code(
    tmp_path: Path, stream: dict[str, str], name: bytes, form: str
) -> None:
    words = [form] if form else []
    code, output = call(tmp_path, stream, "status", name, *words)
    assert code == 3
    assert b"is not a directory" in output
    if form == "--json":
        (project,) = read_json(["status", "--json"], output.decode())
        assert Path(project["path"]).parent == tmp_path
    if form == "--html":
        assert output.isascii()


def test_the_path_of_a_new_project_is_printed_whatever_it_is(
    tmp_path: Path, stream: dict[str, str]
) -> None:
    folder = tmp_path / NAME
    folder.mkdir()
    words = ("--defaults", "--no-git", "--quiet")
    code, output = call(tmp_path, stream, "new", f"{NAME}/shop".encode(), *words)
    assert code == 0
    assert output.endswith(b"/shop\n")
    assert (folder / "shop/pyproject.toml").is_file()


def test_streams_of_another_program_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    read = io.TextIOWrapper(io.BytesIO(b"one\ntwo\n"), encoding="utf-8")
    read.readline()
    monkeypatch.setattr(sys, "stdin", read)
    console.let_any_character_through()
    assert read.readline() == "two\n"


def test_a_byte_of_stdin_that_is_no_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO(b"caf\xe9\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", typed)
    console.let_any_character_through()
    assert typed.readline() == "caf\udce9\n"
