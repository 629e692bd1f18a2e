"""The second factor: what it asks of whom, and that no code is good twice."""

import re
from datetime import UTC, datetime

import pyotp
import pytest
from sqlalchemy import select

from app.accounts import factor, links
from app.accounts.models import RecoveryCode, SecondFactor
from app.accounts.settings import AccountsSettings
from conftest import browser
from tests.accounts.people import (
    EMAIL,
    FACTOR,
    LOGIN,
    OTHER_PASSWORD,
    PASSWORD,
    RESET,
    VERIFY,
    choose,
    code_of,
    copy_of,
    is_signed_in,
    key_on,
    link_in,
    post,
    set_up_factor,
    sign_in,
    text_of,
)

WRONG = "This code is not right."
LIMITS = AccountsSettings()


def test_set_up(app, member, session, mailbox, log_lines):
    other = copy_of(member, browser(app))
    page = member.get(FACTOR)
    assert re.search(r'<svg class="qr"[^>]*>\s*<path d="M4 4h7', page.text)
    assert 'autocomplete="one-time-code"' in page.text
    assert 'inputmode="numeric"' in page.text
    key, codes = set_up_factor(member)
    assert len(set(codes)) == 10
    assert is_signed_in(member)
    assert not is_signed_in(other), "it has not given a code"
    assert "The second factor is on." in text_of(mailbox[-1])
    kept = session.scalars(select(SecondFactor)).one()
    assert key not in kept.secret
    digests = session.scalars(select(RecoveryCode.digest)).all()
    assert not {code.replace("-", "") for code in codes}.intersection(digests)
    again = member.get(FACTOR).text
    assert "Recovery codes that are left: 10" in again
    assert not re.search(r"\d{4}-\d{4}-\d{4}|<svg", again), "shown this once"
    assert key not in str(log_lines())
    assert "second factor changed" in [line["event"] for line in log_lines()]


def test_set_up_asks_for_password_and_code(member, session):
    page = member.get(FACTOR)
    secret = re.findall(r'name="secret"[^>]* value="([^"]+)"', page.text)[0]
    right = {"secret": secret, "current": PASSWORD, "code": code_of(key_on(page))}
    for wrong, reason in (
        ({"code": "000000"}, WRONG),
        ({"code": "ニ"}, WRONG),
        ({"current": "wrong"}, "This is not your password."),
        ({"secret": "forged"}, WRONG),
    ):
        assert reason in post(member, FACTOR, **right | wrong).text
    assert session.scalars(select(SecondFactor)).all() == []
    refused = post(member, FACTOR, **right | {"code": "000000"})
    assert key_on(refused) == key_on(page), "the app has taken it in already"


def test_key_of_somebody_else_is_not_taken(member, other_member, session):
    page = other_member.get(FACTOR)
    secret = re.findall(r'name="secret"[^>]* value="([^"]+)"', page.text)[0]
    fields = {"secret": secret, "current": PASSWORD, "code": code_of(key_on(page))}
    assert WRONG in post(member, FACTOR, **fields).text
    assert session.scalars(select(SecondFactor)).all() == []


def test_sign_in_asks_for_a_code(app, member, client):
    key, _codes = set_up_factor(member)
    answer = post(client, LOGIN + "?next=/accounts/sessions/", email=EMAIL, password=PASSWORD)
    assert answer.headers["Location"] == VERIFY + "?next=/accounts/sessions/"
    assert not is_signed_in(client), "a password alone is no session"
    page = client.get(VERIFY)
    assert "one-time-code" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert WRONG in post(client, VERIFY, code="123456").text
    assert not is_signed_in(client)
    half = copy_of(client, browser(app))
    code = code_of(key, 1)
    done = post(client, VERIFY + "?next=/accounts/sessions/", code=f"{code[:3]} {code[3:]}")
    assert done.headers["Location"] == "/accounts/sessions/"
    assert is_signed_in(client)
    assert not is_signed_in(half)
    assert WRONG in post(half, VERIFY, code=code).text, "a code is good once"


def test_wrong_password_asks_for_no_code(member, client):
    set_up_factor(member)
    assert "do not belong together" in sign_in(client, password=OTHER_PASSWORD).text
    assert client.get(VERIFY).headers["Location"] == LOGIN


@pytest.mark.parametrize(("later", "accepted"), [(-1, False), (1, True), (3, False)])
def test_clock_may_be_off_by_half_a_minute(member, client, later, accepted):
    """The code of now was used up when the second factor was set up."""
    key, _codes = set_up_factor(member)
    sign_in(client)
    post(client, VERIFY, code=code_of(key, later))
    assert is_signed_in(client) is accepted


