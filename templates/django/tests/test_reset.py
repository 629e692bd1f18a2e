"""A new password by mail, which tells nobody whether an address has an account; and the mails."""

from pathlib import Path
from smtplib import SMTPException
from threading import current_thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.db.utils import OperationalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from config import later, mailbox
from config.urls import handler404, urlpatterns
from pages import mails
from tests.conftest import PASSWORD, Browser
from tests.mails import DEAD, kinds, link_in, outside
from users.models import User

__all__ = ["handler404"]
LOGIN, RESET, CHANGE = "/accounts/login/", "/accounts/password/reset/", "/accounts/password/change/"
NEW = "a much better phrase"
NOBODY = "nobody@example.com"
in_a_thread = later.start
urlpatterns = [
    *urlpatterns,
    path("mails/", mails.index, name="mails"),
]


def choose(client: Client, link: str, password: str = NEW) -> Any:
    """Open a mailed link, and send the form behind it."""
    page = client.get(link, follow=True)
    if DEAD in page.text:
        return page
    address = page.request["PATH_INFO"]
    return client.post(address, {"new_password1": password, "new_password2": password}, follow=True)


def test_a_link_sets_a_password_once_and_ends_sessions(member: Browser, events: Any) -> None:
    for _ in range(2):
        Browser().post(RESET, {"email": f" {member.user.email.upper()}"})
    first, second = map(link_in, mail.outbox)
    client = Browser()
    assert "Choose a new password" in client.get(first, follow=True).text
    assert member.get(CHANGE).status_code == 200, "opening the link changes nothing"
    done = choose(client, first)
    assert "Your password is set. Sign in." in done.text
    assert member.get(CHANGE).status_code == 302
    assert client.get(CHANGE).status_code == 302, "whoever has the link alone is not signed in"
    assert "was changed" in str(mail.outbox[-1].body)
    for link in (first, second):
        assert DEAD in choose(client, link, "yet another phrase").text
    assert User.objects.get().check_password(NEW)
    assert first.split("/")[4] not in str(events())


def test_answers_and_work_are_the_same_for_an_unknown_address(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever measures the time of an answer sees the same work: the rest begins after it."""
    monkeypatch.setattr("config.later.start", lambda _: None)
    seen = []
    for email in (user.email, NOBODY):
        client = Browser()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(RESET, {"email": email})
        seen.append((outside(answer), kinds(queries)))
    assert seen[0] == seen[1]
    assert not [kind for kind in seen[0][1] if "users_user" in kind]


def test_only_an_account_that_is_active_gets_a_link(user: User) -> None:
    Browser().post(RESET, {"email": NOBODY})
    User.objects.update(is_active=False)
    Browser().post(RESET, {"email": user.email})
    assert mail.outbox == []


def test_a_link_dies_with_time_and_with_the_address(
    user: User, settings: LazySettings, client: Client
) -> None:
    client.post(RESET, {"email": user.email})
    link = link_in(mail.outbox[0])
    assert DEAD in choose(client, link[:-3] + "xx/").text
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert DEAD in choose(client, link).text
    settings.PASSWORD_RESET_TIMEOUT = 60 * 60
    User.objects.update(email="ada@elsewhere.example")
    assert DEAD in choose(client, link).text
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("email", ["ada@example.com", NOBODY])
def test_no_mailbox_is_flooded(user: User, settings: LazySettings, email: str) -> None:
    limit = settings.MAILS_PER_NETWORK_TO_ADDRESS
    answers = [Browser().post(RESET, {"email": email}).status_code for _ in range(limit + 1)]
    assert answers == [302] * limit + [429]
    for number in range(settings.MAILS_PER_ADDRESS - limit):
        Browser(f"198.51.100.{number}").post(RESET, {"email": email})
    assert Browser("203.0.113.9").post(RESET, {"email": email}).status_code == 429


def test_a_mail_has_the_address_of_the_site_and_two_forms(user: User) -> None:
    Browser().post(RESET, {"email": user.email}, headers={"X-Forwarded-Host": "evil.example"})
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert message.subject.startswith("A new password for ")
    assert isinstance(message, mail.EmailMultiAlternatives)
    page, kind = map(str, message.alternatives[0])
    assert kind == "text/html"
    assert f'href="https://testserver{link_in(message)}"' in page
    assert "evil" not in f"{message.body}{page}"


@pytest.mark.parametrize("fault", [SMTPException, OSError])
def test_a_mail_that_is_not_sent_is_a_line_of_the_log(
    user: User, monkeypatch: pytest.MonkeyPatch, events: Any, fault: type[Exception]
) -> None:
    def broken(*_: Any) -> None:
        raise fault

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", broken)
    assert Browser().post(RESET, {"email": user.email}).status_code == 302
    assert "mail not sent" in [event["event"] for event in events()]


def test_what_cannot_be_done_later_is_a_line_of_the_log(events: Any) -> None:
    def broken() -> None:
        raise OperationalError

    later.do([broken])
    assert [event["event"] for event in events()] == ["not done"]


def test_what_is_left_for_later_has_a_thread_of_its_own() -> None:
    names: list[str] = []
    thread = in_a_thread(lambda: names.append(current_thread().name))
    thread.join()
    assert names == ["later"]


def test_password_managers_know_the_fields(client: Client, member: Browser) -> None:
    for page in (client.get(LOGIN).text, client.get(RESET).text):
        assert 'autocomplete="username"' in page
    page = member.get(CHANGE).text
    fields = ("username", "current-password", "new-password")
    places = [page.index(f'autocomplete="{field}"') for field in fields]
    assert places == sorted(places)
    assert f'value="{member.user.email}"' in page


def test_mails_of_development_are_kept_and_shown(
    client: Client,
    tmp_path: Path,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.ROOT_URLCONF, settings.DEBUG = __name__, True
    monkeypatch.setattr(mailbox, "FOLDER", tmp_path / "mails")
    assert "No mail was sent yet." in client.get("/mails/").text
    message = mail.EmailMessage("Hello", "Open https://testserver/here/?x=1 now", None, ["a@b.c"])
    assert mailbox.EmailBackend().send_messages([message]) == 1
    assert "Open https://testserver/here/?x=1 now" in capsys.readouterr().out
    page = client.get("/mails/").text
    assert "<h2>Hello</h2>" in page
    assert 'href="https://testserver/here/?x=1"' in page


def test_no_mails_are_shown_in_production(client: Client) -> None:
    assert client.get("/mails/").status_code == 404
