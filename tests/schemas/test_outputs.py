"""What every command prints as JSON is described, and described in one place."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest
from command_line import COMMANDS, OPTIONS, PROGRAM, read_json, run, told, validator
from option_matrix import ROOT
from rendering import MatchesSnapshot

from stackgen.advice.loading import load_questionnaire
from stackgen.cli.app import app
from stackgen.schemas.commands import FILES
from stackgen.schemas.compare import comparison
from stackgen.schemas.derivation import DIALECT

TESTS = ROOT / "tests"


@pytest.mark.parametrize("command", [*COMMANDS, *FILES])
def test_every_schema_is_one_and_comes_with_the_package(command: str, tmp_path: Path) -> None:
    done = run("schema", command, cwd=tmp_path)
    schema = json.loads(done.stdout)
    assert (done.returncode, schema["$schema"]) == (0, DIALECT)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema == validator(command).schema


def test_every_command_that_prints_json_has_a_schema(tmp_path: Path) -> None:
    with_json = {
        each.callback.__module__.rpartition(".")[2]
        for each in app.registered_commands
        if "as_json" in each.callback.__annotations__
    }
    assert with_json == set(COMMANDS)
    assert run("schema", cwd=tmp_path).stdout.split() == [*COMMANDS, *FILES]


def test_an_unknown_schema_is_refused(tmp_path: Path) -> None:
    done = run("schema", "old\x1bnew", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "stackgen: There is no schema `old\\x1bnew`. Choose one of: "
        "new, recommend, compare, questions, update, status, verify, adopt, audit, receipt.\n"
    )


def test_no_test_reads_json_past_the_schemas() -> None:
    """A call by `command_line` is always held against its schema; others ask `read_json` to."""
    for path in TESTS.rglob("*.py"):
        tree = ast.parse(path.read_text())
        words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        if "--json" in words and path.name != "command_line.py":
            assert "command_line" in imported, path


def test_the_comparison_reads_well_as_data(matches_snapshot: MatchesSnapshot) -> None:
    text = json.dumps(comparison(load_questionnaire()), indent=2, ensure_ascii=False) + "\n"
    matches_snapshot("comparison.json", text)


GOOD = {
    "new": {
        "path": "/x",
        "framework": OPTIONS.default_framework,
        "recommendation": None,
        "options": dict(OPTIONS.resolve({}, defaults={"project_name": "x", "year": 2026}).values),
        "files": 1,
        "existing": [],
        "version": "1",
        "next": {"run": [], "test": [], "production": []},
    },
    "update": {
        "path": "/x",
        "from": "1",
        "to": "2",
        "behind": True,
        "files": [],
        "conflicts": [],
        "discarded": [],
        "error": None,
    },
}
del GOOD["new"]["options"]["recommendation"]


@pytest.mark.parametrize(
    ("command", "change"),
    [
        ("new", {"more": 1}),
        ("new", {"framework": "rails"}),
        ("new", {"files": "many"}),
        ("new", {"options": {**GOOD["new"]["options"], "ci": "jenkins"}}),
        ("new", {"options": {}}),
        ("new", {"recommendation": {"framework": None}}),
        ("new", {"next": {"run": []}}),
        ("update", {"more": 1}),
        ("update", {"from": 1}),
        ("update", {"files": [{"path": "x", "state": "gone"}]}),
        ("update", {"discarded": None}),
    ],
)
def test_a_contract_is_closed(command: str, change: dict) -> None:
    validator(command).validate(GOOD[command])
    with pytest.raises(jsonschema.ValidationError):
        validator(command).validate(GOOD[command] | change)


@pytest.mark.parametrize(
    "words",
    [
        ["new", "shop", "--defaults", "--dry-run"],
        ["new", "shop", "--framework", "flask", "--answer", "scope=many-modules", "--no-git"],
        ["recommend", "--answer", "scope=one-job", "--answer", "data=elsewhere"],
        ["compare"],
        ["questions"],
    ],
    ids=" ".join,
)
def test_every_result_is_as_its_schema_says(tmp_path: Path, words: list[str]) -> None:
    done = run(*words, "--json", cwd=tmp_path)
    assert done.returncode == 0
    assert done.json


def test_a_fault_of_stackgens_own_is_an_object_and_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "from stackgen.advice import loading\nloading.load_questionnaire = lambda: 1 / 0\n"
    )
    words = ("compare", "--json")
    done = subprocess.run(
        [*PROGRAM, *words],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert read_json(words, done.stdout) == {"error": "ZeroDivisionError: division by zero"}
    assert "Traceback" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["new"],
        ["new", "shop"],
        ["new", "shop", "--frobnicate"],
        ["new", "shop", "--defaults", "--set", "databse=sqlite"],
        ["new", "shop", "--defaults", "--answers", "none.yml"],
        ["new", "con", "--defaults"],
        ["new", "shop", "--defaults", "--all"],
        ["recommend"],
        ["recommend", "--markdown", "--answer", "scope=one-job"],
        ["recommend", "--answers", "."],
        ["compare", "--markdown"],
        ["compare", "more"],
        ["questions", "--markdown"],
        ["update", "--frobnicate"],
        ["update", "none"],
        ["update", "--undo", "--check"],
        ["update", "--diff"],
        ["update", "--set", "ci"],
        ["verify", "--frobnicate"],
        ["verify", "none"],
        ["new", "shop", "--defaults", "--verify", "--dry-run"],
        ["status", "--frobnicate"],
        ["adopt"],
        ["adopt", "none"],
        ["adopt", ".", "--commit"],
        ["adopt", ".", "--commit", "--dry-run"],
        ["frobnicate"],
        ["schema", "nothing"],
    ],
    ids=" ".join,
)
def test_every_failure_is_an_object_and_a_line(tmp_path: Path, words: list[str]) -> None:
    done = run(*words, "--json", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr == f"stackgen: {told(done.json)}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_is_none_is_an_entry_of_its_own(tmp_path: Path) -> None:
    done = run("status", ".", "none", "--json", cwd=tmp_path)
    assert done.returncode == 3
    assert [bool(each["error"]) for each in done.json] == [True, True]


@pytest.mark.proof
def test_a_broken_installation_is_an_object(tmp_path: Path) -> None:
    hook = "from stackgen.template import source\nsource._PACKAGE = source.Path('/no/x/y')\n"
    (tmp_path / "sitecustomize.py").write_text(hook)
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    for words in (["status"], ["update"], ["questions"], ["new", "shop", "--defaults"]):
        done = run(*words, "--json", cwd=tmp_path, PYTHONPATH=path)
        assert done.returncode == 1
        assert "holds no template" in told(done.json)
