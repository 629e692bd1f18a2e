"""Sign-in and sign-out: who is let in, for how long, and who is kept out."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from sqlalchemy import func, select, update
from werkzeug.exceptions import Unauthorized

from app import access
from app.accounts import sessions
from app.accounts.models import SignIn, User
from app.accounts.sessions import IDLE_LIFETIME, LIFETIME, SEEN_EVERY
from app.accounts.views import local_path
from conftest import browser
from tests.accounts.people import (
    CHANGE,
    EMAIL,
    LOGIN,
    OTHER_PASSWORD,
    PASSWORD,
    change,
    copy_of,
    is_signed_in,
    make_user,
    post,
    sign_in,
)

WRONG = "This e-mail address and password do not belong together."


@pytest.fixture
def user(session):
    return make_user(session)


def test_sign_in_leads_to_the_page_that_asked_for_it(client, user):
    target = client.get(f"{CHANGE}?page=1").headers["Location"]
    response = post(client, target, email=f" {user.email.upper()} ", password=PASSWORD)
    assert response.headers["Location"] == f"{CHANGE}?page=1"
    home = client.get("/")
    assert "Sign out" in home.text
    assert home.headers["Cache-Control"] == "no-store"


def test_a_program_is_told_to_sign_in(client, member):
    for response in (
        client.get(CHANGE, headers={"Accept": "application/json"}),
        client.post(CHANGE, json={}),
    ):
        assert response.status_code == 401
        assert response.content_type == "application/problem+json"
        assert response.get_json(force=True)["status"] == 401
    assert member.get(CHANGE, headers={"Accept": "application/json"}).status_code == 200


def test_a_form_that_was_open_for_too_long_leads_to_sign_in(client):
    assert client.post(CHANGE).headers["Location"].startswith(LOGIN)


def test_nobody_is_signed_in_outside_of_a_request(app):
    with app.app_context():
        assert not access.current_user.is_authenticated
    with app.test_request_context(), pytest.raises(Unauthorized):
        access.own(access.Owned)


@pytest.mark.parametrize(
    "target",
    [
        *("//other.example", "///other.example", "https://other.example/", "https:other.example"),
        *("/\\other.example", "\\\\other.example", "/\t/other.example", "/\n/other.example"),
        *("\t//other.example", " /page/", "javascript:alert(1)", "data:text/html,x"),
        *("page/", "/\x00/other.example", "/page/\u2028", "/page/\r\nSet-Cookie: a=b", ""),
        *("http:/other.example", "/%0a\\other.example", "//[::1]/", "@other.example"),
    ],
)
def test_next_leads_nowhere_else(app, target):
    with app.test_request_context():
        assert local_path(target) == "/"


@pytest.mark.parametrize(
    "fields",
    [
        {"email": EMAIL, "password": PASSWORD.strip()},
        {"email": EMAIL, "password": PASSWORD.upper()},
        {"email": "nobody@example.com", "password": PASSWORD},
        {"email": "disabled@example.com", "password": PASSWORD},
    ],
)
def test_refusal_says_nothing_about_the_account(client, session, log_lines, fields):
    make_user(session)
    make_user(session, "disabled@example.com", active=False)
    response = post(client, LOGIN, **fields)
    assert response.status_code == 200
    assert WRONG in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert not is_signed_in(client)
    (line,) = [line for line in log_lines() if line["event"] == "sign-in failed"]
    assert line["address"] == "127.0.0.1"
    assert PASSWORD not in str(log_lines())
    assert fields["email"] not in str(log_lines()), "it may be a password, typed a field too early"


def test_unknown_user_costs_a_hash_as_well(client, session, monkeypatch):
    checked: list[str] = []
    monkeypatch.setattr(
        "app.accounts.passwords.matches", lambda known, _password: checked.append(known)
    )
    post(client, LOGIN, email="nobody@example.com", password=PASSWORD)
    assert extract_parameters(checked[0]).memory_cost == 19 * 1024


@pytest.mark.parametrize("field", ["email", "password"])
def test_empty_or_endless_field_is_refused(client, user, field):
    for value in ("", "x" * 300):
        fields = {"email": user.email, "password": PASSWORD} | {field: value}
        response = post(client, LOGIN, **fields)
        assert f'aria-describedby="{field}_error"' in response.text
        assert WRONG not in response.text


def test_session_is_new_and_hashed(client, user, session):
    sign_in(client)
    with client.session_transaction() as before:
        old = before[sessions.KEY]
    sign_in(client)
    with client.session_transaction() as after:
        new = after[sessions.KEY]
    assert old != new
    assert len(new) >= 43  # 256 bits
    assert session.scalars(select(SignIn.digest)).all() == [sessions.digest(new)]
    assert new not in sessions.digest(new)


def test_copy_of_the_cookie_is_dead_after_sign_out(app, client, user, session, log_lines):
    sign_in(client)
    copy = copy_of(client, browser(app))
    assert is_signed_in(copy)
    assert client.get("/accounts/logout/").status_code == 405
    response = post(client, "/accounts/logout/")
    assert response.headers["Location"] == "/"
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(client)
    assert not is_signed_in(copy)
    assert session.scalar(select(func.count()).select_from(SignIn)) == 0
    events = [line["event"] for line in log_lines()]
    assert "signed in" in events
    assert "signed out" in events


def test_disabled_user_is_out_at_once(member, session):
    assert is_signed_in(member)
    session.execute(update(User).values(active=False))
    session.commit()
    assert not is_signed_in(member)


def test_operator_disables_and_enables(app, member):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["user", EMAIL.upper(), "--disable"]).exit_code == 0
    assert not is_signed_in(member)
    assert WRONG in sign_in(member).text
    assert runner.invoke(args=["user", EMAIL, "--enable"]).exit_code == 0
    assert not is_signed_in(member)
    sign_in(member)
    assert is_signed_in(member)
    unknown = runner.invoke(args=["user", "nobody@example.com", "--disable"])
    assert unknown.exit_code == 1
    assert "nobody@example.com" in unknown.output


@pytest.mark.parametrize(
    "values", [{"seen": IDLE_LIFETIME}, {"created": LIFETIME, "seen": timedelta()}]
)
def test_session_ends_with_time(member, session, values):
    past = {name: datetime.now(UTC) - age for name, age in values.items()}
    session.execute(update(SignIn).values(past))
    session.commit()
    assert not is_signed_in(member)


def test_use_keeps_a_session_alive(app, member, session):
    earlier = datetime.now(UTC) - SEEN_EVERY - timedelta(seconds=1)
    session.execute(update(SignIn).values(seen=earlier))
    session.commit()
    assert is_signed_in(member)
    session.expire_all()
    seen = session.scalars(select(SignIn.seen)).one()
    assert seen.replace(tzinfo=UTC) > earlier
    assert app.config["PERMANENT_SESSION_LIFETIME"] == IDLE_LIFETIME


def test_weaker_hash_is_renewed_at_sign_in(client, user, session):
    user.password_hash = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    session.commit()
    sign_in(client)
    session.refresh(user)
    kept = extract_parameters(user.password_hash)
    assert user.password_hash.startswith("$argon2id$")
    assert (kept.memory_cost, kept.time_cost, kept.parallelism) == (19 * 1024, 2, 1)


def test_change_ends_the_other_sessions(app, member, log_lines):
    other, copy = browser(app), copy_of(member, browser(app))
    sign_in(other)
    assert "This is not your password." in change(member, OTHER_PASSWORD, OTHER_PASSWORD).text
    assert is_signed_in(other)
    response = change(member, PASSWORD, OTHER_PASSWORD)
    assert response.headers["Location"] == "/"
    assert is_signed_in(member)
    assert not is_signed_in(other)
    assert not is_signed_in(copy)
    assert WRONG in sign_in(other).text
    sign_in(other, password=OTHER_PASSWORD)
    assert is_signed_in(other)
    events = [line["event"] for line in log_lines()]
    assert "password refused" in events
    assert "password changed" in events
    assert OTHER_PASSWORD not in str(log_lines())


def test_new_password_is_typed_twice(member):
    fields = {"current": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD.strip()}
    assert "are not the same" in post(member, CHANGE, **fields).text


def test_password_managers_know_the_fields(client, member):
    assert 'autocomplete="username"' in client.get(LOGIN).text
    page = member.get(CHANGE).text
    fields = ("username", "current-password", "new-password")
    places = [page.index(f'autocomplete="{field}"') for field in fields]
    assert places == sorted(places)
    assert f'value="{EMAIL}"' in page
    assert page.count('type="password"') == 3
