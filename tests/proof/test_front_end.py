"""Projects whose pages are made in the browser: their own checks, and production in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from browser import Visitor, chromium, crawl, look, walk_by_keyboard
from newcomer import Installed, Project, free_port, install, run, serving
from playwright.sync_api import Playwright, expect, sync_playwright
from test_pages import ADMINISTRATOR, PASSWORD, Site, fill, published, sign_in

KINDS = {
    "flask-react": ("flask", "react"),
    "django-vue": ("django", "vue"),
    "flask-vue": ("flask", "vue"),
    "django-react": ("django", "react"),
    "flask-angular": ("flask", "angular"),
    "django-angular": ("django", "angular"),
}
PACKAGE = {"django": "config", "flask": "app"}
MOST_PACKAGES = {"angular": 450, "react": 150, "vue": 150}
SERVE = {
    "django": (
        "manage.py migrate --verbosity 0",
        "manage.py createsuperuser --noinput --email " + ADMINISTRATOR,
        ".venv/bin/python manage.py runserver --noreload {port}",
    ),
    "flask": ("-m flask db upgrade", "-c pass", ".venv/bin/flask run --port {port}"),
}


class Reader(Visitor):
    """A visitor who waits until a page that is made in the browser is there."""

    def go(self, path: str, status: int = 200) -> Any:
        response = super().go(path, status)
        expect(self.page.locator("h1").first).to_be_visible()
        self.page.wait_for_load_state("networkidle")
        return response


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module", params=KINDS.values(), ids=KINDS.keys())
def project(
    request: pytest.FixtureRequest,
    installed: Installed,
    uv: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Project:
    framework, frontend = request.param
    path = tmp_path_factory.mktemp("front") / "acme-shop"
    result = installed.new(path, f"--set=frontend={frontend}", framework=framework)
    assert result["options"]["api"] is True
    install(uv, path, ".[dev]")
    return Project(path, framework, result)


def npm(project: Project, *words: str, check: bool = True, **variables: str) -> Any:
    """Call npm as the README does, where no Node is in PATH."""
    module = f"{PACKAGE[project.framework]}.npm"
    words = (".venv/bin/python", "-m", module, *words)
    return run(*words, cwd=project.path, check=check, PATH="/usr/bin:/bin", **variables)


@pytest.fixture(scope="module")
def ready(project: Project) -> Project:
    npm(project, "ci")
    return project


def test_the_checks_of_the_front_end_pass(ready: Project) -> None:
    folder = ready.path / "frontend"
    installed = json.loads((folder / "node_modules/.package-lock.json").read_text())["packages"]
    assert len(installed) <= MOST_PACKAGES[ready.result["options"]["frontend"]]
    npm(ready, "run", "lint")
    npm(ready, "run", "types", "--", "--check")
    npm(ready, "run", "test")
    npm(ready, "run", "build")
    assert run("git", "status", "--porcelain", cwd=ready.path).stdout == ""


def test_a_renamed_field_of_the_api_breaks_the_types(ready: Project) -> None:
    described = ready.path / "openapi.json"
    types = ready.path / "frontend/src/api/schema.d.ts"
    before = described.read_text(), types.read_text()
    try:
        described.write_text(before[0].replace('"created"', '"written"'))
        assert npm(ready, "run", "types", "--", "--check", check=False).returncode
        npm(ready, "run", "types")
        done = npm(ready, "run", "type-check", check=False)
        assert done.returncode
        assert "'created' does not exist" in done.stdout
    finally:
        described.write_text(before[0])
        types.write_text(before[1])


def test_its_own_walk_in_a_browser_passes(ready: Project) -> None:
    """Against the built pages, which the server of development shows as well."""
    *prepare, serve = SERVE[ready.framework]
    npm(ready, "run", "build")
    for command in prepare:
        run(
            *(".venv/bin/python", *command.split()),
            cwd=ready.path,
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )
    port = free_port()
    with serving(serve.format(port=port), ready.path, port):
        npm(
            ready,
            *("run", "e2e"),
            CHROMIUM=chromium(),
            E2E_URL=f"http://127.0.0.1:{port}",
            E2E_EMAIL=ADMINISTRATOR,
            E2E_PASSWORD=PASSWORD,
        )


@pytest.fixture(scope="module")
def site(
    playwright: Playwright, ready: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("published")
    with published(playwright, ready, folder) as site:
        yield site


def test_production_shows_the_pages_under_its_policy(site: Site) -> None:
    """Every kind of page in every width and scheme; what a form was refused, at its field."""
    with site.browser.new_context(ignore_https_errors=True) as context:
        reader = Reader(context)
        if site.has_accounts:
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
