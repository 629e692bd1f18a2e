"""The first week of a product on Flask, by the project's documents and by habit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import postgresql
import pytest
from developer import (
    Developer,
    browsing,
    production_answers,
    strangers_and_programs,
    uploads_and_downloads,
)
from newcomer import SECRET, Installed, install
from playwright.sync_api import Page
from test_example import remove_example

EMAIL, PASSWORD = "ada@example.com", "correct horse battery staple"
DEV = "flask dev --port {port}"
TEA = (
    "from app import create_app; from app.extensions import db; "
    "from app.shop.models import Category; app = create_app(); context = app.app_context(); "
    "context.push(); db.session.add(Category(name='Tea')); db.session.commit()"
)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgresql.server() as url:
        yield url


@pytest.mark.parametrize(
    "accounts",
    # Without accounts the same is done, with less around it.
    [
        pytest.param(False, id="open", marks=pytest.mark.soak),
        pytest.param(True, id="accounts-and-api"),
    ],
)
def test_a_week(  # noqa: PLR0915 - a week is long
    installed: Installed, tmp_path: Path, uv: str, database: str, accounts: bool
) -> None:
    path = tmp_path / "acme"
    options = [f"--set={name}={str(accounts).lower()}" for name in ("accounts", "api")]
    made = installed.new(path, *options, framework="flask")
    install(uv, path, ".[dev,postgresql]", "pytest-xdist")
    ada = Developer(path, "flask")

    # A blueprint with its models, its tests beside it and with the others.
    ada.writes("app", "tests")
    factory = path / "app" / "__init__.py"
    factory.write_text(re.sub(r"(?m)^( +)pages,$", r"\1pages,\n\1shop,", factory.read_text()))
    if accounts:
        said = ada.types("pytest tests/test_access.py", status=1)
        assert "add 'shop.index' to PUBLIC" in said
        ada.edits("tests/test_access.py", "PUBLIC = {\n", 'PUBLIC = {\n    "shop.index",\n'
                  '    "shop.paid",\n')  # fmt: skip
    ada.types("flask db upgrade")
    ada.types('flask db migrate -m "the shop"')
    ada.types("flask db upgrade")
    assert "test_a_category_is_its_name[Tea] PASSED" in ada.types("pytest -v app/shop")
    ada.types("ruff check --fix && ruff format && djangofmt app")
    ada.checks(covered=False)
    if not accounts:  # the same fixtures, and a third of the tests
        assert "passed" in ada.types("pytest -n auto")
    assert "/shop/api/products/" in ada.types("flask routes")
    assert "Product" in ada.types(
        "echo 'from app.shop.models import Product; Product' | flask shell"
    )

    # What they changed can be put away and taken out again.
    ada.types("git add -A && git stash && git stash pop")
    ada.types("git add -A && git commit -q -m 'A shop'")

    # A script has an application without anything else; so have a worker and a notebook.
    ada.types(f'python -c "{TEA}"')
    manual = tmp_path / "manual.py"
    manual.write_text("raise SystemExit('imported')\n")
    with ada.serves(DEV) as (site, log), browsing() as page:
        strangers_and_programs(site, private=accounts)
        if accounts:
            sign_up(page, site, log)
        uploads_and_downloads(page, site, manual)
        page.wait_for_timeout(500)
        assert "Subject: A new product" in log.read_text()
        page.goto(f"{site}/shop/sales/")
        assert page.locator("#inline").inner_text() == "inline ran"
        assert page.locator("#chart").inner_text() == "empty"
        page.wait_for_timeout(500)
        assert "https://cdn.example.com/chart.js" in log.read_text()
    (stored,) = [file for file in (path / "media").rglob("manual*") if file.is_file()]
    assert stored.suffix != ".py"
    ada.types(f"python -c 'import importlib; importlib.import_module(\"media.{stored.stem}\")'",
              status=1)  # fmt: skip
    assert "Subject: The nightly report" in ada.types("flask shop report")

    ada.allows_other_hosts()
    with ada.serves("flask run --port {port}") as (site, log), browsing() as page:
        if accounts:
            sign_in(page, site)
        page.goto(f"{site}/shop/sales/")
        assert page.locator("#chart").inner_text() == "chart drawn"
        assert page.evaluate("document.images[0].naturalWidth") == 8

    # The database of production, in development.
    own = postgresql.new_database(path, database, f"week{accounts:d}")
    own = own.replace("postgresql://", "postgres://")
    if accounts:
        assert "passed" in ada.types("pytest app", DATABASE_URL=own)
    with (path / ".env").open("a") as file:
        file.write(f"DATABASE_URL={own}\n")
    ada.types("flask db upgrade")
    with ada.serves(DEV) as (site, _log):
        strangers_and_programs(site, private=accounts)
    ada.edits(".env", f"DATABASE_URL={own}\n", "")

    remove_example(path)
    # There are migrations of the product's own: the example's stay, as the README says.
    ada.types("git checkout -q migrations")
    ada.types('flask db migrate -m "no notes"')
    ada.types("flask db upgrade")
    ada.types("ruff format")
    if accounts:
        ada.types("flask spec --quiet")
    ada.checks(covered=False)
    ada.types("git add -A && git commit -q -m 'Without the example'")

    # A release: a clean clone, and variables as EnvironmentFile= and env_file: give them.
    release = ada.releases(tmp_path / "release", uv)
    variables = {
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "shop.example",
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "TRUSTED_PROXY_COUNT": "1",
        "MEDIA_ROOT": str(tmp_path / "media"),
    }
    # In the release itself, as compose's env_file often is.
    (release.path / ".env").write_text("".join(f"{k}={v}\n" for k, v in variables.items()))
    environment = "env $(xargs < .env) "
    *steps, serve = made["next"]["production"]
    for step in steps[2:]:
        release.types(environment + step)
    check = f"{environment}flask --app wsgi check --deploy"
    assert "SITE_URL is not set: it is https://shop.example." in release.types(check)
    serve = environment + serve.replace(":8000", ":{port}")
    with release.serves(serve) as (site, _log):
        production_answers(site, private=accounts)


def sign_up(page: Page, site: str, log: Path) -> None:
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_role("button").last.click()
    page.wait_for_timeout(1000)
    links = re.findall(r"http://localhost:[0-9]+(/accounts/signup/\S+)", log.read_text())
    page.goto(site + links[-1])
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button").last.click()
    sign_in(page, site)


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Pass").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/")
