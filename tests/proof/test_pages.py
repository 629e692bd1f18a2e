"""The pages of a generated project in a browser: production settings, behind a TLS front."""

from __future__ import annotations

import http.client
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from browser import HOST, SCHEMES, SITE, Visitor, chromium, crawl, launch, look, walk_by_keyboard
from newcomer import Project, clone, free_port, run, serving, shell
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright
from tls_front import tls_front

ADMINISTRATOR = "ada@example.com"
PASSWORD = "a long enough pass phrase"  # noqa: S105
WORD = "Donaudampfschifffahrtsgesellschaft" * 3
FILL = {
    "django": f"""
import django
django.setup()
from django.contrib.auth.models import Group
from notes.models import Note
from users.models import User
owner = User.objects.create_superuser("{ADMINISTRATOR}", "{PASSWORD}")
User.objects.create_user("aaron@example.com")
Group.objects.create(name="Editors")
for title in ["{WORD}", *"abcdefghijklmnopqrstuvwxyz"]:
    Note.objects.create(owner=owner, title=title, text=title)
""",
    "flask": f"""
from wsgi import app
from app.extensions import db
from app.notes.models import Note
with app.app_context():
    for title in ["{WORD}", *"abcdefghijklmnopqrstuvwxyz"]:
        db.session.add(Note(title=title, text=title))
        db.session.commit()
""",
}


@dataclass
class Site:
    """A project being served, and a browser that reaches it."""

    project: Project
    browser: Browser
    front: int
    """The port where the browser reaches it by https."""

    @property
    def has_accounts(self) -> bool:
        return self.project.framework == "django"

    @property
    def admin(self) -> str:
        return f"/{self.project.production['ADMIN_PATH']}/"

    @contextmanager
    def visitor(self) -> Iterator[Visitor]:
        """Somebody new to the site; fails with everything that went wrong on their way."""
        with self.browser.new_context(ignore_https_errors=True) as context:
            visitor = Visitor(context)
            yield visitor
            assert visitor.faults == [], "\n".join(visitor.faults)

    @contextmanager
    def writer(self) -> Iterator[Visitor]:
        """Somebody who may write notes: where there are accounts, the administrator."""
        with self.visitor() as visitor:
            if self.has_accounts:
                sign_in(visitor)
            yield visitor


def sign_in(visitor: Visitor, email: str = ADMINISTRATOR, password: str = PASSWORD) -> None:
    visitor.go("/accounts/login/")
    fill(visitor.page, {"E-mail": email, "Password": password})
    visitor.send()


