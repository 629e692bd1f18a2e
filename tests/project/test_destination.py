"""Where a project may go, and what it may be called."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackgen.errors import DestinationError
from stackgen.project.destination import check_destination, check_name


@pytest.mark.parametrize("name", ["shop", "my-shop", "my_shop", "Shop2", "a", "x" * 64, "e2e-app"])
def test_good_names(name: str) -> None:
    check_name(name, {"django", "flask"})


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "no name"),
        ("..", "no name"),
        ("../../x", r"U\+002E"),
        ("/etc/x", r"U\+002F"),
        (".git/hooks", r"U\+002E"),
        ("a/b", r"U\+002F"),
        ("a:b", r"U\+003A"),
        ("a\\b", r"U\+005C"),
        ("shop ", r"U\+0020"),
        ("shop\n", r"U\+000A"),
        ("shop\x1b[2J", r"U\+001B"),
        ("sh\u043ep", r"U\+043E"),
        ("-rf", "start with a letter"),
        ("2shop", "start with a letter"),
        ("shop-", "stand alone"),
        ("sh--op", "stand alone"),
        ("CON", "Windows"),
        ("com1", "Windows"),
        ("class", "keyword"),
        ("None", "keyword"),
        ("email", "standard library"),
        ("pip", "installs projects"),
        ("Django", "package the project depends on"),
        ("flask", "package the project depends on"),
        ("x" * 300, "300 characters"),
    ],
)
def test_a_bad_name_is_refused_with_its_rule(name: str, rule: str) -> None:
    with pytest.raises(DestinationError, match=rule):
        check_name(name, {"django", "flask"})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_new_place_or_an_empty_directory_will_do(here: Path) -> None:
    (here / "empty").mkdir()
    assert check_destination(Path("new")) == here / "new"
    assert check_destination(here / "empty") == here / "empty"


def test_what_stands_in_the_way_is_named(here: Path) -> None:
    (here / "full").mkdir()
    (here / "full" / "file").touch()
    (here / "link").symlink_to(here / "elsewhere")
    (here / "linked").symlink_to(here / "full")
    for path, reason in {
        "full": "exists and is not empty",
        "full/file": "is a file",
        "full/file/x": "is not a directory|Not a directory",
        "link": "symbolic link",
        "linked": "symbolic link",
        "none/x": "does not exist. Create it first",
        "my work/x": f"Create it first: mkdir -p '{here}/my work'",
        "../none/x": "does not exist. Create it first",
        ".git/hooks/x": "inside a `.git` directory",
        ".": "exists and is not empty: `full` is in the way",
        "two\nlines/x": "has a line break in it",
        "full/..": "exists and is not empty: `full` is in the way",
        "/": "is no place of its own. Give the project a directory",
    }.items():
        with pytest.raises(DestinationError, match=reason):
            check_destination(Path(path))


def test_a_path_may_climb(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "a" / "deep").mkdir(parents=True)
    (here / "link").symlink_to(here / "a" / "deep")
    assert check_destination(Path("a/../new")) == here / "new"
    # As the system sees it, and not as the text reads.
    assert check_destination(Path("link/../new")) == here / "a" / "new"
    monkeypatch.chdir(here / "a" / "deep")
    assert check_destination(Path()) == here / "a" / "deep"
    assert check_destination(Path("../new")) == here / "a" / "new"
    (here / "a" / "deep").rmdir()
    with pytest.raises(DestinationError, match="current directory does not exist any more"):
        check_destination(Path("shop"))


@pytest.mark.parametrize(
    "name",
    [
        *("README", "readme.md", "README.rst", "LICENSE", "LICENCE.txt", "LICENSE-MIT", "COPYING"),
        *(".gitignore", ".gitattributes", ".editorconfig", "CODEOWNERS", "CODE_OF_CONDUCT.md"),
        *("SECURITY.md", "CONTRIBUTING.md", ".DS_Store", "NOTICE", "CHANGELOG.md", ".gitkeep"),
    ],
)
def test_what_an_empty_clone_holds_is_no_obstacle(here: Path, name: str) -> None:
    (here / "shop").mkdir()
    (here / "shop" / name).write_text("theirs")
    assert check_destination(Path("shop")) == here / "shop"


@pytest.mark.parametrize(
    "name", ["readmes", "main.py", ".env", "licenses", "index.md", ".git2", "pyproject.toml"]
)
def test_the_first_obstacle_is_named(here: Path, name: str) -> None:
    (here / "shop").mkdir()
    for each in ("README.md", name, "zzz"):
        (here / "shop" / each).write_text("theirs")
    with pytest.raises(DestinationError, match=f"`{name}` is in the way"):
        check_destination(Path("shop"))


def test_what_is_no_ordinary_file_is_an_obstacle(here: Path) -> None:
    shop = here / "shop"
    shop.mkdir()
    for name, make in {
        "LICENSE": lambda path: path.mkdir(),
        "README.md": os.mkfifo,
        ".gitignore": lambda path: path.symlink_to(here / "ignored"),
        ".github": lambda path: path.symlink_to(here),
    }.items():
        make(shop / name)
        with pytest.raises(DestinationError, match=f"`{name}` is in the way"):
            check_destination(shop)
        (shop / name).rmdir() if name == "LICENSE" else (shop / name).unlink()


NOBODY = 65534


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """A directory as somebody sees it who is not root: root may write anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() != 0:
            yield Path(folder)
            return
        Path(folder).chmod(0o777)
        os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield Path(folder)
        finally:
            os.setresuid(0, 0, 0)


def test_a_parent_that_cannot_be_written_to_is_named(ordinary_user: Path) -> None:
    parent = ordinary_user / "locked"
    parent.mkdir(mode=0o500)
    with pytest.raises(DestinationError, match="cannot be written to"):
        check_destination(parent / "x")
