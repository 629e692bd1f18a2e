"""The API: who is let in, what is refused and how, limits, the schema."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest
from apiflask import APIBlueprint
from pydantic import Field
from werkzeug.serving import make_server

from app.api import limits, tokens
from app.api.bodies import Input
from app.api.schema import FILE
from app.api.tokens import reads
from app.config import ConfigurationError
{% if frontend != 'none' %}
from app.extensions import csrf
{% endif %}
from conftest import ENTRY, SECRET, check, make_program, sample

THINGS, LOOK = "/api/v1/things/", "/api/v1/things/look/"
SCHEMA, DOCS = "/api/v1/openapi.json", "/api/v1/docs/"
UNKNOWN = "Sign in, or send a valid token."
NOW = 1_000_000_010

# A resource of the tests, whatever resources there are.
things = APIBlueprint("things", __name__, url_prefix=THINGS[:-1], enable_openapi=False)
sample.record(lambda state: state.app.register_blueprint(things))
{% if frontend != 'none' %}
csrf.exempt(things)
{% endif %}


class Thing(Input):
    name: str = Field(min_length=1)
    tags: list[str] = []
    remark: str | None = None


@things.get("/")
def index():
    return {"things": []}


@things.post("/")
@things.input(Thing, arg_name="thing")
@things.output(Thing, 201)
def create(thing):
    return thing, 201


@things.post("/look/")
@reads
@things.input(Thing, arg_name="thing")
@things.output(Thing)
def look(thing):
    return thing


# --- who is let in


def test_without_anything_nobody_is_let_in(client):
    for response in (client.get(THINGS), client.post(THINGS, json={"name": "x"})):
        check(response, 401, UNKNOWN)
        assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "Bearer api_x", "Basic YTpi", "Token {}", "{}", "bearer  {}"]
)
def test_a_header_that_is_no_token_is_refused(client, value):
    check(client.get(THINGS, headers={"Authorization": value.format(SECRET)}), 401, UNKNOWN)


def test_a_token_may_only_read(program, reader):
    assert program.post(THINGS, json={"name": "x"}).status_code == 201
    assert reader.get(THINGS).status_code == 200
    assert reader.post(LOOK, json={"name": "x"}).status_code == 200
    check(reader.post(THINGS, json={"name": "x"}), 403, "This token may only read.")


def test_a_token_is_made_with_its_entry_and_ends_with_it(make_app, runner):
    made = runner.invoke(args=["api-token", "hash", "ci", "--scope", "read"])
    (secret,) = re.findall(r"(?m)^api_[\w-]{43}$", made.stdout)
    (entry,) = re.findall("(?m)^ci:read:[0-9a-f]{64}$", made.stdout)
    for entries, status in ((f"{ENTRY}, {entry}", 200), (ENTRY, 401)):
        app = make_app(API_TOKEN_SHA256=entries)
        assert secret not in str(app.config)
        assert make_program(app, secret).get(THINGS).status_code == status
    assert runner.invoke(args=["api-token", "hash", secret]).exit_code == 1


@pytest.mark.parametrize(
    ("entry", "label"),
    [
        (f"ci:write:{'a' * 63}", "ci"),
        (f"ci:admin:{'a' * 64}", "ci"),
        (f"ci:read:{'g' * 64}", "ci"),
        (f"c i:read:{'a' * 64}", "number 2"),
        (f"{'a' * 64}:read:ci", "number 2"),
        ("a" * 64, "number 2"),
        (SECRET, "number 2"),
    ],
)
def test_an_entry_that_is_wrong_is_named_without_its_hash(make_app, entry, label):
    with pytest.raises(ConfigurationError) as refusal:
        make_app(API_TOKEN_SHA256=f"{ENTRY},{entry}")
    assert f"API_TOKEN_SHA256 has an entry, {label}, that is not" in refusal.value.message
    for hidden in ("a" * 20, "g" * 20, SECRET):
        assert hidden not in refusal.value.message
    with pytest.raises(ConfigurationError, match="has two entries of the name test"):
        make_app(API_TOKEN_SHA256=f"{ENTRY},{ENTRY}")


{% if frontend != 'none' %}
{% include 'templates/shared/flask/test-api-site.py' %}


{% endif %}
# --- what is refused


@pytest.mark.parametrize("path", ["/api/", "/api/v2/", "/api/v1/things", "/api/v1/nothing/"])
def test_unknown_address(client, path):
    check(client.get(path), 404, "There is nothing at this address.")


def test_wrong_method(client):
    response = client.put(THINGS)
    check(response, 405, "This address does not take PUT.")
    assert {"GET", "POST"} <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=x"]
)
def test_wrong_type(program, kind):
    """What a form of another site can send is none of them JSON."""
    response = program.post(THINGS, data=b'{"name": "x"}', content_type=kind)
    check(response, 415, "Send application/json.")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"{'name': 'x'}", b'{"name": NaN}', b'{"name": "a", "name": "b"}'),
        *(b"\xef\xbb\xbf{}", b'{"name": "\xff"}', "{}".encode("utf-16"), b"[" * 100_000),
        b'{"name": ' + b"9" * 5_000 + b"}",
    ],
)
def test_broken_json(program, body):
    response = program.post(THINGS, data=body, content_type="application/json")
    check(response, 400, "The body is no valid JSON.")


def test_too_large(app, program):
    limit = app.config["MAX_CONTENT_LENGTH"]
    body = b'{"name": "x"}' + b" " * limit
    in_chunks = {"headers": {"Transfer-Encoding": "chunked"}, "input_stream": io.BytesIO(body)}
    for sent in ({"data": body}, in_chunks | {"environ_base": {"wsgi.input_terminated": True}}):
        response = program.post(THINGS, content_type="application/json", **sent)
        check(response, 413, f"The body is larger than {limit} bytes.")


@pytest.mark.parametrize(
    ("fields", "pointers"),
    [
        ({}, ["/name"]),
        ({"name": 5, "a/b~": 1}, ["/name", "/a~1b~0"]),
        ({"name": "\ud800", "tags": ["", "a\0"]}, ["/name", "/tags/1"]),
        ({"name": "a", "\0": ""}, [""]),
        ("AAA", [""]),
        ([], [""]),
    ],
)
def test_wrong_fields_are_refused_each_with_its_place(program, fields, pointers):
    problem = check(program.post(THINGS, json=fields), 422, "The request is not valid.")
    assert {each["pointer"] for each in problem["errors"]} == set(pointers)


@pytest.mark.parametrize("query", ["q=%00", "q=1&q=2"])
def test_a_query_says_one_thing(program, query):
    problem = check(program.get(f"{THINGS}?{query}"), 422, "The request is not valid.")
    assert [each["pointer"] for each in problem["errors"]] == ["?q"]


def test_texts_are_described_as_they_are_taken():
    fields = Thing.model_json_schema()["properties"]
    for text in (fields["name"], fields["tags"]["items"], fields["remark"]["anyOf"][0]):
        assert text["pattern"] == r"^[^\u0000]*$"


def test_the_unexpected_tells_nothing(program, monkeypatch):
    monkeypatch.setattr("app.api.requests.check_form", None)
    problem = check(program.get(THINGS), 500, "Something went wrong.")
    assert problem.keys() == {"type", "title", "status", "detail", "request_id"}


def test_a_refusal_is_a_line_of_the_log(client, log_lines):
    client.get(THINGS, headers={"Authorization": "Bearer hunter2"})
    refused = log_lines()[0]
    assert (refused["event"], refused["status"], refused["path"]) == ("refused", 401, THINGS)
    assert "hunter2" not in str(log_lines())


# --- limits


@pytest.fixture
def clock(monkeypatch):
    """A moment that stands still, until a test sets it."""
    monkeypatch.setattr("app.api.limits.time.time", lambda: NOW)


def test_requests_of_a_token_are_counted(make_app, clock, monkeypatch):
    secret, entry = tokens.make("other", "read")
    app = make_app(API_LIMIT_TOKEN="3", API_TOKEN_SHA256=f"{ENTRY},{entry}")
    program, other = make_program(app), make_program(app, secret)
    assert [program.get(THINGS).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = program.get(THINGS)
    check(refused, 429, "Too many requests.")
    assert refused.headers["Retry-After"] == str(60 - NOW % 60)
    assert other.get(THINGS).status_code == 200
    monkeypatch.setattr("app.api.limits.time.time", lambda: NOW + 60)
    assert program.get(THINGS).status_code == 200


def test_requests_of_a_network_are_counted(make_app, clock):
    app = make_app(API_LIMIT_NETWORK="3")
    guesses = make_program(app, "api_guess")
    assert [guesses.get(THINGS).status_code for _ in range(4)] == [401, 401, 401, 429]
    program = make_program(app)
    assert program.get(THINGS).status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.7"}
    assert program.get(THINGS, environ_base=elsewhere).status_code == 200
    assert guesses.get("/").status_code == 200


def test_nothing_is_counted_where_there_are_no_limits(make_app):
    app = make_app(API_LIMIT_TOKEN="0", API_LIMIT_NETWORK="0")
    assert make_program(app).get(THINGS).status_code == 200
    assert not app.extensions["api_minute"].requests


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_network(app, address, network):
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert limits.network() == network


# --- the schema, and other origins


def test_the_committed_schema_is_that_of_the_code(app):
    """If not: `flask spec --quiet`, and look at the difference before you commit it."""
    with app.test_request_context():
        assert json.loads(FILE.read_text(encoding="utf-8")) == app.spec


@pytest.mark.parametrize("path", [SCHEMA, DOCS])
def test_the_schema_is_for_tokens(client, reader, path):
    check(client.get(path), 401, UNKNOWN)
    assert reader.get(path).status_code == 200


@pytest.mark.parametrize("public", [True, False])
def test_the_schema_is_public_on_demand_and_in_development(make_app, public):
    variables = {"API_DOCS_PUBLIC": "1"} if public else {"production": False}
    client = make_app(**variables).test_client()
    assert client.get(SCHEMA).json["openapi"].startswith("3.1")
    page = client.get(DOCS)
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    nonce = re.search(r'nonce="(.+?)"', page.text)
    assert nonce
    assert f"'nonce-{nonce[1]}'" in policy
    for file in re.findall(r'(?:href|src)="(.+?)"', page.text):
        assert client.get(file, buffered=True).status_code == 200


def test_other_origins_are_a_list(make_app, client):
    origins = "https://app.example.org, http://localhost:5173"
    listed = make_app(API_CORS_ORIGINS=origins).test_client()
    ask = {"Access-Control-Request-Method": "POST", "Origin": "https://app.example.org"}
    asked = listed.options(THINGS, headers=ask)
    assert asked.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in listed.get(THINGS, headers=ask).headers
    for path, origin in ((THINGS, "https://other.example"), (THINGS, "null"), ("/", ask["Origin"])):
        refused = listed.get(path, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in refused.headers
    assert "Access-Control-Allow-Origin" not in client.options(THINGS, headers=ask).headers


@pytest.mark.parametrize("origin", ["*", "https://app.example.org/", "app.example.org", "null"])
def test_what_is_no_origin_is_refused(make_app, origin):
    with pytest.raises(ConfigurationError, match="API_CORS_ORIGINS cannot hold"):
        make_app(API_CORS_ORIGINS=origin)


@pytest.mark.fuzz
def test_nothing_is_found_that_the_schema_forbids(make_app):
    """What a machine makes of the schema: `pytest -m fuzz`, with the extra `fuzz`."""
    pytest.importorskip("schemathesis")
    limitless = {"API_LIMIT_NETWORK": "0", "API_LIMIT_TOKEN": "0"}
    app = make_app(ALLOWED_HOSTS="127.0.0.1", TRUSTED_PROXY_COUNT="1", **limitless)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    headers = ("X-Forwarded-Proto: https", f"Authorization: Bearer {SECRET}")
    found = subprocess.run(
        [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", str(FILE)),
            *("--url", f"http://127.0.0.1:{server.server_port}", "--checks", "all"),
            *("--max-examples", "50", "--seed", "1"),
            *(word for header in headers for word in ("--header", header)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    server.shutdown()
    thread.join()
    assert found.returncode == 0, found.stdout