def fill(page: Page, values: dict[str, str]) -> None:
    for label, value in values.items():
        page.get_by_label(label, exact=False).first.fill(value)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def published(
    playwright: Playwright, project: Project, folder: Path, *, is_prepared: bool = True
) -> Iterator[Site]:
    """Serve a clone as its production commands say, behind a TLS front, and open a browser."""
    copy = clone(project, folder / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    variables = {**project.production, "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3"}
    *commands, serve = project.result["next"]["production"]
    for command in commands:
        is_installing = "venv .venv" in command or "pip install" in command
        is_migrating = "migrate" in command or "upgrade" in command
        if not is_installing and (is_prepared or not is_migrating):
            shell(command, copy, **variables)
    if is_prepared:
        settings = {"DJANGO_SETTINGS_MODULE": "config.settings.production", **variables}
        run(".venv/bin/python", "-c", FILL[project.framework], cwd=copy, **settings)
    port = free_port()
    with (
        serving(serve.replace(":8000", f":{port}"), copy, port, **variables),
        tls_front(port, HOST, folder) as front,
        launch(playwright, front) as browser,
    ):
        yield Site(project, browser, front)


@pytest.fixture(scope="module")
def site(
    playwright: Playwright, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with published(playwright, project, tmp_path_factory.mktemp("pages")) as site:
        yield site


only_django = pytest.mark.parametrize("project", ["django"], indirect=True)


NOTES = {"/", "/notes/", "/notes/?page"}
NOTES |= {"/notes/new/", "/notes/N/", "/notes/N/edit/", "/notes/N/delete/"}
# What axe finds on pages of Django's own admin, whose markup and style are Django's.
ADMIN_FINDINGS = {
    "aria-input-field-name",  # the search in a list of objects to choose from
    "aria-prohibited-attr",  # the icon beside the filter of two lists
    "link-in-text-block",  # the path on top of a page
    "target-size",  # filters beside a table
}


def test_every_page_that_a_stranger_reaches(site: Site) -> None:
    with site.visitor() as stranger:
        seen = crawl(stranger, "/")
    assert seen >= ({"/", "/accounts/login/"} if site.has_accounts else NOTES)


@only_django
def test_every_page_that_a_user_reaches(site: Site) -> None:
    with site.writer() as writer:
        seen = crawl(writer, "/", lambda path: not path.startswith(site.admin))
    assert seen >= NOTES | {"/accounts/password/change/"}


@only_django
def test_every_page_of_the_admin(site: Site) -> None:

    def belongs(path: str) -> bool:
        # A window that pops up has the form that the page of its own has.
        return path.startswith(site.admin) and "_popup" not in path

    with site.writer() as administrator:
        administrator.known = ADMIN_FINDINGS
        administrator.go(site.admin)
        links = administrator.links()
        seen = crawl(administrator, site.admin, belongs)
    lists = {path for path in links if re.fullmatch(rf"{site.admin}\w+/\w+/", path)}
    assert lists >= {f"{site.admin}{name}/" for name in ("auth/group", "notes/note", "users/user")}
    for path in lists:
        assert seen >= {path, f"{path}N/change/", f"{path}N/history/"}


def test_words_without_an_end_fit(site: Site) -> None:
    with site.writer() as writer:
        for path in ["/notes/1/", "/notes/1/delete/", "/notes/?page=2"]:
            writer.go(path)
            expect(writer.page.get_by_text(WORD).first).to_be_visible()
            look(writer)


def test_error_pages(site: Site) -> None:
    with site.visitor() as stranger:
        stranger.go("/none", status=404)
        look(stranger)
        assert walk_by_keyboard(stranger) == []
    with site.visitor() as stranger, stranger.expecting(400):
        stranger.hosts.add(f"other.{HOST}")
        answer = stranger.page.goto(f"https://other.{HOST}/")
        assert answer is not None
        assert answer.status == 400
        look(stranger)
    form = "/accounts/login/" if site.has_accounts else "/notes/new/"
    with site.visitor() as stranger:
        stranger.go(form)
        stranger.context.clear_cookies()
        stranger.send(status=403 if site.has_accounts else 400)
        expect(stranger.page.get_by_text("Go back, reload and send it again")).to_be_visible()
        look(stranger)


def test_the_page_of_a_server_that_is_broken(
    playwright: Playwright, project: Project, tmp_path: Path
) -> None:
    """A database without tables fails every page that needs it."""
    with (
        published(playwright, project, tmp_path, is_prepared=False) as site,
        site.visitor() as stranger,
    ):
        cookie = {"name": "__Host-sessionid", "value": "x" * 32, "url": SITE, "secure": True}
        stranger.context.add_cookies([cookie])
        stranger.go("/notes/", status=500)
        look(stranger)
        expect(stranger.page.get_by_role("heading")).to_have_text("Internal Server Error")


def test_a_form_says_what_is_wrong_and_what_is_done(site: Site) -> None:
    with site.writer() as writer:
        page = writer.page
        writer.go("/notes/new/")
        writer.send()
        title = page.get_by_label("Title")
        expect(title).to_have_attribute("aria-invalid", "true")
        expect(title).to_have_accessible_description(re.compile("required|Give the note a title"))
        expect(page).to_have_title(re.compile("^Error: New note"))
        look(writer)
        assert walk_by_keyboard(writer) == []
        fill(page, {"Title": "Milk", "Text": "Two bottles"})
        writer.send()
        expect(page.get_by_role("heading", name="Milk")).to_be_visible()
        expect(page.get_by_role("status")).to_have_text("The note is saved.")
        look(writer)
        writer.go("/notes/")
        expect(page.get_by_role("status")).to_have_count(0)
        page.get_by_role("link", name="Milk", exact=True).click()
        page.get_by_role("link", name="Edit").click()
        fill(page, {"Text": "Three bottles"})
        writer.send()
        expect(page.get_by_text("Three bottles")).to_be_visible()
        page.get_by_role("link", name="Delete this note").click()
        writer.send()
        expect(page).to_have_url(f"{SITE}/notes/")
        expect(page.get_by_role("status")).to_have_text("The note is deleted.")
        expect(page.get_by_role("link", name="Milk", exact=True)).to_have_count(0)


@only_django
def test_signing_in_and_out(site: Site) -> None:
    with site.visitor() as person:
        page = person.page
        person.go("/notes/")
        expect(page).to_have_url(f"{SITE}/accounts/login/?next=/notes/")
        fill(page, {"E-mail": ADMINISTRATOR, "Password": "not the pass phrase"})
        person.send()
        expect(page).to_have_title(re.compile("^Error: Sign in"))
        expect(page.get_by_role("alert")).to_have_text(re.compile("do not belong together"))
        look(person)
        assert walk_by_keyboard(person) == []
        fill(page, {"E-mail": ADMINISTRATOR, "Password": PASSWORD})
        person.send()
        expect(page).to_have_url(f"{SITE}/notes/")
        page.locator("summary").click()
        look(person)
        assert walk_by_keyboard(person) == []
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{SITE}/")
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
        person.go("/notes/")
        expect(page).to_have_url(f"{SITE}/accounts/login/?next=/notes/")


@only_django
def test_signing_out_of_the_admin(site: Site) -> None:
    with site.writer() as administrator:
        administrator.go("/accounts/logout/", status=405)
        look(administrator)
        administrator.go(site.admin)
        administrator.page.get_by_role("button", name="Log out").click()
        expect(administrator.page).to_have_url(f"{SITE}/")


@only_django
def test_too_many_attempts_to_sign_in(site: Site) -> None:
    with site.visitor() as stranger:
        for _attempt in range(20):
            sign_in(stranger, "eve@example.com", "a guess")
        stranger.go("/accounts/login/")
        fill(stranger.page, {"E-mail": "eve@example.com", "Password": "a guess"})
        stranger.send(status=429)
        look(stranger)


@only_django
def test_changing_a_password(site: Site) -> None:
    with site.writer() as person:
        page = person.page
        person.go("/accounts/password/change/")
        assert walk_by_keyboard(person) == []
        fill(
            page, {"Current password": PASSWORD, "New password": "short", "New password again": "x"}
        )
        person.send()
        expect(page).to_have_title(re.compile("^Error: Change your password"))
        again = page.get_by_label("New password again")
        expect(again).to_have_accessible_description(re.compile("not the same"))
        look(person)
        fill(
            page,
            {
                "Current password": PASSWORD,
                "New password": PASSWORD,
                "New password again": PASSWORD,
            },
        )
        person.send()
        expect(page.get_by_role("status")).to_have_text("Your password is changed.")
        look(person)


def test_pages_are_used_by_keyboard(site: Site) -> None:
    pages = ["/", "/notes/", "/notes/?page=2", "/notes/new/"]
    pages += ["/notes/1/", "/notes/1/edit/", "/notes/1/delete/"]
    with site.writer() as writer:
        for path in pages:
            for scheme in SCHEMES:
                writer.page.emulate_media(color_scheme=scheme)
                writer.go(path)
                assert walk_by_keyboard(writer) == [], f"{path}, {scheme}"


def test_the_skip_link_leads_to_the_content(site: Site) -> None:
    with site.writer() as writer:
        page = writer.page
        writer.go("/notes/")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="New note")).to_be_focused()


def test_the_front_overwrites_what_a_client_claims(tmp_path: Path) -> None:
    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{self.headers}".encode() + body)

        def log_message(self, *_: object) -> None:
            pass

    claims = {"X-Forwarded-Proto": "http", "X-Forwarded-For": "198.51.100.9", "Host": HOST}
    unverified = ssl._create_unverified_context()  # noqa: S323 - the certificate signs itself
    with HTTPServer(("127.0.0.1", 0), Echo) as backend:
        thread = threading.Thread(target=backend.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        with tls_front(backend.server_address[1], HOST, tmp_path) as port:
            asker = http.client.HTTPSConnection("127.0.0.1", port, context=unverified, timeout=20)
            asker.request("POST", "/", b"sent", claims)
            said = asker.getresponse().read().decode()
            asker.close()
        backend.shutdown()
        thread.join()
    assert "X-Forwarded-Proto: https" in said
    assert "X-Forwarded-For: 127.0.0.1" in said
    assert f"Host: {HOST}" in said
    assert "198.51.100.9" not in said
    assert said.endswith("sent")
