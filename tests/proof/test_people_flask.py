"""People of a Flask project: from the sign-up to the second factor, and what attacks them.

Over HTTP on both databases, and in a browser; two workers and a real mail server each time.
"""

from __future__ import annotations

import hmac
import json
import re
import struct
import time
from base64 import b32decode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import postgresql
import pytest
from browser import HOST, SITE, chromium, launch, look, walk_by_keyboard
from browser import Visitor as Person
from mail_server import text_of
from newcomer import AS_PROXY, Answer, Installed, Project, fetch, install, run, shell
from playwright.sync_api import expect, sync_playwright
from test_accounts import OTHER_PASSWORD, PASSWORD, Browser, Site, serve
from test_pages import fill
from tls_front import tls_front

FACTOR, VERIFY, SESSIONS = "/accounts/2fa/", "/accounts/2fa/verify/", "/accounts/sessions/"
EMAIL_CHANGE, DELETE, CHANGE = "/accounts/email/", "/accounts/delete/", "/accounts/password/change/"
LIMITS = {"FAILURES_PER_NETWORK": "25", "FAILURES_BEFORE_NOTICE": "30", "MAILS_PER_NETWORK": "500"}
DONE = {302, 303}


ENOUGH = 12
"""Seconds in which a slow machine sends a code that it has just made."""


def code(key: str, later: int = 0) -> str:
    """Return the code of RFC 6238, written down here once more.

    That of the step before is good until this one ends: where little of it is left, wait for the
    next.
    """
    left = 30 - time.time() % 30
    if later < 0 and left < ENOUGH:
        time.sleep(left)
    step = int(time.time()) // 30 + later
    digest = hmac.digest(b32decode(key), struct.pack(">Q", step), "sha1")
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


@pytest.fixture(scope="module")
def made(installed: Installed, tmp_path_factory: pytest.TempPathFactory, uv: str) -> Project:
    path = tmp_path_factory.mktemp("people") / "acme-shop"
    words = ("--set", "accounts=true", "--set", "api=true")
    project = Project(path, "flask", installed.new(path, *words, framework="flask"))
    install(uv, path, ".[postgresql]")
    project.production.update(LIMITS)
    return project


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, made: Project) -> Iterator[Site]:
    if request.param == "sqlite":
        yield from serve(made, f"sqlite:///{made.path}/production.sqlite3")
        return
    with postgresql.server() as url:
        yield from serve(made, url)


@pytest.fixture
def command(site: Site, made: Project) -> Callable[[str], str]:
    """Run a command of the operator on the site's own database, with its mail server."""

    def flask(words: str) -> str:
        variables = {**made.production, **site.variables}
        return shell(f".venv/bin/flask --app wsgi {words}", made.path, **variables)

    return flask


def mail(site: Site, to: str) -> EmailMessage:
    """Take the next mail out: plain and HTML have the same link, if any."""
    message = site.mailbox.message()
    assert message["To"] == to
    text, page = text_of(message), text_of(message, "html")
    for url in set(re.findall(r"https://\S+", text)):
        assert url.startswith(SITE)
        assert f'href="{url}"' in page
    assert not re.search(r"<(style|script|img)|\sstyle=", page)
    return message


def mails(site: Site, *addresses: str) -> dict[str, str]:
    """Take as many mails out, whichever comes first; return their texts by their addresses."""
    taken = [site.mailbox.message() for _ in addresses]
    found = {str(message["To"]): text_of(message) for message in taken}
    assert set(found) == set(addresses)
    return found


def path_in(text: str) -> str:
    """Return the path of the link in a mail."""
    return str(re.findall(rf"{SITE}(/\S+)", text)[0])


def link(site: Site, to: str) -> str:
    return path_in(text_of(mail(site, to)))


def sign_up(site: Site, email: str, address: str = "203.0.113.7") -> Browser:
    """Return the browser of somebody new who is signed in."""
    person = site.browser(address)
    assert person.post("/accounts/signup/", email=email).status in DONE
    assert person.choose(link(site, email), PASSWORD).status in DONE
    assert person.sign_in(PASSWORD, email).status in DONE
    return person


