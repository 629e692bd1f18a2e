"""The update that a project's own pipeline makes: its steps as written, up to the call of the host.

A commit before the last one made the projects; what the last one brings is a line at the end of
README.
"""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from later_commit import NEWS
from newcomer import run
from pipeline_host import Host, Run
from standards import head, make_standard
from template_history import commit, git

TOKEN = "token-of-the-project-3c9a1f"  # noqa: S105
BRANCH = "refs/heads/stackgen/update"
TITLE = "chore: update from the template"
MINE = "\nMine, at the end.\n"
CREATE = ["pr", "create", "--head", "stackgen/update", "--base", "main", "--title", TITLE]


@dataclass(frozen=True)
class Given:
    """The host, where stackgen comes from, and a project for each kind of pipeline."""

    host: Host
    source: str
    projects: Path


@pytest.fixture(scope="module")
def given(upstream: Path, tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("host")
    (folder / "gitconfig").write_text(
        f'[url "file://{folder}/"]\n\tinsteadOf = https://git.example.com/\n', "utf-8"
    )
    bare = folder / "stackgen.git"
    git("clone", "-q", "--bare", str(upstream), str(bare), cwd=folder)
    for setting in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git("config", setting, "true", cwd=bare)
    before = folder / "before"
    git("clone", "-q", "--no-tags", str(upstream), str(before), cwd=folder)
    git("checkout", "-q", "HEAD~1", cwd=before)
    projects = folder / "projects"
    projects.mkdir()
    for ci in ("github", "gitlab"):
        words = (ci, "--framework=flask", f"--set=ci={ci}", "--defaults", "--no-config")
        source = {"PYTHONPATH": str(before / "src")}
        run(sys.executable, "-m", "stackgen", "new", *words, cwd=projects, **source)
    latest = git("rev-parse", "HEAD", cwd=upstream)
    return Given(Host(folder), f"git+https://git.example.com/stackgen.git@{latest}", projects)


def github(
    given: Given, name: str, work: Path, *, source: str = "", standard: str = "", **values: object
) -> Run:
    """Run the workflow of a repository in which all that it needs is set."""
    variables = {"STACKGEN_SOURCE": source or given.source, "STACKGEN_STANDARD": standard}
    secrets = {"STACKGEN_TOKEN": TOKEN}
    return given.host.github(name, work, variables=variables, secrets=secrets, **values)  # type: ignore[arg-type]


def work_on(clone: Path, text: str) -> None:
    """Add a text where the template adds one, too, and push it."""
    readme = clone / "README.md"
    readme.write_text(readme.read_text("utf-8") + text, "utf-8")
    commit(clone)
    git("push", "-q", "origin", "HEAD", cwd=clone)


def test_nothing_is_done_until_it_is_set_up(given: Given, tmp_path: Path) -> None:
    given.host.add("off", given.projects / "github")
    done = given.host.github("off", tmp_path / "off", variables={}, secrets={})
    assert (done.code, list(done.environments)) == (0, ["configured"])
    assert done.said == (
        "::notice::Updates by request are off until this repository has the variable "
        "STACKGEN_SOURCE and the secret STACKGEN_TOKEN. The README says more.\n"
    )
    half = {"STACKGEN_SOURCE": given.source}
    done = given.host.github("off", tmp_path / "half", variables=half, secrets={})
    assert "has the secret STACKGEN_TOKEN." in done.said
    refused = [
        "stackgen",
        "git+https://git.example.com/stackgen.git@main",
        f"git+https://me:secret@git.example.com/stackgen.git@{'a' * 40}",
        f"git+file:///stackgen.git@{'a' * 40}",
        "https://git.example.com/stackgen-1-py3-none-any.whl",
        f"{given.source}\n{given.source}",
        f"{given.source} ; true",
    ]
    for number, source in enumerate(refused):
        done = github(given, "off", tmp_path / f"{number}", source=source)
        assert (done.code, list(done.environments)) == (1, ["configured", "update"])
        assert re.fullmatch("::error::STACKGEN_SOURCE must be .*\n", done.said)


def test_a_standard_is_followed_where_the_repository_names_it(given: Given, tmp_path: Path) -> None:
    clone = given.host.add("standard", given.projects / "github")
    record = clone / ".copier-answers.yml"
    followed = f"_standard:\n  url: https://git.example.com/s.git\n  commit: {'a' * 40}\n"
    record.write_text(record.read_text("utf-8") + followed, "utf-8")
    work_on(clone, "")
    done = github(given, "standard", tmp_path / "run")
    assert done.code == 1
    assert re.fullmatch("::error::This project follows a standard, .*\n", done.said)


def test_a_request_from_its_first_week_to_its_last(given: Given, tmp_path: Path) -> None:
    host, clone = given.host, given.host.add("shop", given.projects / "github")
    done = github(given, "shop", tmp_path / "first")
    assert done.code == 0, done.said
    assert host.ask("shop", "rev-parse", f"{BRANCH}^") == host.ask("shop", "rev-parse", "main")
    assert host.ask("shop", "show", f"{BRANCH}:README.md").endswith(NEWS.strip())
    listed, created = done.asked
    assert listed.words[:2] == ["pr", "list"]
    assert created.words[: len(CREATE)] == CREATE
    assert "--draft" not in created.words
    assert re.match(r"stackgen `\S+` to `\S+`\.\n\nFiles: 2 updated\.\n", created.text)
    assert "\n- updated: `README.md`\n" in created.text
    message = host.ask("shop", "show", "-s", "--format=%B", BRANCH)
    assert message.strip() == f"{TITLE}\n\n{created.text}".strip()

    # The token is where it is needed, and nothing that was installed could see it.
    assert created.token == TOKEN
    holders = [name for name, own in done.environments.items() if TOKEN in own.values()]
    assert holders == ["request"]
    assert TOKEN not in done.said
    assert not any(TOKEN in path.read_text() for path in tmp_path.rglob(".git/config"))

    # The next week; and once more, after somebody has worked on it.
    done = github(given, "shop", tmp_path / "again", number="7", made=tmp_path / "first")
    assert done.code == 0, done.said
    _, patched, ready = done.asked
    assert patched.words[-3:-1] == ["repos/{owner}/{repo}/pulls/7", "--field"]
    assert patched.text == created.text
    assert ready.words == ["pr", "ready", "7"]

    git("fetch", "-q", cwd=clone)
    git("switch", "-q", "stackgen/update", cwd=clone)
    work_on(clone, MINE)
    theirs = host.ask("shop", "rev-parse", BRANCH)
    done = github(given, "shop", tmp_path / "theirs", number="7", made=tmp_path / "first")
    assert (done.code, done.asked) == (0, []), done.said
    assert "::warning::Somebody works on the branch stackgen/update" in done.said
    assert host.ask("shop", "rev-parse", BRANCH) == theirs

    host.ask("shop", "update-ref", "refs/heads/main", BRANCH)
    done = github(given, "shop", tmp_path / "merged", number="7")
    assert (done.code, done.asked) == (0, []), done.said
    assert "::notice::The project is up to date.\n" in done.said
    assert "::notice::The branch stackgen/update has become unnecessary" in done.said


def test_a_conflict_makes_a_draft_that_says_how_to_finish(given: Given, tmp_path: Path) -> None:
    host = given.host
    work_on(host.add("conflict", given.projects / "github"), MINE)
    acme = make_standard(tmp_path / "acme", {"overlay/common/OWNERS.md": "Ada\n"})
    done = github(given, "conflict", tmp_path / "run", drafts=False, standard=str(acme))
    assert done.code == 0, done.said
    assert host.ask("conflict", "show", f"{BRANCH}:OWNERS.md") == "Ada"
    _, draft, created = done.asked
    assert draft.words[-1] == "--draft"
    assert created.words == draft.words[:-1], "the host has no drafts"
    assert created.text.startswith("The files in conflict are committed with both texts")
    assert f", the standard to {head(acme)[:12]}.\n" in created.text
    assert "\n    git fetch origin && git switch stackgen/update\n" in created.text
    assert "\n## In conflict\n\n- `README.md`\n" in created.text
    readme = host.ask("conflict", "show", f"{BRANCH}:README.md")
    assert all(part in readme for part in ("<<<<<<<", MINE.strip(), NEWS.strip(), ">>>>>>>"))


def test_a_merge_request_clean_and_with_conflicts(given: Given, tmp_path: Path) -> None:
    host, clone = given.host, given.host.add("blog", given.projects / "gitlab")
    done = host.gitlab("blog", tmp_path / "off")
    assert done.code == 0
    assert done.said.startswith("Updates by request are off until this project has the variable")

    variables = {"STACKGEN_SOURCE": given.source, "STACKGEN_TOKEN": TOKEN}
    done = host.gitlab("blog", tmp_path / "clean", **variables)
    assert done.code == 0, done.said
    assert host.push_options("blog") == {
        "merge_request.create": "",
        "merge_request.target": "main",
        "merge_request.title": TITLE,
        "merge_request.remove_source_branch": "",
    }
    # What the host shows as the text of such a request.
    message = host.ask("blog", "show", "-s", "--format=%B", BRANCH)
    assert message.endswith("\n- updated: `README.md`")
    assert TOKEN not in done.environments["update"].values()

    work_on(clone, MINE)
    done = host.gitlab("blog", tmp_path / "conflict", **variables)
    assert done.code == 0, done.said
    options = host.push_options("blog")
    assert options["merge_request.title"] == f"Draft: {TITLE}"
    assert options["merge_request.description"].endswith(
        f"{host.ask('blog', 'rev-parse', BRANCH)}."
    )
    assert "<<<<<<<" in host.ask("blog", "show", f"{BRANCH}:README.md")


def test_git_gets_the_token_from_its_environment(given: Given, tmp_path: Path) -> None:
    """Not from a file, nor from words that every process of the machine can read."""
    project = given.projects / "github"
    workflow = yaml.safe_load((project / ".github/workflows/update.yml").read_text("utf-8"))
    script = workflow["jobs"]["request"]["steps"][-1]["run"]
    function = script[: script.index("\n}\n") + 3]
    asking = "printf 'protocol=https\\nhost=git.example.com\\n\\n' | with_token credential fill"
    bash = shutil.which("bash") or "bash"
    said = run(bash, "-e", "-c", function + asking, cwd=tmp_path, STACKGEN_TOKEN=TOKEN).stdout
    assert said.splitlines()[-2:] == ["username=x-access-token", f"password={TOKEN}"]
