"""Sign-up and reset: links in mails, which tell nobody whether an address has an account."""

import re
from email.message import EmailMessage
from html import unescape

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app import mail
from app.accounts import links, mails, outbox
from app.accounts.models import User
from app.accounts.passwords import MIN_LENGTH, is_easy, matches
from conftest import browser, token
from tests.accounts.people import (
    EMAIL,
    LOGIN,
    OTHER_PASSWORD,
    PASSWORD,
    RESET,
    SIGNUP,
    choose,
    copy_of,
    is_signed_in,
    link_in,
    make_user,
    post,
    sign_in,
    text_of,
)

DEAD = "This link is no longer valid."


def outside(response):
    """What somebody without access to the mailbox can tell apart."""
    names = set(response.headers.keys()) - {"X-Request-ID", "Content-Security-Policy"}
    return response.status_code, response.headers.get("Location"), response.text, sorted(names)


def test_sign_up(client, session, mailbox, log_lines):
    page = client.get(SIGNUP)
    assert 'type="email"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    post(client, SIGNUP, email=f" {EMAIL.upper()} ", active="", id="77", is_admin="1")
    (message,) = mailbox
    assert (message["To"], message["From"]) == (EMAIL, "noreply@localhost")
    assert message["Subject"].startswith("Your account at ")
    link = link_in(message)
    assert session.scalars(select(User)).all() == []  # nothing is kept before the proof

    page = client.get(link)
    assert 'autocomplete="new-password"' in page.text
    assert f'value="{EMAIL}"' in page.text
    assert client.get(link.rstrip("/")).status_code == 200
    fields = {"email": "other@example.com", "active": "", "id": "77"}
    made = post(client, link, password=PASSWORD, again=PASSWORD, **fields)
    assert made.headers["Location"] == "/accounts/login/"
    user = session.scalars(select(User)).one()
    assert (user.email, user.active) == (EMAIL, True)
    assert user.id != 77
    assert matches(user.password_hash, PASSWORD)
    sign_in(client)
    assert is_signed_in(client)
    assert choose(client, link, OTHER_PASSWORD).headers["Location"] == SIGNUP
    assert DEAD in client.get(SIGNUP).text
    assert "account made" in [line["event"] for line in log_lines()]
    assert link.split("/")[3] not in str(log_lines())


def test_link_that_is_sent_off_twice_makes_one_account(client, session, mailbox, monkeypatch):
    post(client, SIGNUP, email=EMAIL)
    make_user(session)
    monkeypatch.setattr(User, "of", lambda _email: None)  # as it was when the other began
    response = choose(client, link_in(mailbox[0]), OTHER_PASSWORD)
    assert response.headers["Location"] == SIGNUP


@pytest.mark.parametrize("path", [SIGNUP, RESET])
def test_answers_are_alike_for_known_and_unknown_addresses(app, session, mailbox, path):
    make_user(session)
    assert "We mail you a link" in browser(app).get(path).text
    answers = [
        outside(post(browser(app), path, email=email)) for email in (EMAIL, "nobody@example.com")
    ]
    assert answers[0] == answers[1]
    assert len(mailbox) == (2 if path == SIGNUP else 1)


@pytest.mark.parametrize("path", [SIGNUP, RESET])
def test_known_and_unknown_addresses_cost_the_same(app, session, monkeypatch, path):
    """Whoever measures the time of an answer sees the same work: the rest begins after it."""
    make_user(session)
    asked: list[str] = []
    connection = session.connection()
    event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2]))
    monkeypatch.setattr(mails, "Thread", lambda **_: pytest.fail("before the answer is out"))
    work = []
    for email in (EMAIL, "nobody@example.com"):
        client = browser(app)
        data = {"csrf_token": token(client), "email": email}
        asked.clear()
        client.post(path, data=data)
        work.append([statement for statement in asked if "SAVEPOINT" not in statement])
    assert work[0] == work[1]
    assert not [statement for statement in work[0] if "account" in statement]


def test_mail_that_cannot_be_written_is_logged(client, session, monkeypatch, log_lines):
    def broken(_email):
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(mails, "reset", broken)
    assert post(client, RESET, email=EMAIL).status_code in {302, 303}
    assert "mail not written" in [line["event"] for line in log_lines()]


