"""Who asks the API: tokens, and the session of the site."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.utils import timezone

from api.models import Token
from api.tokens import digest
from tests.api.conftest import Program, assert_problem, token_of
from tests.conftest import Browser
from users.models import User

SESSION = "/api/v1/session/"


def caller(program: Browser) -> Any:
    """Return whom the API takes a program for."""
    return program.get(SESSION).json()["user"]


def test_a_token_stands_for_its_user(program: Program, user: User) -> None:
    assert caller(program) == {"id": user.pk, "email": user.email}
    assert caller(Program()) is None


def test_only_the_hash_of_a_token_is_kept(user: User) -> None:
    text = token_of(user)
    assert len(text) == len("api_") + 43
    token = Token.objects.get()
    assert token.digest == digest(text)
    assert text not in str(vars(token))


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer api_none", "Basic YTpi", "Token {}", "{}", "Bearer  {}"]
)
def test_a_bad_header_is_refused_even_with_a_session(user: User, page: Program, sent: str) -> None:
    assert caller(page)
    header = sent.format(token_of(user))
    assert_problem(page.get(SESSION, headers={"Authorization": header}), 401)


@pytest.mark.parametrize(
    "fields",
    [
        {"expires": timezone.now() - timedelta(seconds=1)},
        {"revoked": timezone.now() - timedelta(days=1)},
    ],
)
def test_a_token_ends(user: User, fields: dict[str, Any]) -> None:
    assert_problem(Program(token_of(user, **fields)).get(SESSION), 401)


def test_a_disabled_user_has_no_token(program: Program, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert_problem(program.get(SESSION), 401)


def test_use_is_written_once_a_minute(program: Program) -> None:
    program.get(SESSION)
    first = Token.objects.get().last_used
    program.get(SESSION)
    assert Token.objects.get().last_used == first
    Token.objects.update(last_used=timezone.now() - timedelta(minutes=2))
    program.get(SESSION)
    assert Token.objects.get().last_used > first  # type: ignore[operator]


def test_the_command_makes_lists_and_revokes(user: User, capsys: Any) -> None:
    call_command("api_token", "create", "robot", user="ADA@example.com", days=30, scope="read")
    text, told = capsys.readouterr()
    assert "nobody sees it again" in told
    program = Program(text.strip())
    assert caller(program)
    token = Token.objects.get()
    assert (token.scope, (token.expires - timezone.now()).days) == ("read", 29)  # type: ignore[operator]
    call_command("api_token", "list", "--settings", "config.settings.test")
    listed = capsys.readouterr().out
    today, end = f"{timezone.now():%Y-%m-%d}", f"{token.expires:%Y-%m-%d}"
    words = [token.pk, "robot", "read", user.email, f"used {today}", f"expires {end}"]
    assert listed == "\t".join(map(str, words)) + "\n"
    call_command("api_token", "revoke", str(token.pk))
    assert_problem(program.get(SESSION), 401)
    with pytest.raises(CommandError, match="no valid token"):
        call_command("api_token", "revoke", str(token.pk))


@pytest.mark.parametrize(
    "words",
    [
        {"name": "robot", "user": "nobody@example.com"},
        {"name": " ", "user": "ada@example.com"},
        {"name": "a\nb", "user": "ada@example.com"},
        {"name": "a" * 101, "user": "ada@example.com"},
        {"name": "robot", "user": "ada@example.com", "days": 0},
    ],
)
def test_the_command_names_what_is_wrong(user: User, words: dict[str, Any]) -> None:
    with pytest.raises(CommandError):
        call_command("api_token", "create", words.pop("name"), **words)
    assert not Token.objects.exists()


def test_the_admin_shows_a_token_once_and_revokes_it(office: Browser, user: User) -> None:
    made = office.post("/office/api/token/add/", {"user": user.pk, "name": "x", "scope": "write"})
    text = made.text.partition("<code>")[2].partition("</code>")[0]
    assert caller(Program(text))
    token = Token.objects.get()
    for path in ("", f"{token.pk}/change/"):
        shown = office.get(f"/office/api/token/{path}").text
        assert text not in shown
        assert token.digest not in shown
    office.post("/office/api/token/", {"action": "revoke", "_selected_action": token.pk})
    assert_problem(Program(text).get(SESSION), 401)


def test_staff_make_and_see_their_own_tokens_alone(office: Browser, user: User) -> None:
    root = User.objects.get(is_superuser=True)
    Token.objects.create(user=root, name="of root", digest="0" * 64)
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="api"))
    staff = Browser()
    staff.force_login(user)
    made = staff.post("/office/api/token/add/", {"user": root.pk, "name": "x", "scope": "write"})
    text = made.text.partition("<code>")[2].partition("</code>")[0]
    assert caller(Program(text))["email"] == user.email
    assert "of root" not in staff.get("/office/api/token/").text
    assert "of root" in office.get("/office/api/token/").text


def test_tokens_made_and_ended_are_lines_of_the_log(
    office: Browser, user: User, caplog: Any
) -> None:
    call_command("api_token", "create", "robot", user=user.email)
    call_command("api_token", "revoke", str(Token.objects.get().pk))
    office.post("/office/api/token/add/", {"user": user.pk, "name": "x", "scope": "write"})
    made = Token.objects.get(revoked=None)
    former = Token.objects.exclude(pk=made.pk).get()
    office.post("/office/api/token/", {"action": "revoke", "_selected_action": made.pk})
    office.post(f"/office/api/token/{former.pk}/delete/", {"post": "yes"})
    delete = {"action": "delete_selected", "_selected_action": made.pk, "post": "yes"}
    office.post("/office/api/token/", delete)
    assert not Token.objects.exists()
    lines = [str(record.msg) for record in caplog.records]
    for event in ("token made", "token revoked", "token deleted"):
        assert sum(f"'event': '{event}'" in line for line in lines) == 2


def test_the_log_names_the_user_and_no_token(user: User, caplog: Any) -> None:
    text = token_of(user)
    Program(text).get(SESSION)
    (line,) = [str(record.msg) for record in caplog.records if record.name == "config.request"]
    assert f"'user': {user.pk}" in line
    assert text not in line
