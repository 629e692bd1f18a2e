"""A generated project does what its README says: it installs, tests, checks, runs and serves."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import postgresql
import pytest
from newcomer import FRAMEWORKS, Answer, Installed, Project, fetch, free_port, run, serving, shell

DEV_PORT = 8000
AS_PROXY = {"X_Forwarded_Proto": "https", "X_Forwarded_For": "203.0.113.7", "Host": "shop.example"}


def readme_commands(project: Path, heading: str) -> list[str]:
    """The lines of the shell blocks below a heading of the project's README."""
    text = (project / "README.md").read_text()
    section = re.search(rf"(?ms)^## {heading}\n(.*?)(?=^## |\Z)", text)
    assert section, f"README has no section {heading}"
    blocks = re.findall(r"(?ms)^```(?:shell|console|sh)\n(.*?)^```", section[1])
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def clone(project: Project, to: Path) -> Path:
    """What a colleague gets: the first commit, and nothing that git ignores."""
    shutil.rmtree(to, ignore_errors=True)
    run("git", "clone", "--quiet", str(project.path), str(to), cwd=to.parent)
    assert not (to / ".env").exists()
    return to


def test_its_tests_pass_and_are_many(project: Project) -> None:
    said = shell(project.result["next"]["test"][-1], project.path)
    passed = re.search(r"(\d+) passed", said)
    assert passed, said
    assert int(passed[1]) >= 30
    assert "skipped" not in said.splitlines()[-1] or "postgresql" in said.lower()


def test_the_commands_of_the_readme_are_those_of_the_json(project: Project) -> None:
    commands = project.result["next"]
    said = readme_commands(project.path, "Run it") + readme_commands(project.path, "Check it")
    for command in [*commands["run"], commands["test"][-1]]:
        assert command in said
    server = "\n".join(readme_commands(project.path, "Put it on a server"))
    for command in commands["production"]:
        assert command in server


def test_its_own_checks_are_clean(project: Project) -> None:
    for command in readme_commands(project.path, "Check it"):
        shell(command, project.path)
    assert shell("git status --porcelain", project.path) == "", "a check changed a file"


def test_its_development_server_shows_the_front_page(project: Project) -> None:
    with serving(project.result["next"]["run"][-1], project.path, DEV_PORT):
        page = fetch(f"http://127.0.0.1:{DEV_PORT}/")
        assert page.status == 200
        assert "acme-shop" in page.body
        for link in re.findall(r'(?:href|src)="(/[^"]*)"', page.body):
            assert fetch(f"http://127.0.0.1:{DEV_PORT}{link}").status in {200, 302, 303}, link
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/none").status == 404
    assert stat.S_IMODE((project.path / ".env").stat().st_mode) == 0o600


def test_a_colleague_without_an_env_file_is_served_too(project: Project, tmp_path: Path) -> None:
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    assert "passed" in shell(project.result["next"]["test"][-1], copy)
    assert not (copy / ".env").exists(), "tests need no .env"
    with serving(project.result["next"]["run"][-1], copy, DEV_PORT):
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/").status == 200
    made = copy / ".env"
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert made.read_text() != (project.path / ".env").read_text()
    assert ".env" not in shell("git status --porcelain --untracked-files=all", copy)


def test_an_env_file_copied_from_the_example_is_filled(project: Project, tmp_path: Path) -> None:
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    shell("cp .env.example .env", copy)
    with serving(project.result["next"]["run"][-1], copy, DEV_PORT):
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/").status == 200
    assert re.search(r"(?m)^SECRET_KEY=\S{50,}$", (copy / ".env").read_text())


def test_everything_can_be_added_to_git(project: Project, tmp_path: Path) -> None:
    """After running, nothing that is secret or made is left for `git add -A` to take."""
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    with serving(project.result["next"]["run"][-1], copy, DEV_PORT):
        fetch(f"http://127.0.0.1:{DEV_PORT}/")
    (copy / f"server-{DEV_PORT}.log").unlink()
    (copy / ".venv").unlink()
    assert shell("git status --porcelain --untracked-files=all", copy) == ""