def set_up(site: Site, person: Browser, email: str) -> tuple[str, list[str]]:
    """Set the second factor up with the code of a moment ago; return the key and the codes."""
    page = person.get(FACTOR).body
    key = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
    secret = re.findall(r'name="secret"[^>]* value="([^"]+)"', page)[0]
    shown = person.post(FACTOR, secret=secret, current=PASSWORD, code=code(key, -1)).body
    codes = re.findall(r"\d{4}-\d{4}-\d{4}", shown)
    assert len(codes) == 10
    mail(site, email)
    return key, codes


def half_signed_in(site: Site, email: str, address: str, password: str = PASSWORD) -> Browser:
    person = site.browser(address)
    assert person.sign_in(password, email).headers["Location"] == VERIFY
    return person


# --- over HTTP, on both databases ----------------------------------------------------------


def test_second_factor_and_sessions(site: Site) -> None:
    email = "walker@example.com"
    person = sign_up(site, email)
    other = site.browser("192.0.2.20")
    assert other.sign_in(PASSWORD, email).status in DONE
    key, codes = set_up(site, person, email)
    assert not other.is_signed_in(), "it gave no code"
    assert not re.search(r"\d{4}-\d{4}-\d{4}", person.get(FACTOR).body), "shown this once"

    other = half_signed_in(site, email, "192.0.2.20")
    assert not other.is_signed_in()
    now = code(key)
    assert other.post(VERIFY, code="000000").status == 200
    assert other.post(VERIFY, code=now).status in DONE
    assert other.is_signed_in()
    third = half_signed_in(site, email, "192.0.2.21")
    assert third.post(VERIFY, code=now).status == 200, "a code is good once"
    assert third.post(VERIFY, code=codes[0]).status in DONE
    assert half_signed_in(site, email, "192.0.2.22").post(VERIFY, code=codes[0]).status == 200

    page = person.get(SESSIONS).body
    assert page.count("this browser") == 1
    assert "192.0.2.20" in page
    keys = re.findall(r'name="session" value="(\w+)"', page)
    assert len(keys) == 3
    person.post(SESSIONS)
    assert [one.is_signed_in() for one in (person, other, third)] == [True, False, False]
    said = site.log.read_text()
    assert '"second factor changed"' in said
    assert '"sessions ended"' in said
    assert not [secret for secret in (key, *codes, now, email) if secret in said]


def test_address_reset_and_end(site: Site) -> None:
    email, new = "mover@example.com", "mover@elsewhere.example"
    person = sign_up(site, email)
    _key, codes = set_up(site, person, email)
    assert person.post(EMAIL_CHANGE, email=new, current="wrong").status == 200
    assert person.post(EMAIL_CHANGE, email=new, current=PASSWORD).status in DONE
    both = mails(site, new, email)
    assert new not in both[email]
    confirm = path_in(both[new])
    answer = person.get(confirm)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert email in person.get("/").body, "opening the link changes nothing"
    assert person.post(confirm).status in DONE
    assert "has another address" in text_of(mail(site, email))
    assert new in person.get("/").body
    assert person.get(confirm).status in DONE, "once"

    outside = site.browser("192.0.2.23")
    outside.post("/accounts/password/reset/", email=new)
    assert outside.choose(link(site, new), OTHER_PASSWORD).status in DONE
    mail(site, new)
    assert not person.is_signed_in()
    person = half_signed_in(site, new, "192.0.2.24", OTHER_PASSWORD)
    assert not person.is_signed_in(), "a reset by mail goes not round the second factor"
    assert person.post(VERIFY, code=codes[1]).status in DONE
    assert person.post(FACTOR, current=OTHER_PASSWORD, off="1").status in DONE
    assert "The second factor is off." in text_of(mail(site, new))
    note = person.post("/notes/new/", title="Mine", text="").headers["Location"]
    person.post("/accounts/tokens/", name="till", days="")
    assert person.post(DELETE, current=OTHER_PASSWORD).status in DONE
    mail(site, new)
    assert person.get(note).headers["Location"].startswith("/accounts/login/")
    assert site.browser("192.0.2.25").sign_in(OTHER_PASSWORD, new).status == 200
    said = site.log.read_text()
    assert '"address changed"' in said
    assert '"account deleted"' in said
    assert not [secret for secret in (confirm.split("/")[3], new) if secret in said]


