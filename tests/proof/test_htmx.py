"""Projects whose pages have htmx: their own checks, and production clicked through."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import SITE, Visitor, chromium, look
from newcomer import Installed, Project, install, run
from playwright.sync_api import Page, Playwright, expect, sync_playwright
from test_pages import ADMINISTRATOR, PASSWORD, Site, fill, published

MEMBER = f"""
from sqlalchemy import select
from wsgi import app
from app.accounts import passwords
from app.accounts.models import User
from app.extensions import db
from app.notes.models import Note
with app.app_context():
    user = User(email="{ADMINISTRATOR}", password_hash=passwords.HASHER.hash("{PASSWORD}"))
    db.session.add(user)
    db.session.flush()
    for note in db.session.scalars(select(Note)):
        note.owner_id = user.id
    db.session.commit()
"""  # noqa: S608 - no SQL
KINDS = {"django": (), "flask": ("--set=accounts=true",)}
PACKAGE = {"django": "config", "flask": "app"}
MOST_PACKAGES = 150
ALONE = "window.isTheSame = true"
# Later, for what the protocol of the browser evaluates at once is free of the policy.
EVAL = """() => new Promise((tell) => setTimeout(() => {
    try { tell(Function("return 'made of text'")()) } catch (error) { tell(error.name) }
}))"""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module", params=KINDS)
def project(
    request: pytest.FixtureRequest,
    installed: Installed,
    uv: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    path = tmp_path_factory.mktemp("htmx") / "acme-shop"
    framework = request.param
    result = installed.new(path, "--set=frontend=htmx", *KINDS[framework], framework=framework)
    assert result["options"]["api"] is False
    install(uv, path, ".[dev]")
    return Project(path, framework, result)


@pytest.fixture(scope="module")
def copy(project: Project) -> Path:
    """The clone that is served, once it is."""
    return project.path.parent / "copy"


@pytest.fixture(scope="module")
def site(playwright: Playwright, project: Project, copy: Path) -> Iterator[Site]:
    with published(playwright, project, copy.parent) as site:
        if project.framework == "flask":
            address = f"sqlite:///{copy}/site.sqlite3"
            variables = {**project.production, "DATABASE_URL": address}
            run(".venv/bin/python", "-c", MEMBER, cwd=copy, **variables)
        yield site


@pytest.mark.usefixtures("site")
def test_the_checks_of_the_front_end_pass(project: Project, copy: Path) -> None:
    """But for the type check and the build, which production has been through."""
    folder = copy / "frontend"
    installed = json.loads((folder / "node_modules/.package-lock.json").read_text())["packages"]
    assert len(installed) <= MOST_PACKAGES
    assert installed["node_modules/htmx.org"]["version"] == "4.0.1"
    npm = (".venv/bin/python", "-m", f"{PACKAGE[project.framework]}.npm")
    for script in ("lint", "test"):
        # As the README does, where no Node is in PATH.
        run(*npm, "run", script, cwd=copy, PATH="/usr/bin:/bin")
    run("git", "diff", "--exit-code", cwd=copy)


def sign_in(page: Page) -> None:
    fill(page, {"E-mail": ADMINISTRATOR, "Password": PASSWORD})
    page.get_by_role("button", name="Sign in").click()


@contextmanager
def reader(site: Site, *excused: str, **options: Any) -> Iterator[Visitor]:
    """Somebody signed in, at the list of notes; what goes wrong fails, save what is excused."""
    with site.browser.new_context(ignore_https_errors=True, **options) as context:
        visitor = Visitor(context)
        visitor.go("/notes/")
        sign_in(visitor.page)
        expect(visitor.page).to_have_url(f"{SITE}/notes/")
        yield visitor
        faults = [one for one in visitor.faults if not any(each in one for each in excused)]
        assert faults == [], "\n".join(faults)


def is_at(page: Page, path: str, heading: str, title: str = "") -> None:
    """Expect a page to be shown whole: its address, heading and title, and one frame around it."""
    expect(page).to_have_url(SITE + path)
    expect(page.locator("h1")).to_have_text(heading)
    expect(page).to_have_title(f"{title or heading} · Acme shop")
    expect(page.locator("main")).to_have_count(1)


def follow(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name).click()


def test_a_note_is_written_refused_changed_and_deleted(site: Site) -> None:
    with reader(site, " answered 422") as visitor:
        page = visitor.page
        page.evaluate(ALONE)
        follow(page, "New note")
        is_at(page, "/notes/new/", "New note")
        expect(page.locator("#content")).to_be_focused()
        page.locator("main form").evaluate("form => { form.noValidate = true }")
        with page.expect_response("**/notes/new/") as answer:
            press(page, "Save")
        assert answer.value.status == 422
        is_at(page, "/notes/new/", "New note", "Error: New note")
        expect(page.get_by_label("Title")).to_be_focused()
        expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
        look(visitor)

        fill(page, {"Title": "Milk", "Text": "Two bottles"})
        press(page, "Save")
        expect(page.locator("h1")).to_have_text("Milk")
        address = page.url.removeprefix(SITE)
        is_at(page, address, "Milk")
        expect(page.get_by_role("status")).to_have_text("The note is saved.")
        follow(page, "Edit")
        is_at(page, f"{address}edit/", "Edit note")
        fill(page, {"Text": "Three bottles"})
        press(page, "Save")
        expect(page.get_by_text("Three bottles")).to_be_visible()
        is_at(page, address, "Milk")

        page.go_back()
        is_at(page, f"{address}edit/", "Edit note")
        expect(page.get_by_label("Text")).to_have_value("Three bottles")
        page.go_back()
        is_at(page, address, "Milk")
        page.go_back()
        is_at(page, "/notes/new/", "New note")
        expect(page.locator("[aria-invalid]")).to_have_count(0)
        page.go_back()
        is_at(page, "/notes/", "Notes")
        for _ in range(4):
            page.go_forward()
        is_at(page, address, "Milk")

        # The token of the form is taken away: what is left is the header that `main` hands down.
        follow(page, "Delete this note")
        is_at(page, f"{address}delete/", "Delete “Milk”?", "Delete note")
        page.locator("main form input[type=hidden]").evaluate_all("all => all.map(e => e.remove())")
        press(page, "Delete")
        is_at(page, "/notes/", "Notes")
        expect(page.get_by_role("status")).to_have_text("The note is deleted.")
        assert page.evaluate("window.isTheSame") is True, "some page was loaded anew"
        look(visitor)


def test_pages_turn_and_an_address_has_the_whole_page(site: Site) -> None:
    with reader(site, " answered 404") as visitor:
        page = visitor.page
        page.evaluate(ALONE)
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        follow(page, "Older")
        is_at(page, "/notes/?page=2", "Notes")
        expect(page.get_by_text("Page 2 of 2")).to_be_visible()
        assert page.evaluate("scrollY") == 0
        page.go_back()
        expect(page.get_by_text("Page 1 of 2")).to_be_visible()
        assert page.evaluate("window.isTheSame") is True

        page.go_forward()
        expect(page.get_by_text("Page 2 of 2")).to_be_visible()
        page.reload()
        is_at(page, "/notes/?page=2", "Notes")
        assert page.evaluate("window.isTheSame") is None
        # What is not there takes the whole page, as it does without htmx.
        link = page.locator("main .list a").first
        link.evaluate("link => { link.href = '/notes/999999/' }")
        link.click()
        expect(page.locator("h1")).to_have_text("Not Found")
        expect(page.locator("main")).to_have_count(1)
        page.go_back()
        is_at(page, "/notes/?page=2", "Notes")


def test_a_session_that_has_ended_leads_to_sign_in(site: Site) -> None:
    with reader(site) as visitor:
        page = visitor.page
        page.evaluate(ALONE)
        visitor.context.clear_cookies()
        follow(page, "New note")
        expect(page).to_have_url(f"{SITE}/accounts/login/?next=/notes/new/")
        assert page.evaluate("window.isTheSame") is None, "the page was not loaded anew"
        sign_in(page)
        is_at(page, "/notes/new/", "New note")
        fill(page, {"Title": "Kept", "Text": "?"})
        visitor.context.clear_cookies()
        press(page, "Save")
        expect(page).to_have_url(f"{SITE}/accounts/login/?next=/notes/new/")


def test_the_policy_holds_and_a_failure_is_told(site: Site) -> None:
    with reader(site, "console:", "Failed to fetch") as visitor:
        page = visitor.page
        assert page.evaluate(EVAL) == "EvalError"
        visitor.context.set_offline(True)
        follow(page, "New note")
        expect(page.get_by_role("alert")).to_contain_text("The site does not answer.")
        visitor.context.set_offline(False)
        follow(page, "New note")
        is_at(page, "/notes/new/", "New note")
        expect(page.locator("#failure")).to_be_hidden()


def test_all_works_without_scripts(site: Site) -> None:
    with reader(site, java_script_enabled=False) as visitor:
        page = visitor.page
        follow(page, "New note")
        fill(page, {"Title": "Bread", "Text": "One loaf"})
        press(page, "Save")
        follow(page, "Edit")
        fill(page, {"Text": "Two loaves"})
        press(page, "Save")
        expect(page.get_by_text("Two loaves")).to_be_visible()
        follow(page, "Delete this note")
        press(page, "Delete")
        is_at(page, "/notes/", "Notes")
        expect(page.get_by_text("The note is deleted.")).to_be_visible()