def test_recovery_code_is_good_once(app, member, client):
    _key, codes = set_up_factor(member)
    sign_in(client)
    post(client, VERIFY, code=codes[0])
    assert is_signed_in(client)
    assert "that are left: 9" in client.get(FACTOR).text
    for code, accepted in ((codes[0], False), (codes[1].replace("-", " "), True)):
        other = browser(app)
        sign_in(other)
        post(other, VERIFY, code=code)
        assert is_signed_in(other) is accepted


def test_recovery_code_is_of_one_user(member, other_member, client):
    set_up_factor(other_member)
    _key, codes = set_up_factor(member)
    sign_in(client, other_member.user.email)
    assert WRONG in post(client, VERIFY, code=codes[0]).text


def test_half_a_sign_in_ends(member, client, monkeypatch):
    set_up_factor(member)
    sign_in(client)
    assert client.get(VERIFY).status_code == 200
    assert links.HALF_SECONDS == 15 * 60
    monkeypatch.setattr(links, "HALF_SECONDS", -1)
    assert client.get(VERIFY).headers["Location"] == LOGIN


def test_reset_does_not_go_round_it(member, client, mailbox):
    key, _codes = set_up_factor(member)
    post(client, RESET, email=EMAIL)
    choose(client, link_in(mailbox[-1]), OTHER_PASSWORD)
    assert not is_signed_in(client)
    sign_in(client, password=OTHER_PASSWORD)
    assert not is_signed_in(client)
    post(client, VERIFY, code=code_of(key, 1))
    assert is_signed_in(client)


def test_new_codes(member, client, mailbox):
    _key, former = set_up_factor(member)
    assert "not your password" in post(member, FACTOR, current="wrong").text
    page = post(member, FACTOR, current=PASSWORD)
    new = re.findall(r"\d{4}-\d{4}-\d{4}", page.text)
    assert len(new) == 10
    assert "new recovery codes" in text_of(mailbox[-1])
    sign_in(client)
    for code, accepted in ((former[0], False), (new[0], True)):
        post(client, VERIFY, code=code)
        assert is_signed_in(client) is accepted


def test_turned_off(member, client, mailbox):
    set_up_factor(member)
    assert "not your password" in post(member, FACTOR, current="wrong", off="1").text
    assert post(member, FACTOR, current=PASSWORD, off="1").headers["Location"] == FACTOR
    assert "The second factor is off." in text_of(mailbox[-1])
    sign_in(client)
    assert is_signed_in(client)


def test_guesses_at_codes_end(member, client):
    """A password that is known is no way around the limit."""
    key, _codes = set_up_factor(member)
    for _ in range(LIMITS.failures_per_account):
        assert sign_in(client).headers["Location"] == VERIFY
        assert WRONG in post(client, VERIFY, code="000000").text
    for refused in (post(client, VERIFY, code=code_of(key, 1)), sign_in(client)):
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0


def test_guesses_at_codes_from_everywhere_end(member, client):
    set_up_factor(member)
    sign_in(client)
    for number in range(LIMITS.codes_per_account):
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert post(client, VERIFY, code="000000").status_code == 200
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert post(client, VERIFY, code="000000").status_code == 429


def test_operator_removes_it(app, member, client):
    set_up_factor(member)
    done = app.test_cli_runner().invoke(args=["user", EMAIL, "--remove-factor"])
    assert "without a second factor" in done.output
    assert not is_signed_in(member)
    sign_in(client)
    assert is_signed_in(client)


def test_secret_is_sealed(app, make_app):
    secret = factor.new_secret()
    old = app.config["SECRET_KEY"]
    with app.app_context():
        one, other = factor.seal(secret), factor.seal(secret)
        assert one != other
        assert factor.unseal(one) == factor.unseal(other) == secret
        assert factor.unseal(one[:30] + ("A" if one[30] != "A" else "B") + one[31:]) is None
    for fallbacks, found in ((old, secret), ("", None)):
        with make_app(SECRET_KEY="new" + old, SECRET_KEY_FALLBACKS=fallbacks).app_context():
            assert factor.unseal(one) == found


def test_app_and_site_agree(app):
    """The square says to an app what the site goes by; the codes are those of RFC 6238."""
    secret = factor.new_secret()
    read = pyotp.parse_uri(factor.uri(secret, EMAIL))
    assert isinstance(read, pyotp.TOTP)
    assert (read.secret, read.name, read.digits, read.interval) == (secret, EMAIL, 6, 30)
    step = factor.step_of(secret, read.now())
    assert step == int(datetime.now(UTC).timestamp()) // factor.STEP_SECONDS
    width, path = factor.square(read.provisioning_uri())
    assert width > 20
    assert path.startswith("M4 4h7v1h-7z")
