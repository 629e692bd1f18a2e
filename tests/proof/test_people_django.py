"""People of a Django project: mailed links, second factor, two workers, and a walk in a browser."""

from __future__ import annotations

import base64
import hmac
import json
import re
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import postgresql
import pytest
from browser import HOST, SITE, Visitor, chromium, launch, look, walk_by_keyboard
from mail_server import Mailbox
from newcomer import (
    AS_PROXY,
    Answer,
    Installed,
    Project,
    fetch,
    free_port,
    install,
    run,
    serving,
    shell,
)
from playwright.sync_api import expect, sync_playwright
from tls_front import tls_front

EMAIL, NEW_EMAIL = "ada@example.com", "ada@elsewhere.example"
PASSWORD = "nine Tall pines, at noon"  # noqa: S105
OTHER_PASSWORD = "seven low bridges by night"  # noqa: S105
LOGIN, SIGNUP, RESET = "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"
CHANGE, ADDRESS, SESSIONS = "/accounts/password/change/", "/accounts/email/", "/accounts/sessions/"
FACTOR, DELETE = "/accounts/2fa/", "/accounts/delete/"
VERIFY, SETUP = f"{FACTOR}verify/", f"{FACTOR}setup/"
FORMS = (LOGIN, SIGNUP, RESET, CHANGE, ADDRESS, f"{SESSIONS}end/", SETUP, DELETE)
DEAD = "This link is no longer valid."


