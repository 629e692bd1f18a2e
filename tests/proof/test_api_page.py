"""The page that describes the API, in a browser: it works, and keeps the policy of the site."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import chromium
from newcomer import Installed, Project, install, shell
from option_matrix import OPTIONS
from playwright.sync_api import Playwright, sync_playwright
from test_api import MAKE_TOKEN
from test_pages import ADMINISTRATOR, Site, published

DOCS = "/api/v1/docs/"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module", params=OPTIONS.frameworks)
def site(
    request: pytest.FixtureRequest,
    playwright: Playwright,
    installed: Installed,
    uv: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """A project whose page is for everybody, since not every kind of project has a staff."""
    folder = tmp_path_factory.mktemp(f"page-{request.param}")
    path = folder / "acme-shop"
    result = installed.new(path, "--set=api=true", framework=request.param)
    install(uv, path, ".")
    *prepare, serve = result["next"]["production"]
    result["next"]["production"] = [*prepare, f"env API_DOCS_PUBLIC=1 {serve}"]
    with published(playwright, Project(path, request.param, result), folder) as site:
        yield site


def token_of(site: Site) -> str:
    copy = site.project.path.parent / "copy"
    variables = {**site.project.production, "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3"}
    command = MAKE_TOKEN[site.project.framework].replace("ann@shop.example", ADMINISTRATOR)
    return shell(f".venv/bin/{command} 2>/dev/null", copy, **variables).strip()


@pytest.mark.parametrize("has_token", [False, True], ids=["session", "token"])
def test_what_is_tried_on_the_page_is_answered(site: Site, has_token: bool) -> None:
    """By the session of the page, its token against forgery goes along; nothing is blocked."""
    with site.writer() as writer:
        writer.go(DOCS)
        page = writer.page
        if has_token:
            page.locator(".btn.authorize").click()
            dialog = page.locator(".auth-container", has_text="http, Bearer")
            dialog.locator("input").fill(token_of(site))
            dialog.locator("button.authorize").click()
            page.locator(".btn-done").first.click()
        for operation, status in (("list_notes", 200), ("create_note", 201)):
            block = page.locator(f"[id$={operation}]")
            block.locator(".opblock-summary").click()
            block.locator(".try-out__btn").click()
            with page.expect_response("**/api/v1/notes/**") as answer:
                block.locator(".execute").click()
            assert answer.value.status == status
            assert ("authorization" in answer.value.request.headers) is has_token