def test_what_comes_twice_at_once_counts_once(site: Site) -> None:
    """The two workers share what is used up: codes, recovery codes and links."""
    email = "twice@example.com"
    key, codes = set_up(site, sign_up(site, email), email)
    now = code(key)
    for number, given in enumerate((now, codes[0])):
        copies = [half_signed_in(site, email, f"192.0.2.{40 + number}")]
        copies += [copies[0].copy() for _ in range(7)]
        assert at_once(copies, lambda browser, given=given: browser.post(VERIFY, code=given)) == 1
    stranger = site.browser()
    stranger.post("/accounts/signup/", email="once@example.com")
    path = link(site, "once@example.com")
    browsers = [site.browser(f"198.51.100.{number}") for number in range(6)]
    assert chosen_at_once(browsers, path) == ["/accounts/login/"] + ["/accounts/signup/"] * 5
    stranger.post("/accounts/password/reset/", email="once@example.com")
    path = link(site, "once@example.com")
    places = chosen_at_once(browsers, path)
    assert places == ["/accounts/login/"] + ["/accounts/password/reset/"] * 5
    mail(site, "once@example.com")
    assert site.mailbox.is_empty(), "told once"


def chosen_at_once(browsers: list[Browser], path: str) -> list[str]:
    """Send the forms behind a link that all have opened; return where they are sent on to."""
    forms = []
    for browser in browsers:
        token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', browser.get(path).body)[0]
        fields = {"csrf_token": token, "password": PASSWORD, "again": PASSWORD}
        forms.append(urlencode(fields).encode())
    with ThreadPoolExecutor(len(browsers)) as threads:
        answers = list(threads.map(lambda one, form: one.send(path, form), browsers, forms))
    return sorted(answer.headers["Location"] for answer in answers)


def at_once(browsers: list[Browser], send: Callable[[Browser], Answer]) -> int:
    """Let all send at the same time; return how many are signed in then."""
    with ThreadPoolExecutor(len(browsers)) as threads:
        list(threads.map(send, browsers))
    return sum(browser.is_signed_in() for browser in browsers)


def test_codes_are_not_guessed_with_a_known_password(site: Site) -> None:
    """To sign in again gives no new guesses, and other networks share them."""
    email = "guessed@example.com"
    set_up(site, sign_up(site, email), email)
    answers: list[int] = []
    for number in range(3):
        person = half_signed_in(site, email, f"198.51.100.{70 + number}")
        answers += [person.post(VERIFY, code="000000").status for _ in range(12)]
    assert answers.count(200) == 30
    assert answers[30:] == [429] * 6
    notice = text_of(mail(site, email))
    assert "many wrong passwords or codes" in notice
    for number in range(5):
        site.browser(f"198.51.100.{90 + number}").sign_in("a wrong guess", email)
    assert site.mailbox.is_empty(), "told once a day"


def test_forms_take_nothing_from_elsewhere(site: Site) -> None:
    """Without the token, with another one, from another site: refused, and nothing has changed."""
    email = "target@example.com"
    person = sign_up(site, email)
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', person.get(DELETE).body)[0]
    stranger = re.findall(
        r'name="csrf_token"[^>]* value="([^"]+)"', site.browser().get("/accounts/login/").body
    )[0]
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    attacks = {
        "no token": ({}, "https://shop.example"),
        "another token": ({"csrf_token": stranger}, "https://shop.example"),
        "another site": ({"csrf_token": token}, "https://evil.example"),
        "no site": ({"csrf_token": token}, "null"),
    }
    for path in (DELETE, FACTOR, EMAIL_CHANGE, SESSIONS, CHANGE, "/accounts/logout/", VERIFY):
        for what, (fields, origin) in attacks.items():
            data = urlencode({"current": PASSWORD, "email": "e@example.com", **fields}).encode()
            headers = {**AS_PROXY, "Origin": origin, "Cookie": cookie}
            answer = fetch(site.url + path, method="POST", data=data, **headers)
            assert answer.status == 400, (path, what)
    assert person.is_signed_in()
    assert site.mailbox.is_empty()


