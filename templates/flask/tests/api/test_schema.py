"""The schema, the page that shows it, and other origins."""

import json
import re

import pytest

from app.api.schema import FILE
from app.config import ConfigurationError
from tests.api.things import THINGS

SCHEMA, DOCS = "/api/v1/openapi.json", "/api/v1/docs/"


def test_the_committed_schema_is_that_of_the_code(app):
    """If not: `flask spec --quiet`, and look at the difference before you commit it."""
    with app.test_request_context():
        assert json.loads(FILE.read_text(encoding="utf-8")) == app.spec


def test_every_error_of_an_operation_is_in_the_schema():
    schema = json.loads(FILE.read_text(encoding="utf-8"))
    assert schema["openapi"].startswith("3.1")
    for operations in schema["paths"].values():
        for operation in operations.values():
            if "operationId" in operation:
                assert {"429", "500"} <= operation["responses"].keys()
                assert ("401" in operation["responses"]) is ("security" in operation)


@pytest.mark.parametrize("path", [SCHEMA, DOCS])
def test_the_schema_is_for_tokens(client, program, path):
    assert client.get(path).status_code == 401
    assert program.get(path).status_code == 200


@pytest.mark.parametrize("public", [True, False])
def test_the_schema_is_public_on_demand_and_in_development(make_app, public):
    variables = {"API_DOCS_PUBLIC": "1"} if public else {"production": False}
    client = make_app(API_LIMIT_NETWORK="0", **variables).test_client()
    assert client.get(SCHEMA).json["openapi"].startswith("3.1")
    page = client.get(DOCS)
    policy = page.headers["Content-Security-Policy"]
    assert re.search("img-src 'self'[^;]* data:;", policy)
    assert "unsafe" not in policy
    nonce = re.search(r'nonce="(.+?)"', page.text)
    assert nonce
    assert f"'nonce-{nonce[1]}'" in policy
    for file in re.findall(r'(?:href|src)="(.+?)"', page.text):
        response = client.get(file, buffered=True)
        assert response.status_code == 200
        assert "data:" not in response.headers["Content-Security-Policy"]


def test_other_origins_are_a_list(make_app, client):
    origins = "https://app.example.org, http://localhost:5173"
    listed = make_app(API_CORS_ORIGINS=origins, API_LIMIT_NETWORK="0").test_client()
    ask = {"Access-Control-Request-Method": "POST", "Origin": "https://app.example.org"}
    asked = listed.options(THINGS, headers=ask)
    assert asked.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    answer = listed.get(THINGS, headers=ask)
    assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example.org"
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    for path, origin in ((THINGS, "https://other.example"), (THINGS, "null"), ("/", ask["Origin"])):
        refused = listed.get(path, headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in refused.headers
    assert "Access-Control-Allow-Origin" not in client.options(THINGS, headers=ask).headers


@pytest.mark.parametrize("origin", ["*", "https://app.example.org/", "app.example.org", "null"])
def test_what_is_no_origin_is_refused(make_app, origin):
    with pytest.raises(ConfigurationError, match="API_CORS_ORIGINS cannot hold"):
        make_app(API_CORS_ORIGINS=origin)
