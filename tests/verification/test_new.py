"""`stackgen new --verify`: the lock and the receipt are part of the first commit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from command_line import OPTIONS, Done
from small_verification import Small, make_program, shell
from template_history import git

from stackgen.schemas.commands import output_schema

pytestmark = pytest.mark.proof

FILES = ["docs/receipt.json", "docs/receipt.md", "uv.lock"]
STEPS = ["Lock", "Environment", "Syntax", "Tests", "Settings", "Serve"]
ASKED = ["GET /README.md", "GET /LICENSE", "GET /nowhere"]


@pytest.fixture(scope="module")
def verified(program: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Small, Done]:
    """A project that was made and verified; tests only read it."""
    folder = tmp_path_factory.mktemp("verified")
    (folder / "work").mkdir()
    small = Small(make_program(program, folder), folder / "work")
    return small, small.new("--verify")


def test_what_was_seen_is_in_the_first_commit(verified: tuple[Small, Done]) -> None:
    small, done = verified
    assert done.returncode == 0, done.stderr
    assert git("log", "--format=%s", cwd=small.project).startswith("Start from stackgen")
    assert git("rev-list", "--count", "HEAD", cwd=small.project) == "1"
    assert git("status", "--porcelain", "--ignored", cwd=small.project) == "!! .env"
    assert set(FILES) <= set(git("ls-files", cwd=small.project).splitlines())
    assert (small.project / "uv.lock").read_text() == "locked"

    receipt = small.receipt()
    jsonschema.Draft202012Validator(output_schema("receipt", OPTIONS)).validate(receipt)
    assert [step["name"] for step in receipt["steps"]] == STEPS + ASKED
    assert {step["state"] for step in receipt["steps"]} == {"passed"}
    assert receipt["options"]["project_name"] == "shop"
    assert set(receipt["evidence"]) == set(receipt["options"])
    assert (receipt["evidence"]["ci"], receipt["evidence"]["title"]) == ("rendered", "tested")
    assert receipt["evidence"]["api"] == "served"
    assert receipt["not_checked"] == ["Whether anything was installed.", "The weather."]
    assert str(small.temporary) not in json.dumps(receipt)


def test_steps_are_told_as_they_end_and_the_result_at_last(verified: tuple[Small, Done]) -> None:
    _, done = verified
    lines = done.stderr.splitlines()
    told = [re.match(r"passed  ([\w/. ]+?)  +\d+\.\d s", each) for each in lines]
    assert [match[1] for match in told if match] == STEPS + ASKED
    assert done.stdout.startswith("shop: 9 passed with Python 3.")
    assert "uv.lock, docs/receipt.json and docs/receipt.md are in its commit." in done.stdout
    assert "\nNext:\n" in done.stdout


def test_its_document_says_the_same(verified: tuple[Small, Done]) -> None:
    small, _ = verified
    text = (small.project / "docs/receipt.md").read_text()
    assert "9 passed" in text
    for step in small.receipt()["steps"]:
        assert f"| {step['name']} | passed |" in text
        assert f"\n{step['command']}\n" in text
    assert "| `ci` | github | rendered |" in text
    assert "- The weather.\n" in text


def test_the_commands_of_the_receipt_pass_again(
    verified: tuple[Small, Done], tmp_path: Path
) -> None:
    small, _ = verified
    git("clone", "-q", str(small.project), str(tmp_path / "clone"), cwd=tmp_path)
    commands = [step["command"] for step in small.receipt()["steps"]][1:5]
    assert "SECRET_KEY=" in commands[-1]
    done = shell(commands, tmp_path / "clone")
    assert done.returncode == 0, done.stderr


def test_a_program_reads_one_object(small: Small) -> None:
    done = small.new("--verify", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.json["receipt"] == small.receipt()
    assert done.json["repeat"] == []
    files = git("ls-files", cwd=small.project).splitlines()
    assert done.json["files"] == len(files) + 1  # `.env` is ignored


def test_without_git_the_files_are_there_all_the_same(small: Small) -> None:
    done = small.new("--verify", "--no-git")
    assert done.returncode == 0
    assert not (small.project / ".git").exists()
    assert all((small.project / name).is_file() for name in FILES)
    assert "are there, but not committed." in done.stdout


def test_without_a_name_to_commit_in_they_are_staged_with_the_rest(small: Small) -> None:
    nobody = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"), "")
    nobody |= dict.fromkeys(("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"), "")
    done = small.new("--verify", **nobody)
    assert done.returncode == 0, done.stderr
    staged = git("diff", "--cached", "--name-only", cwd=small.project).splitlines()
    assert {*FILES, "README.md"} <= set(staged)


def test_a_clone_of_ones_own_gets_one_commit_more(small: Small) -> None:
    git("init", "-q", "-b", "main", str(small.project), cwd=small.work)
    (small.project / "README.md").write_text("# Mine\n")
    git("add", "--all", cwd=small.project)
    git("commit", "-qm", "mine", cwd=small.project)
    done = small.new("--verify", "--existing", "keep")
    assert done.returncode == 0, done.stderr
    assert git("rev-list", "--count", "HEAD", cwd=small.project) == "2"
    assert set(FILES) <= set(git("ls-files", cwd=small.project).splitlines())
    assert git("status", "--porcelain", cwd=small.project) == ""
    assert git("show", "HEAD~:README.md", cwd=small.project) == "# Mine"


def test_who_goes_on_meanwhile_keeps_what_they_did(small: Small) -> None:
    """A commit that came after the first one is not amended."""
    commit = "import subprocess; subprocess.run(['git', '-C', '{}', {}], check=True)".format(
        small.project, "'commit', '-q', '--allow-empty', '-m', 'mine'"
    )
    said = small.said
    said["checks"].append({"name": "Meanwhile", "run": f'.venv/bin/python -c "{commit}"'})
    small.says(said)
    # Commands get no variables of the person's: the name stands in the home folder.
    (small.work / ".gitconfig").write_text("[user]\n  name = A\n  email = a@example.com\n")
    done = small.new("--verify", HOME=str(small.work))
    assert done.returncode == 0, done.stderr
    assert git("log", "--format=%s", "-1", cwd=small.project) == "mine"
    assert "docs/receipt.json" not in git("ls-tree", "-r", "--name-only", "HEAD", cwd=small.project)
    assert "are there, but not committed." in done.stdout


def test_what_is_not_made_is_not_verified(small: Small) -> None:
    done = small.new("--verify", "--dry-run")
    assert done.returncode == 2
    assert "`--verify` and `--dry-run` contradict each other." in done.stderr
    assert not small.project.exists()
