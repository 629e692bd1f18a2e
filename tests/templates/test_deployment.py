"""What puts a project on a server: `deploy/`, `Procfile`, and the container."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
import yaml
from option_matrix import DEFAULTS, OPTIONS, PAIRWISE, Answers, in_suites, label
from rendering import Project, Render

REQUIRED = {
    "django": {"SECRET_KEY", "ADMIN_PATH", "ALLOWED_HOSTS", "DATABASE_URL"},
    "flask": {"ALLOWED_HOSTS"},
}
ALWAYS = {"Procfile", "deploy/.env.example", "deploy/Caddyfile", "deploy/gunicorn.service",
          "deploy/nginx.conf"}  # fmt: skip
CONTAINER = {".dockerignore", "Dockerfile", "compose.yaml"}
SMALL = 150
"""Lines of `deploy/` and `Procfile` that every project has."""


@pytest.fixture(scope="module", params=in_suites(PAIRWISE), ids=label)
def project(request: pytest.FixtureRequest, render: Render) -> Project:
    return render(request.param)


def variables(project: Project) -> dict[str, str]:
    lines = project.read("deploy/.env.example").splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))


def application(project: Project) -> str:
    """What gunicorn serves, as the README's last command of production says."""
    (found,) = re.findall(r"(?m)^\.venv/bin/gunicorn .* (\S+)$", project.read("README.md"))
    return str(found)


def service(project: Project) -> dict[str, list[str]]:
    """The settings of the unit; one may stand there more than once."""
    found: dict[str, list[str]] = {}
    for line in project.read("deploy/gunicorn.service").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def has_container(project: Project) -> bool:
    return bool(project.answers["container"])


def compose(project: Project) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(project.read("compose.yaml"))
    return found


def test_which_files_are_there(project: Project) -> None:
    assert set(project.files) >= ALWAYS
    assert set(project.files) & CONTAINER == (CONTAINER if has_container(project) else set())
    assert sum(project.read(name).count("\n") for name in ALWAYS) <= SMALL


def test_one_application_is_served_everywhere(project: Project) -> None:
    served = application(project)
    (start,) = service(project)["ExecStart"]
    web = project.read("Procfile").splitlines()[-1]
    assert start.endswith(f"/.venv/bin/gunicorn {served}")
    assert web == f"web: gunicorn {served}"
    if has_container(project):
        assert project.read("Dockerfile").endswith(f'\nCMD ["gunicorn", "{served}"]\n')


def test_one_step_migrates_everywhere(project: Project) -> None:
    """Never a start: several servers would do it at once."""
    release = [line for line in project.read("Procfile").splitlines() if "release: " in line]
    assert bool(release) is (project.answers["database"] != "none")
    for line in release:
        command = line.partition(": ")[2]
        assert f".venv/bin/{command}\n" in project.read("README.md")
        assert shlex.split(command)[-1] not in service(project)["ExecStart"][0]
        assert "ExecStartPre" not in service(project)
    if has_container(project):
        found = compose(project)["services"].get("migrate", {})
        assert [found.get("command")] == ([line.partition(": ")[2] for line in release] or [None])
        assert found.get("profiles") == (["migrate"] if release else None)
        assert not re.search(r"(?i)migrat|db upgrade", project.read("Dockerfile"))


def test_variables_are_those_that_production_demands(project: Project) -> None:
    given, answers = variables(project), project.answers
    assert set(given) >= REQUIRED[answers["framework"]]
    assert given["TRUSTED_PROXY_COUNT"] == "1"
    text = project.read("README.md") + project.read("deploy/.env.example")
    if has_container(project):
        text += project.read("compose.yaml")
    assert [name for name in given if len(re.findall(rf"\b{name}\b", text)) < 2] == []
    secrets = {"SECRET_KEY", "ADMIN_PATH", "API_TOKEN_SHA256", "POSTGRES_PASSWORD"}
    assert {name for name, value in given.items() if not value} == secrets & set(given)
    (state,) = service(project)["StateDirectory"]
    places = [value for value in given.values() if "/var/lib/" in value]
    assert [place for place in places if f"/var/lib/{state}/" not in place] == []


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Shop", "shop"),
        ("a" * 40, "a" * 32),
        ("a" * 31 + "-b", "a" * 31),
        ("no", "no"),
        ("News", "news-site"),
        ("www-data", "www-data-site"),
    ],
)
@pytest.mark.proof
def test_a_name_is_one_of_a_user_and_of_an_image(
    render: Render, framework: str, name: str, expected: str
) -> None:
    answers = {**DEFAULTS[framework], "project_name": name, "container": True}
    project = render(answers)
    assert service(project)["User"] == [expected]
    assert service(project)["StateDirectory"] == [expected]
    assert compose(project)["x-web"]["image"] == expected
    assert f"docker build --tag {expected} ." in project.read(".github/workflows/ci.yml")
    gitlab = render({**answers, "ci": "gitlab"}).read(".gitlab-ci.yml")
    assert f"buildah build --tag {expected} ." in gitlab