def test_addresses_answer_to_what_they_are_for_alone(site: Site) -> None:
    person = sign_up(site, "methods@example.com")
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    for path in (DELETE, FACTOR, EMAIL_CHANGE, SESSIONS, VERIFY, "/accounts/logout/"):
        for method in ("TRACE", "PUT", "DELETE"):
            headers = {**AS_PROXY, "Origin": "https://shop.example", "Cookie": cookie}
            assert fetch(site.url + path, method=method, **headers).status == 405, (method, path)
    assert person.get("/accounts/logout/").status == 405
    assert person.is_signed_in()


def test_nobody_makes_themselves_more_than_they_are(
    site: Site, command: Callable[[str], str]
) -> None:
    email = "climber@example.com"
    person = site.browser()
    person.post("/accounts/signup/", email=email, roles="staff", active="1")
    fields = {"password": PASSWORD, "again": PASSWORD, "roles": "staff", "email": "x@example.com"}
    assert person.post(link(site, email), **fields).status in DONE
    person.sign_in(PASSWORD, email)
    person.post(EMAIL_CHANGE, email="other@example.com", current=PASSWORD, roles="staff", id="1")
    mails(site, "other@example.com", email)
    assert "roles: none" in command(f"user {email} --enable")


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example", "/%09/evil.example/\n"]
)
def test_a_code_leads_nowhere_else(site: Site, target: str) -> None:
    email = f"next{abs(hash(target))}@example.com"
    _key, codes = set_up(site, sign_up(site, email), email)
    person = site.browser("192.0.2.60")
    where = urlencode({"next": target})
    answer = person.post(f"/accounts/login/?{where}", email=email, password=PASSWORD)
    assert answer.headers["Location"].startswith(VERIFY + "?next=")
    done = person.post(f"{VERIFY}?{where}", code=codes[0])
    assert done.headers["Location"] == "/"


def test_links_lead_to_this_site_whatever_a_client_claims(site: Site) -> None:
    person = site.browser()
    page = person.get("/accounts/signup/")
    token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page.body)[0]
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    claims = {
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Prefix": "/evil",
        "Forwarded": "host=e",
    }
    headers = {**AS_PROXY, **claims, "Origin": "https://shop.example", "Cookie": cookie}
    data = urlencode({"csrf_token": token, "email": "host@example.com"}).encode()
    assert fetch(f"{site.url}/accounts/signup/", method="POST", data=data, **headers).status in DONE
    link(site, "host@example.com")


def test_operator_invites_and_makes_staff(site: Site, command: Callable[[str], str]) -> None:
    email = "invited@example.com"
    said = command(f"invite {email}")
    assert f"A message to {email} is on its way." in said
    person = site.browser()
    assert person.choose(link(site, email), PASSWORD).status in DONE
    assert command(f"invite {email}").splitlines()[-1] == said.splitlines()[-1]
    assert "There is one already" in text_of(mail(site, email))
    person.sign_in(PASSWORD, email)
    assert person.get("/notes/").status == 200
    assert "roles: staff" in command(f"user {email} --role staff")
    for path in ("/notes/", SESSIONS, EMAIL_CHANGE, "/accounts/tokens/"):
        assert person.get(path).headers["Location"] == FACTOR
    assert person.get("/api/v1/notes/").status == 403
    set_up(site, person, email)
    assert person.get("/notes/").status == 200
    assert "without a second factor" in command(f"user {email} --remove-factor")
    assert not person.is_signed_in()


# --- processor time ------------------------------------------------------------------------

