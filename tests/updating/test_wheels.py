"""Two releases as people have them: wheels in environments of their own, and no network."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from command_line import read_json
from template_history import commit, git, snapshot
from test_packaging import build, install, run

from stackgen.updating.applying import undo_update

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def releases(tmp_path_factory):
    """Return the Python of an environment with each of two releases, one tagged, one entered."""
    folder = tmp_path_factory.mktemp("releases")
    source = folder / "stackgen"
    listed = git("ls-files", "-z", "-co", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name)
    git("init", "-q", cwd=source)
    pythons = []
    for number, tag in enumerate(("v1.0.0", "v1.1.0")):
        if number:
            for framework in ("django", "flask"):
                readme = source / "templates" / framework / "README.md.jinja"
                readme.write_text(readme.read_text() + "\nNew in the second release.\n")
                (source / "templates" / framework / "docs").mkdir(exist_ok=True)
                (source / "templates" / framework / "docs/new.md").write_text("New.\n")
            shared = source / "templates/shared"
            style = next(path for path in shared.rglob("site.css"))
            style.write_text(style.read_text() + "\n/* New. */\n")
        commit(source, tag)
        if number:
            released = git("rev-parse", "HEAD", cwd=source)
            with (source / "releases.toml").open("a") as file:
                file.write(f'\n[[releases]]\nversion = "{tag[1:]}"\ncommit = "{released}"\n')
            commit(source, f"{tag} by its entry")
        else:
            git("tag", tag, cwd=source)
        wheel = build(source, folder / f"wheel-{tag}")
        pythons.append(install(folder / tag, str(wheel)))
    return pythons


def offline(python, *words, cwd, codes=(0,)):
    """Run a release without a network, where that can be had."""
    shut = ("unshare", "--net")
    if subprocess.run([*shut, "true"], capture_output=True, check=False).returncode:
        shut = ()
    command = [*shut, str(python), "-m", "stackgen", *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode in codes, (done.stdout, done.stderr)
    return read_json(words, done.stdout) if "--json" in words else done.stdout


@pytest.mark.proof
@pytest.mark.parametrize("framework", ["django", "flask"])
def test_project_follows_from_one_wheel_to_the_next(releases, tmp_path, framework):
    former, present = releases
    words = ("new", "shop", "--framework", framework, "--defaults", "--quiet")
    environment = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com"}
    run(str(former), "-m", "stackgen", *words, cwd=tmp_path, **environment)
    project = tmp_path / "shop"
    secrets = (project / ".env").read_bytes()
    readme = project / "README.md"
    readme.write_text("# Mine\n" + readme.read_text().partition("\n")[2])
    (project / "LICENSE").unlink()
    commit(project)
    before = snapshot(project)
    found = offline(present, "status", "shop", "--json", cwd=tmp_path, codes=(3,))
    assert (found[0]["from"], found[0]["to"], found[0]["behind"]) == ("1.0.0", "1.1.0", True)
    drifted = {each["path"]: each["state"] for each in found[0]["files"] if each["state"] != "same"}
    assert drifted == {"README.md": "edited", "LICENSE": "missing"}
    planned = offline(present, "update", "--dry-run", "--json", cwd=project)
    assert snapshot(project) == before
    result = offline(present, "update", "--json", cwd=project)
    assert result == planned
    states = {each["path"]: each["state"] for each in result["files"]}
    assert states["README.md"] == "merged"
    assert states["LICENSE"] == "kept-deleted"
    assert states["docs/new.md"] == "added"
    assert list(states.values()).count("updated") == 2  # the style sheet and the answers file
    text = readme.read_text()
    assert text.startswith("# Mine\n")
    assert text.endswith("\nNew in the second release.\n")
    assert (project / ".env").read_bytes() == secrets
    offline(present, "update", "--check", cwd=project)
    undo_update(project)
    assert snapshot(project) == before
    refused = offline(
        former, "update", "--json", cwd=project
    )  # the former release knows of nothing newer
    assert (refused["behind"], refused["files"]) == (False, [])


@pytest.mark.proof
def test_former_release_refuses_a_later_project(releases, tmp_path):
    former, present = releases
    run(str(present), "-m", "stackgen", "new", "shop", "--defaults", "--quiet", cwd=tmp_path)
    commit(tmp_path / "shop")
    out = offline(former, "update", "--json", cwd=tmp_path / "shop", codes=(2,))
    assert "follows v1.1.0, and this is stackgen v1.0.0. Upgrade stackgen." in out["error"]
