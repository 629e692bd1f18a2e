"""A host with repositories and runners: a folder, and pipelines that are run step by step.

Everything in a step is real but for `gh`, which notes what it is asked. No name is looked up: git
is told that `https://git.example.com/` is the folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from newcomer import clean_environment
from template_history import git

_GH = f"""#!{sys.executable}
import json, os, pathlib, sys
words = sys.argv[1:]
bodies = [word.removeprefix("body=@") for word in words if word.startswith("body=@")]
bodies += [words[at + 1] for at, word in enumerate(words) if word == "--body-file"]
text = pathlib.Path(bodies[0]).read_text("utf-8") if bodies else ""
with pathlib.Path(os.environ["GH_NOTES"]).open("a") as notes:
    print(json.dumps([words, text, os.environ["GH_TOKEN"]]), file=notes)
if words[:2] == ["pr", "list"]:
    print(os.environ["GH_NUMBER"])
sys.exit("--draft" in words and bool(os.environ["GH_REFUSES_DRAFTS"]))
"""


class Asked(NamedTuple):
    """What `gh` was asked: its words, the text of the file among them, and its token."""

    words: list[str]
    text: str
    token: str


@dataclass
class Run:
    """What came of a pipeline.

    Attributes:
        code: The exit code of the last step.
        said: What all steps printed.
        environments: The variables of each job that ran a script.
        asked: What `gh` was asked.
    """

    code: int = 0
    said: str = ""
    environments: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Host:
    """Repositories below a folder, and runners that clone from it.

    Attributes:
        folder: What holds them, in `acme/`.
    """

    folder: Path

    @property
    def url(self) -> str:
        return f"file://{self.folder}"

    def add(self, name: str, project: Path) -> Path:
        """Make a repository of a project, and return a colleague's clone of it."""
        bare = self.folder / f"acme/{name}.git"
        git("clone", "-q", "--bare", str(project), str(bare), cwd=project)
        git("config", "receive.advertisePushOptions", "true", cwd=bare)
        hook = bare / "hooks/pre-receive"
        hook.write_text(f'#!/bin/sh\nenv | grep "^GIT_PUSH_OPTION_" > "{bare}/options" || true\n')
        hook.chmod(0o755)
        clone = self.folder / name
        git("clone", "-q", str(bare), str(clone), cwd=self.folder)
        return clone

    def ask(self, name: str, *words: str) -> str:
        """Ask git about a repository."""
        return git(*words, cwd=self.folder / f"acme/{name}.git")

    def push_options(self, name: str) -> dict[str, str]:
        """Return what the last push told the host."""
        text = (self.folder / f"acme/{name}.git/options").read_text("utf-8")
        said = re.findall(r"(?m)^GIT_PUSH_OPTION_\d+=(.*)$", text)
        return {key: value for key, _, value in (option.partition("=") for option in said)}

    def environment(self, work: Path, *, number: str = "", drafts: bool = True) -> dict[str, str]:
        """Return what a runner gives a job: nobody's identity, and no configuration.

        Args:
            work: A folder for this run.
            number: The request that is open.
            drafts: Whether the host has drafts.
        """
        programs = work / "bin"
        programs.mkdir(parents=True)
        (programs / "gh").write_text(_GH)
        (programs / "gh").chmod(0o755)
        own = {name: v for name, v in clean_environment().items() if not name.startswith("GIT_")}
        return {
            **own,
            "PATH": f"{programs}{os.pathsep}{own['PATH']}",
            "PIP_CACHE_DIR": str(self.folder / "pip"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_COMPILE": "1",  # Little of what is installed is ever imported.
            "XDG_CACHE_HOME": str(work / "cache"),
            "GIT_CONFIG_GLOBAL": str(self.folder / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GH_NOTES": str(work / "asked"),
            "GH_NUMBER": number,
            "GH_REFUSES_DRAFTS": "" if drafts else "yes",
        }

    def clone(self, name: str, to: Path) -> None:
        """Check out as a runner does: one commit, and no branch."""
        git("clone", "-q", "--depth=1", f"{self.url}/acme/{name}", str(to), cwd=self.folder)
        git("checkout", "-q", "--detach", cwd=to)

    def github(  # noqa: PLR0913 - each is one thing that a repository may have
        self,
        name: str,
        work: Path,
        *,
        variables: Mapping[str, str],
        secrets: Mapping[str, str],
        number: str = "",
        drafts: bool = True,
        made: Path | None = None,
    ) -> Run:
        """Run the workflow `update.yml` of a repository.

        Args:
            name: The repository.
            work: A folder for this run.
            variables: What its owner has set.
            secrets: The same, for secrets.
            number: The request that is open.
            drafts: Whether the host has drafts.
            made: An earlier run, whose update counts: this one runs the last job alone.
        """
        environment = self.environment(work, number=number, drafts=drafts)
        context = {
            "github.server_url": self.url,
            "github.repository": f"acme/{name}",
            "github.ref_name": "main",
            **{f"secrets.{key}": value for key, value in secrets.items()},
            **{f"vars.{key}": value for key, value in variables.items()},
        }
        self.clone(name, work / "look")
        workflow = yaml.safe_load((work / "look/.github/workflows/update.yml").read_text("utf-8"))
        run, outputs, done = Run(), dict[str, str](), set[str]()
        if made:
            shutil.copytree(made / "artifact", work / "artifact")
            workflow["jobs"] = {"request": workflow["jobs"]["request"]}
            done.add("update")
        for job_name, job in workflow["jobs"].items():
            if not ({job["needs"]} if "needs" in job else set()) <= done:
                continue
            if not _holds(job.get("if", ""), outputs):
                continue
            temporary = work / job_name
            temporary.mkdir()
            runner = _Runner(self, name, temporary, {**context, "runner.temp": str(temporary)})
            for step in job["steps"]:
                runner.carry_out(step, environment, run)
                if run.code:
                    break
            else:
                done.add(job_name)
            outputs |= {f"{job_name}.{key}": value for key, value in runner.outputs()}
            if runner.environment:
                run.environments[job_name] = runner.environment
        run.asked = _asked(work)
        return run

    def gitlab(self, name: str, work: Path, **variables: str) -> Run:
        """Run the two jobs of a schedule of a repository, whose token is for the second alone."""
        environment, run = self.environment(work), Run()
        for job_name in ("update", "update-request"):
            here = work / "builds"
            shutil.rmtree(here, ignore_errors=True)
            self.clone(name, here)
            job = yaml.safe_load((here / ".gitlab-ci.yml").read_text("utf-8"))[job_name]
            if (work / "artifacts").exists():
                shutil.copytree(work / "artifacts", here, dirs_exist_ok=True)
            predefined = {
                "CI_DEFAULT_BRANCH": "main",
                "CI_PROJECT_DIR": str(here),
                "CI_PROJECT_PATH": f"acme/{name}",
                "CI_SERVER_URL": self.url,
            }
            own = {key: _expanded(text, predefined) for key, text in job["variables"].items()}
            hidden = set() if "environment" in job else {"STACKGEN_TOKEN"}
            known = {key: text for key, text in variables.items() if key not in hidden}
            given = {**environment, **predefined, **known, **own}
            run.environments[job_name] = given
            (script,) = job["script"]
            _carry_out(script, here, given, run)
            if run.code:
                break
            for path in job.get("artifacts", {}).get("paths", []):
                if (here / path).exists():
                    shutil.copytree(here / path, work / "artifacts" / path)
        return run


class _Runner:
    """A machine of GitHub's, for one job."""

    def __init__(self, host: Host, name: str, temporary: Path, context: Mapping[str, str]) -> None:
        self.environment: dict[str, str] = {}
        self._host = host
        self._name = name
        self._temporary = temporary
        self._context = context
        self._artifact = temporary.parent / "artifact"

    def carry_out(self, step: Mapping[str, Any], environment: Mapping[str, str], run: Run) -> None:
        """Do what a step says; an action that nothing is known of is an error."""
        given = {**step.get("with", {}), **step.get("env", {})}
        told = {key: self._filled(value) for key, value in given.items()}
        work = self._temporary / "work"
        match step.get("uses", "").partition("@")[0]:
            case "":
                work.mkdir(exist_ok=True)
                files = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary"}
                paths = {key: str(self._temporary / file) for key, file in files.items()}
                self.environment = {**environment, **told, **paths}
                _carry_out(step["run"], work, self.environment, run)
            case "actions/checkout":
                assert told["persist-credentials"] is False
                self._host.clone(self._name, work)
            case "actions/upload-artifact":
                shutil.copytree(told["path"], self._artifact)
            case "actions/download-artifact":
                shutil.copytree(self._artifact, told["path"])
            case other:
                raise AssertionError(other)

    def outputs(self) -> Iterator[tuple[str, str]]:
        """What the steps of the job hand on, as name and value."""
        file = self._temporary / "output"
        for line in file.read_text("utf-8").splitlines() if file.exists() else []:
            name, _, value = line.partition("=")
            yield name, value

    def _filled(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self._value(found[1]), value)

    def _value(self, expression: str) -> str:
        name, is_compared, _ = expression.partition(" != ''")
        is_optional = name.startswith(("vars.STACKGEN_", "secrets.STACKGEN_"))
        value = self._context.get(name, "") if is_optional else self._context[name]
        return str(bool(value)).lower() if is_compared else value


def _carry_out(script: str, cwd: Path, environment: Mapping[str, str], run: Run) -> None:
    """Run a script as both hosts do, in bash that stops at the first error."""
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=cwd,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    run.code = done.returncode
    run.said += done.stdout


def _asked(work: Path) -> list[Asked]:
    notes = work / "asked"
    lines = notes.read_text("utf-8").splitlines() if notes.exists() else []
    return [Asked(*json.loads(line)) for line in lines]


def _holds(condition: str, outputs: Mapping[str, str]) -> bool:
    if not condition:
        return True
    found = re.fullmatch(r"needs\.(\w+)\.outputs\.(\w+) == 'true'", condition)
    assert found, condition
    return outputs.get(f"{found[1]}.{found[2]}") == "true"


def _expanded(text: str, variables: Mapping[str, str]) -> str:
    return re.sub(r"\$(\w+)", lambda found: variables[found[1]], text)