def test_sign_up_with_a_known_address_leads_to_reset(client, session, mailbox):
    make_user(session)
    post(client, SIGNUP, email=EMAIL)
    assert link_in(mailbox[0]) == RESET


def test_disabled_user_gets_no_link(client, session, mailbox):
    make_user(session, active=False)
    post(client, RESET, email=EMAIL)
    assert mailbox == []


def test_reset_works_once_and_ends_sessions(app, client, member, mailbox, log_lines):
    post(client, RESET, email=EMAIL)
    post(client, RESET, email=EMAIL)
    first, second = map(link_in, mailbox)
    assert 'autocomplete="new-password"' in client.get(first).text
    assert is_signed_in(copy_of(member, browser(app))), "opening the link changes nothing"
    response = choose(client, first, OTHER_PASSWORD)
    assert response.headers["Location"] == "/accounts/login/"
    assert "was changed" in text_of(mailbox[-1])
    assert not is_signed_in(member)
    assert not is_signed_in(client), "whoever has the link alone is not signed in"
    for link in (first, second):
        assert client.get(link).headers["Location"] == RESET
        assert choose(client, link, PASSWORD).headers["Location"] == RESET
    sign_in(client, password=OTHER_PASSWORD)
    assert is_signed_in(client)
    assert first.split("/")[4] not in str(log_lines())


def test_reset_is_for_the_address_that_it_was_mailed_to(client, member, session, mailbox):
    post(client, RESET, email=EMAIL)
    link = link_in(mailbox[0])
    assert client.get(link).status_code == 200
    member.user.email = "ada@elsewhere.example"
    session.commit()
    assert client.get(link).headers["Location"] == RESET


@pytest.mark.parametrize("path", [SIGNUP, RESET])
def test_link_dies_with_time_and_change(client, session, mailbox, monkeypatch, path):
    if path == RESET:
        make_user(session)
    post(client, path, email=EMAIL)
    link = link_in(mailbox[0])
    token = link.split("/")[-2]
    other = RESET if path == SIGNUP else SIGNUP
    assert client.get(other + token + "/").headers["Location"] == other  # for its purpose alone
    assert client.get(link[:-12] + "AAAAAAAAAAA/").headers["Location"] == path
    assert client.get(link).status_code == 200
    assert links.RESET_SECONDS <= links.SIGNUP_SECONDS <= 24 * 60 * 60
    monkeypatch.setattr(links, "RESET_SECONDS", -1)
    monkeypatch.setattr(links, "SIGNUP_SECONDS", -1)
    assert client.get(link).headers["Location"] == path


def test_closed_sign_up_takes_invitations_alone(make_app, app, session, mailbox):
    closed = make_app(SIGNUP_OPEN="0")
    closed.extensions["sqlalchemy"] = app.extensions["sqlalchemy"]
    client = browser(closed)
    page = client.get(SIGNUP)
    assert page.status_code == 200
    assert "Accounts are made by invitation." in page.text
    assert 'type="email"' not in page.text
    assert SIGNUP not in client.get(LOGIN).text
    assert post(client, SIGNUP, email=EMAIL).status_code == 403
    assert mailbox == []
    invited = closed.test_cli_runner().invoke(args=["invite", f" {EMAIL.upper()}"])
    assert invited.output == f"A message to {EMAIL} is on its way.\n"
    choose(client, link_in(mailbox[0]), PASSWORD)
    sign_in(client)
    assert is_signed_in(client)


def test_invitation_of_somebody_who_has_an_account_says_the_same(runner, session, mailbox):
    outputs = [runner.invoke(args=["invite", EMAIL]).output]
    make_user(session)
    outputs.append(runner.invoke(args=["invite", EMAIL]).output)
    assert outputs[0] == outputs[1]
    assert link_in(mailbox[1]) == RESET
    wrong = runner.invoke(args=["invite", "ada"])
    assert wrong.exit_code == 1
    assert "ada is not an e-mail address." in wrong.output


def test_mails_say_the_same_in_html(app, mailbox):
    """Every text has a page beside it, which needs nothing from elsewhere."""
    with app.app_context():
        mails.factor(EMAIL, "Ada & co <b> are off.")
        for write in (mails.changed, mails.already, mails.email_changed, mails.deleted):
            write(EMAIL)
        mails.invite(EMAIL)
    assert len(mailbox) == 6
    for message in mailbox:
        page, text = text_of(message, "html"), text_of(message)
        assert f"<title>{message['Subject']}</title>" in page
        for url in re.findall(r"https://\S+", text):
            assert f'<a href="{url}" rel="noopener">{url}</a>' in page
        assert not re.search(r"<(style|script|img|link|b)\b|\sstyle=", page)
        words = re.sub(r"<[^>]+>", " ", page.partition("<body>")[2])
        assert unescape(words).split() == text.split()