MEASURE = """
import json, re, statistics, threading, time
from app import create_app
from app.accounts import passwords
from app.accounts.models import User
from app.config import production_settings
from app.extensions import alembic, db
app = create_app(production_settings())
with app.app_context():
    alembic.upgrade()
with app.app_context():
    password = passwords.HASHER.hash("nine Tall pines, at noon")
    db.session.add(User(email="known@example.com", password_hash=password))
    db.session.commit()
found = {}
for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
    taken = {"known@example.com": [], "other@example.com": []}
    for number in range(120):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.{number}.1.1"
        client.environ_base["HTTP_X_FORWARDED_PROTO"] = "https"
        client.environ_base["HTTP_ORIGIN"] = "https://shop.example"
        client.environ_base["HTTP_HOST"] = "shop.example"
        page = client.get(path, base_url="https://shop.example").text
        token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', page)[0]
        email = list(taken)[number % 2]
        fields = {"csrf_token": token, "email": email, "password": "not the one of anybody"}
        started = time.process_time()
        response = client.post(path, data=fields, base_url="https://shop.example")
        taken[email].append(time.process_time() - started)
        assert response.status_code in {200, 302, 303}, response.status_code
        response.close()
        # One that writes a mail starts another that sends it.
        while waiting := [one for one in threading.enumerate() if one.name == "mail"]:
            waiting[0].join()
    found[path] = [statistics.median(times) for times in taken.values()]
print(json.dumps(found))
"""


def test_no_time_tells_who_has_an_account(made: Project, tmp_path: Path) -> None:
    """What the processor does before the answer is out, in turn for a known and an unknown one."""
    many = ("FAILURES_BEFORE_NOTICE", "MAILS_PER_ADDRESS", "MAILS_PER_NETWORK")
    variables = {**made.production, **dict.fromkeys(many, "10000"), "LOG_LEVEL": "ERROR"}
    variables |= {
        "DATABASE_URL": f"sqlite:///{tmp_path}/time.sqlite3",
        "EMAIL_URL": "smtp://127.0.0.1:1",
    }
    done = run(made.python, "-c", MEASURE, cwd=made.path, **variables)
    found = json.loads(done.stdout.splitlines()[-1])
    for path, (known, unknown) in found.items():
        assert abs(known - unknown) <= 0.2 * min(known, unknown), (path, known, unknown)


# --- in a browser --------------------------------------------------------------------------


@pytest.fixture
def person(site: Site, tmp_path: Path) -> Iterator[Person]:
    """Somebody with a browser; fails with everything that went wrong on their way."""
    chromium()
    port = int(site.url.rpartition(":")[2])
    with (
        sync_playwright() as playwright,
        tls_front(port, HOST, tmp_path) as front,
        launch(playwright, front) as browser,
        browser.new_context(ignore_https_errors=True) as context,
    ):
        person = Person(context)
        yield person
        assert person.faults == [], "\n".join(person.faults)


def looked_at(person: Person, title: str, buttons: tuple[str, ...] = ()) -> None:
    """Look at the page at hand in all widths and schemes, and go through it by keyboard."""
    expect(person.page.get_by_role("heading", level=1)).to_have_text(title)
    for name in buttons:
        expect(
            person.page.get_by_role("main").get_by_role("button", name=name).first
        ).to_be_visible()
    look(person)
    assert walk_by_keyboard(person) == [], title


def sign_in(person: Person, email: str) -> None:
    fill(person.page, {"E-mail": email, "Password": PASSWORD})
    person.send()


