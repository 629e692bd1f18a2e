"""`stackgen verify`: what fails is named, with the commands that repeat it; the project stays."""

from __future__ import annotations

import errno
import re
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
from command_line import Done, run_here
from small_verification import SERVE, TESTS, Small, shell
from template_history import LAST, git, snapshot

from stackgen.template import source
from stackgen.verification.verify import _told


def states(receipt: dict[str, Any]) -> dict[str, str]:
    return {step["name"]: step["state"] for step in receipt["steps"]}


@pytest.mark.proof
def test_a_project_is_only_read(made: Small) -> None:
    before = snapshot(made.project)
    done = made.run("verify", "shop")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("shop: 9 passed with Python 3.")
    assert "\nNot checked:\n  Whether anything was installed.\n" in done.stdout
    assert snapshot(made.project) == before
    assert git("status", "--porcelain", cwd=made.project) == ""


def test_write_writes_the_receipt_and_nothing_else(made: Small) -> None:
    before = snapshot(made.project)
    assert made.run("verify", "shop", "--write", "--quiet").returncode == 0
    after = snapshot(made.project)
    assert set(after) - set(before) == {"docs/receipt.json", "docs/receipt.md"}
    assert all(after[name] == content for name, content in before.items())
    assert (
        git("status", "--porcelain", cwd=made.project) == "?? docs/receipt.json\n?? docs/receipt.md"
    )


