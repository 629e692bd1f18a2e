"""A product that began with the first version comes to this one, and its tests pass."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from command_line import read_json
from developer import WRITTEN, Developer
from newcomer import FRAMEWORKS, ROOT, Installed, run
from packaging.version import Version
from template_history import git

from stackgen.template.clone import find_clone
from stackgen.template.releases import FILE, read_releases

MENU = {
    "django": "<a href=\"{% url 'shop:list' %}\">Shop</a>",
    "flask": "<a href=\"{{ url_for('shop.index') }}\">Shop</a>",
}
BASE = {"django": "templates/base.html", "flask": "app/templates/base.html"}
SHEET = {"django": "static/site.css", "flask": "app/static/site.css"}
# Where a product and this version both wrote.
CONFLICTS = {
    "django": {"static/site.css", "templates/base.html", "tests/test_access.py"},
    "flask": {"app/__init__.py", "app/static/site.css", "app/templates/base.html"},
}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, uv: str) -> Installed:
    """The first version, built from its commit."""
    clone = find_clone(ROOT)
    if clone is None or clone.is_shallow:
        pytest.skip("needs a whole clone")
    folder = tmp_path_factory.mktemp("first")
    commit = read_releases((ROOT / FILE).read_text("utf-8"))[Version("0.1.0")]
    git("clone", "-q", str(ROOT), "stackgen", cwd=folder)
    git("checkout", "-q", commit, cwd=folder / "stackgen")
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), "stackgen", cwd=folder)
    (wheel,) = folder.glob("*.whl")
    run(uv, "venv", "--quiet", "venv", cwd=folder)
    run(uv, "pip", "install", "--quiet", "--python", "venv", str(wheel), cwd=folder)
    return Installed(folder / "venv" / "bin" / "stackgen", wheel)


def first_edits(ada: Developer) -> None:
    """What the product did to the files of the first version."""
    shutil.copytree(WRITTEN / "first" / ada.framework, ada.path, dirs_exist_ok=True)
    readme = ada.path / "README.md"
    readme.write_text("# The shop\n" + readme.read_text().partition("\n")[2])
    ada.edits("pyproject.toml", 'version = "0.1.0"', 'version = "1.4.0"')
    ada.edits(SHEET[ada.framework], "--accent: #2f5bd7;", "--accent: #0a7a5a;")
    ada.edits(
        BASE[ada.framework],
        '<nav aria-label="Main">',
        f'<nav aria-label="Main">{MENU[ada.framework]}',
    )
    if ada.framework == "django":
        ada.edits("config/settings/base.py", '    "pages",\n', '    "pages",\n    "shop",\n')
        ada.edits("config/urls.py", '    path("notes/"',
                  '    path("shop/", include("shop.urls")),\n    path("notes/"')  # fmt: skip
        ada.edits("tests/test_access.py", 'PUBLIC = {"/",', 'PUBLIC = {"/", "/shop/",')
        each = '@pytest.mark.parametrize("address", ADDRESSES)'
        ada.edits("tests/test_access.py", each, f"@pytest.mark.django_db\n{each}")
        production = ada.path / "config" / "settings" / "production.py"
        production.write_text(production.read_text() + '\nEMAIL_SUBJECT_PREFIX = "[shop] "\n')
        ada.types("python manage.py makemigrations shop")
    else:
        ada.edits("app/__init__.py", "probes, security\n", "probes, security, shop\n")
        ada.edits("app/__init__.py", "notes.blueprint)", "notes.blueprint, shop.blueprint)")
        ada.types("flask --app app db upgrade")
        ada.types("flask --app app db revision 'the shop'")


def resolve(ada: Developer) -> None:
    """Take the template's side of each conflict, and write the product's line into it anew."""
    for name in CONFLICTS[ada.framework]:
        ada.types(f"git checkout -q --theirs {name}")
    ada.edits(
        SHEET[ada.framework], "--accent: light-dark(#2f5bd7,", "--accent: light-dark(#0a7a5a,"
    )
    ada.edits(
        BASE[ada.framework],
        '<nav aria-label="Main">',
        f'<nav aria-label="Main">{MENU[ada.framework]}',
    )
    if ada.framework == "django":
        ada.edits("tests/test_access.py", "PUBLIC = {\n", 'PUBLIC = {\n    "shop:list",\n')
    else:
        ada.edits("app/__init__.py", "    security,\n    uploads,\n)",
                  "    security,\n    shop,\n    uploads,\n)")  # fmt: skip
        ada.edits("app/__init__.py", "    return app\n",
                  "    app.register_blueprint(shop.blueprint)\n    return app\n")  # fmt: skip


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_product_follows(
    first: Installed, installed: Installed, framework: str, tmp_path: Path, uv: str
) -> None:
    path = tmp_path / "acme-shop"
    run(str(first.program), "new", path.name, "--framework", framework, "--defaults", cwd=tmp_path)
    ada = Developer(path, framework)
    install = (
        f"{uv} venv --quiet --clear .venv && {uv} pip install --quiet --python .venv -e '.[dev]'"
    )
    ada.types(install)
    first_edits(ada)
    assert "passed" in ada.types("pytest -q")
    ada.types("git add -A && git commit -q -m 'A shop'")

    said = run(str(installed.program), "update", "--json", cwd=path, check=False).stdout
    result = read_json(["update", "--json"], said[said.index("{") :])
    assert set(result["conflicts"]) == CONFLICTS[framework]
    resolve(ada)
    ada.types("git add -A")
    ada.types(install)
    ada.types("ruff check --fix -q && ruff format -q")
    ada.types(f"djangofmt {'templates' if framework == 'django' else 'app'}")
    ada.checks()
    text = (path / "README.md").read_text()
    assert text.startswith("# The shop\n")
    assert 'version = "1.4.0"' in (path / "pyproject.toml").read_text()
    ada.types("git add -A && git commit -q -m 'The template of today'")
    assert run(str(installed.program), "update", "--check", cwd=path).returncode == 0
