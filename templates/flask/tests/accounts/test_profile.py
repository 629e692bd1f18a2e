"""What users do with their own account: address, sessions, and its end."""

import re

import pytest
from sqlalchemy import func, select

from app.accounts import links
from app.accounts.models import SecondFactor, SignIn, User
from app.accounts.sessions import name_of
from conftest import browser
from tests.accounts.people import (
    DELETE,
    EMAIL,
    EMAIL_CHANGE,
    FACTOR,
    LOGIN,
    OTHER_PASSWORD,
    PASSWORD,
    RESET,
    SESSIONS,
    change,
    choose,
    copy_of,
    is_signed_in,
    link_in,
    make_user,
    post,
    set_up_factor,
    sign_in,
    text_of,
)

NEW = "ada@elsewhere.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def ask(client, email=NEW, password=PASSWORD):
    return post(client, EMAIL_CHANGE, email=email, current=password)


def test_address_changes_once_the_new_one_says_so(app, member, client, session, mailbox):
    other = browser(app)
    sign_in(other)
    post(client, RESET, email=EMAIL)
    ask(member)
    reset, new, old = mailbox
    assert (new["To"], old["To"]) == (NEW, EMAIL)
    link = link_in(new)
    page = member.get(link)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert NEW in page.text
    session.refresh(member.user)
    assert member.user.email == EMAIL, "opening the link changes nothing"
    assert post(member, link).headers["Location"] == "/"
    session.refresh(member.user)
    assert member.user.email == NEW
    assert mailbox[-1]["To"] == EMAIL
    assert "has another address" in text_of(mailbox[-1])
    assert is_signed_in(member)
    assert not is_signed_in(other)
    assert member.get(link).headers["Location"] == EMAIL_CHANGE, "once"
    assert client.get(link_in(reset)).headers["Location"] == RESET, "links from before are dead"
    sign_in(client, NEW)
    assert is_signed_in(client)


def test_link_to_a_new_address_is_good_for_its_user_alone(
    client, member, other_member, session, mailbox
):
    """Whoever reads the mail of a mistyped address cannot take the account."""
    ask(member)
    link = link_in(mailbox[0])
    assert client.get(link).headers["Location"] == LOGIN
    assert post(other_member, link).headers["Location"] == EMAIL_CHANGE
    session.refresh(member.user)
    assert member.user.email == EMAIL
    assert member.get(link).status_code == 200


def test_link_to_a_new_address_dies(member, mailbox, monkeypatch):
    ask(member)
    link = link_in(mailbox[0])
    assert member.get(link[:-12] + "AAAAAAAAAAA/").headers["Location"] == EMAIL_CHANGE
    monkeypatch.setattr(links, "EMAIL_SECONDS", -1)
    assert member.get(link).headers["Location"] == EMAIL_CHANGE
    monkeypatch.undo()
    change(member, PASSWORD, OTHER_PASSWORD)
    assert member.get(link).headers["Location"] == EMAIL_CHANGE


def test_new_address_that_has_an_account(member, session, mailbox):
    """The answer does not tell; the owner of the address is told."""
    answer = ask(member)
    mailbox.clear()
    make_user(session, "eve@example.com")
    taken = ask(member, "eve@example.com")
    assert (answer.status_code, answer.text) == (taken.status_code, taken.text)
    first, second = mailbox
    assert (first["To"], second["To"]) == ("eve@example.com", EMAIL)
    assert "There is one already" in text_of(first)


def test_account_that_was_made_meanwhile_keeps_its_address(member, session, mailbox):
    ask(member)
    make_user(session, NEW)
    assert post(member, link_in(mailbox[0])).headers["Location"] == EMAIL_CHANGE


def test_change_of_address_asks_for_the_password(member, mailbox):
    assert "This is not your password." in ask(member, password="wrong").text
    assert "This is not an e-mail address." in ask(member, "nowhere").text
    assert mailbox == []


def test_sessions_are_listed(app, member):
    other = browser(app)
    other.environ_base["HTTP_USER_AGENT"] = FIREFOX
    other.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    sign_in(other)
    page = member.get(SESSIONS).text
    assert "Firefox on Linux" in page
    assert "203.0.113.7 · signed in" in page
    assert page.count("this browser") == 1


def test_one_session_is_ended(app, member, other_member, session):
    other = browser(app)
    sign_in(other)
    keys = re.findall(r'name="session" value="(\w+)"', other.get(SESSIONS).text)
    for unknown in (keys[0], "0" * 64, "a\0b", "x" * 5000):
        assert post(other_member, SESSIONS, session=unknown).status_code == 404
    assert is_signed_in(other), "somebody else's is not theirs to end"
    post(member, SESSIONS, session=keys[0])
    assert is_signed_in(member)
    assert not is_signed_in(other)


def test_all_other_sessions_are_ended(app, member, other_member):
    other, copy = browser(app), copy_of(member, browser(app))
    sign_in(other)
    assert "Sign out everywhere else" in member.get(SESSIONS).text
    post(member, SESSIONS)
    assert is_signed_in(member)
    assert is_signed_in(copy), "a copy of this one"
    assert not is_signed_in(other)
    assert is_signed_in(other_member)
    assert "Sign out everywhere else" not in member.get(SESSIONS).text.partition("<ul")[0]


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; like Mac OS X) Version/26.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1", "Safari on macOS"),
        ("curl/8.15", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_have_names(agent, name):
    assert name_of(agent) == name


def test_account_is_deleted_with_what_belongs_to_it(app, member, other_member, session, mailbox):
    set_up_factor(member)
    assert "This is not your password." in post(member, DELETE, current="wrong").text
    done = post(member, DELETE, current=PASSWORD)
    assert done.headers["Location"] == "/"
    assert mailbox[-1]["To"] == EMAIL
    assert "Your account is deleted" in text_of(mailbox[-1])
    assert not is_signed_in(member)
    session.expire_all()
    assert session.scalars(select(User.email)).all() == [other_member.user.email]
    assert session.scalars(select(SecondFactor)).all() == []
    assert session.scalar(select(func.count()).select_from(SignIn)) == 1
    assert is_signed_in(other_member)
    assert "do not belong together" in sign_in(member).text


def test_links_of_a_deleted_account_are_dead(client, member, mailbox):
    post(client, RESET, email=EMAIL)
    post(member, DELETE, current=PASSWORD)
    link = link_in(mailbox[0])
    assert choose(client, link, OTHER_PASSWORD).headers["Location"] == RESET


def test_password_managers_know_whose_password_is_asked_for(member):
    for path in (EMAIL_CHANGE, DELETE, FACTOR):
        page = member.get(path).text
        assert page.index('autocomplete="username"') < page.index('autocomplete="current-password"')
        assert f'value="{EMAIL}"' in page


def test_account_menu(client, member):
    page = member.get("/").text
    assert EMAIL in page
    for words in ("Change password", "Change e-mail", "Sessions", "Second factor", "Delete acc"):
        assert f">{words}" in page
    assert "Delete account" not in client.get("/").text
