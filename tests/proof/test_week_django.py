"""The first week of a product on Django, by the project's documents and by habit."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import postgresql
import pytest
from developer import (
    WRITTEN,
    Developer,
    browsing,
    production_answers,
    strangers_and_programs,
    uploads_and_downloads,
)
from newcomer import SECRET, Installed, fetch, install
from playwright.sync_api import Page
from test_example import remove_example

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
ADMIN = {"DJANGO_SUPERUSER_EMAIL": EMAIL, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
DEV = "python manage.py dev {port}"


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


def test_a_week(  # noqa: PLR0915 - a week is long
    installed: Installed, tmp_path: Path, uv: str, database: str
) -> None:
    path = tmp_path / "acme"
    made = installed.new(path, framework="django")
    install(uv, path, ".[dev,postgresql]", "pytest-xdist")
    ada = Developer(path, "django")

    # An app as Django's own command makes it, its models, its tests beside it.
    ada.types("python manage.py startapp shop")
    ada.edits("config/settings/base.py", '    "pages",\n', '    "pages",\n    "shop",\n')
    ada.types("ruff check && ruff format --check && mypy && pytest")
    ada.writes("shop/models.py", "shop/admin.py", "shop/tests.py")
    ada.types("python manage.py makemigrations")
    ada.types("python manage.py migrate")
    assert "CategoryTests::test_str PASSED" in ada.types("pytest -v shop")

    # Pages; the test of what strangers see says what to do about the new ones.
    ada.writes("shop", "templates", "tests")
    ada.edits("config/urls.py", '    path("notes/"', '    path("shop/", include("shop.urls")),\n'
              '    path("notes/"')  # fmt: skip
    said = ada.types("pytest tests/test_access.py", status=1)
    assert "add 'shop:list' to PUBLIC" in said
    ada.edits("tests/test_access.py", "PUBLIC = {\n", 'PUBLIC = {\n    "shop:list",\n'
              '    "shop:paid",\n')  # fmt: skip
    ada.types("ruff check --fix && ruff format && djangofmt templates")
    ada.checks(covered=False)
    assert "passed" in ada.types("pytest -n auto")

    # What they changed can be put away and taken out again.
    ada.types("git add -A && git stash && git stash pop")
    ada.types("git add -A && git commit -q -m 'A shop'")

    ada.types("python manage.py createsuperuser --noinput", **ADMIN)
    manual = tmp_path / "manual.py"
    manual.write_text("raise SystemExit('imported')\n")
    with ada.serves(DEV) as (site, log), browsing() as page:
        strangers_and_programs(site)
        page.goto(f"{site}/accounts/password/reset/")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_role("button", name="Send").click()
        page.goto(f"{site}/mails/")
        reset = f"http://localhost:{site.rpartition(':')[2]}/accounts/password/reset/"
        page.get_by_role("link", name=reset).wait_for()
        sign_in(page, f"{site}/shop/new/")
        page.goto(admin_of(ada, site) + "shop/category/add/")
        page.get_by_label("Name").fill("Tea")
        page.get_by_role("button", name="Save", exact=True).click()
        uploads_and_downloads(page, site, manual)
        assert "Subject: A new product" in log.read_text()
        assert "From: noreply@" in log.read_text()
        page.goto(admin_of(ada, site) + "shop/product/")
        assert page.get_by_role("link", name="Oolong").is_visible()
        page.goto(f"{site}/shop/sales/")
        assert page.locator("#inline").inner_text() == "inline ran"
        assert page.locator("#chart").inner_text() == "empty"
        page.wait_for_timeout(500)
        assert "https://cdn.example.com/chart.js" in log.read_text()
    (stored,) = [file for file in (path / "media").rglob("*") if file.is_file()]
    assert stored.suffix != ".py"
    ada.types(f"python -c 'import media.manuals.{stored.stem}'", status=1)
    assert "Subject: The nightly report" in ada.types("python manage.py report")

    ada.allows_other_hosts()
    with ada.serves(DEV) as (site, log), browsing() as page:
        sign_in(page, f"{site}/shop/sales/")
        assert page.locator("#chart").inner_text() == "chart drawn"
        assert page.evaluate("document.images[0].naturalWidth") == 8

    # The database of production, in development.
    url = database.replace("postgresql://", "postgres://")
    assert "passed" in ada.types("pytest", DATABASE_URL=url)
    with (path / ".env").open("a") as file:
        file.write(f"DATABASE_URL={url}\n")
    ada.types("python manage.py migrate")
    ada.types("python manage.py createsuperuser --noinput", **ADMIN)
    with ada.serves(DEV) as (site, _log):
        strangers_and_programs(site)
    ada.edits(".env", f"DATABASE_URL={url}\n", "")

    ada.types("python manage.py migrate notes zero")
    remove_example(path)
    ada.types("ruff format")
    ada.checks(covered=False)
    assert ada.types("git status --porcelain -uall | grep '^??' || true") == ""
    ada.types("git add -A && git commit -q -m 'Without the example'")

    # A release: a clean clone, and variables as EnvironmentFile= and env_file: give them.
    release = ada.releases(tmp_path / "release", uv)
    variables = {
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "shop.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "ADMIN_PATH": "back-office-x7",
        "TRUSTED_PROXY_COUNT": "1",
        "MEDIA_ROOT": str(tmp_path / "media"),
        "EMAIL_URL": "console:",
    }
    (tmp_path / "site.env").write_text("".join(f"{k}={v}\n" for k, v in variables.items()))
    environment = f"env $(xargs < {tmp_path}/site.env) "
    *steps, serve = made["next"]["production"]
    for step in steps[2:]:
        release.types(environment + step)
    check = "python manage.py check --deploy --fail-level WARNING"
    assert "SITE_URL is not set: it is https://shop.example." in release.types(environment + check)
    serve = environment + serve.replace(":8000", ":{port}")
    with release.serves(serve) as (site, _log):
        production_answers(site, private=True)
    assert "Subject: The nightly report" in release.types(f"{environment} python manage.py report")
    assert not (release.path / ".env").exists()


@pytest.mark.parametrize("frontend", ["templates", pytest.param("none", marks=pytest.mark.soak)])
def test_an_api_in_a_week(installed: Installed, tmp_path: Path, uv: str, frontend: str) -> None:
    """What the API adds: a resource of one's own in the place of the example, and its callers."""
    path, pages = tmp_path / "acme", frontend == "templates"
    installed.new(path, "--set=api=true", f"--set=frontend={frontend}", framework="django")
    install(uv, path, ".[dev]")
    ada = Developer(path, "django")

    ada.types("python manage.py startapp shop")
    ada.edits("config/settings/base.py", '    "notes",\n', '    "notes",\n    "shop",\n')
    if pages:
        ada.writes("shop", "templates", "tests")
        ada.edits("config/urls.py", '    path("api/v1/"', '    path("shop/", include("shop.urls")),'
                  '\n    path("api/v1/"')  # fmt: skip
        ada.edits("tests/test_access.py", "PUBLIC = {\n", 'PUBLIC = {\n    "shop:list",\n'
                  '    "shop:paid",\n')  # fmt: skip
    else:
        ada.writes("shop/models.py", "shop/admin.py")
        model = (path / "shop/models.py").read_text()
        (path / "shop/models.py").write_text(model[: model.index("    def get_absolute_url")])
    shutil.copy(WRITTEN / "django/shop_api/api.py", path / "shop")
    shutil.copy(WRITTEN / "django/shop_api/test_categories.py", path / "tests/api")
    router = 'api.add_router("notes/", "notes.api.router")\n'
    ada.edits("api/routes.py", router, router + router.replace("notes/", "categories/").replace(
              "notes", "shop"))  # fmt: skip
    ada.types("python manage.py makemigrations")

    remove_example(path)
    if pages:
        (path / "tests/api/test_notes.py").unlink()
        ada.edits("api/routes.py", router, "")
    ada.types("python manage.py api_schema")
    ada.types("ruff check --fix && ruff format && djangofmt templates")
    ada.checks(covered=False)

    ada.types("python manage.py migrate")
    ada.types("python manage.py createsuperuser --noinput", **ADMIN)
    token = ada.types(f"python manage.py api_token create robot --user {EMAIL} 2>/dev/null")
    with ada.serves(DEV) as (site, _log):
        sent = {"Authorization": f"Bearer {token.strip()}", "Content_Type": "application/json"}
        made = fetch(f"{site}/api/v1/categories/", method="POST", data=b'{"name": "Tea"}', **sent)
        assert made.status == 201
        assert fetch(f"{site}{made.headers['Location']}", **sent).body == made.body
        assert fetch(f"{site}/api/v1/categories/").status == 401
        missing = fetch(f"{site}/nothing/", Accept="text/html")
        kind = missing.headers["Content-Type"].partition(";")[0]
        assert (missing.status, kind) == (404, "text/html" if pages else "application/problem+json")
        if pages:
            strangers_and_programs(site)
        assert fetch(admin_of(ada, site)).status == 302


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(address)


def admin_of(ada: Developer, site: str) -> str:
    text = (ada.path / ".env").read_text()
    return f"{site}/{text.partition('ADMIN_PATH=')[2].splitlines()[0]}/"