def test_a_program_reads_the_same(made: Small) -> None:
    done = made.run("verify", "shop", "--write", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.json["receipt"] == made.receipt()
    assert done.json["error"] is None


def test_quiet_says_nothing(made: Small) -> None:
    done = made.run("verify", "shop", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.proof
def test_what_is_ignored_or_of_the_developers_own_is_no_part_of_it(made: Small) -> None:
    """What counts is what a clone would hold, as it stands: edits, and new files."""
    said = made.said
    names = ("new.txt", ".env", "ignored.pyc", "seen.py", ".git")
    look = f"import os; print({{*os.listdir()}} & {{*{names}}}, os.environ.get('DATABASE_URL'))"
    said["checks"] = [{"name": "Look", "run": f'.venv/bin/python -c "{look}"'}]
    made.says(said)
    for name in ("ignored.pyc", "new.txt"):
        (made.project / name).write_text("")
    (made.project / "seen.py").unlink()
    for place in ("with git", "without"):
        if place == "without":
            (made.project / ".git").rename(made.work / "git")
        done = made.run("verify", "shop", "--json", DATABASE_URL="postgresql://x/production")
        (detail,) = (
            step["detail"] for step in done.json["receipt"]["steps"] if step["name"] == "Look"
        )
        assert detail == "{'new.txt'} None", place


def test_temporary_files_of_commands_go_as_well(made: Small) -> None:
    leave = "import tempfile; print(tempfile.mkdtemp())"
    made.says({**made.said, "checks": [{"name": "Leave", "run": f'.venv/bin/python -c "{leave}"'}]})
    assert made.run("verify", "shop").returncode == 0  # which sees that nothing is left


def test_a_check_that_fails_does_not_hide_the_others(made: Small) -> None:
    (made.project / "app/broken.py").write_text("def:\n")
    (made.project / "settings.py").write_text("raise SystemExit('no such settings')\n")
    done = made.run("verify", "shop", "--json")
    assert done.returncode == 1
    found = states(done.json["receipt"])
    assert {name for name, state in found.items() if state == "failed"} == {"Syntax", "Settings"}
    assert "skipped" not in found.values()
    (settings,) = (step for step in done.json["receipt"]["steps"] if step["name"] == "Settings")
    assert settings["detail"] == "exit code 1\nno such settings"
    assert set(done.json["receipt"]["evidence"].values()) <= {"rendered", "installed"}
    assert done.json["error"].startswith(f"`Syntax` and `Settings` failed in `{made.project}`.")


def test_the_named_commands_repeat_the_failure(made: Small) -> None:
    (made.project / "seen.py").write_text("import nowhere\n")
    done = made.run("verify", "shop", "--json")
    repeat = done.json["repeat"]
    assert repeat[-1] == TESTS
    assert all(f"`{command}`" in done.json["error"] for command in repeat)
    again = shell(repeat, made.project)
    assert again.returncode == 1
    assert "No module named 'nowhere'" in again.stderr


def test_what_failed_is_shown_with_what_it_said(made: Small) -> None:
    (made.project / "seen.py").write_text("print('\\x1b[31mred')\nimport nowhere\n")
    done = made.run("verify", "shop")
    assert f"\nTests: {TESTS}\n  exit code 1\n" in done.stdout
    assert "ModuleNotFoundError: No module named 'nowhere'" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert "failed  Tests" in done.stderr


def test_what_is_not_installed_is_not_tried(made: Small) -> None:
    said = made.said
    said["installers"][0]["steps"][1]["run"] = "python3 -c \"raise SystemExit('no such package')\""
    made.says(said)
    done = made.run("verify", "shop", "--json")
    found = states(done.json["receipt"])
    assert found.pop("Lock") == "passed"
    assert found.pop("Environment") == "failed"
    assert set(found.values()) == {"skipped"}
    assert set(done.json["receipt"]["evidence"].values()) == {"rendered"}
    assert done.json["receipt"]["not_checked"][0].startswith("Skipped: Syntax, Tests,")


def test_a_lock_that_is_there_is_not_made_anew(made: Small) -> None:
    (made.project / "uv.lock").write_text("mine")
    done = made.run("verify", "shop", "--json")
    assert "Lock" not in states(done.json["receipt"])
    assert (made.project / "uv.lock").read_text() == "mine"


@pytest.mark.parametrize(
    ("change", "name", "detail"),
    [
        ({"serve": ".venv/bin/python -c \"raise SystemExit('no')\""}, "Serve", "exit code 1\nno"),
        ({"serve": ".venv/bin/nothing"}, "Serve", "exit code 127"),
        ({"addresses": [{"path": "/none"}]}, "GET /none", "404 File not found, and 200 is right"),
        (
            {"addresses": [{"path": "/README.md", "type": "text/html"}]},
            "GET /README.md",
            "text/markdown, and text/html is right",
        ),
    ],
)
def test_a_server_that_does_not_answer_as_it_should(
    made: Small, change: dict[str, Any], name: str, detail: str
) -> None:
    made.says({**made.said, **change})
    done = made.run("verify", "shop", "--json")
    assert done.returncode == 1
    (failed,) = (step for step in done.json["receipt"]["steps"] if step["state"] == "failed")
    assert failed["name"] == name
    assert failed["detail"].startswith(detail)
    assert done.json["receipt"]["evidence"]["framework"] == "tested"
    serve = SERVE.format(port=8000)
    if name != "Serve":
        assert done.json["repeat"][-2].endswith(serve)
        assert done.json["repeat"][-1].endswith(f"http://127.0.0.1:8000{name.partition(' ')[2]}")


def only_failed(done: Done) -> dict[str, Any]:
    (failed,) = (step for step in done.json["receipt"]["steps"] if step["state"] == "failed")
    return failed


@pytest.mark.proof
def test_a_server_that_never_listens_is_none(made: Small) -> None:
    sleep = '.venv/bin/python -c "import time; print({port}); time.sleep(60)"'
    made.says({**made.said, "serve": sleep})
    short = "from stackgen.verification import server; server.PATIENCE = 2"
    done = made.run("verify", "shop", "--json", where=short)
    failed = only_failed(done)
    assert failed["name"] == "Serve"
    assert re.fullmatch(r"it does not listen at port (\d+) after 2 s\n\1", failed["detail"]), (
        failed["detail"]
    )
    assert states(done.json["receipt"])["GET /README.md"] == "skipped"


@pytest.mark.proof
def test_another_server_at_the_port_is_not_the_projects(made: Small) -> None:
    sleep = '.venv/bin/python -c "import time; time.sleep(60)"'
    made.says({**made.said, "serve": sleep})
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = (
            "from stackgen.verification import making, server\n"
            f"server.PATIENCE = 2; making.free_port = lambda: {port}"
        )
        done = made.run("verify", "shop", "--json", where=taken)
    assert only_failed(done)["detail"] == (
        f"it does not listen at port {port} after 2 s, where another program does"
    )


def test_what_installs_gets_what_a_login_needs_and_nothing_that_breaks_it(made: Small) -> None:
    said = made.said
    names = ("AWS_PROFILE", "NETRC", "UV_FROZEN", "PIP_USER", "VIRTUAL_ENV", "UV_HTTP_RETRIES")
    look = f"import os; print([name for name in {names} if name in os.environ])"
    said["installers"][0]["steps"].insert(1, {"name": "Look", "run": f'python3 -c "{look}"'})
    said["checks"] = [{"name": "Check", "run": f'.venv/bin/python -c "{look}"'}]
    made.says(said)
    done = made.run("verify", "shop", "--json", **dict.fromkeys(names, "1"))
    details = {step["name"]: step["detail"] for step in done.json["receipt"]["steps"]}
    assert details["Look"] == "['AWS_PROFILE', 'NETRC', 'UV_HTTP_RETRIES']"
    assert details["Check"] == "['UV_HTTP_RETRIES']"


def test_uv_is_given_the_python_that_the_receipt_names(made: Small) -> None:
    """By a name it takes any that it has made."""
    said = made.said
    look = "import os, sys; print(os.environ['UV_PYTHON'] == sys.executable)"
    said["installers"][0]["steps"].insert(1, {"name": "Look", "run": f'python3 -c "{look}"'})
    made.says(said)
    done = made.run("verify", "shop", "--json")
    (found,) = (step for step in done.json["receipt"]["steps"] if step["name"] == "Look")
    assert found["detail"] == "True"
    assert found["command"].startswith("python3 -c ")


def test_a_lock_that_is_not_made_is_no_lack_of_room(made: Small) -> None:
    said = made.said
    said["installers"][0]["steps"][0]["run"] = 'python3 -c "pass"'
    made.says(said)
    failed = only_failed(made.run("verify", "shop", "--json"))
    assert (failed["name"], failed["detail"]) == ("Lock", "it made no `uv.lock`")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space"), "No space. Make room, or let `TMPDIR` name"),
        (OSError(errno.EFBIG, "Too large", "x"), "Too large. Make room, or let `TMPDIR` name"),
        (OSError(errno.EACCES, "Denied", "a/b"), "`a/b`: Denied. See that it may be read"),
        (OSError(errno.EMFILE, "Too many"), "Too many. Call `stackgen verify` again when"),
    ],
)
def test_only_a_lack_of_room_asks_for_room(error: OSError, said: str) -> None:
    assert _told(error).startswith(said)


