"""Repositories, generated or not, held against a standard."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from command_line import run_here
from rendering import write_tree
from standards import LOCKED, NAMED, change_standard, head, make_standard
from template_history import LAST, TAGS, commit, snapshot

from stackgen.team.edition import read_draft
from stackgen.team.rules import check_rules
from stackgen.template import source

STANDARD = (
    LOCKED.split("[options.ci]")[0]
    + """
[answers.team]
value = "3-5"
locked = true

[files]
required = [{path = "docs/owners.md", because = "Somebody is called.", owner = "Ann"}]
forbidden = ["Jenkinsfile"]

[lag]
releases = 2

[[rules]]
id = "line-length"
file = "pyproject.toml"
key = "tool.ruff.line-length"
value = 100

[[rules]]
id = "ci-image"
file = "ci.yml"
key = "image.name"
value = "debian"

[[rules]]
id = "editor"
file = "editor.txt"
equals = "common/editor.txt"

[[rules]]
id = "title"
file = "title.txt"
equals = "common/title.txt.jinja"

[[rules]]
id = "no-makefile"
file = "Makefile"
exists = false
"""
)
OVERLAY = {
    "overlay/common/editor.txt": "tabs: no\n",
    "overlay/common/title.txt.jinja": "{{ project_name }}\n",
}
ALL_WELL = {
    "docs/owners.md": "Ann\n",
    "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
    "ci.yml": "image: &x\n  name: debian\njob: !reference [a, b]\n",
    "editor.txt": "tabs: no\r\n",
}


@pytest.fixture
def audit(history, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(source, "installed", lambda: history.source(LAST))
    monkeypatch.setattr(source, "template_root", lambda: history.source(LAST).root)
    monkeypatch.setattr(source, "version", lambda: LAST.removeprefix("v"))
    return run_here(capsys)


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return make_standard(tmp_path / "acme", {"standard.toml": STANDARD, **OVERLAY})


def states(row: dict[str, Any]) -> dict[str, str]:
    return {rule["id"]: rule["state"] for rule in row["rules"]}


def test_a_foreign_repository(audit, acme: Path, tmp_path: Path) -> None:
    place = write_tree(tmp_path / "legacy", ALL_WELL)
    before = snapshot(place)
    done = audit("audit", place, "--standard", acme, "--json")
    (row,) = done.json
    assert done.returncode == 0, done.stdout
    assert (row["path"], row["standard"], row["commit"]) == (str(place), str(acme), head(acme))
    assert states(row) == {
        "options.database": "not-applicable",
        "answers.team": "not-applicable",
        "required:docs/owners.md": "passed",
        "forbidden:Jenkinsfile": "passed",
        "lag": "not-applicable",
        "line-length": "passed",
        "ci-image": "passed",
        "editor": "passed",
        "title": "not-applicable",
        "no-makefile": "passed",
    }
    assert snapshot(place) == before


def test_what_fails_says_why_and_whom_to_ask(audit, acme: Path, tmp_path: Path) -> None:
    files = {
        "Jenkinsfile": "x",
        "Makefile": "x",
        "pyproject.toml": "[tool.ruff]\nline-length = '100'\n",
        "ci.yml": "image: [\n",
        "editor.txt": "tabs: yes\n",
    }
    place = write_tree(tmp_path / "legacy", files)
    done = audit("audit", place, "--standard", acme, "--json")
    assert done.returncode == 3
    rules = {rule["id"]: rule for rule in done.json[0]["rules"]}
    assert {name: rule["detail"] for name, rule in rules.items() if rule["state"] == "failed"} == {
        "required:docs/owners.md": "`docs/owners.md` is not there.",
        "forbidden:Jenkinsfile": "`Jenkinsfile` is there.",
        "line-length": '`tool.ruff.line-length` in `pyproject.toml` is `"100"`, not `100`.',
        "ci-image": "`ci.yml` cannot be read as YAML.",
        "editor": "`editor.txt` is not as the standard has it.",
        "no-makefile": "`Makefile` is there.",
    }
    owners = rules["required:docs/owners.md"]
    assert (owners["because"], owners["owner"]) == ("Somebody is called.", "Ann")


def test_aliases_of_yaml_that_grow_without_end_are_no_message(
    audit, acme: Path, tmp_path: Path
) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for number in range(1, 12):
        inner = ", ".join([f"*a{number - 1}"] * 9)
        lines.append(f"a{number}: &a{number} [{inner}]")
    text = "\n".join(lines) + "\nimage:\n  name: *a11\n"
    place = write_tree(tmp_path / "legacy", {**ALL_WELL, "ci.yml": text})
    done = audit("audit", place, "--standard", acme, "--json")
    rules = {rule["id"]: rule for rule in done.json[0]["rules"]}
    assert rules["ci-image"]["detail"] == "`ci.yml` cannot be read as YAML."


@pytest.mark.parametrize(
    ("until", "state"), [("2999-01-01", "excepted"), ("2020-01-01", "expired")]
)
def test_exceptions(audit, acme: Path, tmp_path: Path, until: str, state: str) -> None:
    text = (
        "[tool.ruff]\nline-length = 88\n[[tool.stackgen.exceptions]]\nrule = 'line-length'\n"
        f"because = 'Black was here.'\nuntil = {until}\n"
    )
    place = write_tree(tmp_path / "legacy", {**ALL_WELL, "pyproject.toml": text})
    done = audit("audit", place, "--standard", acme, "--json")
    assert states(done.json[0])["line-length"] == state
    assert done.returncode == (0 if state == "excepted" else 3)
    rule = next(rule for rule in done.json[0]["rules"] if rule["id"] == "line-length")
    assert "Black was here" in rule["detail"]
    assert until in rule["detail"]


def test_a_link_leads_nowhere(audit, acme: Path, tmp_path: Path) -> None:
    place = write_tree(tmp_path / "legacy", {**ALL_WELL, "editor.txt": "x"})
    (tmp_path / "elsewhere").write_text("tabs: no\n")
    (place / "editor.txt").unlink()
    (place / "editor.txt").symlink_to(tmp_path / "elsewhere")
    done = audit("audit", place, "--standard", acme, "--json")
    assert states(done.json[0])["editor"] == "failed"


def test_a_project_and_what_it_records(audit, project: Path, acme: Path) -> None:
    done = audit("update", project, "--standard", acme)
    assert done.returncode == 0, done.stderr
    commit(project)
    write_tree(project, ALL_WELL)
    found = states(audit("audit", project, "--json").json[0])
    assert found["options.database"] == "passed"
    assert found["answers.team"] == "failed"
    assert (found["lag"], found["title"]) == ("passed", "passed")
    new = change_standard(acme, {"standard.toml": NAMED})
    (row,) = audit("audit", project, "--json").json
    assert row["commit"] != new  # Nothing is fetched.
    (row,) = audit("audit", project, "--standard", acme, "--json").json
    assert (row["commit"], row["rules"]) == (new, [])


def test_an_old_project_lags(audit, project: Path, acme: Path) -> None:
    done = audit("audit", project, "--standard", acme, "--json")
    rules = {rule["id"]: rule for rule in done.json[0]["rules"]}
    assert rules["lag"]["detail"] == f"It is {len(TAGS) - 1} releases behind; 2 are allowed."
    assert rules["options.database"]["state"] == "failed"


def test_one_that_cannot_be_audited_stops_nothing(audit, acme: Path, tmp_path: Path) -> None:
    place = write_tree(tmp_path / "legacy", ALL_WELL)
    broken = write_tree(tmp_path / "broken", {"pyproject.toml": "[", ".copier-answers.yml": "["})
    done = audit("audit", tmp_path / "none", broken, place, "--standard", acme, "--json")
    assert done.returncode == 3
    assert [bool(row["error"]) for row in done.json] == [True, True, False]
    done = audit("audit", place)
    assert (done.returncode, "follows no standard" in done.stdout) == (3, True)
    done = audit("audit", place, "--standard", "https://example.com/never/fetched", "--json")
    assert (done.returncode, "is not kept here" in done.stderr) == (2, True)


def test_words_markdown_and_sarif(audit, acme: Path, tmp_path: Path) -> None:
    place = write_tree(tmp_path / "legacy", {**ALL_WELL, "Jenkinsfile": "x"})
    done = audit("audit", place, "--standard", acme)
    assert done.returncode == 3, done  # Whatever ends it before says why on stderr.
    words = done.stdout
    assert f"{place}: acme {head(acme)[:12]}; 1 failed, 4 not-applicable, 5 passed\n" in words
    assert "  failed    forbidden:Jenkinsfile  `Jenkinsfile` is there.\n" in words
    table = audit("audit", place, "--standard", acme, "--markdown").stdout
    assert "| forbidden:Jenkinsfile | failed | `Jenkinsfile` is there. |  |" in table
    log = json.loads(audit("audit", place, "--standard", acme, "--sarif").stdout)
    (run,) = log["runs"]
    assert (log["version"], run["tool"]["driver"]["name"]) == ("2.1.0", "stackgen")
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("forbidden:Jenkinsfile", "error")
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "Jenkinsfile", "uriBaseId": "REPOSITORY"}
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert {"lag", "line-length"} <= {*rules}
    assert rules[result["ruleIndex"]] == "forbidden:Jenkinsfile"
    done = audit("audit", place, "--json", "--sarif")
    assert (done.returncode, "contradict" in done.stderr) == (2, True)


REQUIRED = """
[files]
required = [{path = "docs/où & #1.md", because = "|<b>*", link = "https://example.com/a_b?c=1"}]
"""


def test_what_a_stranger_wrote_is_text_in_words_markdown_and_sarif(audit, tmp_path: Path) -> None:
    acme = make_standard(tmp_path / "acme", {"standard.toml": NAMED + REQUIRED})
    place = write_tree(tmp_path / "evil\n/all: passed\x1b[31m [x](y) @all", {"a": ""})
    done = audit("audit", place, "--standard", acme)
    assert done.returncode == 3, done
    first, second, third = done.stdout.splitlines()
    assert first.startswith(f"{tmp_path}/evil\\n/all: passed\\x1b[31m")
    assert second.lstrip().startswith("failed")
    assert third.strip() == "|<b>*. https://example.com/a_b?c=1"
    table = audit("audit", place, "--standard", acme, "--markdown").stdout
    assert "\\[x\\]\\(y\\) @&#8203;all" in table
    assert "| \\|&lt;b&gt;\\*. <https://example.com/a_b?c=1> |" in table
    (run,) = json.loads(audit("audit", place, "--standard", acme, "--sarif").stdout)["runs"]
    (result,) = run["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location["uri"] == "docs/o%C3%B9%20%26%20%231.md"
    assert re.fullmatch(r"file:///[!-~]+/", run["originalUriBaseIds"]["REPOSITORY"]["uri"])


def test_a_project_of_another_template_is_a_foreign_repository(
    audit, acme: Path, tmp_path: Path
) -> None:
    record = "_src_path: gh:somebody/template\n_commit: v1\ndatabase: sqlite\n"
    place = write_tree(tmp_path / "other", {**ALL_WELL, ".copier-answers.yml": record})
    done = audit("audit", place, "--standard", acme, "--json")
    assert (done.returncode, done.json[0]["error"]) == (0, None)
    assert states(done.json[0])["options.database"] == "not-applicable"


def test_a_record_that_is_no_file_is_an_error(audit, project: Path, acme: Path) -> None:
    record = project / ".copier-answers.yml"
    record.rename(project / "answers.yml")
    record.symlink_to("answers.yml")
    done = audit("audit", project, "--standard", acme, "--json")
    assert done.returncode == 3
    assert "symbolic link" in done.json[0]["error"]


def test_what_may_not_be_looked_at_passes_nothing(tmp_path: Path, monkeypatch) -> None:
    """Neither is it said to be there: nobody knows."""
    rules = "[[rules]]\nid = 'x'\nfile = 'ci/x'\nexists = {}\n"
    text = f"{NAMED}[files]\nforbidden = ['ci/Jenkinsfile']\n" + rules.format("false")
    acme = read_draft(make_standard(tmp_path / "acme", {"standard.toml": text}))
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if path.parent.name == "ci":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    (tmp_path / "legacy/ci").mkdir(parents=True)
    found = check_rules(acme, tmp_path / "legacy")
    assert [result.state for result in found] == ["failed", "failed"]
    assert "may not be entered" in found[0].detail


def test_of_several_exceptions_the_one_that_holds_longest_counts(
    audit, acme: Path, tmp_path: Path
) -> None:
    entry = "[[tool.stackgen.exceptions]]\nrule = 'line-length'\nbecause = '-'\n"
    text = f"{entry}until = 2999-01-01\n{entry}until = 2020-01-01\n[tool.ruff]\nline-length = 9\n"
    place = write_tree(tmp_path / "legacy", {**ALL_WELL, "pyproject.toml": text})
    done = audit("audit", place, "--standard", acme, "--json")
    assert states(done.json[0])["line-length"] == "excepted"
    (place / "pyproject.toml").write_text(f"{entry}{text}")  # One of them has no end.
    done = audit("audit", place, "--standard", acme, "--json")
    assert states(done.json[0])["line-length"] == "excepted"


def test_a_file_of_another_framework_is_not_for_a_project(
    audit, project: Path, tmp_path: Path
) -> None:
    rules = "".join(
        f"[[rules]]\nid = 'r{number}'\nfile = 'own.txt'\nequals = '{path}'\n"
        for number, path in enumerate(
            ["common/own.txt", "django/own.txt", "flask/own.txt", "flask/b.txt.jinja", "common/no"]
        )
    )
    overlay = {
        "overlay/common/own.txt": "common\n",
        "overlay/django/own.txt": "django\n",
        "overlay/flask/own.txt": "flask\n",
        "overlay/flask/b.txt.jinja": "flask\n",
    }
    acme = make_standard(tmp_path / "acme", {"standard.toml": NAMED + rules, **overlay})
    (project / "own.txt").write_text("django\n")
    found = states(audit("audit", project, "--standard", acme, "--json").json[0])
    assert [*found.values()] == [
        "not-applicable",  # That of the framework goes before it.
        "passed",
        "not-applicable",
        "not-applicable",
        "failed",
    ]


@pytest.mark.parametrize(
    "record",
    [
        "framework: rails\n",
        "framework: [django]\n",
        "database: {a: [b]}\n",
        "recommendation: [1]\n",
        "recommendation: {answers: {team: [x]}}\n",
        "year: .inf\n",
    ],
)
def test_odd_records_are_told_and_stop_nothing(
    audit, project: Path, acme: Path, tmp_path: Path, record: str
) -> None:
    file = project / ".copier-answers.yml"
    name = record.partition(":")[0]
    lines = [line for line in file.read_text().splitlines() if not line.startswith(f"{name}:")]
    file.write_text("\n".join([*lines, record]))
    other = write_tree(tmp_path / "legacy", ALL_WELL)
    done = audit("audit", project, other, "--standard", acme, "--json")
    assert done.returncode == 3
    assert done.json[1]["error"] is None
    assert states(done.json[1])["editor"] == "passed"


def test_a_fault_of_stackgens_own_is_one_error(
    audit, acme: Path, tmp_path: Path, monkeypatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("format")

    monkeypatch.setattr("stackgen.team.audit.read_exceptions", fail)
    done = audit("audit", tmp_path, "--standard", acme, "--json")
    assert done.returncode == 3
    assert "KeyError" in done.json[0]["error"]
