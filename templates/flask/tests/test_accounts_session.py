"""Sign-in and sign-out: who is let in, for how long, and who is kept out."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.accounts import access
from app.accounts.access import IDLE_LIFETIME, LIFETIME, PUBLIC, SEEN_EVERY, local_path
from app.accounts.models import SignIn, User
from tests.accounts import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    copy_of,
    is_signed_in,
    make_user,
    post,
    sign_in,
    signed_in,
)
from tests.conftest import Lines, browser
from tests.test_csrf import token

# Written down here as well: whoever opens a page to everybody does it in two places.
OPEN = {
    *("static", "pages.home"),
    *("accounts.login", "accounts.signup", "accounts.signup_confirm"),
    *("accounts.reset", "accounts.reset_confirm"),
}
WRONG = "The address or the password is wrong."


@pytest.fixture
def user(session: Session) -> User:
    return make_user(session)


def test_every_page_that_is_not_public_refuses_strangers(app: Flask, client: FlaskClient) -> None:
    assert PUBLIC == OPEN
    closed = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] != "sample" and rule.endpoint not in OPEN
    ]
    assert len(closed) >= 2
    csrf_token = token(client)
    for rule in closed:
        path = rule.build(dict.fromkeys(rule.arguments, 1))
        assert path
        for method in (rule.methods or set()) - {"OPTIONS"}:
            data = {"csrf_token": csrf_token} if method == "POST" else None
            response = client.open(path[1], method=method, data=data)
            if method == "POST":
                assert response.status_code == 401, rule
            else:
                assert response.status_code in {302, 303}, rule
                assert response.headers["Location"].startswith("/accounts/login/?next=/"), rule


def test_sign_in_leads_to_the_page_that_asked_for_it(client: FlaskClient, user: User) -> None:
    target = client.get("/accounts/password/change/?page=1").headers["Location"]
    response = post(client, target, email=f" {user.email.upper()} ", password=PASSWORD)
    assert response.headers["Location"] == "/accounts/password/change/?page=1"
    home = client.get("/")
    assert "Sign out" in home.text
    assert home.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "target",
    [
        *("//other.example", "///other.example", "https://other.example/", "https:other.example"),
        *("/\\other.example", "\\\\other.example", "/\t/other.example", "/\n/other.example"),
        *("\t//other.example", " /notes/", "javascript:alert(1)", "data:text/html,x"),
        *("notes/", "/\x00/other.example", "/notes/\u2028", "/notes/\r\nSet-Cookie: a=b", ""),
        *("http:/other.example", "/%0a\\other.example", "//[::1]/", "@other.example"),
    ],
)
def test_next_leads_nowhere_else(app: Flask, client: FlaskClient, user: User, target: str) -> None:
    with app.test_request_context():
        assert local_path(target) == "/"
    data = {"csrf_token": token(client), "email": user.email, "password": PASSWORD}
    response = client.post("/accounts/login/", query_string={"next": target}, data=data)
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    "fields",
    [
        {"email": EMAIL, "password": PASSWORD.strip()},
        {"email": EMAIL, "password": PASSWORD.upper()},
        {"email": "nobody@example.com", "password": PASSWORD},
        {"email": "disabled@example.com", "password": PASSWORD},
    ],
)
def test_refusal_says_nothing_about_the_account(
    client: FlaskClient, session: Session, log_lines: Lines, fields: dict[str, str]
) -> None:
    make_user(session)
    make_user(session, "disabled@example.com", active=False)
    response = post(client, "/accounts/login/", **fields)
    assert response.status_code == 200
    assert WRONG in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert not is_signed_in(client)
    (line,) = [line for line in log_lines() if line["event"] == "sign-in failed"]
    assert line["address"] == "127.0.0.1"
    assert PASSWORD not in str(log_lines())


def test_unknown_user_costs_a_hash_as_well(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    del session
    checked: list[str] = []
    monkeypatch.setattr(
        "app.accounts.passwords.matches", lambda known, _password: checked.append(known)
    )
    post(client, "/accounts/login/", email="nobody@example.com", password=PASSWORD)
    assert extract_parameters(checked[0]).memory_cost == 19 * 1024


@pytest.mark.parametrize("field", ["email", "password"])
def test_empty_or_endless_field_is_refused(client: FlaskClient, user: User, field: str) -> None:
    for value in ("", "x" * 300):
        fields = {"email": user.email, "password": PASSWORD} | {field: value}
        response = post(client, "/accounts/login/", **fields)
        assert f'aria-describedby="{field}_error"' in response.text
        assert WRONG not in response.text


def test_session_is_new_and_hashed(client: FlaskClient, user: User, session: Session) -> None:
    sign_in(client)
    with client.session_transaction() as before:
        old = before[access.KEY]
    sign_in(client)
    with client.session_transaction() as after:
        new = after[access.KEY]
    assert old != new
    assert len(new) >= 43  # 256 bits
    assert session.scalars(select(SignIn.digest)).all() == [access.digest(new)]
    assert new not in access.digest(new)
    assert user.id


def test_copy_of_the_cookie_is_dead_after_sign_out(
    app: Flask, session: Session, log_lines: Lines
) -> None:
    client = signed_in(app, session)
    copy = copy_of(app, client)
    assert is_signed_in(copy)
    assert client.get("/accounts/logout/").status_code == 405
    response = post(client, "/accounts/logout/")
    assert response.headers["Location"] == "/"
    assert "cookies" in response.headers["Clear-Site-Data"]
    assert not is_signed_in(client)
    assert not is_signed_in(copy)
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0
    events = [line["event"] for line in log_lines()]
    assert "signed in" in events
    assert "signed out" in events


def test_disabled_user_is_out_at_once(app: Flask, session: Session) -> None:
    client = signed_in(app, session)
    session.execute(update(User).values(active=False))
    session.commit()
    assert not is_signed_in(client)


def test_operator_disables_and_enables(app: Flask, session: Session) -> None:
    client = signed_in(app, session)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["user", EMAIL.upper(), "--disable"]).exit_code == 0
    assert not is_signed_in(client)
    assert WRONG in sign_in(client).text
    assert runner.invoke(args=["user", EMAIL, "--enable"]).exit_code == 0
    assert not is_signed_in(client)
    sign_in(client)
    assert is_signed_in(client)
    unknown = runner.invoke(args=["user", "nobody@example.com", "--disable"])
    assert unknown.exit_code == 1
    assert "nobody@example.com" in unknown.output


@pytest.mark.parametrize(
    "values",
    [
        {"seen": IDLE_LIFETIME},
        {"created": LIFETIME, "seen": timedelta()},
    ],
)
def test_session_ends_with_time(app: Flask, session: Session, values: dict[str, timedelta]) -> None:
    client = signed_in(app, session)
    past = {name: datetime.now(UTC) - age for name, age in values.items()}
    session.execute(update(SignIn).values(past))
    session.commit()
    assert not is_signed_in(client)


def test_use_keeps_a_session_alive(app: Flask, session: Session) -> None:
    client = signed_in(app, session)
    earlier = datetime.now(UTC) - SEEN_EVERY - timedelta(seconds=1)
    session.execute(update(SignIn).values(seen=earlier))
    session.commit()
    assert is_signed_in(client)
    session.expire_all()
    seen = session.scalars(select(SignIn.seen)).one()
    assert seen.replace(tzinfo=UTC) > earlier
    assert app.config["PERMANENT_SESSION_LIFETIME"] == IDLE_LIFETIME


def test_weaker_hash_is_renewed_at_sign_in(client: FlaskClient, session: Session) -> None:
    user = make_user(session)
    user.password_hash = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    session.commit()
    sign_in(client)
    session.refresh(user)
    kept = extract_parameters(user.password_hash)
    assert user.password_hash.startswith("$argon2id$")
    assert (kept.memory_cost, kept.time_cost, kept.parallelism) == (19 * 1024, 2, 1)


def test_change_ends_the_other_sessions(app: Flask, session: Session, log_lines: Lines) -> None:
    client = signed_in(app, session)
    other, copy = browser(app), copy_of(app, client)
    sign_in(other)
    path = "/accounts/password/change/"
    wrong = post(client, path, current=OTHER_PASSWORD, password=OTHER_PASSWORD)
    assert "This is not your password." in wrong.text
    assert is_signed_in(other)
    response = post(client, path, current=PASSWORD, password=OTHER_PASSWORD)
    assert response.headers["Location"] == "/"
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert not is_signed_in(copy)
    assert WRONG in sign_in(other).text
    sign_in(other, password=OTHER_PASSWORD)
    assert is_signed_in(other)
    events = [line["event"] for line in log_lines()]
    assert "password change failed" in events
    assert "password changed" in events
    assert OTHER_PASSWORD not in str(log_lines())


def test_page_shows_its_form(app: Flask, session: Session) -> None:
    client = signed_in(app, session)
    page = client.get("/accounts/password/change/").text
    assert page.index('autocomplete="current-password"') < page.index('autocomplete="new-password"')
    assert page.count('type="password"') == 2
