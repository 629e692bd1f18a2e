"""The files that every project gets, whatever its framework: licence, CI, hooks."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from option_matrix import DEFAULTS, OPTIONS, PLAIN, ROOT, is_refused
from rendering import Project, Render

FRAMEWORKS = OPTIONS.frameworks
HOLDER = {"author_name": "Ada Lovelace"}

# SHA-256 of the words, without the copyright line. Each was computed from two sources or more:
# Debian's common licences, and the licence files of trio, pathspec, pip, pytest, flask, idna.
TEXTS = {
    "mit": "69539425723b87be2bdbc194c23a63b78c57c7a0ea2b261b3845c396bc7bda60",
    "apache-2.0": "46be4098b02dc4768c48449a6772bb67ddd1405e98a63f14d65943e9c10b5a99",
    "bsd-3-clause": "29150bda3b3a0b412d3bf258c6f66a8f544dfc40079815247f54c05e0abdd62b",
    "mpl-2.0": "ff2cdf42be92e5494108a9b5cd07e72be235341a1721ccb1e9c93853d7722943",
}


def of(framework: str, **answers: Any) -> dict[str, Any]:
    return DEFAULTS[framework] | answers


def words(text: str) -> str:
    kept = [line for line in text.split("\n") if not re.match(r"\s*Copyright (\(c\) )?\d{4}", line)]
    return " ".join(" ".join(kept).split()).casefold()


# --- licences ------------------------------------------------------------------------------


LICENCES = OPTIONS.by_id["license"].allowed
# Every licence in one tree, and the stub of the other trees with one of them.
FIRST, *OTHERS = FRAMEWORKS
CASES = [(FIRST, one) for one in LICENCES] + [(other, LICENCES[0]) for other in OTHERS]


@pytest.mark.parametrize(("framework", "license_"), CASES)
def test_licence_is_the_known_text_with_holder_and_year(
    render: Render, framework: str, license_: str
) -> None:
    """All but the Mozilla licence have a line for the holder."""
    text = render(of(framework, license=license_, **HOLDER)).read("LICENSE")
    line = rf"^\s*Copyright (\(c\) )?{PLAIN['year']},? Ada Lovelace$"
    assert (re.search(line, text, re.MULTILINE) is not None) == (license_ != "mpl-2.0")
    assert not re.search(r"\[yyyy\]|<year>|\[name", text)
    if license_ != "proprietary":
        assert hashlib.sha256(words(text).encode()).hexdigest() == TEXTS[license_]


def test_every_licence_is_an_option() -> None:
    files = {path.stem for path in (ROOT / "templates/shared/licenses").iterdir()}
    assert files == set(LICENCES)
    assert {*TEXTS, "proprietary"} == set(LICENCES)


# --- what git keeps ------------------------------------------------------------------------


@pytest.fixture
def repository(render: Render, tmp_path: Any, request: pytest.FixtureRequest) -> Project:
    """A copy of a rendered project under git, to write into."""
    source = render(of(request.param))
    subprocess.run(["cp", "-r", str(source.path), str(tmp_path / "project")], check=True)
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "project")], check=True)
    return Project(tmp_path / "project", source.answers)


@pytest.mark.parametrize("repository", FRAMEWORKS, indirect=True)
def test_secrets_and_databases_cannot_be_added(repository: Project) -> None:
    secret = [
        ".env",
        ".env.production",
        ".env~",
        ".envrc",
        "db.sqlite3",
        "db.sqlite3-wal",
        "db.sqlite3-shm",
    ]
    noise = [
        "a/__pycache__/x.pyc",
        ".coverage",
        ".venv/bin/python",
        ".mypy_cache/x",
        "x.egg-info/y",
        *(["staticfiles/x.css"] if repository.answers["framework"] == "django" else []),
    ]
    for name in [*secret, *noise, ".env.example", "app.py"]:
        path = repository.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x\n")
    subprocess.run(["git", "add", "--all"], cwd=repository.path, check=True)
    listed = subprocess.run(
        ["git", "ls-files"], cwd=repository.path, check=True, capture_output=True, text=True
    )
    staged = set(listed.stdout.splitlines())
    assert staged & {*secret, *noise} == set()
    assert {".env.example", "app.py", ".gitignore", ".copier-answers.yml"} <= staged


@pytest.mark.parametrize("repository", FRAMEWORKS, indirect=True)
def test_everything_rendered_is_committed(repository: Project) -> None:
    """No pattern of .gitignore hides a file of the project itself."""
    subprocess.run(["git", "add", "--all"], cwd=repository.path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "--others"],
        cwd=repository.path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert listed.stdout == ""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_hooks_need_no_network(render: Render, framework: str) -> None:
    hooks = yaml.safe_load(render(of(framework)).read(".pre-commit-config.yaml"))
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    languages = {hook["language"] for repo in hooks["repos"] for hook in repo["hooks"]}
    assert languages <= {"system", "fail", "pygrep"}


# --- CI ------------------------------------------------------------------------------------


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("ci", OPTIONS.by_id["ci"].allowed)
def test_files_of_one_host_only(render: Render, ci: str, framework: str) -> None:
    files = set(render(of(framework, ci=ci)).files)
    github = {
        ".github/workflows/ci.yml",
        ".github/workflows/update.yml",
        ".github/dependabot.yml",
    }
    gitlab = {".gitlab-ci.yml", "renovate.json"}
    expected = {"github": github, "gitlab": gitlab, "none": set()}[ci]
    assert files & (github | gitlab) == expected
    assert ci == "github" or not any(name.startswith(".github") for name in files)


def run(program: str, *words: str) -> None:
    """Run a tool of the test extra, which is beside this Python, and show what it objects to."""
    call = [str(Path(sys.executable).with_name(program)), *words]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def workflow(
    render: Render, framework: str, name: str = "ci", **answers: Any
) -> tuple[str, dict[Any, Any]]:
    text = render(of(framework, **answers)).read(f".github/workflows/{name}.yml")
    return text, yaml.safe_load(text)


TRIGGERS = {
    "ci": {"push", "pull_request", "schedule"},
    "update": {"schedule", "workflow_dispatch"},
}


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("name", TRIGGERS)
def test_workflow_has_the_least_rights(render: Render, name: str, framework: str) -> None:
    text, parsed = workflow(render, framework, name)
    assert parsed["permissions"] == {"contents": "read"}
    triggers = parsed[True]  # YAML reads the key `on` as true
    assert set(triggers) == TRIGGERS[name]
    for job in parsed["jobs"].values():
        assert "permissions" not in job
        assert job["timeout-minutes"] <= 15
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), "an expression in a script can be injected"
            if step.get("uses", "").startswith("actions/checkout"):
                assert step["with"]["persist-credentials"] is False
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    assert [one for one in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", one)] == []


def test_what_the_update_installs_never_sees_the_token(render: Render) -> None:
    """Neither in GitHub's jobs nor, where the variable is bound to its environment, in GitLab's."""
    _, parsed = workflow(render, FIRST, "update")
    holders = {
        name
        for name, job in parsed["jobs"].items()
        for step in job["steps"]
        if "${{ secrets.STACKGEN_TOKEN }}" in step.get("env", {}).values()
    }
    assert holders == {"request"}
    installing = {name for name, job in parsed["jobs"].items() if "-m pip" in yaml.safe_dump(job)}
    assert installing == {"update"}
    jobs = yaml.safe_load(render(of(FIRST, ci="gitlab")).read(".gitlab-ci.yml"))
    update, request = (yaml.safe_dump(jobs[name]) for name in ("update", "update-request"))
    assert "-m pip" in update
    assert "STACKGEN_TOKEN" not in update
    assert "-m pip" not in request
    assert jobs["update-request"]["environment"] == {"name": "stackgen", "action": "access"}


def test_both_frameworks_and_hosts_update_by_the_same_script(render: Render) -> None:
    texts = {workflow(render, framework, "update")[0] for framework in FRAMEWORKS}
    assert len(texts) == 1
    github = yaml.safe_load(texts.pop())["jobs"]
    text = render(of(FIRST, ci="gitlab")).read(".gitlab-ci.yml")
    gitlab = yaml.safe_load(text)
    for job, other in (("update", "update"), ("request", "update-request")):
        (script,) = (step["run"] for step in github[job]["steps"] if "run" in step)
        plain = re.sub("::(error|notice)::", "", script).replace("::warning::", "Warning: ")
        (said,) = gitlab[other]["script"]
        assert len(set(plain.splitlines()) & set(said.splitlines())) >= 18


def test_a_schedule_updates_or_checks_and_never_both(render: Render) -> None:
    text = render(of(FIRST, ci="gitlab", container=True)).read(".gitlab-ci.yml")
    jobs = {name: job for name, job in yaml.safe_load(text).items() if "script" in job}
    rules = {name: job["rules"] for name, job in jobs.items()}
    checking = [{"if": '$CI_PIPELINE_SOURCE != "schedule" || $STACKGEN_UPDATE != "1"'}]
    updating = [{"if": '$CI_PIPELINE_SOURCE == "schedule" && $STACKGEN_UPDATE == "1"'}]
    assert rules == {
        "checks": checking,
        "container": checking,
        "update": updating,
        "update-request": updating,
    }


@pytest.mark.parametrize("python", OPTIONS.by_id["python"].allowed)
def test_workflow_tests_every_python(render: Render, python: str) -> None:
    known = list(OPTIONS.by_id["python"].allowed)
    _, parsed = workflow(render, FIRST, python=python)
    assert parsed["jobs"]["checks"]["strategy"]["matrix"]["python"] == known[known.index(python) :]


@pytest.mark.parametrize(
    ("framework", "database", "frontend"),
    [
        (framework, database, "templates")
        for framework in FRAMEWORKS
        for database in OPTIONS.by_id["database"].allowed
        if not is_refused({"framework": framework, "database": database})
    ]
    + [(framework, "sqlite", "react") for framework in FRAMEWORKS],
)
def test_both_hosts_run_the_same(
    render: Render, frontend: str, database: str, framework: str
) -> None:
    """Each command of one pipeline is in the other, with all that the README names as checks, and
    the tests run on both databases.
    """
    chosen = {"database": database, "frontend": frontend, "api": frontend != "templates"}
    _, parsed = workflow(render, framework, **chosen)
    github = {
        f"{name}: {step['run']}"
        for name, job in parsed["jobs"].items()
        for step in job["steps"]
        if "run" in step and "GITHUB_ENV" not in step["run"]
    }
    text = render(of(framework, **chosen, ci="gitlab")).read(".gitlab-ci.yml")
    jobs = {
        name: job
        for name, job in yaml.safe_load(text).items()
        if "script" in job and not name.startswith("update")
    }
    gitlab = {
        f"{name}: {re.sub(r'^DATABASE_URL=[^ ]+ ', '', line)}"
        for name, job in jobs.items()
        for line in [*job.get("before_script", []), *job["script"]]
        if "SECRET_KEY" not in line and not line.startswith("apt-get")
    }
    assert github == gitlab
    has_database = database != "none"
    steps = parsed["jobs"]["checks"]["steps"]
    assert any("PostgreSQL" in step.get("name", "") for step in steps) is has_database
    on_postgresql = ["DATABASE_URL=postgresql://" in line for line in jobs["checks"]["script"]]
    assert sum(on_postgresql) == has_database
    install = next(line for line in github if "--require-hashes" in line)
    extras = "dev,postgresql" if database == "sqlite" else "dev"
    assert f'python -m pip install --editable ".[{extras}]"' in install
    assert ("uv export --quiet --locked --extra postgresql" in install) == (database == "sqlite")
    assert ("browser" in jobs) is (frontend != "templates")
    readme = render(of(framework, **chosen)).read("README.md")
    said = re.findall(
        r"(?m)^\.venv/bin/(.*)$", readme.split("\n## Check it\n")[1].split("\n## ")[0]
    )
    assert said
    assert [line for line in said if f"checks: {line}" not in github] == []


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_updates_wait_seven_days(render: Render, framework: str) -> None:
    dependabot = yaml.safe_load(render(of(framework)).read(".github/dependabot.yml"))
    assert {update["cooldown"]["default-days"] for update in dependabot["updates"]} == {7}
    renovate = json.loads(render(of(framework, ci="gitlab")).read("renovate.json"))
    assert renovate["minimumReleaseAge"] == "7 days"


def test_no_known_mistake_in_the_workflow_of_a_report(tmp_path: Path) -> None:
    """That of the page on fleets, which people copy; its actions are those of the templates."""
    page = (ROOT / "docs/fleet.md").read_text("utf-8")
    (text,) = re.findall(r"(?s)```yaml\n(.*?)```", page)
    file = tmp_path / ".github/workflows/report.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text)
    run("zizmor", "--offline", "--persona=pedantic", "--strict-collection", str(tmp_path))
    run("check-jsonschema", "--builtin-schema=vendor.github-workflows", str(file))
    shared = (ROOT / "templates/shared/github-update.yml").read_text("utf-8")
    assert set(re.findall(r"uses: (.*)", text)) <= set(re.findall(r"uses: (.*)", shared))


def test_no_known_mistake_in_the_files_of_ci(render: Render) -> None:
    """zizmor at its strictest, and the published schemas."""
    kinds = [of(framework) for framework in FRAMEWORKS] + [of(FIRST, container=True)]
    kinds += [
        of(name, database=one) for name in FRAMEWORKS for one in OPTIONS.by_id["database"].allowed
    ]
    kinds += [of(name, frontend="vue", api=True) for name in FRAMEWORKS]
    projects = [render(one).path for one in kinds if not is_refused(one)]
    folders = [str(path / ".github") for path in projects]
    run("zizmor", "--offline", "--persona=pedantic", "--strict-collection", *folders)
    hosts = {
        "github-workflows": [
            *(path / ".github/workflows/ci.yml" for path in projects),
            projects[0] / ".github/workflows/update.yml",
        ],
        "dependabot": [projects[0] / ".github/dependabot.yml"],
        "gitlab-ci": [
            render(one | {"ci": "gitlab"}).path / ".gitlab-ci.yml"
            for one in kinds
            if not is_refused(one)
        ],
        "renovate": [render(of(FIRST, ci="gitlab")).path / "renovate.json"],
    }
    for schema, files in hosts.items():
        transform = ["--data-transform=gitlab-ci"] if schema == "gitlab-ci" else []
        run("check-jsonschema", f"--builtin-schema=vendor.{schema}", *transform, *map(str, files))
