"""Accounts of a generated project, walked through over HTTP, with two workers and a mail server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import postgresql
import pytest
from mail_server import Mailbox, text_of
from newcomer import (
    AS_PROXY,
    Answer,
    Installed,
    Project,
    fetch,
    free_port,
    install,
    serving,
    shell,
)

FRAMEWORKS = ("flask",)
EMAIL = "ada@example.com"
PASSWORD = "nine Tall pines, at noon"  # noqa: S105
OTHER_PASSWORD = "seven low bridges by night"  # noqa: S105


@dataclass
class Browser:
    """A person's browser: it keeps cookies, and fills in the token of a form."""

    site: str
    address: str = "203.0.113.7"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.send(path)

    def post(self, path: str, form: str = "", **fields: str) -> Answer:
        """Send the form on the page `form`, or on `path` itself."""
        page = self.get(form or path).body
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
        assert token, page
        return self.send(path, urlencode({"csrf_token": token[1], **fields}).encode())

    def sign_in(self, password: str, email: str = EMAIL) -> Answer:
        return self.post("/accounts/login/", email=email, password=password)

    def choose(self, link: str, password: str) -> Answer:
        """Send the form behind a mailed link."""
        return self.post(link, password=password, again=password)

    def is_signed_in(self) -> bool:
        return self.get("/accounts/password/change/").status == 200

    def copy(self) -> Browser:
        return Browser(self.site, self.address, dict(self.cookies))

    def send(self, path: str, data: bytes | None = None) -> Answer:
        headers = {
            **AS_PROXY,
            "X_Forwarded_For": self.address,
            "Origin": "https://shop.example",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        answer = fetch(self.site + path, method="POST" if data else "GET", data=data, **headers)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


@dataclass
class Site:
    """A site in production, its log, and the mailbox of everybody."""

    url: str
    log: Path
    mailbox: Mailbox
    variables: dict[str, str]

    def browser(self, address: str = "203.0.113.7") -> Browser:
        return Browser(self.url, address)

    def link(self) -> str:
        """Return the path of the link in the next mail."""
        found = re.search(r"https://shop\.example(/\S+)", text_of(self.mailbox.message()))
        assert found
        return found[1]


@pytest.fixture(scope="module", params=FRAMEWORKS)
def made(
    request: pytest.FixtureRequest,
    installed: Installed,
    tmp_path_factory: pytest.TempPathFactory,
    uv: str,
) -> Project:
    """A project with accounts; its own tests are run in `test_combinations.py`."""
    path = tmp_path_factory.mktemp("accounts") / "acme-shop"
    result = installed.new(path, "--set", "accounts=true", framework=request.param)
    project = Project(path, request.param, result)
    install(uv, path, ".[postgresql]")
    return project


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, made: Project) -> Iterator[Site]:
    """The project served as its production commands say."""
    if request.param == "sqlite":
        yield from serve(made, f"sqlite:///{made.path}/production.sqlite3")
        return
    with postgresql.server() as url:
        yield from serve(made, url)


def serve(made: Project, url: str) -> Iterator[Site]:
    with Mailbox() as mailbox:
        variables = {**made.production, "DATABASE_URL": url, "EMAIL_URL": mailbox.url}
        _venv, _install, *steps, command = made.result["next"]["production"]
        for step in steps:
            shell(step, made.path, **variables)
        shell(".venv/bin/flask --app wsgi check --deploy", made.path, **variables)
        port = free_port()
        command = command.replace(":8000", f":{port}")
        with serving(command, made.path, port, **variables) as log:
            yield Site(f"http://127.0.0.1:{port}", log, mailbox, variables)


@pytest.fixture(scope="module")
def member(site: Site) -> Site:
    """A site with one user, who came by the mailed link."""
    browser = site.browser()
    assert browser.post("/accounts/signup/", email=EMAIL).status in {302, 303}
    link = site.link()
    assert browser.get(link).headers["Cache-Control"] == "no-store"
    assert browser.choose(link, "password1234").status == 200
    assert browser.choose(link, PASSWORD).status in {302, 303}
    assert browser.get(link).status in {302, 303}, "the link works once"
    token = link.rstrip("/").rpartition("/")[2]
    assert token not in site.log.read_text()
    return site