def test_development_keeps_its_mails_and_lists_them(app, make_app, monkeypatch, tmp_path):
    monkeypatch.setattr(outbox, "FOLDER", tmp_path / "mails")
    development = make_app(production=False, EMAIL_URL="console:")
    client = development.test_client()
    assert "No mail was sent yet." in client.get("/mails/").text
    message = EmailMessage()
    message["To"], message["Subject"] = EMAIL, "Hello <b>"
    message.set_content("Open this: http://localhost:8000/x/\n")
    mail.deliver(development.config["SETTINGS"], message)
    page = client.get("/mails/").text
    assert "Hello &lt;b&gt;" in page
    assert '<a href="http://localhost:8000/x/"' in page
    assert browser(app).get("/mails/").status_code == 404


def test_links_survive_a_change_of_key(app, make_app):
    old, new = app.config["SECRET_KEY"], "new" + app.config["SECRET_KEY"]
    with app.app_context():
        token = links.signup_token(EMAIL)
    for fallbacks, email in ((old, EMAIL), ("", None)):
        with make_app(SECRET_KEY=new, SECRET_KEY_FALLBACKS=fallbacks).app_context():
            assert links.signup_email(token) == email
            assert links.signup_email(links.signup_token(EMAIL)) == EMAIL


@pytest.mark.parametrize(
    "email",
    [
        *("", "ada", "ada@", "@example.com", "ada@example", "ada@exam ple.com"),
        *("a@b.c\r\nBcc: x@y.z", "ada@example.com,eve@example.com", "<ada@example.com>"),
        *("Ada <ada@example.com>", "ädä@example.com", "ada@-example.com"),
        f"{'a' * 250}@example.com",
    ],
)
def test_what_is_no_address_gets_no_mail(client, mailbox, email):
    assert 'aria-describedby="email_error"' in post(client, SIGNUP, email=email).text
    assert mailbox == []


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "Choose a password."),
        ("x7!Kq9#mZ2w", "between 12 and 128"),
        ("ab cd " * 22, "between 12 and 128"),
        ("password1234", "easy to guess"),
        (EMAIL, "easy to guess"),
    ],
)
def test_password_that_is_easy_is_refused(client, session, mailbox, password, reason):
    post(client, SIGNUP, email=EMAIL)
    assert reason in choose(client, link_in(mailbox[0]), password).text
    assert session.scalars(select(User)).all() == []


@pytest.mark.parametrize(
    "password",
    [
        *("Passw0rd2024!!", "1q2w3e4r5t6y", "aaaaaaaaaaaaaaaa", "adaexample123"),
        *("Summer2026!Summer", "Password1234Password", "qwertyuiop" * 9, "ada ADA ada ADA ada"),
    ],
)
def test_repetition_adds_nothing_to_a_password(password):
    assert is_easy(password, EMAIL)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "лесной чай и тишина",
        "tiny 🦄 on the moon",
        "all lower case words",
        "8412 0973 5561 2208",
        "aaaaaaaaaaaaaaaaaaaa zebra volcano trumpet lantern",
        "1234567890" * 9 + " zebra volcano trumpet lantern",
        ("long " + PASSWORD) * 4,
    ],
)
def test_password_of_any_kind_is_kept_exactly(client, session, mailbox, password):
    """The whole is judged: words that are added make any password good enough."""
    post(client, SIGNUP, email=EMAIL)
    choose(client, link_in(mailbox[0]), password)
    kept = session.scalars(select(User.password_hash)).one()
    assert matches(kept, password)
    assert not matches(kept, password.swapcase() + " ")


def test_three_thousand_common_passwords_are_refused():
    """Those of the library's lists that are long enough; a tenth of them, to be quick."""
    common = {word for words in FREQUENCY_LISTS.values() for word in words}
    long_enough = sorted(word for word in common if len(word) >= MIN_LENGTH)
    assert len(long_enough) >= 3000
    assert [word for word in long_enough[::10] if not is_easy(word, EMAIL)] == []
