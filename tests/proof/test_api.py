"""The API of a project in production, asked over HTTP: the same answers with both frameworks."""

from __future__ import annotations

import json
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPMessage, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from api_corpus import LIMIT, NOTES, Bad, corpus
from newcomer import AS_PROXY, Installed, Project, clone, free_port, install, serving, shell
from option_matrix import OPTIONS

KINDS = [
    f"{framework}-{frontend}"
    for framework in OPTIONS.frameworks
    for frontend in ("templates", "none")
]
"""Projects with an API: those with pages, and those where it is all there is."""
WITH_PAGES = [kind for kind in KINDS if not kind.endswith("-none")]
WITHOUT_PAGES = [kind for kind in KINDS if kind.endswith("-none")]
SESSION = "/api/v1/session/"
MAKE_TOKEN = {
    "django": "python manage.py api_token create proof --user ann@shop.example"
    " --settings config.settings.production",
    "flask": "flask --app wsgi api-token create proof",
}
MAKE_USER = (
    "python manage.py shell --settings config.settings.production -v 0 -c"
    " 'from users.models import User; User.objects.create_user(\"ann@shop.example\")'"
)


@dataclass
class Told:
    """An answer of the API."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Api:
    """An API in production, and a token that may write."""

    port: int
    token: str
    folder: Path = Path()
    variables: Mapping[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes = b"", /, **headers: str) -> Told:
        """Send a request as the proxy in front would; `headers` have underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in {**AS_PROXY, **headers}.items()}
        named.setdefault("Authorization", f"Bearer {self.token}")
        chunked = "Transfer-Encoding" in named
        if not chunked and (body or method in {"POST", "PATCH", "PUT"}):
            named["Content-Length"] = str(len(body))
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in named.items():
            connection.putheader(name, value.encode("latin-1"))
        with suppress(BrokenPipeError, ConnectionResetError):  # it refused before it read it all
            connection.endheaders(body or None, encode_chunked=chunked)
            if chunked and not body:
                connection.send(b"0\r\n\r\n")
        response = connection.getresponse()
        answer = Told(response.status, response.headers, response.read())
        connection.close()
        return answer

    def send(self, bad: Bad, note: int) -> Told:
        headers = {name.replace("-", "_"): value for name, value in bad.headers.items()}
        return self.ask(bad.method, bad.path.replace("{id}", str(note)), bad.body, **headers)


def judge(bad: Bad, told: Told) -> str:
    """Return what is wrong with the answer to bad input, or nothing."""
    form = (told.status, told.headers["Content-Type"])
    if form != (bad.status, "application/problem+json"):
        return f"{form}: {told.body[:200]!r}"
    problem = told.json
    errors = problem.pop("errors", [])
    expected = {
        "type": "about:blank",
        "title": PHRASES.get(bad.status, HTTPStatus(bad.status).phrase),
        "status": bad.status,
        "detail": DETAILS[bad.status].format(method=bad.method),
        "request_id": told.headers["X-Request-ID"],
    }
    right = (
        problem == expected,
        told.headers["WWW-Authenticate"] == ("Bearer" if bad.status == 401 else None),
        bool(told.headers["Allow"]) == (bad.status == 405),
        _errors_are_right(bad, errors) if bad.status == 422 else not errors,
    )
    return "" if all(right) else f"{problem} {errors} {told.headers.items()}"


PHRASES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""As RFC 9110 has them; the Python of a project may be older."""
DETAILS = {
    400: "The body is no valid JSON.",
    401: "Sign in, or send a valid token.",
    404: "There is nothing at this address.",
    405: "This address does not take {method}.",
    412: "It was changed since you read it.",
    413: f"The body is larger than {LIMIT} bytes.",
    415: "Send application/json.",
    422: "The request is not valid.",
}


def _errors_are_right(bad: Bad, errors: list[dict[str, str]]) -> bool:
    """Each fault has its place: a parameter, a field, or nothing for all of the body."""
    if not errors or any(error.keys() != {"pointer", "detail"} for error in errors):
        return False
    pointers = {error["pointer"] for error in errors}
    name = bad.name.partition(": ")[2]
    if bad.name.startswith("query"):
        return pointers == {f"?{name.split()[0]}"}
    field = name.split()[0]
    if bad.name.startswith("no note") and field in {"title", "text"} and name != "text alone":
        return any(pointer == f"/{field}" for pointer in pointers)
    return all(pointer == "" or pointer.startswith("/") for pointer in pointers)


@pytest.fixture(scope="module", params=KINDS)
def made(
    request: pytest.FixtureRequest,
    installed: Installed,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
) -> Project:
    """A project with an API, and an environment without tools."""
    framework, _, frontend = request.param.partition("-")
    folder = tmp_path_factory.mktemp(f"api-{request.param}")
    path = folder / "acme-shop"
    words = ("--set=api=true", f"--set=frontend={frontend}")
    result = installed.new(path, *words, framework=framework)
    install(uv, path, ".")
    return Project(path, framework, result)


@pytest.fixture(scope="module")
def api(made: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API of a clone, served as its production commands say and without limits."""
    copy = clone(made, tmp_path_factory.mktemp("served") / "copy")
    (copy / ".venv").symlink_to(made.path / ".venv")
    variables = {
        **made.production,
        "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3",
        "API_LIMIT_TOKEN": "0",
        "API_LIMIT_NETWORK": "0",
    }
    *prepare, serve = made.result["next"]["production"]
    for command in prepare[2:]:
        shell(command, copy, **variables)
    if made.framework == "django":
        shell(f".venv/bin/{MAKE_USER}", copy, **variables)
    made_token = shell(f".venv/bin/{MAKE_TOKEN[made.framework]} 2>/dev/null", copy, **variables)
    port = free_port()
    with serving(serve.replace(":8000", f":{port}"), copy, port, **variables):
        yield Api(port, made_token.strip(), copy, variables)


