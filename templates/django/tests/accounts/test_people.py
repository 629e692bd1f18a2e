"""What people do with their accounts: the address, the sessions, the end; and what they hear of."""

import pytest
from allauth.usersessions.models import UserSession
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from accounts.sessions import browser
from tests.accounts.people import (
    CHANGE,
    DELETE,
    EMAIL,
    LOGIN,
    SESSIONS,
    is_signed_in,
    sign_in,
    signed_in,
    with_factor,
)
from tests.conftest import PASSWORD, Browser
from tests.mails import DEAD, link_in
from users.models import User

NEW = "ada@elsewhere.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ANDROID = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


def ask(client: Client, email: str = NEW, password: str = PASSWORD) -> str:
    return client.post(EMAIL, {"email": email, "password": password}, follow=True).text


def test_an_address_changes_once_its_link_is_opened(user: User) -> None:
    client, other = signed_in(user), signed_in(user)
    assert "This is not your password." in ask(client, password="wrong")
    assert "a message is on its way" in ask(client)
    new, old = mail.outbox
    assert (new.to, old.to) == ([NEW], [user.email])
    link = link_in(new)
    page = client.get(link)
    assert page["Referrer-Policy"] == "strict-origin"
    assert NEW in page.text
    assert User.objects.get().email == user.email, "whoever only looks changes nothing"
    assert "Your address is changed." in client.post(link, follow=True).text
    assert User.objects.get().email == NEW
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert mail.outbox[-1].to == [user.email]
    assert DEAD in client.post(link, follow=True).text
    sign_in(other, NEW)
    assert is_signed_in(other)


def test_a_link_to_an_address_is_no_way_into_an_account(user: User, client: Client) -> None:
    ask(signed_in(user))
    link = link_in(mail.outbox[0])
    assert client.get(link)["Location"].startswith(LOGIN), "it may be misspelt, and a stranger's"
    eve = signed_in(User.objects.create_user("eve@example.com", PASSWORD))
    assert DEAD in eve.post(link, follow=True).text
    assert User.objects.filter(email=user.email).exists()


def test_a_link_dies_with_a_new_password_or_address(user: User) -> None:
    client = signed_in(user)
    ask(client)
    ask(client, "another@example.com")
    first, _, second, _ = map(link_in, mail.outbox)
    client.post(second)
    assert DEAD in client.get(first, follow=True).text
    ask(client)
    phrase = "another good phrase"
    client.post(
        CHANGE, {"old_password": PASSWORD, "new_password1": phrase, "new_password2": phrase}
    )
    link = next(link_in(message) for message in reversed(mail.outbox) if message.to == [NEW])
    assert DEAD in client.get(link, follow=True).text


def test_an_address_of_somebody_else_is_not_told_from_others(user: User) -> None:
    eve = User.objects.create_user("eve@example.com", PASSWORD)
    client = signed_in(user)
    said = [
        ask(client, email).rpartition("<main")[2].partition("csrf")[0] for email in (eve.email, NEW)
    ]
    assert said[0] == said[1]
    assert "a message is on its way" in said[0]
    assert "There is one already." in mail.outbox[0].body


def test_somebody_else_may_be_quicker(user: User) -> None:
    client = signed_in(user)
    ask(client)
    User.objects.create_user(NEW, PASSWORD)
    assert DEAD in client.post(link_in(mail.outbox[0]), follow=True).text


def test_sessions_are_listed_and_ended(user: User) -> None:
    here, there, third = signed_in(user, FIREFOX), signed_in(user, ANDROID), signed_in(user)
    page = here.get(SESSIONS).text
    assert page.count("this browser") == 1
    assert "Firefox on Linux" in page
    assert "Chrome on Android" in page
    assert "203.0.113.7" in page
    assert page.count("Sign out everywhere else") == 1
    phone = UserSession.objects.get(user_agent=ANDROID)
    assert here.get(f"{SESSIONS}{phone.pk}/end/").status_code == 405
    eve = signed_in(User.objects.create_user("eve@example.com", PASSWORD))
    assert eve.post(f"{SESSIONS}{phone.pk}/end/").status_code == 404
    assert is_signed_in(there)
    here.post(f"{SESSIONS}{phone.pk}/end/")
    assert not is_signed_in(there)
    here.post(f"{SESSIONS}end/")
    assert not is_signed_in(third)
    assert is_signed_in(here)
    assert is_signed_in(eve)
    assert "Sign out everywhere else" not in here.get(SESSIONS).text
    assert UserSession.objects.filter(user=user).count() == 1


def test_a_session_stays_in_the_list_with_a_new_password(user: User) -> None:
    client = signed_in(user, FIREFOX)
    phrase = "another good phrase"
    fields = {"old_password": PASSWORD, "new_password1": phrase, "new_password2": phrase}
    client.post(CHANGE, fields)
    page = client.get(SESSIONS).text
    assert page.count("Firefox on Linux") > 0
    assert page.count("this browser") == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605", "Safari on iOS"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("curl/8.0", "A browser on another system"),
    ],
)
def test_a_browser_has_a_name(agent: str, words: str) -> None:
    assert browser(agent) == words


def test_an_account_is_deleted_with_what_belongs_to_it(user: User) -> None:
    client, other = signed_in(user), signed_in(user)
    eve = User.objects.create_user("eve@example.com", PASSWORD)
    assert "This is not your password." in client.post(DELETE, {"password": "wrong"}).text
    with_factor(user)
    gone = client.post(DELETE, {"password": PASSWORD}, follow=True)
    assert "Your account is deleted." in gone.text
    assert list(User.objects.all()) == [eve]
    assert not UserSession.objects.exists()
    assert not is_signed_in(client)
    assert not is_signed_in(other)
    assert mail.outbox[-1].to == [user.email]


def test_the_owner_hears_of_many_wrong_passwords_once(user: User, settings: LazySettings) -> None:
    settings.FAILURES_BEFORE_NOTICE = 4
    for number in range(8):
        for email in (user.email, "nobody@example.com"):
            sign_in(Browser(f"198.51.100.{number}"), email, "wrong")
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert "wrong passwords" in mail.outbox[0].body


def test_the_menu_leads_to_all_of_it(member: Browser) -> None:
    page = member.get("/").text
    for address in (CHANGE, EMAIL, SESSIONS, "/accounts/2fa/", DELETE):
        assert f'href="{address}"' in page
        assert member.get(address).status_code == 200
