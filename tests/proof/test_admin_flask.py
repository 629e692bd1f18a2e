"""The admin of a Flask project in a browser: it is for staff, asks before it acts, and logs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle, product

import pytest
from browser import SCHEMES, SITE, Visitor, chromium, crawl, look, walk_by_keyboard
from newcomer import Installed, Project, install, run
from playwright.sync_api import Playwright, StorageState, expect, sync_playwright
from test_pages import PASSWORD, WORD, Site, fill, published

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105
STAFF, NEW_STAFF, MEMBER = "ada@shop.example", "grace@shop.example", "bob@shop.example"
PEOPLE = f"""
from wsgi import app
from app.accounts import factor
from app.accounts.models import User
from app.accounts.passwords import HASHER
from app.api import tokens
from app.extensions import db
with app.app_context():
    known = HASHER.hash("{PASSWORD}")
    people = [User(email=email, password_hash=known, roles=roles) for email, roles in (
        ("{STAFF}", "staff"), ("{NEW_STAFF}", "staff"), ("{MEMBER}", ""))]
    db.session.add_all(people)
    db.session.flush()
    factor.set_up(people[0], "{SECRET}", 0)
    token, _ = tokens.make("laptop", "read", None)
    token.owner_id = people[2].id
    db.session.add(token)
    db.session.commit()
"""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def project(installed: Installed, uv: str, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose admin has every model that the template knows."""
    path = tmp_path_factory.mktemp("admin") / "acme-shop"
    options = ("--set=accounts=true", "--set=admin=true", "--set=api=true")
    result = installed.new(path, *options, framework="flask")
    install(uv, path, ".")
    return Project(path, "flask", result)


@pytest.fixture(scope="module")
def site(
    playwright: Playwright, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("served")
    with published(playwright, project, folder) as site:
        copy = folder / "copy"
        variables = {**project.production, "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3"}
        run(".venv/bin/python", "-c", PEOPLE, cwd=copy, **variables)
        yield site


def sign_in(visitor: Visitor, email: str) -> None:
    visitor.go("/accounts/login/")
    fill(visitor.page, {"E-mail": email, "Password": PASSWORD})
    visitor.send()


@pytest.fixture(scope="module")
def cookies(site: Site) -> StorageState:
    """What the browser of staff keeps once a password and a code were right."""
    with site.visitor() as visitor:
        sign_in(visitor, STAFF)
        now = f"import pyotp; print(pyotp.TOTP('{SECRET}').now())"
        code = run(".venv/bin/python", "-c", now, cwd=site.project.path).stdout.strip()
        fill(visitor.page, {"Code": code})
        visitor.send()
        visitor.go(site.admin)
        return visitor.context.storage_state()


@pytest.fixture
def staff(site: Site, cookies: StorageState) -> Iterator[Visitor]:
    with site.browser.new_context(ignore_https_errors=True, storage_state=cookies) as context:
        visitor = Visitor(context)
        yield visitor
        assert visitor.faults == [], "\n".join(visitor.faults)


def test_every_page(site: Site, staff: Visitor) -> None:
    """In light and dark, narrow and wide; nothing is blocked, and axe finds nothing."""
    seen = crawl(staff, site.admin, lambda path: path.startswith(site.admin))
    names = ("account", "api_token", "note")
    assert seen >= {f"{site.admin}{name}/N/" for name in names} | {f"{site.admin}admin_log/"}
    assert seen >= {
        f"{site.admin}{page}/" for page in ("note/new", "note/N/change", "note/N/delete")
    }
    assert f"{site.admin}note/?page" in seen
    assert f"{site.admin}account/new/" not in seen


def test_it_is_used_by_keyboard(site: Site, staff: Visitor) -> None:
    # A field for a date has a stop for each part of it, and is no fault of the page.
    pages = ("note/2/", "account/3/change/", "note/2/delete/")
    for path, scheme in [*product(["note/"], SCHEMES), *zip(pages, cycle(SCHEMES), strict=False)]:
        staff.page.emulate_media(color_scheme=scheme)
        staff.go(site.admin + path)
        assert walk_by_keyboard(staff) == [], f"{path}, {scheme}"


def test_one_goes_only_after_the_question(site: Site, staff: Visitor) -> None:
    page = staff.page
    staff.go(f"{site.admin}note/?order=title&q=a")
    page.get_by_role("link", name="Title").click()
    expect(page).to_have_url(re.compile("order=-title"))
    staff.go(f"{site.admin}note/2/")
    page.get_by_role("link", name="Delete", exact=True).click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Delete 1 note?")
    page.get_by_role("link", name="Cancel").click()
    staff.go(f"{site.admin}note/2/delete/")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_have_text("Delete: 1 note.")
    staff.go(f"{site.admin}note/2/", status=404)
    assert_logged(site, staff, "Delete", "note", "a")


def test_several_go_only_after_the_question(site: Site, staff: Visitor) -> None:
    page = staff.page
    staff.go(f"{site.admin}note/?order=title")
    before = page.locator("tbody tr").count()
    for name in ("b", "c"):
        page.get_by_label(f"Choose {name}", exact=True).check()
    page.get_by_role("button", name="Delete those chosen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete 2 notes?")
    expect(page.locator("main li")).to_have_text(["b", "c"])
    look(staff)
    assert walk_by_keyboard(staff) == []
    staff.go(f"{site.admin}note/?order=title")
    expect(page.locator("tbody tr")).to_have_count(before)
    for name in ("b", "c"):
        page.get_by_label(f"Choose {name}", exact=True).check()
    page.get_by_role("button", name="Delete those chosen").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("status")).to_have_text("Delete: 2 notes.")
    staff.go(f"{site.admin}note/?q=c&order=title")
    expect(page.get_by_label("Choose c", exact=True)).to_have_count(0)
    assert_logged(site, staff, "Delete", "note", "b")


