"""The second factor: set up, asked for, taken away; and staff, who need it."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from accounts.middleware import NEEDED
from accounts.seals import unseal
from tests.accounts.people import (
    CHANGE,
    FACTOR,
    KEY,
    LOGIN,
    code,
    is_signed_in,
    key_on,
    sign_in,
    signed_in,
    with_factor,
)
from tests.conftest import PASSWORD, Browser
from users.models import User

SETUP, VERIFY, OFF = f"{FACTOR}setup/", f"{FACTOR}verify/", f"{FACTOR}off/"
CODES, NEW_CODES, ADD = f"{FACTOR}codes/", f"{FACTOR}codes/new/", f"{FACTOR}passkeys/add/"
WRONG = "This code is not right."
REFUSED = "This passkey was not accepted."


def set_up(client: Client, password: str = PASSWORD) -> Any:
    key = key_on(client.get(SETUP).text)
    return client.post(SETUP, {"password": password, "code": code(key)}, follow=True)


def codes_on(page: str) -> list[str]:
    return re.findall(r"<code>(\d{8})</code>", page)


def test_it_is_set_up_with_the_password_and_a_code(member: Browser, events: Any) -> None:
    page = member.get(SETUP).text
    assert '<svg class="qr"' in page
    assert "style=" not in page
    assert "This is not your password." in set_up(member, "wrong").text
    wrong = member.post(SETUP, {"password": PASSWORD, "code": "000000"})
    assert WRONG in wrong.text
    assert not Authenticator.objects.exists()
    assert "The second factor is off." not in page
    done = set_up(member)
    codes = codes_on(done.text)
    assert len(set(codes)) == 10
    assert "The second factor is on." in done.text
    assert "The second factor is on." in mail.outbox[-1].body
    assert mail.outbox[-1].to == [member.user.email]
    again = member.get(CODES).text
    assert codes_on(again) == [], "codes are shown once"
    assert "You have 10 of 10 codes left." in again
    assert "second factor added" in str(events())
    assert codes[0] not in str(events())


def test_secrets_are_sealed_and_survive_a_change_of_key(user: User, settings: LazySettings) -> None:
    client = signed_in(user)
    key = key_on(client.get(SETUP).text)
    client.post(SETUP, {"password": PASSWORD, "code": code(key)})
    totp, recovery = Authenticator.objects.order_by("pk")
    sealed, seed = totp.data["secret"], recovery.data["seed"]
    former, opened = settings.SECRET_KEY, unseal(seed)
    assert (unseal(sealed), key in str(totp.data)) == (key, False)
    settings.SECRET_KEY = "a new key " * 5
    settings.SECRET_KEY_FALLBACKS = [former]
    assert (unseal(sealed), unseal(seed)) == (key, opened)
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) not in {key, unseal(sealed)}, "each time another that nobody knows"


def test_a_secret_whose_key_is_gone_lets_nobody_in(user: User, settings: LazySettings) -> None:
    with_factor(user)
    settings.SECRET_KEY = "a new key " * 5
    client = Browser()
    sign_in(client, user.email)
    assert WRONG in client.post(VERIFY, {"code": code()}).text


def test_sign_in_asks_for_a_code(user: User) -> None:
    with_factor(user)
    client = Browser()
    answer = sign_in(client, user.email, next=CHANGE)
    assert answer["Location"] == VERIFY
    assert not is_signed_in(client)
    page = client.get(VERIFY).text
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert WRONG in client.post(VERIFY, {"code": "000000"}).text
    assert not is_signed_in(client)
    assert client.post(VERIFY, {"code": code()})["Location"] == CHANGE
    assert is_signed_in(client)


def test_a_code_is_good_once(user: User) -> None:
    with_factor(user)
    used = code()
    for accepted in (True, False):
        client = Browser()
        sign_in(client, user.email)
        client.post(VERIFY, {"code": used})
        assert is_signed_in(client) is accepted


def test_the_code_of_the_set_up_is_used_as_well(member: Browser) -> None:
    key = key_on(member.get(SETUP).text)
    used = code(key)
    member.post(SETUP, {"password": PASSWORD, "code": used})
    client = Browser()
    sign_in(client, member.user.email)
    assert WRONG in client.post(VERIFY, {"code": f"{used[:3]} {used[3:]}"}).text


def test_the_first_factor_ends_the_sessions_that_needed_none(user: User) -> None:
    here, there = signed_in(user), signed_in(user)
    set_up(here)
    assert is_signed_in(here)
    assert not is_signed_in(there)


def test_a_recovery_code_is_good_once(member: Browser) -> None:
    codes = codes_on(set_up(member).text)
    for accepted in (True, False):
        client = Browser()
        sign_in(client, member.user.email)
        client.post(VERIFY, {"code": codes[3]})
        assert is_signed_in(client) is accepted
    assert "9 are left." in member.get(FACTOR).text


def test_half_a_sign_in_ends_after_a_quarter_of_an_hour(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_factor(user)
    client = Browser()
    assert client.get(VERIFY)["Location"] == LOGIN
    sign_in(client, user.email)
    assert client.get(VERIFY).status_code == 200
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 15 * 60 + 1)
    assert client.post(VERIFY, {"code": code()})["Location"] == LOGIN
    assert not is_signed_in(client)


def test_codes_are_counted_with_the_passwords(user: User, settings: LazySettings) -> None:
    with_factor(user)
    client = Browser()
    sign_in(client, user.email)
    for _ in range(settings.FAILURES_PER_ACCOUNT):
        assert client.post(VERIFY, {"code": "000000"}).status_code == 200
    assert client.post(VERIFY, {"code": code()}).status_code == 429
    assert sign_in(Browser(), user.email).status_code == 429


def test_other_networks_share_the_guesses_at_the_code(user: User, settings: LazySettings) -> None:
    with_factor(user)
    settings.CODES_PER_ACCOUNT = 3
    for number, status in enumerate((200, 200, 200, 429)):
        client = Browser(f"198.51.100.{number}")
        sign_in(client, user.email)
        assert client.post(VERIFY, {"code": "000000"}).status_code == status
    # The wait is that of codes alone: the password still signs in who has no second factor.
    Authenticator.objects.all().delete()
    assert sign_in(Browser(), user.email)["Location"] == "/"


def test_the_right_password_does_not_forgive_wrong_codes(
    user: User, settings: LazySettings
) -> None:
    with_factor(user)
    client = Browser()
    for number in range(settings.FAILURES_PER_ACCOUNT):
        assert sign_in(client, user.email).status_code == 302, number
        client.post(VERIFY, {"code": "000000"})
    assert sign_in(client, user.email).status_code == 429


def test_successes_do_not_count(user: User, settings: LazySettings) -> None:
    with_factor(user)
    settings.FAILURES_PER_NETWORK = settings.CODES_PER_ACCOUNT = 1
    for steps in (0, 1):
        client = Browser()
        sign_in(client, user.email)
        client.post(VERIFY, {"code": code(steps=steps)})
        assert is_signed_in(client)


def test_changes_ask_for_the_password_and_are_told(member: Browser) -> None:
    set_up(member)
    for address, done in (
        (NEW_CODES, "There are new recovery codes"),
        (OFF, "The second factor is off."),
    ):
        assert "errorlist" not in member.get(address).text
        assert "This is not your password." in member.post(address, {"password": "wrong"}).text
        assert done in member.post(address, {"password": PASSWORD}, follow=True).text
        assert done in mail.outbox[-1].body
    assert not Authenticator.objects.exists()


def test_a_reset_does_not_go_round_it(user: User) -> None:
    with_factor(user)
    user.set_password("another good phrase")
    user.save()
    client = Browser()
    sign_in(client, user.email, "another good phrase")
    assert not is_signed_in(client)


def test_a_passkey_is_asked_for_by_the_browser(member: Browser) -> None:
    page = member.get(ADD).text
    assert '"creation_options"' in page
    assert not re.search(r"style=|\son\w+=", page)
    for credential in ('{"id": "a"}', "[1]", '"x"', '{"id": "YQ", "rawId": "YQ", "response": {}}'):
        answer = member.post(ADD, {"password": PASSWORD, "credential": credential})
        assert REFUSED in answer.text
    client = Browser()
    options = client.get(f"{LOGIN}passkey/", headers={"Accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
    for credential in (
        '{"id": "a"}',
        '{"id": "YQ", "rawId": "YQ", "response": {"userHandle": "YQ"}}',
    ):
        refused = client.post(f"{LOGIN}passkey/", {"credential": credential}, follow=True)
        assert REFUSED in refused.text
    with_factor(member.user)
    sign_in(client, member.user.email)
    assert client.post(VERIFY, {"credential": '{"id": "a"}'}).status_code == 200
    assert not is_signed_in(client)


def test_pages_of_the_library_that_are_not_used_have_no_address(member: Browser) -> None:
    for path in ("signup/passkey/", "reauthenticate/", "confirm-email/", "social/", "inactive/"):
        assert member.get(f"/accounts/{path}").status_code in {302, 404}
    assert member.get("/accounts/").status_code == 404


def test_staff_need_it(user: User, settings: LazySettings) -> None:
    settings.STAFF_SECOND_FACTOR = True
    User.objects.update(is_staff=True, is_superuser=True)
    client = Browser()
    client.force_login(user)
    for address in ("/", "/office/", "/accounts/sessions/", "/accounts/email/"):
        assert client.get(address)["Location"] == FACTOR
    assert NEEDED in client.get(FACTOR).text
    told = client.get("/accounts/sessions/", headers={"Accept": "application/json"})
    assert (told.status_code, told.json()["detail"]) == (403, NEEDED)
    assert client.get(SETUP).status_code == 200
    set_up(client)
    assert client.get("/office/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.post("/accounts/logout/")["Location"] == "/"
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(user)
    assert client.get("/office/").status_code == 200


def test_the_admin_takes_a_factor_that_was_lost_and_shows_no_key(office: Browser) -> None:
    with_factor(office.user)
    factor = Authenticator.objects.get()
    page = office.get(f"/office/mfa/authenticator/{factor.pk}/change/").text
    assert office.user.email in page
    assert KEY not in page
    office.post(f"/office/mfa/authenticator/{factor.pk}/delete/", {"post": "yes"})
    assert not Authenticator.objects.exists()