def managers_know(person: Person, fields: dict[str, str]) -> None:
    """Tell whether a password manager knows what belongs into the fields."""
    for label, value in fields.items():
        field = person.page.get_by_label(label, exact=True)
        expect(field).to_have_attribute("autocomplete", value)


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_every_page_in_a_browser(site: Site, person: Person) -> None:
    email = "ada@example.com"
    page = person.page
    person.go("/")
    page.get_by_role("link", name="Sign in").click()
    looked_at(person, "Sign in", ("Sign in",))
    managers_know(person, {"E-mail": "username", "Password": "current-password"})
    page.get_by_role("link", name="Sign up").click()
    looked_at(person, "Sign up", ("Send the link",))
    fill(page, {"E-mail": email})
    person.send()
    person.go(link(site, email))
    looked_at(person, "Choose a password", ("Make the account",))
    managers_know(person, dict.fromkeys(("New password", "New password again"), "new-password"))
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    person.send()
    expect(page.get_by_role("status")).to_have_text("Your account is ready. Sign in.")
    sign_in(person, email)
    page.locator("summary").click()
    labels = ("Change password", "Change e-mail", "Sessions", "Second factor", "API tokens")
    for name in (*labels, "Delete account"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    look(person)
    assert walk_by_keyboard(person) == []
    page.get_by_role("link", name="Second factor").click()
    looked_at(person, "Second factor", ("Set up",))
    expect(page.get_by_role("img", name="The key as a QR code")).to_be_visible()
    managers_know(person, {"Current password": "current-password", "Code": "one-time-code"})
    key = (page.locator("main code").first.text_content() or "").replace(" ", "")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill("000000")
    person.send()
    expect(page.get_by_text("This code is not right.")).to_be_visible()
    look(person)
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("Code", exact=True).fill(code(key, -1))
    person.send()
    mail(site, email)
    codes = page.locator(".codes code").all_text_contents()
    assert len(codes) == 10
    looked_at(person, "Second factor")
    page.get_by_role("link", name="I have kept them").click()
    looked_at(person, "Second factor", ("New recovery codes", "Turn off"))

    person.go("/accounts/password/reset/")
    looked_at(person, "Forgotten your password?", ("Send the link",))


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
def test_pages_of_an_account_in_a_browser(site: Site, person: Person) -> None:
    email, new = "bob@example.com", "bob@elsewhere.example"
    key, codes = set_up(site, sign_up(site, email), email)
    page = person.page
    person.go("/accounts/login/?next=/accounts/sessions/")
    sign_in(person, email)
    looked_at(person, "Second factor", ("Sign in",))
    expect(page.get_by_label("Code", exact=True)).to_have_attribute("inputmode", "numeric")
    page.get_by_label("Code", exact=True).fill("000000")
    person.send()
    expect(page.get_by_label("Code", exact=True)).to_have_accessible_description(
        "This code is not right."
    )
    look(person)
    page.get_by_label("Code", exact=True).fill(code(key))
    page.keyboard.press("Enter")
    expect(page).to_have_url(SITE + SESSIONS)

    expect(page.get_by_text("Chrome on Linux").first).to_be_visible()
    looked_at(person, "Where you are signed in", ("Sign out",))
    person.go(CHANGE)
    looked_at(person, "Change your password", ("Change password",))
    person.go("/accounts/tokens/")
    looked_at(person, "API tokens", ("Make a token",))
    person.go(EMAIL_CHANGE)
    looked_at(person, "Change your e-mail address", ("Send the link",))
    managers_know(person, {"New e-mail address": "email", "Current password": "current-password"})
    fill(page, {"New e-mail address": new, "Current password": PASSWORD})
    person.send()
    person.go(path_in(mails(site, new, email)[new]))
    looked_at(person, "Confirm your new address", ("Use this address",))
    person.send()
    expect(page.get_by_role("status")).to_have_text("Your address is changed.")
    mail(site, email)

    page.locator("summary").click()
    page.get_by_role("button", name="Sign out").click()
    person.go("/accounts/login/")
    sign_in(person, new)
    page.get_by_label("Code", exact=True).fill(codes[0])
    person.send()
    expect(page).to_have_url(f"{SITE}/")
    person.go(FACTOR)
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("status")).to_have_text("The second factor is off.")
    mail(site, new)
    person.go(DELETE)
    looked_at(person, "Delete your account", ("Delete the account",))
    page.get_by_label("Current password").fill(PASSWORD)
    person.send()
    expect(page.get_by_role("status")).to_have_text("Your account is deleted.")
    mail(site, new)