def test_both_proxies_pass_on_what_the_project_counts_on(project: Project) -> None:
    nginx, caddy = project.read("deploy/nginx.conf"), project.read("deploy/Caddyfile")
    passed = dict(re.findall(r"proxy_set_header (\S+) (\S+);", nginx))
    assert passed == {
        "Host": "$host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Request-ID": "$request_id",
        "Connection": "close",
    }
    assert "proxy_request_buffering on;" in nginx
    assert "client_max_body_size 6m;" in nginx
    assert "max_size 5MiB" in caddy
    assert "{$REQUEST_BUFFERS:request_buffers 5MiB}" in caddy
    assert "header_up X-Request-ID" in caddy
    assert not re.search(r"header_up (Host|X-Forwarded)", caddy), "Caddy does that by itself"


# --- the container -------------------------------------------------------------------------

WITH = [row for row in PAIRWISE if row["container"]]


@pytest.fixture(scope="module", params=in_suites(WITH), ids=label)
def contained(request: pytest.FixtureRequest, render: Render) -> Project:
    return render(request.param)


def test_images_can_be_replaced(contained: Project) -> None:
    text = contained.read("Dockerfile")
    sources = re.findall(r"(?m)^FROM (\S+)", text)
    has_client = "frontend/package.json" in contained.files
    assert len(sources) == (3 if has_client else 2)
    for source in sources:
        (name,) = re.findall(r"^\$\{([A-Z]+_IMAGE)\}$", source)
        assert re.search(rf"(?m)^ARG {name}=\S+$", text)
    for service in compose(contained)["services"].values():
        assert service["image"] == compose(contained)["x-web"]["image"] or re.match(
            r"\$\{[A-Z]+_IMAGE:-", service["image"]
        )


def test_the_image_is_of_the_newest_python(contained: Project) -> None:
    assert f"python:{OPTIONS.by_id['python'].allowed[-1]}-slim\n" in contained.read("Dockerfile")


def test_the_image_takes_a_lock_where_there_is_one(contained: Project) -> None:
    text = contained.read("Dockerfile")
    assert re.search(r"^COPY pyproject.toml uv.loc\[k\] pylock.tom\[l\] ", text, re.MULTILINE)
    assert "uv sync --frozen --no-dev" in text
    ignored = contained.read(".dockerignore").splitlines()
    assert not {"uv.lock", "pylock.toml", "pyproject.toml", "*.toml", "*.lock"} & set(ignored)
    assert {".*", "**/.env*", "deploy"} <= set(ignored)


def test_no_secret_stands_in_a_file(contained: Project) -> None:
    for name in CONTAINER:
        for value in re.findall(r"(?:SECRET_KEY|PASSWORD)(?:=|:\s)\s*(\S+)", contained.read(name)):
            assert value.startswith(('"$(', "${POSTGRES_PASSWORD:?")), (name, value)


def test_containers_have_no_more_rights_than_they_need(contained: Project) -> None:
    found = compose(contained)
    assert found["x-web"]["read_only"] is True
    assert found["x-web"]["cap_drop"] == ["ALL"]
    for name, service in found["services"].items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert ("ports" in service) is (name == "proxy")
    database = contained.answers["database"]
    assert ("database" in found["services"]) is (database == "postgresql")
    assert ("data" in found["volumes"]) is (database != "none")
    if database == "postgresql":
        assert "pg_isready" in found["services"]["database"]["healthcheck"]["test"]
        waits = {"database": {"condition": "service_healthy"}}
        assert found["x-web"]["depends_on"] == waits, "it may be starting for the first time"
    example: Answers = {"variables": variables(contained)}
    asked = set(re.findall(r"\$\{(\w+):\?", contained.read("compose.yaml")))
    assert asked <= set(example["variables"])