def test_a_receipt_that_cannot_be_written_leaves_the_old_one(made: Small) -> None:
    docs = made.project / "docs"
    (docs / "receipt.json").write_text("old")
    (docs / "receipt.md").mkdir()
    (docs / "receipt.md/kept").write_text("")
    before = snapshot(made.project)
    done = made.run("verify", "shop", "--write")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("Is a directory. Nothing was changed there.")
    assert snapshot(made.project) == before


def test_a_receipt_goes_through_no_link(made: Small, tmp_path: Path) -> None:
    shutil.rmtree(made.project / "docs")
    (tmp_path / "elsewhere").mkdir()
    (made.project / "docs").symlink_to(tmp_path / "elsewhere")
    done = made.run("verify", "shop", "--write")
    assert (done.returncode, list((tmp_path / "elsewhere").iterdir())) == (2, [])
    assert "docs` is a link, and files belong into a directory there." in done.stderr


def test_what_a_step_said_stays_in_its_block_of_the_document(made: Small) -> None:
    say = ".venv/bin/python -c \"raise SystemExit('````\\n# Heading')\""
    made.says({**made.said, "checks": [{"name": "Say", "run": say}]})
    made.run("verify", "shop", "--write")
    text = (made.project / "docs/receipt.md").read_text()
    assert "\n`````text\nexit code 1\n````\n# Heading\n`````\n" in text