def test_an_action_of_the_model(site: Site, staff: Visitor) -> None:
    page = staff.page
    staff.go(f"{site.admin}api_token/1/")
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Revoke 1 api token?")
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_role("status")).to_have_text("Revoke: 1 api token.")
    assert_logged(site, staff, "Revoke", "api_token", "laptop")


def test_a_record_is_made_and_changed(site: Site, staff: Visitor) -> None:
    page = staff.page
    staff.go(f"{site.admin}note/new/")
    staff.send()
    expect(page).to_have_title(re.compile("^Error: New note"))
    expect(page.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    look(staff)
    fill(page, {"Title": "Milk", "Text": "Two bottles"})
    page.get_by_label("Owner").select_option(MEMBER)
    staff.send()
    expect(page.get_by_role("heading", level=1)).to_have_text("Milk")
    expect(page.get_by_role("link", name=MEMBER)).to_be_visible()
    page.get_by_role("link", name="Change", exact=True).click()
    fill(page, {"Text": WORD})
    staff.send()
    expect(page.get_by_text(f"Change by {STAFF}: text")).to_be_visible()


def test_staff_give_a_role_and_keep_their_own(site: Site, staff: Visitor) -> None:
    page = staff.page
    staff.go(f"{site.admin}account/?q=bob")
    page.get_by_role("link", name="3", exact=True).click()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Roles").select_option("staff")
    staff.send()
    expect(page.get_by_text(f"Change by {STAFF}: roles")).to_be_visible()
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_label("Roles").select_option([])
    staff.send()
    staff.go(f"{site.admin}account/1/change/")
    expect(page).to_have_url(f"{SITE}{site.admin}account/1/")
    expect(page.get_by_role("status")).to_have_text("Nobody changes their own account here.")
    assert_logged(site, staff, "Change", "account", MEMBER)


def test_others_are_kept_out(site: Site) -> None:
    with site.visitor() as stranger:
        stranger.go(site.admin)
        expect(stranger.page).to_have_url(re.compile("/accounts/login/"))
    with site.visitor() as member:
        sign_in(member, MEMBER)
        expect(member.page.get_by_role("link", name="Admin")).to_have_count(0)
        member.go(site.admin, status=403)
    with site.visitor() as newcomer:
        sign_in(newcomer, NEW_STAFF)
        for path in (site.admin, f"{site.admin}note/", f"{site.admin}note/new/"):
            newcomer.go(path)
            expect(newcomer.page).to_have_url(f"{SITE}/accounts/2fa/")


def assert_logged(site: Site, staff: Visitor, action: str, model: str, label: str) -> None:
    """The log says who did what to which record, and has no way to change that."""
    page = staff.page
    staff.go(f"{site.admin}admin_log/?q={action}")
    rows = [[text.strip() for text in row.locator("td").all_inner_texts()]
            for row in page.locator("tbody tr").all()]  # fmt: skip
    assert any({STAFF, action, model, label} <= set(row) for row in rows), rows
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    page.locator("tbody tr").first.get_by_role("link").first.click()
    expect(page.locator("dl")).to_contain_text(action)
    expect(page.get_by_role("link", name="Change", exact=True)).to_have_count(0)