def code(key: str, steps: int = 0) -> str:
    """What an app shows for a key, now or so many half minutes from now."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.digest(base64.b32decode(key), counter, "sha1")
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def key_on(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found, page
    return found[1]


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def path_in(text: str) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https://shop\.example(/\S+)", text)
    assert found
    return found[1]


@dataclass
class Person:
    """Somebody with a browser that keeps cookies, and fills in the token of a form."""

    site: str
    address: str = "203.0.113.7"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self.send(path, **headers)

    def post(self, path: str, form: str = "", **fields: str) -> Answer:
        """Send the form on the page `form`, or on `path` itself."""
        page = self.get(form or path)
        where = path
        if page.status == 302 and not form:  # a mailed link leads to a page without its token
            where = page.headers["Location"]
            page = self.get(where)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        assert token, page.body
        fields = {"csrfmiddlewaretoken": token[1], **fields}
        return self.send(where, urlencode(fields).encode())

    def sign_in(self, password: str = PASSWORD, email: str = EMAIL, **more: str) -> Answer:
        return self.post(LOGIN, username=email, password=password, **more)

    def choose(self, link: str, password: str = PASSWORD) -> Answer:
        """Send the form behind a mailed link."""
        return self.post(link, new_password1=password, new_password2=password)

    def is_signed_in(self) -> bool:
        return self.get(CHANGE).status == 200

    def send(self, path: str, data: bytes | None = None, **more: str) -> Answer:
        headers = {
            **AS_PROXY,
            "X_Forwarded_For": self.address,
            "Origin": "https://shop.example",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **more,
        }
        answer = fetch(self.site + path, method="POST" if data else "GET", data=data, **headers)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer


@dataclass
class Site:
    """A site in production with two workers, its log, and the mailbox of everybody."""

    url: str
    log: Path
    mailbox: Mailbox
    project: Project
    variables: dict[str, str]

    def person(self, address: str = "203.0.113.7") -> Person:
        return Person(self.url, address)

    def mail(self, to: str = EMAIL) -> str:
        """Return the text of the next mail."""
        message = self.mailbox.message()
        assert message["To"] == to
        return text_of(message)

    def link(self, to: str = EMAIL) -> str:
        return path_in(self.mail(to))

    def manage(self, *words: str) -> str:
        variables = {"DJANGO_SETTINGS_MODULE": "config.settings.production", **self.variables}
        return run(
            ".venv/bin/python", "manage.py", *words, cwd=self.project.path, **variables
        ).stdout


@pytest.fixture(scope="module")
def made(installed: Installed, tmp_path_factory: pytest.TempPathFactory, uv: str) -> Project:
    """A project with accounts; its own tests are run in `test_combinations.py`."""
    path = tmp_path_factory.mktemp("people") / "acme-shop"
    result = installed.new(path, "--set", "accounts=true", framework="django")
    project = Project(path, "django", result)
    install(uv, path, ".[postgresql]")
    return project


@pytest.fixture
def without_accounts(installed: Installed, tmp_path: Path, made: Project) -> Project:
    """A default project, which runs in the environment of the other: it has all that it needs."""
    path = tmp_path / "acme-shop"
    project = Project(path, "django", installed.new(path, framework="django"))
    (path / ".venv").symlink_to(made.path / ".venv")
    return project


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, made: Project) -> Iterator[Site]:
    if request.param == "sqlite":
        with serve(made, f"sqlite:///{made.path}/production.sqlite3") as site:
            yield site
        return
    with postgresql.server() as url, serve(made, url) as site:
        yield site


@contextmanager
def serve(made: Project, url: str) -> Iterator[Site]:
    """Serve the project as its production commands say."""
    with Mailbox() as mailbox:
        variables = {**made.production, "DATABASE_URL": url, "EMAIL_URL": mailbox.url}
        variables |= {"FAILURES_BEFORE_NOTICE": "20", "SITE_URL": SITE}
        _venv, _install, *steps, command = made.result["next"]["production"]
        for step in steps:
            shell(step, made.path, **variables)
        port = free_port()
        with serving(command.replace(":8000", f":{port}"), made.path, port, **variables) as log:
            yield Site(f"http://127.0.0.1:{port}", log, mailbox, made, variables)


@pytest.fixture(scope="module")
def member(site: Site) -> Site:
    """A site with one user, who came by the mailed link."""
    person = site.person()
    assert person.post(SIGNUP, email=f" {EMAIL.upper()}").status == 302
    link = site.link()
    page = person.get(link)
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == (
        "no-store",
        "strict-origin",
    )
    assert person.choose(link, "password1").status == 200
    assert person.choose(link).headers["Location"] == LOGIN
    assert person.get(link).status == 302, "the link works once"
    assert link.split("/")[3] not in site.log.read_text()
    return site


def test_known_and_unknown_addresses_get_the_same_answer(member: Site) -> None:
    for path in (SIGNUP, RESET):
        answers = [
            member.person(f"198.51.100.{number}").post(path, email=email)
            for number, email in enumerate((EMAIL, "nobody@example.com"))
        ]
        assert answers[0].status == answers[1].status == 302
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert answers[0].body == answers[1].body
    said = sorted(str(member.mailbox.message()["To"]) for _ in range(3))
    assert said == [EMAIL, EMAIL, "nobody@example.com"]


def test_a_reset_ends_every_session_and_its_link_works_once(member: Site) -> None:
    inside, outside = member.person("192.0.2.1"), member.person("192.0.2.2")
    assert inside.sign_in().status == 302
    outside.post(RESET, email=EMAIL)
    link = member.link()
    assert inside.is_signed_in(), "nothing is changed by whoever only looks"
    assert outside.choose(link, OTHER_PASSWORD).headers["Location"] == LOGIN
    assert "was changed" in member.mail()
    assert not inside.is_signed_in()
    assert outside.get(link).headers["Location"] == RESET
    assert DEAD in outside.get(RESET).body
    assert outside.sign_in(PASSWORD).status == 200
    assert outside.sign_in(OTHER_PASSWORD).status == 302
    fields = {"old_password": OTHER_PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert outside.post(CHANGE, **fields).status == 302
    assert outside.is_signed_in()
    assert "was changed" in member.mail()


def test_a_link_that_is_sent_off_twice_at_once_is_good_once(member: Site) -> None:
    people = [member.person(f"192.0.2.{number}") for number in range(90, 95)]
    people[0].post(RESET, email=EMAIL)
    link = member.link()
    forms = []
    for person in people:
        where = person.get(link).headers["Location"]
        page = person.get(where).body
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
        fields = {"csrfmiddlewaretoken": token}
        fields |= dict.fromkeys(("new_password1", "new_password2"), PASSWORD)
        forms.append((where, urlencode(fields).encode()))
    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(lambda person, form: person.send(*form), people, forms))
    places = sorted(answer.headers["Location"] for answer in answers)
    assert places == [LOGIN] + [RESET] * 4
    assert "was changed" in member.mail()
    assert member.mailbox.messages.empty(), "told once"


def test_mails_name_the_site_whatever_host_is_claimed(member: Site) -> None:
    person = member.person("192.0.2.77")
    page = person.get(RESET)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[0]
    data = urlencode({"csrfmiddlewaretoken": token, "email": EMAIL}).encode()
    claims = {"X_Forwarded_Host": "evil.example", "Forwarded": "host=evil.example"}
    assert person.send(RESET, data, **claims).status == 302
    text = member.mail()
    assert f"{SITE}{RESET}" in text
    assert "evil" not in text
    assert person.send(RESET, data, Host="evil.example").status == 400


def test_forms_need_their_token_and_links_lead_nowhere_else(member: Site) -> None:
    person = member.person("192.0.2.10")
    person.sign_in()
    for path in FORMS:
        stranger = member.person("192.0.2.11") if path in {LOGIN, SIGNUP, RESET} else person
        assert stranger.send(path, b"password=x&email=x%40example.com").status == 403, path
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        away = member.person("192.0.2.12").sign_in(next=target)
        assert (away.status, away.headers["Location"]) == (302, "/")
    foreign = person.send(DELETE, b"password=x", Origin="https://evil.example")
    assert foreign.status == 403
    assert person.is_signed_in()


def test_an_address_changes_at_the_hand_of_its_owner_alone(member: Site) -> None:
    owner, other, eve = (member.person(f"192.0.2.{last}") for last in (20, 21, 22))
    owner.sign_in()
    other.sign_in()
    assert owner.post(ADDRESS, email=NEW_EMAIL, password="wrong").status == 200  # noqa: S106
    for _ in range(2):
        assert owner.post(ADDRESS, email=NEW_EMAIL, password=PASSWORD).status == 302
    mails = [member.mailbox.message() for _ in range(4)]
    assert sorted(str(mail["To"]) for mail in mails) == [NEW_EMAIL, NEW_EMAIL, EMAIL, EMAIL]
    links = [path_in(text_of(mail)) for mail in mails if mail["To"] == NEW_EMAIL]
    eve.post(SIGNUP, email="eve@example.com")
    eve.choose(member.link("eve@example.com"))
    eve.sign_in(email="eve@example.com")
    assert eve.get(links[0]).status == 302, "a link that went astray opens nothing"
    assert member.person().get(links[0]).headers["Location"].startswith(f"{LOGIN}?next=")
    assert owner.get(links[0]).status == 200
    assert owner.post(links[0]).status == 302
    assert owner.is_signed_in()
    assert not other.is_signed_in()
    assert "another address" in member.mail(EMAIL)
    assert owner.get(links[0]).headers["Location"] == ADDRESS
    assert owner.get(links[1]).headers["Location"] == ADDRESS
    assert other.sign_in().status == 200
    assert other.sign_in(email=NEW_EMAIL).status == 302
    owner.post(ADDRESS, email=EMAIL, password=PASSWORD)
    mails = [member.mailbox.message() for _ in range(2)]
    back = next(mail for mail in mails if mail["To"] == EMAIL)
    owner.post(path_in(text_of(back)))
    member.mail(NEW_EMAIL)


def test_sessions_are_seen_and_ended(member: Site) -> None:
    here, there, eve = (member.person(f"192.0.2.{last}") for last in (30, 31, 32))
    here.sign_in()
    there.sign_in()
    eve.sign_in(email="eve@example.com")
    page = here.get(SESSIONS).body
    assert page.count("this browser") == 1
    ends = re.findall(rf'action="({SESSIONS}\d+/end/)"', page)
    assert len(ends) >= 2
    for path in ends:
        assert eve.post(path, SESSIONS).status == 404
    assert there.is_signed_in()
    assert here.post(f"{SESSIONS}end/", SESSIONS).status == 302
    assert not there.is_signed_in()
    assert here.is_signed_in()
    assert eve.is_signed_in()


def test_a_second_factor_from_the_set_up_to_its_end(member: Site) -> None:
    owner = member.person("192.0.2.40")
    owner.sign_in()
    key = key_on(owner.get(SETUP).body)
    page = owner.get(SETUP)
    key = key_on(page.body)
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[0]
    used = code(key)
    fields = {"csrfmiddlewaretoken": token, "password": PASSWORD, "code": used}
    done = owner.send(SETUP, urlencode(fields).encode())
    assert done.status == 302, done.body
    codes = re.findall(r"<code>(\d{8})</code>", owner.get(done.headers["Location"]).body)
    assert len(codes) == 10
    assert not re.findall(r"<code>(\d{8})</code>", owner.get(f"{FACTOR}codes/").body)
    assert "The second factor is on." in member.mail()

    half = member.person("192.0.2.41")
    assert half.sign_in().headers["Location"] == VERIFY
    assert not half.is_signed_in()
    assert half.post(VERIFY, code=used).status == 200, "a code is good once, for both workers"
    fresh = code(key, steps=1)
    with ThreadPoolExecutor(6) as threads:
        halves = [member.person("192.0.2.41") for _ in range(6)]
        for each in halves:
            each.sign_in()
        statuses = list(threads.map(lambda each: each.post(VERIFY, code=fresh).status, halves))
    assert sorted(statuses) == [200] * 5 + [302]
    assert sum(each.is_signed_in() for each in halves) == 1
    halves = [member.person("192.0.2.41") for _ in range(6)]
    for each in halves:
        each.sign_in()
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda each: each.post(VERIFY, code=codes[5]), halves))
    assert sum(each.is_signed_in() for each in halves) == 1, "so is one of the list"
    member.manage("unlock")
    for accepted in (True, False):
        person = member.person("192.0.2.42")
        person.sign_in()
        person.post(VERIFY, code=codes[0])
        assert person.is_signed_in() is accepted
    outside = member.person("192.0.2.43")
    outside.post(RESET, email=EMAIL)
    outside.choose(member.link(), PASSWORD)
    member.mail()
    assert outside.sign_in().headers["Location"] == VERIFY, "a reset does not go round it"
    outside.post(VERIFY, code=codes[1])
    assert outside.is_signed_in()
    assert outside.post(f"{FACTOR}off/", password="wrong").status == 200  # noqa: S106
    assert outside.post(f"{FACTOR}off/", password=PASSWORD).status == 302
    assert "The second factor is off." in member.mail()
    assert member.person("192.0.2.44").sign_in().headers["Location"] == "/"
    for secret in (key, codes[0], codes[1]):
        assert secret not in member.log.read_text()


def test_guesses_are_counted_over_both_workers(member: Site) -> None:
    attacker = "198.51.100.66"

    def guess(number: int) -> Answer:
        return member.person(attacker).sign_in(f"wrong guess {number}")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(24)))
    assert sorted(answer.status for answer in answers) == [200] * 20 + [429] * 4
    refused = next(answer for answer in answers if answer.status == 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert "wrong passwords" in member.mail(), "the owner hears of them, once"
    assert member.person(attacker).sign_in().status == 429
    assert member.person("192.0.2.50").sign_in().status == 302, "the owner gets in"
    for _ in range(31):
        assert member.person("192.0.2.51").sign_in().status == 302


def test_staff_need_a_second_factor(member: Site) -> None:
    run(
        ".venv/bin/python", "-c",
        "import django; django.setup(); from users.models import User; "
        f"User.objects.create_superuser('boss@example.com', '{PASSWORD}')",
        cwd=member.project.path,
        **{"DJANGO_SETTINGS_MODULE": "config.settings.production", **member.variables},
    )  # fmt: skip
    boss = member.person("192.0.2.60")
    boss.sign_in(email="boss@example.com")
    admin = f"/{member.project.production['ADMIN_PATH']}/"
    for path in ("/", "/notes/", admin, CHANGE):
        assert boss.get(path).headers["Location"] == FACTOR
    page = boss.get(SETUP).body
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[-1]
    fields = {"csrfmiddlewaretoken": token, "password": PASSWORD, "code": code(key_on(page))}
    assert boss.send(SETUP, urlencode(fields).encode()).status == 302
    assert boss.get(admin).status == 200
    member.mail("boss@example.com")


def test_an_invitation_is_mailed_and_says_the_same_to_all(member: Site) -> None:
    for email in ("guest@example.com", EMAIL):
        assert (
            member.manage("invite", email).splitlines()[-1]
            == f"A message to {email} is on its way."
        )
    link = member.link("guest@example.com")
    assert member.person().choose(link).headers["Location"] == LOGIN
    assert "There is one already." in member.mail()


def test_an_account_goes_with_what_belongs_to_it(member: Site) -> None:
    person = member.person("192.0.2.70")
    person.sign_in(email="eve@example.com")
    note = person.post("/notes/new/", title="Mine", text="").headers["Location"]
    assert person.get(note).status == 200
    assert person.post(DELETE, password="wrong").status == 200  # noqa: S106
    assert person.post(DELETE, password=PASSWORD).status == 302
    assert not person.is_signed_in()
    assert "deleted" in member.mail("eve@example.com")
    assert member.person("192.0.2.71").sign_in(email="eve@example.com").status == 200


def test_the_log_tells_events_and_no_secret(member: Site) -> None:
    said = member.log.read_text()
    events = (
        *("account made", "signed in", "sign-in failed", "password changed", "address changed"),
        *("second factor added", "second factor removed", "account deleted", "too many attempts"),
    )
    for event in events:
        assert f'"event": "{event}"' in said, event
    for secret in (PASSWORD, OTHER_PASSWORD, EMAIL, "Traceback"):
        assert secret not in said


# --- processor time ------------------------------------------------------------------------

MEASURE = """
import json, re, statistics, threading, time
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from config import later
from users.models import User
call_command("collectstatic", interactive=False, verbosity=0)
call_command("migrate", verbosity=0)
User.objects.create_user("known@example.com", "nine Tall pines, at noon")
later_work = []
later.start = later_work.append
found = {}
pages = ["/accounts/login/", "/accounts/password/reset/"]
if "accounts" in settings.INSTALLED_APPS:
    pages.append("/accounts/signup/")
