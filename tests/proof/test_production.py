"""A generated project in production: two workers behind a proxy, asked over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from newcomer import (
    AS_PROXY,
    DEV_PORT,
    Answer,
    Project,
    clone,
    fetch,
    free_port,
    run,
    serving,
    shell,
)


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


def test_the_deployment_check_is_clean(project: Project) -> None:
    if project.framework == "django":
        command = (
            ".venv/bin/python manage.py check --deploy --fail-level WARNING "
            "--settings config.settings.production"
        )
    else:
        command = ".venv/bin/flask --app wsgi check --deploy"
    shell(command, project.path, **project.production)