@pytest.mark.parametrize("place", ["variable", "file", "elsewhere", "folder"])
def test_a_lock_with_an_index_of_this_machines_configuration_is_told(
    made: Small, place: str
) -> None:
    """Without the login; a lock that names what everybody has is not told."""
    address = "/wheels" if place == "folder" else "https://Packages.example:8443/simple"
    (made.project / "make_lock.py").write_text(
        f"""open("uv.lock", "w").write('source = {{ registry = "{address}" }}')"""
    )
    said = made.said
    said["installers"][0]["steps"][0]["run"] = "python3 make_lock.py"
    made.says(said)
    index = "https://me:hunter2@packages.example:8443/simple"
    folder = made.work / "config"
    (folder / "uv").mkdir(parents=True)
    if place == "file":
        (folder / "uv/uv.toml").write_text(f'[[index]]\nurl = "{index}"\ndefault = true\n')
    variables = {"UV_INDEX": f"own={index} https://b.example"} if place == "variable" else {}
    done = made.run("verify", "shop", "--json", XDG_CONFIG_HOME=str(folder), **variables)
    sentences = [each for each in done.json["receipt"]["not_checked"] if "uv.lock" in each]
    named = {"elsewhere": None, "folder": "a folder"}.get(place, "`packages.example:8443`")
    assert len(sentences) == (named is not None)
    for sentence in sentences:
        assert sentence.startswith(f"Other machines: `uv.lock` names {named} of this machine's")
        assert done.json["receipt"]["steps"][0]["detail"] == sentence
    assert "hunter2" not in done.stdout + done.stderr


def test_an_option_whose_address_is_wrong_was_not_served(made: Small) -> None:
    made.says({**made.said, "addresses": [{"path": "/none", "option": "api"}]})
    levels = made.run("verify", "shop", "--json").json["receipt"]["evidence"]
    assert (levels["api"], levels["accounts"]) == ("tested", "served")


def test_a_red_receipt_is_written_too(made: Small) -> None:
    (made.project / "seen.py").write_text("import nowhere\n")
    assert made.run("verify", "shop", "--write").returncode == 1
    assert states(made.receipt())["Tests"] == "failed"
    assert "## Tests failed\n" in (made.project / "docs/receipt.md").read_text()


@pytest.mark.proof
def test_new_keeps_a_project_that_fails_and_its_receipt(small: Small) -> None:
    (small.tree / "seen.py").write_text("import nowhere\n")
    done = small.new("--verify")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        f"stackgen: `{small.project}` is made. `Tests` failed in `{small.project}`. Repeat it"
    )
    assert states(small.receipt())["Tests"] == "failed"
    assert git("status", "--porcelain", cwd=small.project) == ""
    assert git("rev-list", "--count", "HEAD", cwd=small.project) == "1"


@pytest.mark.proof
def test_new_says_so_to_a_program_with_all_it_knows(small: Small) -> None:
    (small.tree / "seen.py").write_text("import nowhere\n")
    done = small.new("--verify", "--json")
    assert done.returncode == 1
    assert done.json["path"] == str(small.project)
    assert done.json["repeat"][-1] == TESTS
    assert "`Tests` failed" in done.json["error"]


@pytest.mark.parametrize(
    ("path", "said"), [("none", "is not a directory"), (".", "is not a stackgen project")]
)
def test_what_is_no_project_is_refused(small: Small, path: str, said: str) -> None:
    done = small.run("verify", path)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_version_that_does_not_tell_is_refused(
    history: Any, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(source, "installed", lambda: history.source(LAST))
    done = run_here(capsys)("verify", project)
    assert done.returncode == 2
    assert "follows 1.0.0, which does not say how it is verified. Run `stackgen update`" in (
        done.stderr
    )