for path in pages:
    taken = {"known@example.com": [], "other@example.com": []}
    for number in range(120):
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": f"10.{number}.1.1"}
        client = Client(enforce_csrf_checks=True, headers=headers, HTTP_HOST="shop.example")
        page = client.get(path).text
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]
        email = list(taken)[number % 2]
        fields = {"csrfmiddlewaretoken": token, "email": email, "username": email}
        fields["password"] = "not the one of anybody"
        started = time.process_time()
        response = client.post(path, fields, headers={"Origin": "https://shop.example"})
        taken[email].append(time.process_time() - started)
        assert response.status_code == (200 if "login" in path else 302), response.status_code
        while later_work:
            later_work.pop()()
    found[path] = [statistics.median(times) for times in taken.values()]
print(json.dumps(found))
"""


@pytest.mark.parametrize("kind", ["accounts", pytest.param("default", marks=pytest.mark.soak)])
def test_no_time_tells_who_has_an_account(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """What the processor does before the answer is out, in turn for a known and an unknown one.

    All threads count, those of the hash too. What is left to be done afterwards is done between
    two samples; it is a mail's rendering and sending, a few milliseconds.
    """
    made: Project = request.getfixturevalue(
        {"accounts": "made", "default": "without_accounts"}[kind]
    )
    many = ("FAILURES_BEFORE_NOTICE", "MAILS_PER_ADDRESS", "MAILS_PER_NETWORK")
    variables = {**made.production, **dict.fromkeys(many, "10000"), "LOG_LEVEL": "ERROR"}
    variables["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    variables["DATABASE_URL"] = f"sqlite:///{tmp_path}/time.sqlite3"
    with Mailbox() as mailbox:
        variables["EMAIL_URL"] = mailbox.url
        done = run(made.python, "-c", MEASURE, cwd=made.path, **variables)
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found) == {"accounts": 3, "default": 2}[kind]
    for path, (known, unknown) in found.items():
        assert abs(known - unknown) <= 0.2 * min(known, unknown), (path, known, unknown)


def test_a_walk_in_a_browser_with_a_passkey(  # noqa: PLR0915 - one way through all of it
    made: Project, tmp_path: Path
) -> None:
    """Every page is looked at, narrow and wide, light and dark, and by keyboard."""
    chromium()
    with (
        serve(made, f"sqlite:///{tmp_path}/walk.sqlite3") as site,
        sync_playwright() as playwright,
        tls_front(int(site.url.rpartition(":")[2]), HOST, tmp_path) as front,
        launch(playwright, front) as browser,
        browser.new_context(ignore_https_errors=True) as context,
    ):
        visitor = Visitor(context)
        page = visitor.page
        seen = set()

        def see(path: str) -> None:
            visitor.go(path)
            look(visitor)
            assert walk_by_keyboard(visitor) == [], path
            seen.add(path)

        def fill(**values: str) -> None:
            for label, value in values.items():
                page.get_by_label(re.compile(f"^{label.replace('_', ' ')}")).first.fill(value)

        def press(name: str) -> None:
            page.get_by_role("button", name=name, exact=True).click()

        see(SIGNUP)
        fill(**{"E-mail": EMAIL})
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("a message is on its way")
        see(site.link())
        fill(New_password=PASSWORD, New_password_again=PASSWORD)
        press("Make the account")
        expect(page.get_by_role("status")).to_have_text("Your account is ready. Sign in.")
        see(RESET)
        see(LOGIN)
        fill(**{"E-mail": EMAIL, "Password": PASSWORD})
        press("Sign in")
        for path in (CHANGE, ADDRESS, SESSIONS, FACTOR, SETUP, DELETE, f"{FACTOR}passkeys/add/"):
            see(path)
        visitor.go(SETUP)
        key = page.locator("main code").inner_text()
        fill(Current_password=PASSWORD, Code=code(key))
        press("Set up")
        expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
        look(visitor)
        recovery = page.locator("main li code").all_inner_texts()
        assert len(recovery) == 10
        site.mail()

        # An authenticator of the machine itself, which needs nobody to touch it
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        kind |= {"hasUserVerification": True, "isUserVerified": True}
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
        visitor.go(f"{FACTOR}passkeys/add/")
        fill(Current_password=PASSWORD, Name="Laptop")
        press("Add the passkey")
        expect(page.get_by_role("status")).to_contain_text("A passkey was added.")
        expect(page.get_by_role("main")).to_contain_text("Laptop")
        look(visitor)
        site.mail()
        for path in (f"{FACTOR}off/", f"{FACTOR}codes/new/", f"{FACTOR}codes/"):
            see(path)

        def sign_out() -> None:
            page.locator("summary").click()
            press("Sign out")
            expect(page).to_have_url(f"{SITE}/")

        sign_out()
        visitor.go(LOGIN)
        press("Sign in with a passkey")
        expect(page).to_have_url(f"{SITE}/")
        sign_out()
        visitor.go(f"{LOGIN}?next={SESSIONS}")
        fill(**{"E-mail": EMAIL, "Password": PASSWORD})
        press("Sign in")
        expect(page).to_have_url(f"{SITE}{VERIFY}")
        look(visitor)
        assert walk_by_keyboard(visitor) == []
        press("Use a passkey")
        expect(page).to_have_url(f"{SITE}{SESSIONS}")
        sign_out()
        visitor.go(LOGIN)
        page.get_by_label("E-mail").fill(EMAIL)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Code")).to_be_focused()
        page.keyboard.type(recovery[0])
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{SITE}/")
        visitor.go(DELETE)
        fill(Current_password=PASSWORD)
        press("Delete the account")
        expect(page.get_by_role("status")).to_have_text("Your account is deleted.")
        assert visitor.faults == [], "\n".join(visitor.faults)
        assert len(seen) >= 14