@pytest.fixture(scope="module")
def production(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clone served as its production commands say, word for word; yields its address."""
    copy = clone(project, tmp_path_factory.mktemp("production") / "copy")
    variables = {**project.production, "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3"}
    *prepare, serve = project.result["next"]["production"]
    for command in prepare:
        shell(command, copy, **variables)
    with serving(serve, copy, DEV_PORT, **variables):
        yield f"http://127.0.0.1:{DEV_PORT}"
    assert not (copy / ".env").exists(), "production never makes one"


def every_kind(address: str) -> dict[str, Answer]:
    home = fetch(f"{address}/", **AS_PROXY)
    sheet = re.search(r'href="(/static/[^"]+\.css)"', home.body)
    assert sheet
    return {
        "home": home,
        "static": fetch(address + sheet[1], **AS_PROXY),
        "missing": fetch(f"{address}/none", **AS_PROXY),
        "forbidden": fetch(f"{address}/notes/", method="POST", data=b"a=b", **AS_PROXY),
    }


def test_production_protects_every_answer(production: str) -> None:
    answers = every_kind(production)
    assert [answers[kind].status for kind in ("home", "static", "missing")] == [200, 200, 404]
    assert answers["forbidden"].status in {302, 303, 400, 403, 404, 405}
    for kind, answer in answers.items():
        headers = answer.headers
        assert "max-age=31536000" in headers["Strict-Transport-Security"], kind
        assert headers["X-Content-Type-Options"] == "nosniff", kind
        assert headers["Referrer-Policy"] in {"same-origin", "strict-origin-when-cross-origin"}, (
            kind
        )
        assert headers["Access-Control-Allow-Origin"] is None, kind
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", kind
        assert headers["Permissions-Policy"], kind
        assert "Traceback" not in answer.body
        for cookie in headers.get_all("Set-Cookie") or []:
            assert cookie.startswith("__Host-"), cookie
            assert {"secure", "httponly", "path=/"} <= {
                part.strip().lower() for part in cookie.split(";")
            }, cookie
            assert "samesite=" in cookie.lower(), cookie
        if kind != "static":
            policy = headers["Content-Security-Policy"]
            for word in ("object-src 'none'", "base-uri 'none'", "frame-ancestors", "form-action"):
                assert word in policy, kind
            assert "unsafe-" not in policy
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
    assert "immutable" in answers["static"].headers["Cache-Control"]


def test_production_minds_hosts_schemes_and_methods(production: str) -> None:
    plain = fetch(f"{production}/", Host="shop.example")
    assert plain.status in {301, 308}
    assert plain.headers["Location"] == "https://shop.example/"
    assert plain.headers["Set-Cookie"] is None
    foreign = fetch(f"{production}/", **{**AS_PROXY, "Host": "evil.example"})
    assert foreign.status == 400
    assert "evil.example" not in foreign.body
    for forged in ("X_Forwarded_Host", "X_Original_URL", "Forwarded"):
        answer = fetch(f"{production}/", **{**AS_PROXY, forged: "evil.example"})
        assert answer.status == 200
        assert "evil.example" not in answer.body
    assert fetch(f"{production}/", method="TRACE", **AS_PROXY).status == 405


def test_production_answers_probes_by_any_name(production: str) -> None:
    for probe in ("livez", "readyz"):
        answer = fetch(f"{production}/{probe}", Host="10.0.0.9")
        assert answer.status == 200, probe
        assert answer.headers["Set-Cookie"] is None


def test_production_hands_out_no_file_of_the_project(production: str) -> None:
    for path in (".env", ".git/config", "pyproject.toml", "db.sqlite3", "site.sqlite3",
                 "static/../.env", "static/%2e%2e/.git/config", "static//etc/passwd", "static/",
                 ".copier-answers.yml", "admin/", "console", "metrics"):  # fmt: skip
        assert 300 <= fetch(f"{production}/{path}", **AS_PROXY).status < 500, path
        assert fetch(f"{production}/{path}", **AS_PROXY).status != 200, path


REFUSED = {
    "without a secret": {"SECRET_KEY": ""},
    "with a short secret": {"SECRET_KEY": "short"},
    "with a monotonous secret": {"SECRET_KEY": "a" * 64},
    "with the sample of a framework": {"SECRET_KEY": "django-insecure-" + "k" * 50},
    "without hosts": {"ALLOWED_HOSTS": ""},
    "without a database": {"DATABASE_URL": ""},
    "in debug mode": {"DEBUG": "1"},
}


@pytest.mark.parametrize("fault", REFUSED)
def test_production_refuses_to_start(project: Project, fault: str) -> None:
    variables = {**project.production, **REFUSED[fault]}
    variables = {name: value for name, value in variables.items() if value}
    port = free_port()
    command = project.result["next"]["production"][-1].replace(":8000", f":{port}")
    done = run("timeout", "40", "sh", "-c", command, cwd=project.path, check=False, **variables)
    assert done.returncode not in {0, 124}, done.stdout
    (name,) = REFUSED[fault]
    assert name in done.stdout, f"the message names no {name}:\n{done.stdout[-2000:]}"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("postgresql")
    with postgresql.server(folder) as url:
        yield url


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_postgresql(
    installed: Installed, framework: str, database: str, tmp_path: Path, uv: str
) -> None:
    path = tmp_path / "acme-shop"
    result = installed.new(path, "--set", "database=postgresql", framework=framework)
    run(uv, "venv", "--quiet", ".venv", cwd=path)
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "-e", ".[dev]", cwd=path)
    own = database.replace("/shop", f"/{framework}")
    create = (
        f"psycopg.connect('{database}', autocommit=True).execute('CREATE DATABASE {framework}')"
    )
    run(f"{path}/.venv/bin/python", "-c", f"import psycopg; {create}", cwd=path)
    assert "passed" in shell(result["next"]["test"][-1], path, DATABASE_URL=own)
    served = Project(path, framework, result, database_url=own)
    *prepare, serve = [
        command for command in result["next"]["production"] if ".venv " not in command + " "
    ]
    for command in prepare:
        if "pip install" not in command:
            shell(command, path, **served.production)
    with serving(serve, path, DEV_PORT, **served.production):
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/readyz").status == 200
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/", **AS_PROXY).status == 200


@pytest.fixture(scope="session")
def uv() -> str:
    found = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    assert found, "uv comes with the test extra"
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_uv_needs_one_command(
    installed: Installed, framework: str, tmp_path: Path, uv: str
) -> None:
    path = tmp_path / "acme-shop"
    result = installed.new(path, framework=framework)
    command = result["next"]["run"][-1].replace(".venv/bin/python ", "").replace(".venv/bin/", "")
    with serving(f"{uv} run {command}", path, DEV_PORT):
        assert fetch(f"http://127.0.0.1:{DEV_PORT}/").status == 200
    assert "passed" in run(uv, "run", "pytest", cwd=path).stdout


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_lowest_allowed_versions_will_do(
    installed: Installed, framework: str, tmp_path: Path, uv: str
) -> None:
    path = tmp_path / "acme-shop"
    result = installed.new(path, framework=framework)
    run(uv, "venv", "--quiet", ".venv", cwd=path)
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "--resolution", "lowest-direct",
        "-e", ".[dev]", cwd=path)  # fmt: skip
    assert "passed" in shell(result["next"]["test"][-1], path)


def newer_python() -> str:
    """A Python of 3.12 or later on this machine, if there is one."""
    pyenv = Path("~/.pyenv/versions").expanduser()
    found = [str(path) for path in sorted(pyenv.glob("3.1[2-9].*/bin/python"))]
    found += [place for minor in (14, 13, 12) if (place := shutil.which(f"python3.{minor}"))]
    for python in found:
        if not subprocess.run([python, "-c", "import sqlite3, ssl"], check=False).returncode:
            return python
    return ""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_newer_python_and_a_newer_framework_will_do(
    installed: Installed, framework: str, tmp_path: Path, uv: str
) -> None:
    if not (python := newer_python()):
        pytest.skip("no Python 3.12 or later on this machine")
    path = tmp_path / "acme-shop"
    result = installed.new(path, framework=framework)
    run(uv, "venv", "--quiet", "--python", python, ".venv", cwd=path)
    run(uv, "pip", "install", "--quiet", "--python", ".venv", "-e", ".[dev]", cwd=path)
    if framework == "django":
        run(uv, "pip", "install", "--quiet", "--python", ".venv", "django>=6.1,<6.2", cwd=path)
        check = (
            "manage.py check --deploy --fail-level WARNING --settings config.settings.production"
        )
        variables = Project(path, framework, result).production
        assert "no issues" in shell(f".venv/bin/python {check}", path, **variables)
    assert "passed" in shell(result["next"]["test"][-1], path)


def test_the_deployment_check_is_clean(project: Project) -> None:
    if project.framework == "django":
        command = (
            ".venv/bin/python manage.py check --deploy --fail-level WARNING "
            "--settings config.settings.production"
        )
    else:
        command = ".venv/bin/flask --app wsgi check --deploy"
    shell(command, project.path, **project.production)


OPTIONS = [
    ["--set", "ci=none", "--set", "license=proprietary"],
    ["--set", "ci=gitlab", "--set", "license=apache-2.0", "--set", "python=3.11"],
    ["--set", "license=mpl-2.0", "--set", 'description="Quoted" & <odd> {{ 7*7 }} \\ é 🦄',
     "--set", "author_name=O'Hara \"Bob\" <b>"],
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=["lean", "gitlab", "odd-texts"])
def test_other_options_pass_their_checks_too(
    project: Project, installed: Installed, options: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "acme-shop"
    result = installed.new(path, *options, framework=project.framework)
    (path / ".venv").symlink_to(project.path / ".venv")
    assert "passed" in shell(result["next"]["test"][-1], path)
    for command in readme_commands(path, "Check it"):
        shell(command, path)
    (path / ".venv").unlink()
    assert shell("git status --porcelain", path) == "", "a check changed a file"
