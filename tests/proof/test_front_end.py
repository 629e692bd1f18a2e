"""Projects whose pages are made in the browser: their own checks, and production in a browser."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import HOST, QUIET, Visitor, chromium, crawl, look, walk_by_keyboard
from newcomer import Installed, Project, install, run
from playwright.sync_api import Playwright, expect, sync_playwright
from test_pages import ADMINISTRATOR, PASSWORD, Site, fill, published, sign_in

KINDS = ("flask-react", "django-vue", "flask-angular")
OTHER_KINDS = ("django-react", "flask-vue", "django-angular")
PACKAGE = {"django": "config", "flask": "app"}
MOST_PACKAGES = {"angular": 450, "react": 150, "vue": 150}


class Reader(Visitor):
    """A visitor who waits until a page that is made in the browser is there."""

    def go(self, path: str, status: int = 200) -> Any:
        response = super().go(path, status)
        expect(self.page.locator("h1").first).to_be_visible()
        self.page.wait_for_load_state("networkidle")
        return response


@dataclass
class Shop:
    """A project in production, in the clone that its production commands were called in."""

    site: Site
    path: Path
    frontend: str

    def npm(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Call npm as the README does, where no Node is in PATH."""
        module = f"{PACKAGE[self.site.project.framework]}.npm"
        words = (".venv/bin/python", "-m", module, *words)
        return run(*words, cwd=self.path, check=False, PATH="/usr/bin:/bin", **variables)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def shop(
    request: pytest.FixtureRequest,
    installed: Installed,
    playwright: Playwright,
    uv: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    framework, frontend = request.param.split("-")
    folder = tmp_path_factory.mktemp("front")
    path = folder / "acme-shop"
    result = installed.new(path, f"--set=frontend={frontend}", framework=framework)
    assert result["options"]["api"] is True
    install(uv, path, ".[dev]")
    with published(playwright, Project(path, framework, result), folder) as site:
        yield Shop(site, folder / "copy", frontend)


# Each front end once, in one framework; in the other it is the same files.
pytestmark = pytest.mark.parametrize(
    "shop",
    [*KINDS, *(pytest.param(kind, marks=pytest.mark.soak) for kind in OTHER_KINDS)],
    indirect=True,
)


def test_it_installs_few_packages_and_changes_no_file(shop: Shop) -> None:
    """Lint, units and what else the README has: `test_combinations.py` runs it for each of them."""
    folder = shop.path / "frontend"
    installed = json.loads((folder / "node_modules/.package-lock.json").read_text())["packages"]
    assert len(installed) <= MOST_PACKAGES[shop.frontend]
    run("git", "diff", "--exit-code", cwd=shop.path)


def test_its_own_walk_in_a_browser_passes(shop: Shop, tmp_path: Path) -> None:
    """Against production, which the browser it is given finds on this machine."""
    browser = tmp_path / "chromium"
    hosts = f"MAP {HOST}:443 127.0.0.1:{shop.site.front}, MAP * ~NOTFOUND"
    words = [*QUIET, "--ignore-certificate-errors", f"'--host-resolver-rules={hosts}'"]
    browser.write_text(f'#!/bin/sh\nexec {chromium()} {" ".join(words)} "$@"\n')
    browser.chmod(0o755)
    done = shop.npm(
        *("run", "e2e"),
        CHROMIUM=str(browser),
        E2E_URL=f"https://{HOST}",
        E2E_EMAIL=ADMINISTRATOR,
        E2E_PASSWORD=PASSWORD,
    )
    assert done.returncode == 0, done.stdout


def test_production_shows_the_pages_under_its_policy(shop: Shop) -> None:
    """Every kind of page in every width and scheme; what a form was refused, at its field."""
    with shop.site.browser.new_context(ignore_https_errors=True) as context:
        reader = Reader(context)
        if shop.site.has_accounts:
            sign_in(reader)
        own = ("/", "/notes/")
        seen = crawl(reader, "/", lambda path: path in own or path.startswith("/notes/"))
        wanted = {"/", "/notes/", "/notes/?page", "/notes/new/", "/notes/N/"}
        assert seen >= wanted | {"/notes/N/edit/", "/notes/N/delete/"}
        reader.go("/notes/new/")
        assert walk_by_keyboard(reader) == []
        reader.page.reload()
        fill(reader.page, {"Title": " ", "Text": "Two bottles"})
        reader.page.get_by_role("button", name="Save").click()
        expect(reader.page.locator("[aria-invalid=true]")).to_have_count(1)
        look(reader)
        reader.faults = [fault for fault in reader.faults if " answered 422" not in fault]
        reader.go("/nothing/here/")
        look(reader)
        assert reader.page.title() == "Not found · Acme shop"
        assert reader.faults == [], "\n".join(reader.faults)


def test_a_renamed_field_of_the_api_breaks_the_types(shop: Shop) -> None:
    described = shop.path / "openapi.json"
    types = shop.path / "frontend/src/api/schema.d.ts"
    before = described.read_text(), types.read_text()
    try:
        described.write_text(before[0].replace('"created"', '"written"'))
        assert shop.npm("run", "types", "--", "--check").returncode
        assert shop.npm("run", "types").returncode == 0
        done = shop.npm("run", "type-check")
        assert done.returncode
        assert "'created' does not exist" in done.stdout
    finally:
        described.write_text(before[0])
        types.write_text(before[1])