def test_a_stranger_is_sent_to_the_sign_in(member: Site) -> None:
    answer = member.browser().get("/notes/")
    assert answer.status in {302, 303}
    assert answer.headers["Location"] == "/accounts/login/?next=/notes/"


def test_a_copied_cookie_is_dead_after_sign_out(member: Site) -> None:
    browser = member.browser()
    before = dict(browser.copy().cookies)
    assert browser.sign_in(PASSWORD).status in {302, 303}
    assert browser.cookies != before
    copies = [browser.copy() for _ in range(6)]
    assert all(copy.is_signed_in() for copy in copies), "both workers know the session"
    answer = browser.post("/accounts/logout/", form="/notes/new/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not any(copy.is_signed_in() for copy in copies)


def test_known_and_unknown_addresses_get_the_same_answer(member: Site) -> None:
    for path in ("/accounts/signup/", "/accounts/password/reset/"):
        answers = [
            member.browser(f"198.51.100.{number}").post(path, email=email)
            for number, email in enumerate((EMAIL, f"nobody{len(path)}@example.com"))
        ]
        assert answers[0].status == answers[1].status
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert answers[0].body == answers[1].body
    member.mailbox.message()
    member.mailbox.message()
    member.mailbox.message()


def test_right_passwords_are_never_too_many(member: Site) -> None:
    for _ in range(31):
        assert member.browser("192.0.2.9").sign_in(PASSWORD).status in {302, 303}


def test_a_program_is_told_to_sign_in(member: Site) -> None:
    answer = fetch(f"{member.url}/notes/", **AS_PROXY, Accept="application/json")
    assert answer.status == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_reset_ends_every_session(member: Site) -> None:
    inside, outside = member.browser("192.0.2.1"), member.browser("192.0.2.2")
    assert inside.sign_in(PASSWORD).status in {302, 303}
    assert outside.post("/accounts/password/reset/", email=EMAIL).status in {302, 303}
    link = member.link()
    assert outside.choose(link, OTHER_PASSWORD).status in {302, 303}
    assert "was changed" in text_of(member.mailbox.message())
    assert not inside.is_signed_in()
    assert outside.get(link).status in {302, 303}
    assert outside.sign_in(PASSWORD).status == 200
    assert outside.sign_in(OTHER_PASSWORD).status in {302, 303}
    passwords = {"current": OTHER_PASSWORD, "password": PASSWORD, "again": PASSWORD}
    changed = outside.post("/accounts/password/change/", **passwords)
    assert changed.status in {302, 303}
    assert outside.is_signed_in()
    member.mailbox.message()


def test_notes_belong_to_their_user(member: Site) -> None:
    one, other = member.browser("192.0.2.3"), member.browser("192.0.2.4")
    assert one.sign_in(PASSWORD).status in {302, 303}
    note = one.post("/notes/new/", title="Mine", text="").headers["Location"]
    assert one.get(note).status == 200
    other.post("/accounts/signup/", email="eve@example.com")
    other.choose(member.link(), OTHER_PASSWORD)
    other.sign_in(OTHER_PASSWORD, "eve@example.com")
    assert other.get("/notes/").status == 200
    assert other.get(note).status == 404


def test_guesses_are_counted_over_both_workers(member: Site) -> None:
    attacker = "198.51.100.66"

    def guess(number: int) -> Answer:
        return member.browser(attacker).sign_in(f"wrong guess {number}")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(24)))
    assert sorted(answer.status for answer in answers) == [200] * 20 + [429] * 4
    refused = next(answer for answer in answers if answer.status == 429)
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert member.browser(attacker).sign_in(PASSWORD).status == 429
    assert member.browser("192.0.2.5").sign_in(PASSWORD).status in {302, 303}, "the owner gets in"


def test_the_log_tells_events_and_no_secret(member: Site) -> None:
    said = member.log.read_text()
    for event in ("account made", "signed in", "signed out", "sign-in failed", "password changed"):
        assert f'"event": "{event}"' in said or f'"{event}"' in said, event
    for secret in (PASSWORD, OTHER_PASSWORD, EMAIL):
        assert secret not in said
