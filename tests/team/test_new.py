"""`stackgen new --standard`: a real project with a team's files, or none at all."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path

import pytest
import yaml
from command_line import run
from standards import LOCKED, NAMED, change_standard, head, make_standard
from template_history import PERSON, git

OVERLAY = {
    "overlay/common/docs/owners.md.jinja": "{{ project_name }}, {{ framework }}: Ann\n",
    "overlay/common/README.md": "the common one\n",
    "overlay/flask/README.md": "the team's own\n",
    "overlay/django/deploy/django-alone.txt": "x\n",
    "overlay/common/.gitignore": "!.env\n*.log\n",
    "overlay/common/pyproject.toml": '[tool.acme]\nlevel = "gold"\n',
}


@pytest.fixture
def stackgen(tmp_path: Path):
    (tmp_path / "work").mkdir()
    return partial(
        run,
        cwd=tmp_path / "work",
        XDG_CACHE_HOME=str(tmp_path / "cache"),
        XDG_CONFIG_HOME=str(tmp_path / "config"),
        **PERSON,
    )


def test_a_project_follows_a_standard(stackgen, tmp_path: Path) -> None:
    text = LOCKED + '[files]\ndrop = ["renovate.json", "deploy"]\n'
    acme = make_standard(tmp_path / "acme", {"standard.toml": text, **OVERLAY})
    script = acme / "overlay/common/bin/deploy"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    change_standard(acme, {})
    config = tmp_path / "config/stackgen/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[standards]\nteam = "{acme}@main"\n[options]\nci = "github"\n')
    words = ("--framework", "flask", "--defaults", "--json")
    done = stackgen("new", "shop", "--standard", "team", *words)
    assert done.returncode == 0, done.stderr
    assert done.json["standard"] == {"url": str(acme), "commit": head(acme)}
    options = done.json["options"]
    assert (options["database"], options["ci"], options["license"]) == (
        "postgresql",
        "gitlab",
        "proprietary",
    )
    assert "database is postgresql, set by the standard acme: Operations" in done.stderr
    shop = tmp_path / "work/shop"
    assert (shop / "docs/owners.md").read_text() == "shop, flask: Ann\n"
    assert (shop / "README.md").read_text() == "the team's own\n"
    assert (shop / "bin/deploy").stat().st_mode & 0o111
    assert not (shop / "deploy").exists()
    metadata = tomllib.loads((shop / "pyproject.toml").read_text())
    assert metadata["tool"]["acme"] == {"level": "gold"}
    assert metadata["project"]["name"] == "shop"
    record = yaml.safe_load((shop / ".copier-answers.yml").read_text())
    assert record["_standard"] == {"url": str(acme), "commit": head(acme), "revision": "main"}
    assert git("status", "--porcelain", cwd=shop) == ""
    assert (shop / ".gitignore").read_text().startswith("!.env\n*.log\n")
    assert (shop / ".env").is_file()
    assert ".env" not in git("ls-files", cwd=shop).splitlines()
    assert "docs/owners.md" in git("ls-files", cwd=shop).splitlines()


@pytest.mark.parametrize(
    ("files", "words", "said"),
    [
        ({"standard.toml": LOCKED}, ["--set", "database=sqlite"], "locks it at `postgresql`"),
        ({"standard.toml": LOCKED}, ["--answers", "a.yml"], "locks it at `postgresql`"),
        ({"standard.toml": "name = 3"}, [], "`name` is `3`"),
        ({"overlay/common/a.jinja": "{{ nothing }}"}, [], "`common/a.jinja` of the overlay"),
        ({"overlay/common/readme.md": "x"}, [], "one and the same on some systems"),
        ({"overlay/common/pyproject.toml": "[project"}, [], "cannot be merged"),
        (
            {"overlay/common/pyproject.toml": "[project]\ndependencies = [1]"},
            [],
            "is not what Python's packaging wants",
        ),
        ({"overlay/rails/a": "x"}, [], "`overlay/rails`"),
    ],
)
def test_what_is_refused_leaves_nothing(
    stackgen, tmp_path: Path, files: dict[str, str], words: list[str], said: str
) -> None:
    acme = make_standard(tmp_path / "acme", files)
    (tmp_path / "work/a.yml").write_text("options: {database: sqlite}\n")
    call = ("new", "shop", "--framework", "flask", "--defaults", "--standard", str(acme))
    done = stackgen(*call, *words)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1 + done.stderr.count("set by the standard")
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["a.yml"]


def test_a_malformed_name_in_the_configuration_is_named(stackgen, tmp_path: Path) -> None:
    config = tmp_path / "config/stackgen/config.toml"
    config.parent.mkdir(parents=True)
    for entry, said in [
        ('acme = "ext::sh"', "helpers of git's"),
        ('"a b" = "x"', "`a b` in `standards`"),
        ("acme = 3", "`acme` in `standards` is `3`"),
    ]:
        config.write_text(f"[standards]\n{entry}\n")
        done = stackgen("new", "shop", "--defaults", "--standard", "acme")
        assert done.returncode == 2
        assert said in done.stderr


def test_a_standard_is_begun(stackgen, tmp_path: Path) -> None:
    done = stackgen("standard", "init", "team")
    assert done.returncode == 0, done.stderr
    team = tmp_path / "work/team"
    assert git("status", "--porcelain", cwd=team) == ""
    assert tomllib.loads((team / "standard.toml").read_text())["name"] == "team"
    assert (team / "tests/test_standard.py").is_file()
    assert "NAME" not in (team / "README.md").read_text()
    for words, said in [(("init", "team"), "is not empty"), (("init", "-x/y z"), "")]:
        done = stackgen("standard", *words)
        assert done.returncode == 2
        assert said in done.stderr
    assert [path.name for path in (tmp_path / "work").iterdir()] == ["team"]


def test_help_of_both_commands_has_examples(stackgen) -> None:
    for name in ("init", "check"):
        done = stackgen("standard", name, "--help", COLUMNS="80")
        assert f"\n  stackgen standard {name} acme-standard\n" in done.stdout
        assert "\n  DIR  The folder of the standard." in done.stdout
    done = stackgen("standard")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Make a standard with an example and its own tests." in done.stdout


def test_what_is_no_standard_is_refused_by_check(stackgen, tmp_path: Path) -> None:
    done = stackgen("standard", "check", ".")
    assert (done.returncode, "has no `standard.toml`" in done.stderr) == (2, True)
    (tmp_path / "work/standard.toml").write_text(NAMED + "[options.databse]\nvalue = 1\n")
    done = stackgen("standard", "check", ".")
    assert (done.returncode, "Did you mean `database`?" in done.stderr) == (2, True)
    (tmp_path / "work/standard.toml").write_text(NAMED)
    (tmp_path / "work/overlay/common").mkdir(parents=True)
    (tmp_path / "work/overlay/common/a").symlink_to("/etc/passwd")
    done = stackgen("standard", "check", ".")
    assert (done.returncode, "is a symbolic link" in done.stderr) == (2, True)


def test_a_standard_that_git_could_not_commit_says_how(tmp_path: Path) -> None:
    """Nothing can be made with it before."""
    nobody = {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": "", "GIT_CONFIG_NOSYSTEM": "1"}
    done = run("standard", "init", "my team/acme", cwd=tmp_path, EMAIL="", **nobody)
    assert done.returncode == 2
    (tmp_path / "my team").mkdir()
    done = run("standard", "init", "my team/acme", cwd=tmp_path, EMAIL="", **nobody)
    assert done.returncode == 0
    assert "\nCommit it: git -C 'my team/acme' commit -m 'Start the standard'\n" in done.stdout
    assert "set user.name and user.email first" in done.stdout


@pytest.mark.proof
def test_standards_are_fetched_for_those_who_fetch_nothing(stackgen, tmp_path: Path) -> None:
    """By name, or all that the configuration names; one that cannot be reached is an error."""
    done = stackgen("standard", "fetch")
    assert (done.returncode, "Your configuration names no standard" in done.stderr) == (2, True)
    acme = make_standard(tmp_path / "acme", OVERLAY)
    config = tmp_path / "config/stackgen/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f'[standards]\nteam = "{acme}"\n')
    assert stackgen("new", "shop", "--standard", "team", "--defaults").returncode == 0
    change_standard(acme, {"overlay/common/docs/more.md": "more\n"})
    assert stackgen("status", "shop", "--json").json[0]["standard"]["behind"] is False
    done = stackgen("standard", "fetch")
    assert done.stdout == f"acme {head(acme)[:12]}: {acme}\n"
    assert stackgen("status", "shop", "--json").json[0]["standard"]["behind"] is True
    acme.rename(tmp_path / "gone")
    done = stackgen("standard", "fetch", "team")
    assert (done.returncode, done.stdout) == (2, "")


def test_one_standard_that_cannot_be_fetched_does_not_end_the_others(
    stackgen, tmp_path: Path
) -> None:
    acme, broken = make_standard(tmp_path / "acme"), make_standard(tmp_path / "broken")
    change_standard(broken, {"standard.toml": "name = "})
    done = stackgen("standard", "fetch", "gone", str(broken), str(acme))
    assert done.returncode == 2
    assert done.stdout == f"acme {head(acme)[:12]}: {acme}\n"
    first, second = done.stderr.splitlines()
    assert first.startswith("stackgen: `gone` is no name")
    assert second.startswith(f"stackgen: Commit {head(broken)[:12]} of the standard `{broken}`")
    (tmp_path / "cache").rename(tmp_path / "away")
    done = stackgen("standard", "fetch", str(acme), "gone", PATH=str(tmp_path / "nowhere"))
    assert (done.returncode, done.stderr.count("stackgen: ")) == (1, 2)
