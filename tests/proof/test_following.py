"""A clone without tags, as newcomers have it: its projects follow each later commit of it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from command_line import read_json
from later_commit import NEWS
from packaging.version import Version
from template_history import commit, git, snapshot

from stackgen.template.releases import FILE, read_releases

PERSON = {
    f"GIT_{role}_{key}": value
    for role in ("AUTHOR", "COMMITTER")
    for key, value in (("NAME", "A Person"), ("EMAIL", "person@example.com"))
}


@pytest.fixture(params=[pytest.param("0.1.0", marks=pytest.mark.soak), "present"])
def start(request: pytest.FixtureRequest, upstream: Path) -> str:
    """The commit at which somebody clones it: the first release, and the one before the last."""
    if request.param == "present":
        return git("rev-parse", "HEAD~1", cwd=upstream)
    return read_releases((upstream / FILE).read_text("utf-8"))[Version(request.param)]


class Newcomer:
    """Somebody with a home, a clone in it, and nothing else of ours."""

    def __init__(self, home: Path, upstream: Path, start: str) -> None:
        self.home = home
        self.clone = home / "stackgen"
        home.mkdir()
        git("clone", "-q", "--no-tags", f"file://{upstream}", str(self.clone), cwd=home)
        git("checkout", "-q", start, cwd=self.clone)

    def shell(self, command: str) -> None:
        """Run what a page says, in the clone."""
        cache = {"PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(Path.home() / ".cache/pip"))}
        environment = {**os.environ, **PERSON, **cache, "HOME": str(self.home)}
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)

    def offline(self, *words: str, cwd: Path, code: int = 0) -> str:
        """Run stackgen without a network, where that can be had."""
        shut = ["unshare", "--net"]
        if subprocess.run([*shut, "true"], capture_output=True, check=False).returncode:
            shut = []
        command = [*shut, str(self.clone / ".venv/bin/stackgen"), *words]
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
        assert done.returncode == code, (words, done.stdout, done.stderr)
        return done.stdout


def first_command(clone: Path) -> str:
    """The command that the README shows first."""
    readme = (clone / "README.md").read_text("utf-8")
    found = re.search(
        r"(?m)^```shell\n(python3 -m venv .*stackgen new ~/myproject.*)\n```$", readme
    )
    assert found
    return found[1]


def edit(project: Path) -> None:
    """Work on a project: a heading, a file of one's own, and one that goes."""
    readme = project / "README.md"
    readme.write_text("# Mine\n" + readme.read_text("utf-8").partition("\n")[2], "utf-8")
    (project / "mine.txt").write_text("mine\n")
    (project / "LICENSE").unlink()
    commit(project)


def test_projects_of_a_fresh_clone_follow_a_later_commit(upstream, start, tmp_path):
    newcomer = Newcomer(tmp_path / "home", upstream, start)
    command = first_command(newcomer.clone)
    install = " && ".join(command.split(" && ")[:-1])
    newcomer.shell(command)
    newcomer.shell(".venv/bin/stackgen new ~/other --framework flask --defaults")
    projects = [newcomer.home / "myproject", newcomer.home / "other"]
    for project in projects:
        assert f"+g{start[:12]}\n" in (project / ".copier-answers.yml").read_text("utf-8")
        edit(project)
    git("checkout", "-q", "main", cwd=newcomer.clone)
    newcomer.shell(install)
    for project in projects:
        secrets = (project / ".env").read_bytes()
        before = snapshot(project)
        newcomer.offline("update", "--check", cwd=project, code=3)
        assert snapshot(project) == before
        result = read_json(["update", "--json"], newcomer.offline("update", "--json", cwd=project))
        assert (result["behind"], result["conflicts"], result["error"]) == (True, [], None)
        assert start[:12] in result["from"]
        text = (project / "README.md").read_text("utf-8")
        assert text.startswith("# Mine\n")
        assert text.endswith(NEWS)
        assert (project / "mine.txt").read_text() == "mine\n"
        assert not (project / "LICENSE").exists()
        assert (project / ".env").read_bytes() == secrets
        commit(project)
        newcomer.offline("update", "--check", cwd=project)
    # Neither build left anything in the clone.
    assert git("status", "--porcelain", cwd=newcomer.clone) == ""
