"""A person's configuration: what it may hold, and how it is refused."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from option_matrix import ROOT

from stackgen.errors import ConfigurationError
from stackgen.project.configuration import parse_configuration, read_configuration
from stackgen.project.installation import load_installation
from stackgen.project.preset import OF_EACH_PROJECT

INSTALLATION = load_installation()


def parse(text: str):
    return parse_configuration(text, "config.toml", INSTALLATION)


def test_values_have_the_types_of_toml_or_are_words() -> None:
    preset = parse(
        '[options]\naccounts = true\npython = 3.12\nauthor_name = "Ann"\nadmin = "no"\n'
        '[answers]\nfirst_project = false\nscope = "one-job"\n'
    )
    assert preset.options == {
        "accounts": True,
        "python": "3.12",
        "author_name": "Ann",
        "admin": False,
    }
    assert preset.answers == {"first_project": "no", "scope": "one-job"}
    assert (preset.origin, preset.counts_unasked, preset.warnings) == ("configuration", False, ())


def test_the_example_of_the_page_is_one() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    preset = parse(example)
    assert preset.options
    assert preset.answers
    assert preset.warnings == ()
    named = re.search(r"^- (`project_name`.*?) can only be set", page, re.MULTILINE)
    assert named
    assert set(re.findall(r"`(\w+)`", named[1])) == OF_EACH_PROJECT


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "[options]\n", "\ufeff[answers]\n"])
def test_an_empty_configuration_sets_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    preset = read_configuration(tmp_path / "config.toml", INSTALLATION)
    assert preset is not None
    assert (preset.options, preset.answers, preset.warnings) == ({}, {}, ())


def test_no_configuration_is_none_of_anybodys_business(tmp_path: Path) -> None:
    assert read_configuration(tmp_path / "none" / "config.toml", INSTALLATION) is None
    (tmp_path / "file").touch()
    assert read_configuration(tmp_path / "file" / "config.toml", INSTALLATION) is None


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("[options]\ndatabse = 1\n", "There is no option `databse`. Did you mean `database`?"),
        ("[answers]\nscoop = 1\n", "There is no question `scoop`. Did you mean `scope`?"),
        ("[aliases]\nx = 1\n", "There is no table `aliases`."),
        ("colour = 1\n", "There is no table `colour`."),
        ("ci = 1\n", "There is no table `ci`. Write it below `[options]`."),
        ("scope = 1\n", "There is no table `scope`. Write it below `[answers]`."),
        ("[options]\nrecommendation = 1\n", "`recommendation` is recorded by stackgen"),
        *(
            (f"[options]\n{name} = 1\n", f"The option `{name}` can only be set for one project.")
            for name in sorted(OF_EACH_PROJECT)
        ),
    ],
)
def test_what_is_unknown_or_of_one_project_is_left_out_with_a_line(text: str, warning: str) -> None:
    preset = parse(text)
    assert (preset.options, preset.answers) == ({}, {})
    (line,) = preset.warnings
    assert line.startswith(f"`config.toml`: {warning}")
    assert line.endswith("It is ignored.")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[options]\nci = "jenkins"\n', "`ci` cannot be `jenkins`. Choose one of: github,"),
        ("[options]\nci = [1]\n", "`ci` cannot be `[1]`. Choose one of: github,"),
        ("[options.ci]\nx = 1\n", "`ci` cannot be `{'x': 1}`. Choose one of: github,"),
        ('[options]\nauthor_name = " "\n', "`author_name` cannot be ` `. It must not be empty."),
        ('[answers]\nscope = "huge"\n', "`scope` cannot be `huge`. Choose one of: one-job"),
        ("[answers]\nscope = 7\n", "`scope` cannot be `7`. Choose one of: one-job"),
        ("[answers]\nscope = [7]\n", "`scope` cannot be `[7]`. Choose one of: one-job"),
        ("options = 3\n", "`options` is `3`, not a table. Begin it with `[options]`."),
        ("[[answers]]\n", "`answers` is `[{}]`, not a table. Begin it with `[answers]`."),
    ],
)
def test_a_value_that_is_not_allowed_is_named_with_its_file(text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(text)
    assert str(caught.value).startswith(f"`config.toml`: {message}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"[options\n", "cannot be read as TOML: "),
        (b"[options]\nci = github\n", "cannot be read as TOML: "),
        (b"[options]\nci = 1\nci = 2\n", "cannot be read as TOML: "),
        (b"a = " + b"9" * 5000, "cannot be read as TOML: "),
        (b"a = 0x" + b"f" * 5000, "cannot be read as TOML: A number has more than 64 bits."),
        (b"a = " + b"[" * 5000, "cannot be read as TOML: It is nested too deeply."),
        (b'[options]\nauthor_name = "Andr\xe9"\n', "is not UTF-8 at byte 29. Save it as UTF-8."),
        (b"#" * 300_000, "is larger than 256 KiB."),
    ],
)
def test_a_broken_file_is_one_clear_line(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(path, INSTALLATION)
    assert str(caught.value).startswith(f"`{path}` {message}")
    assert "\n" not in str(caught.value)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"

    def said() -> str:
        with pytest.raises(ConfigurationError) as caught:
            read_configuration(path, INSTALLATION)
        return str(caught.value).removeprefix(f"`{path}` ")

    path.mkdir()
    assert said() == "is a directory. Put a file in its place, or remove it."
    path.rmdir()
    os.mkfifo(path)
    assert said() == "is not a regular file. Put a file in its place, or remove it."
    path.unlink()
    path.symlink_to("nowhere")
    assert said() == "is a broken symbolic link. Fix or remove it."
    (tmp_path / "nowhere").write_text('[options]\nci = "none"\n')
    linked = read_configuration(path, INSTALLATION)
    assert linked is not None
    assert linked.options == {"ci": "none"}


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.touch(mode=0o200)
    with pytest.raises(ConfigurationError, match="cannot be read: Permission denied"):
        read_configuration(path, INSTALLATION)