def test_bad_input_gets_its_problem_and_leaves_nothing(api: Api) -> None:
    note = api.ask("POST", NOTES, b'{"title": "Milk"}', Content_Type="application/json").json["id"]
    before = api.ask("GET", NOTES)
    assert before.status == 200
    has_session = api.ask("GET", SESSION).status == 200
    requests = [
        bad._replace(status=404) if bad.path == SESSION and not has_session else bad
        for bad in corpus()
    ]
    wrong = {bad.name: fault for bad in requests if (fault := judge(bad, api.send(bad, note)))}
    assert wrong == {}
    after = api.ask("GET", NOTES)
    assert (after.json, after.headers["ETag"]) == (before.json, before.headers["ETag"])


Elsewhere = tuple[str, str, dict[str, str], bytes, set[int]]
ELSEWHERE: list[Elsewhere] = [
    ("GET", "/nowhere/", {}, b"", {404}),
    ("GET", "/nowhere", {}, b"", {404}),
    ("HEAD", "/nowhere/", {}, b"", {404}),
    ("POST", "/nowhere/", {"Content-Type": "text/plain"}, b"a", {404}),
    ("GET", "/api", {}, b"", {404}),
    ("GET", "/notes/", {}, b"", {404}),
    ("GET", "/accounts/login/", {}, b"", {404}),
    ("GET", "/static/nowhere.css", {}, b"", {404}),
    ("GET", "/static/", {}, b"", {404}),
    ("GET", "/%00", {}, b"", {404}),
    ("GET", "/%ff%fe", {}, b"", {404}),
    ("GET", "/<script>alert(1)</script>", {}, b"", {404}),
    ("POST", "/", {"Content-Type": "application/json"}, b"{}", {405}),
    ("PUT", "/", {}, b"", {405}),
    ("DELETE", "/", {}, b"", {405}),
    ("TRACE", "/", {}, b"", {405}),
    ("PROPFIND", "/nowhere/", {}, b"", {404, 405}),
    ("POST", "/robots.txt", {}, b"", {405}),
    ("GET", "/", {"Host": "evil.example"}, b"", {400}),
    ("GET", "/nowhere/", {"Host": "evil.example"}, b"", {400}),
    ("GET", "/", {"Host": "evil.example", "X-Forwarded-Proto": "http"}, b"", {400}),
    ("POST", "/nowhere/", {}, b"x" * (LIMIT + 1), {404, 413}),
    ("POST", "/", {"Transfer-Encoding": "chunked"}, b"x" * (LIMIT + 1), {405, 413}),
]
"""Bad requests outside of the API; address, method and size are judged in any order."""


@pytest.mark.parametrize("made", WITHOUT_PAGES, indirect=True)
@pytest.mark.parametrize("accept", ["text/html", "application/json", "*/*", ""])
def test_without_pages_every_other_address_answers_alike(api: Api, accept: str) -> None:
    """A browser that asks for a page gets the same document."""
    root = api.ask("GET", "/", Accept=accept, Authorization="Bearer none")
    assert (root.status, root.headers["Content-Type"].partition(";")[0]) == (
        200,
        "application/json",
    )
    assert root.json == {"name": "Acme shop", "api": "/api/v1/", "openapi": "/api/v1/openapi.json"}
    head = api.ask("HEAD", "/", Accept=accept)
    assert (head.status, head.body) == (200, b"")
    assert api.ask("GET", "/robots.txt", Accept=accept).body == b"User-agent: *\nDisallow: /\n"
    assert refusal_elsewhere(api, ELSEWHERE, accept) == {}


