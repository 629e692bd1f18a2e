"""Two files of one purpose made one."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stackgen.project.merging import merged, with_env_ignored, with_missing_lines

OURS = b"# Secrets\n.env*\n!.env.example\n\n# Python\n__pycache__/\n*.py[cod]\n"


def test_missing_lines_come_below_with_their_comments() -> None:
    theirs = b"*.log\n__pycache__/\n*.py[cod]\n"
    assert with_missing_lines(theirs, OURS) == theirs + b"\n# Secrets\n.env*\n!.env.example\n"
    assert with_missing_lines(OURS, theirs) == OURS + b"\n*.log\n"
    assert with_missing_lines(OURS, OURS) == OURS
    assert with_missing_lines(b"", OURS) == OURS


def test_line_ends_and_a_missing_last_one_stay_theirs() -> None:
    assert with_missing_lines(b"a\r\nb\r\n", b"c\nd\n") == b"a\r\nb\r\n\r\nc\r\nd\r\n"
    assert with_missing_lines(b"a\nb", b"c\n") == b"a\nb\n\nc\n"
    assert with_missing_lines(b"\xff\n", b"c\n") == b"\xff\n\nc\n"


IGNORED = [
    ".env", "/.env", "**/.env", ".env*", ".e?v", ".*", "*", " .env", ".env  ", "#.env", "",
    ".env\n!.env", "!.env\n.env", ".env/", "env", "*.env", "!.env*\n/.en[v]", "*\n!.*", "x/.env",
    ".env\t", ".env\x0c", "\\.env", "[.]env", "[!a]env", ".env\n!.en[!v]",
    "\ufeff.env",
    ".env\n!\\.env", ".env\n!.[^x]nv", ".env\n!.[[:alpha:]]nv", ".env\n!.env\0x", ".[e\\]nv",
    "**//.env", ".env\n!/**/.env", ".env\n!**/**/.env",
]  # fmt: skip


@pytest.mark.parametrize("text", IGNORED)
def test_what_is_ignored_is_what_git_ignores(tmp_path: Path, text: str) -> None:
    """Where in doubt, one line more is added: never is `.env` taken for ignored that is not."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)

    def git_ignores() -> bool:
        check = ["git", "check-ignore", "-q", "--no-index", ".env"]
        return subprocess.run(check, cwd=tmp_path, check=False).returncode == 0

    file = tmp_path / ".gitignore"
    file.write_text(text + "\n")
    file.write_bytes(with_env_ignored(file.read_bytes()))
    assert git_ignores()
    assert file.read_text().startswith(text.removesuffix("\n"))


@pytest.mark.parametrize("text", [".env", "/.env", ".env*\n!.env.example", ".env\n!.vscode/x.json"])
def test_what_ignores_it_stays_as_it_is(text: str) -> None:
    assert with_env_ignored(text.encode()) == text.encode()


@pytest.mark.parametrize(
    ("path", "theirs", "ours", "result"),
    [
        ("README.md", b"# my-shop\n", b"# My shop\n\nA site.\n", b"# My shop\n\nA site.\n"),
        ("README.md", b"", b"# My shop\n", b"# My shop\n"),
        ("README.md", b"# My shop\n\nA site.\n", b"# My shop\n", b"# My shop\n\nA site.\n"),
        ("README.md", b"# My shop\n\nOur own words.\n", b"# My shop\n\nA site.\n", None),
        ("SECURITY.md", b"Mail us.\n", b"Please:\n\nMail us.\n", b"Please:\n\nMail us.\n"),
        ("SECURITY.md", b"Please:\nMail us.\n", b"Mail us.\n", b"Please:\nMail us.\n"),
        ("SECURITY.md", b"Call us.\n", b"Mail us.\n", None),
        (".editorconfig", b"[*]\nindent_size = 2\n", b"[*]\na = 1\nindent_size = 2\n", None),
        (".gitattributes", b"*.png -text\n", b"* text=auto\n", b"* text=auto\n\n*.png -text\n"),
    ],
)
def test_texts_are_merged_where_one_says_all_that_the_other_says(
    path: str, theirs: bytes, ours: bytes, result: bytes | None
) -> None:
    assert merged(path, theirs, ours) == result
