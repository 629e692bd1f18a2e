"""A project is there whole, or not at all."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from stackgen.errors import DestinationError, RenderError
from stackgen.project import creation
from stackgen.project.creation import generate
from stackgen.project.destination import check_destination
from stackgen.template import source
from stackgen.template.loading import load_options

FRAMEWORKS = load_options(source.template_root()).frameworks


def values(framework: str, **given: object) -> dict:
    options = load_options(source.template_root())
    defaults = {"project_name": "shop", "author_name": "Ann", "year": 2026}
    return dict(options.resolve({"framework": framework, **given}, defaults=defaults).values)


def git(project: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=project, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture(autouse=True)
def identity(monkeypatch: pytest.MonkeyPatch) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ann")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ann@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_project_is_committed_and_keeps_its_secrets(tmp_path: Path, framework: str) -> None:
    made = generate(tmp_path / "shop", values(framework))
    assert made.repository == "committed"
    assert made.path == tmp_path / "shop"
    assert git(made.path, "status", "--porcelain") == ""
    assert git(made.path, "log", "--format=%an %s").startswith("Ann Start from stackgen v")
    assert git(made.path, "branch", "--show-current") == "main\n"
    environment = made.path / ".env"
    assert stat.S_IMODE(environment.stat().st_mode) == 0o600
    secret = re.search(r"(?m)^SECRET_KEY=(\S+)$", environment.read_text())
    assert secret
    assert len(secret[1]) >= 50
    tracked = git(made.path, "ls-files").split()
    assert ".env" not in tracked
    assert secret[1] not in git(made.path, "log", "-p")
    assert sorted([*tracked, ".env"]) == sorted(made.paths)
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def test_two_projects_differ_only_in_their_secrets(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", values("flask"), with_git=False)
    two = generate(tmp_path / "two", values("flask"), with_git=False)
    assert one.paths == two.paths
    differing = {
        name
        for name in one.paths
        if (one.path / name).read_bytes() != (two.path / name).read_bytes()
    }
    assert differing == {".env"}
    assert not (one.path / ".git").exists()


def test_the_record_names_the_public_template_and_its_version(tmp_path: Path) -> None:
    made = generate(tmp_path / "shop", values("django"), with_git=False)
    record = yaml.safe_load((made.path / ".copier-answers.yml").read_text())
    assert record["_src_path"] == source.PUBLIC_URLS[0]
    assert record["_commit"] == source.tag()
    assert {name: value for name, value in record.items() if name[0] != "_"} == values("django")


def test_modes_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        made = generate(tmp_path / "shop", values("django"), with_git=False)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE((made.path / name).stat().st_mode) for name in made.paths}
    assert modes <= {0o600, 0o640, 0o750}
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o750


def test_without_an_identity_everything_is_staged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.delenv(f"GIT_{who}_NAME")
        monkeypatch.delenv(f"GIT_{who}_EMAIL")
    monkeypatch.setenv("HOME", str(tmp_path))
    made = generate(tmp_path / "shop", values("flask"))
    assert made.repository == "staged"
    assert ".env" not in git(made.path, "diff", "--cached", "--name-only").split()
    assert "README.md" in git(made.path, "diff", "--cached", "--name-only").split()


def test_a_users_hooks_filters_signing_and_templates_do_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("pre-commit", "commit-msg", "post-commit"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\nexit 1\n")
        (hooks / name).chmod(0o755)
    settings = tmp_path / "gitconfig"
    settings.write_text(
        f"[core]\n hooksPath = {hooks}\n autocrlf = true\n excludesFile = {tmp_path}/ignore\n"
        f"[commit]\n gpgSign = true\n[gpg]\n program = /bin/false\n"
        f"[init]\n templateDir = {tmp_path}\n defaultBranch = trunk\n"
        f"[core]\n attributesFile = {tmp_path}/attributes\n"
        f'[filter "own"]\n clean = touch {tmp_path}/ran\n'
    )
    (tmp_path / "attributes").write_text("* filter=own\n")
    (tmp_path / "ignore").write_text("*.md\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    (tmp_path / "work").mkdir()
    made = generate(tmp_path / "work" / "shop", values("flask"))
    assert made.repository == "committed"
    assert not (tmp_path / "ran").exists()
    assert "README.md" in git(made.path, "ls-files").split()
    assert not (made.path / ".git" / "ran").exists()


def test_in_a_repository_no_second_one_is_made(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    made = generate(tmp_path / "shop", values("flask"))
    assert made.repository == "enclosing"
    assert not (made.path / ".git").exists()


def test_without_git_there_is_a_project_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    made = generate(tmp_path / "shop", values("flask"))
    assert made.repository == "none"
    assert (made.path / "README.md").is_file()


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    planned = generate(tmp_path / "shop", values("flask"), dry_run=True)
    assert list(tmp_path.iterdir()) == []
    made = generate(tmp_path / "shop", values("flask"), with_git=False)
    assert planned.paths == made.paths


def test_an_empty_directory_is_filled(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    assert generate(tmp_path / "shop", values("flask")).repository == "committed"


@pytest.mark.parametrize("name", ["SQLAlchemy", "psycopg", "hatchling"])
def test_a_name_of_a_dependency_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DestinationError, match="package the project depends on"):
        generate(tmp_path / "shop", {**values("flask"), "project_name": name})
    assert list(tmp_path.iterdir()) == []


def test_a_place_taken_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    def check_and_swap(path: Path) -> Path:
        checked = check_destination(path)
        path.symlink_to(elsewhere)
        return checked

    monkeypatch.setattr(creation, "check_destination", check_and_swap)
    with pytest.raises(RenderError, match="cannot be put in its place"):
        generate(tmp_path / "shop", values("flask"), with_git=False)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "shop"]
    assert list(elsewhere.iterdir()) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Copier's scandir
def test_a_template_that_fails_leaves_nothing(tmp_path: Path) -> None:
    template = tmp_path / "template"
    (template / "templates" / "one").mkdir(parents=True)
    (template / "copier.yml").write_text(
        "_subdirectory: templates/one\n_envops: {undefined: jinja2.StrictUndefined}\n"
    )
    (template / "templates" / "one" / "a.txt").write_text("fine")
    (template / "templates" / "one" / "b.txt.jinja").write_text("{{ nothing }}")
    place = tmp_path / "work"
    place.mkdir()
    with pytest.raises(RenderError, match="'nothing' is undefined"):
        generate(place / "shop", {}, template=template)
    assert list(place.iterdir()) == []


COMMAND = [sys.executable, "-m", "stackgen", "new", "shop", "--defaults"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("seconds", [0.25, 0.5, 0.7])
def test_a_signal_leaves_a_whole_project_or_nothing(
    tmp_path: Path, number: signal.Signals, seconds: float
) -> None:
    process = subprocess.Popen(
        COMMAND, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    time.sleep(seconds)
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    left = sorted(path.name for path in tmp_path.iterdir())
    if process.returncode == 0:
        assert left == ["shop"]
    else:
        # Before Python has installed a handler, the signal simply ends the process.
        assert process.returncode in {130, -number}, said
        assert left in ([], ["shop"])
    if left:
        assert git(tmp_path / "shop", "status", "--porcelain") == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small file system")
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    script = (
        f"mount -t tmpfs -o size=64k tmpfs {tmp_path} && cd {tmp_path} && "
        f"{' '.join(COMMAND)}; echo code $?; ls -A"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if "code" not in done.stdout:
        pytest.skip(f"no private mount here: {done.stderr.strip()}")
    assert done.stdout == "code 1\n"
    assert "No space left on device" in done.stderr
