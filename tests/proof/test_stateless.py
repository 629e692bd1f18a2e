"""Flask without a database: the microservice, and a site that stores nothing, in production."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from api_corpus import NOTES, Bad, corpus
from developer import Developer
from newcomer import TOKEN, Installed, Project, free_port, install, run, serving, shell
from test_api import ELSEWHERE, SESSION, Api, judge, refusal_elsewhere

WORD_COUNTS = "/api/v1/word-counts/"
TEXT = b'{"text": "Hello, world!"}'
KINDS = {
    "service": ["--set=api=true", "--set=frontend=none", "--set=database=none", "--set=ci=none"],
    "site": ["--set=database=none", "--set=api=true"],
    "form": ["--set=database=none"],
}
MOST_FILES = 44
"""Five of them put it on a server, and one tells of a lock that is old."""


@pytest.fixture(scope="module", params=KINDS)
def made(
    request: pytest.FixtureRequest,
    installed: Installed,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
) -> Project:
    path = tmp_path_factory.mktemp(request.param) / "acme-shop"
    result = installed.new(path, *KINDS[request.param], framework="flask")
    install(uv, path, ".[dev]")
    return Project(path, "flask", result)


only_service = pytest.mark.parametrize("made", ["service"], indirect=True)
with_api = pytest.mark.parametrize("made", ["service", "site"], indirect=True)


@only_service
def test_it_is_small(made: Project) -> None:
    assert len(run("git", "ls-files", cwd=made.path).stdout.splitlines()) <= MOST_FILES


@pytest.mark.parametrize("made", ["form"], indirect=True)
def test_its_checks_are_clean(made: Project) -> None:
    """Those of a service are run by `test_combinations.py`."""
    Developer(made.path, "flask").checks()
    shell(".venv/bin/python -m mypy --strict", made.path)
    shell(".venv/bin/flask --app wsgi check --deploy", made.path, **made.production)
    assert shell("git status --porcelain", made.path) == "", "a check changed a file"


@with_api
def test_three_commands_reach_an_answer(made: Project) -> None:
    """The third is README's, with the token that the second has printed."""
    port = free_port()
    command = f"{made.result['next']['run'][-1]} --port {port}"
    with serving(command, made.path, port) as log:
        (token,) = re.findall(r"until this ends: (\S+)", log.read_text())
        (curl,) = re.findall(r"(?m)^curl .*word-counts.*$", (made.path / "README.md").read_text())
        said = shell(curl.replace(":8000", f":{port}").replace("$TOKEN", token), made.path)
    log.unlink()
    assert json.loads(said[said.index("{") :]) == {"words": 2, "characters": 13}


@pytest.fixture(scope="module")
def api(made: Project) -> Iterator[Api]:
    """The project as its production commands serve it, without limits."""
    variables = {**made.production, "API_LIMIT_TOKEN": "0", "API_LIMIT_NETWORK": "0"}
    *prepare, serve = made.result["next"]["production"]
    for command in prepare[2:]:
        shell(command, made.path, **variables)
    port = free_port()
    with serving(serve.replace(":8000", f":{port}"), made.path, port, **variables) as log:
        yield Api(port, TOKEN, made.path, variables)
    log.unlink()


def test_it_serves(api: Api, made: Project) -> None:
    assert api.ask("GET", "/").status == 200
    for probe in ("/livez", "/readyz"):
        assert api.ask("GET", probe, Host="10.0.0.7").body == b"ok\n"
    has_pages = (made.path / "app/pages").exists()
    assert api.ask("GET", "/word-counts/").status == (200 if has_pages else 404)
    assert not list(made.path.glob("*.sqlite3*"))
    assert not (made.path / "media").exists()


def here() -> list[Bad]:
    """What of the corpus can be sent to an address that takes a text by POST and nothing else."""
    kinds = {"no JSON", "no note", "type", "credentials to write", "large"}
    return [
        bad._replace(path=WORD_COUNTS)
        for bad in corpus()
        if bad.name.partition(":")[0] in kinds and (bad.method, bad.path) == ("POST", NOTES)
        if bad.name != "no note: text alone"
    ]


def fault(bad: Bad, api: Api) -> Any:
    told = api.send(bad, 1)
    if bad.status == 422:  # other fields are wrong here than in a note
        return told.status != 422 or not told.json["errors"]
    return judge(bad, told)


@with_api
def test_bad_input_gets_its_problem(api: Api) -> None:
    assert len(here()) >= 100
    assert {bad.name: wrong for bad in here() if (wrong := fault(bad, api))} == {}
    answer = api.ask("POST", WORD_COUNTS, TEXT, Content_Type="application/json")
    assert (answer.status, answer.json) == (200, {"words": 2, "characters": 13})
    # What belongs to stored things does not apply.
    assert {"ETag", "Idempotency-Replayed"} & set(answer.headers) == set()


@with_api
def test_a_session_is_for_pages(api: Api, made: Project) -> None:
    has_pages = (made.path / "app/pages").exists()
    assert api.ask("GET", SESSION).status == (200 if has_pages else 404)


@only_service
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_every_other_address_answers_alike(api: Api, accept: str) -> None:
    assert refusal_elsewhere(api, ELSEWHERE, accept) == {}