def refusal_elsewhere(api: Api, requests: list[Elsewhere], accept: str) -> dict[str, str]:
    """Return the requests outside of the API whose answer is wrong, and what is wrong with it."""
    wrong = {}
    for method, path, headers, body, statuses in requests:
        named = {name.replace("-", "_"): value for name, value in headers.items()}
        told = api.ask(method, path, body, **{"Accept": accept, **named})
        if fault := _elsewhere_fault(told, method, statuses):
            wrong[f"{method} {path} {headers}"] = fault
    return wrong


def _elsewhere_fault(told: Told, method: str, statuses: set[int]) -> str:
    """Return what is wrong with an answer outside of the API, or nothing."""
    status = told.status
    form = (told.headers["Content-Type"], bool(told.headers["Allow"]))
    if status not in statuses or form != ("application/problem+json", status == 405):
        return f"{status} {form}: {told.body[:200]!r}"
    if method == "HEAD":
        return "" if not told.body else f"{told.body[:200]!r}"
    detail = DETAILS[status].format(method=method)
    expected = {
        "type": "about:blank",
        "title": PHRASES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": "The request could not be understood." if status == 400 else detail,
        "request_id": told.headers["X-Request-ID"],
    }
    return "" if told.json == expected else str(told.json)


def test_the_corpus_is_large_and_each_of_it_has_a_name() -> None:
    assert len(corpus()) >= 120
    assert len({bad.name for bad in corpus()}) == len(corpus())


def test_a_body_in_chunks_is_taken(api: Api) -> None:
    answer = api.ask(
        "POST", NOTES, b'{"title": "In chunks"}',
        Content_Type="application/json", Transfer_Encoding="chunked",
    )  # fmt: skip
    assert (answer.status, answer.json["title"]) == (201, "In chunks")
    assert api.ask("GET", answer.headers["Location"]).json == answer.json
    assert api.ask("DELETE", answer.headers["Location"]).status == 204


@pytest.mark.parametrize("chunk", [b"ZZ\r\nabc\r\n", b"5\r\nabcdefgh\r\n", b"\r\n"])
def test_a_body_in_broken_chunks_is_refused(api: Api, chunk: bytes) -> None:
    lines = [f"POST {NOTES} HTTP/1.1", f"Authorization: Bearer {api.token}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in AS_PROXY.items()]
    lines += ["Content-Type: application/json", "Transfer-Encoding: chunked", "", ""]
    with socket.create_connection(("127.0.0.1", api.port), timeout=30) as connection:
        connection.sendall("\r\n".join(lines).encode() + chunk + b"0\r\n\r\n")
        response = HTTPResponse(connection)
        response.begin()
        problem = json.loads(response.read())
    assert (response.status, problem["status"]) == (400, 400)


def test_one_key_at_once_makes_one_thing(api: Api) -> None:
    """Each answer is the one creation, or says that it is under way."""

    def create(_: int) -> Told:
        return api.ask(
            "POST", NOTES, b'{"title": "At once"}',
            Content_Type="application/json", Idempotency_Key="at-once",
        )  # fmt: skip

    before = api.ask("GET", NOTES).json["count"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(24)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert len({answer.body for answer in answers if answer.status == 201}) == 1
    assert create(0).headers["Idempotency-Replayed"] == "true"
    assert api.ask("GET", NOTES).json["count"] == before + 1


def test_changes_at_once_lose_nothing(api: Api) -> None:
    """Of those who saw the same, one changes it, and the others are told."""
    made = api.ask("POST", NOTES, b'{"title": "0"}', Content_Type="application/json")

    def change(number: int) -> int:
        return api.ask(
            "PATCH", made.headers["Location"], b'{"title": "%d"}' % number,
            Content_Type="application/json", If_Match=made.headers["ETag"],
        ).status  # fmt: skip

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(change, range(1, 17)))
    assert statuses == [200] + [412] * 15


def _wait_for_most_of_a_minute() -> None:
    passed = time.time() % 60
    if passed > 30:
        time.sleep(60 - passed)


@pytest.mark.parametrize("made", WITH_PAGES, indirect=True)
def test_limits_hold_for_all_workers(made: Project, api: Api) -> None:
    """A second server on the same database; what is refused is refused by each of its workers."""
    port = free_port()
    *_, serve = made.result["next"]["production"]
    variables = {**api.variables, "API_LIMIT_TOKEN": "20", "API_LIMIT_NETWORK": "1000"}
    with serving(serve.replace(":8000", f":{port}"), api.folder, port, **variables):
        limited = Api(port, api.token, api.folder, variables)
        _wait_for_most_of_a_minute()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: limited.ask("GET", NOTES), range(40)))
    statuses = Counter(answer.status for answer in answers)
    assert statuses == {200: 20, 429: 20}
    for answer in answers:
        if answer.status == 429:
            assert answer.json["detail"] == "Too many requests."
            assert 1 <= int(answer.headers["Retry-After"]) <= 60
