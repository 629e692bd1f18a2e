"""Sign-up: by a mailed link alone, open or by invitation."""

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import links
from tests.accounts.people import LOGIN, SIGNUP, is_signed_in, sign_in
from tests.conftest import PASSWORD, Browser
from tests.mails import DEAD, kinds, link_in, outside
from users.models import User

NEW = {"new_password1": PASSWORD, "new_password2": PASSWORD}
pytestmark = pytest.mark.django_db


def test_an_account_is_made_by_whoever_reads_the_mail(client: Client) -> None:
    assert 'type="email"' in client.get(SIGNUP).text
    client.post(SIGNUP, {"email": " Eve@Example.com", "is_staff": "1"})
    (message,) = mail.outbox
    assert message.to == ["eve@example.com"]
    link = link_in(message)
    page = client.get(link)
    assert page["Referrer-Policy"] == "strict-origin"
    assert page["Cache-Control"] == "no-store"
    assert 'value="eve@example.com"' in page.text
    assert not User.objects.exists(), "nothing is kept before the proof"
    other = {"email": "other@example.com", "is_staff": "1", "is_superuser": "1"}
    made = client.post(link, NEW | other, follow=True)
    assert "Your account is ready. Sign in." in made.text
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser) == ("eve@example.com", False, False)
    assert not is_signed_in(client)
    sign_in(client, user.email)
    assert is_signed_in(client)
    assert DEAD in client.get(link, follow=True).text
    assert DEAD in Browser().post(link, NEW, follow=True).text


def test_a_link_that_is_sent_off_twice_makes_one_account(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = f"{SIGNUP}{links.signup_token('eve@example.com')}/"
    User.objects.create_user("eve@example.com", PASSWORD)
    # As it was when the other began
    monkeypatch.setattr(links, "signup_email", lambda _token: "eve@example.com")
    assert DEAD in client.post(link, NEW, follow=True).text


@pytest.mark.parametrize("password", ["", "short", "password1", "eve@example.com"])
def test_a_weak_password_makes_no_account(client: Client, password: str) -> None:
    link = f"{SIGNUP}{links.signup_token('eve@example.com')}/"
    page = client.post(link, {"new_password1": password, "new_password2": password})
    assert "errorlist" in page.text
    assert not User.objects.exists()


def test_a_link_is_for_its_purpose_and_dies(
    user: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = links.signup_token("eve@example.com")
    assert links.signup_email(token) == "eve@example.com"
    assert links.email_change(token) is None
    assert links.signup_email(links.email_token(user, "eve@example.com")) is None
    assert links.signup_email(token[:-3] + "AAA") is None
    monkeypatch.setattr(links, "SIGNUP_SECONDS", -1)
    assert DEAD in client.get(f"{SIGNUP}{token}/", follow=True).text


def test_a_known_address_and_others_are_answered_alike(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever measures the time of an answer sees the same work: the rest begins after it."""
    monkeypatch.setattr("config.later.start", lambda _: None)
    seen = []
    for email in (user.email, "nobody@example.com"):
        client = Browser()
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(SIGNUP, {"email": email})
        seen.append((outside(answer), kinds(queries)))
    assert seen[0] == seen[1]


def test_who_has_an_account_hears_so(user: User) -> None:
    Browser().post(SIGNUP, {"email": user.email})
    assert "There is one already." in mail.outbox[0].body
    assert link_in(mail.outbox[0]) == "/accounts/password/reset/"


def test_accounts_are_made_by_invitation(
    client: Client, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SIGNUP_OPEN = False
    assert client.post(SIGNUP, {"email": "eve@example.com"}).status_code == 403
    page = client.get(SIGNUP)
    assert page.status_code == 200
    assert "Accounts are made by invitation." in page.text
    assert "Send the link" not in page.text
    assert "Sign up" not in client.get(LOGIN).text
    assert mail.outbox == []
    call_command("invite", "Eve@example.com")
    client.post(link_in(mail.outbox[0]), NEW)
    call_command("invite", "eve@example.com")
    assert "There is one already." in mail.outbox[1].body
    said = capsys.readouterr().out.splitlines()
    assert said == ["A message to eve@example.com is on its way."] * 2
    with pytest.raises(CommandError, match="is not an e-mail address"):
        call_command("invite", "eve")


def test_colleagues_may_sign_up_from_one_network(settings: LazySettings) -> None:
    settings.MAILS_PER_NETWORK = 2
    for number in range(4):
        client = Browser()
        assert client.post(SIGNUP, {"email": f"{number}@example.com"}).status_code == 302
        client.post(link_in(mail.outbox[-1]), NEW)
    assert User.objects.count() == 4
