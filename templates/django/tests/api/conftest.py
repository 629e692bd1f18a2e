"""Programs that call the API."""

import json
from typing import Any

import pytest

from api.models import Token
from api.tokens import digest, random_text
from tests.conftest import Browser
from users.models import User


class Program(Browser):
    """A client that sends JSON, with a token if it has one; forgery is looked for."""

    def __init__(self, text: str = "", address: str = "203.0.113.7") -> None:
        super().__init__(address, checks_csrf=True)
        self.raise_request_exception = False
        if text:
            self.defaults["HTTP_AUTHORIZATION"] = f"Bearer {text}"

    def send(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """Send JSON, or bytes as they are; `headers` have underscores for hyphens."""
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        kind = headers.pop("Content_Type", "application/json")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.generic(method, path, b"" if data is None else body, kind, headers=sent)


def token_of(user: User, **fields: Any) -> str:
    """Make a token of a user and return its text."""
    text = random_text()
    Token.objects.create(user=user, name="test", digest=digest(text), **fields)
    return text


def assert_problem(response: Any, status: int, detail: str = "") -> dict[str, Any]:
    """Return the problem that an answer is."""
    problem: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, problem["status"]) == (status, status)
    assert response["Content-Type"] == "application/problem+json"
    assert problem["type"] == "about:blank"
    assert problem["request_id"] == response["X-Request-ID"]
    assert ("errors" in problem) is (status == 422)
    assert not detail or problem["detail"] == detail
    return problem


@pytest.fixture
def program(user: User) -> Program:
    """A program that may do all that `user` may."""
    return Program(token_of(user))


@pytest.fixture
def reader(user: User) -> Program:
    """A program that may read what `user` may."""
    return Program(token_of(user, scope="read"))


@pytest.fixture
def page(user: User) -> Program:
    """A page of the site, with the session of `user` and the token against forgery."""
    client = Program()
    client.force_login(user)
    client.defaults["HTTP_HOST"] = "testserver"
    client.defaults["HTTP_X_CSRFTOKEN"] = client.get("/api/v1/session/").json()["csrf_token"]
    client.defaults["HTTP_ORIGIN"] = "https://testserver"
    return client
