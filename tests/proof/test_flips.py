"""Every choice can be changed, and taken back, in a project that somebody works on.

There are a hundred updates here: stackgen is that of the checkout, and does not start for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import Done, run
from option_matrix import (
    COVERING,
    OPTIONS,
    PAIRWISE,
    PLAIN,
    Answers,
    allowed_values,
    is_refused,
    label,
)
from template_history import PERSON, commit, git

KEPT = ":(exclude)migrations/*"
"""Migrations of an option stay when it goes: databases may have run them."""
TEXTS = {"title": "Another title", "description": "Something else.", "author_name": "Grace"}


def alternatives(row: Answers) -> Iterator[tuple[str, Any]]:
    """Another value for each option of a row that can have one."""
    values = dict(OPTIONS.resolve({k: v for k, v in row.items() if k in OPTIONS.by_id}).values)
    for name, option in OPTIONS.settable.items():
        if name == "framework":  # it stays: update refuses another one
            continue
        if name in TEXTS:
            yield name, TEXTS[name]
        elif option.allowed:
            others = [value for value in allowed_values(option) if value != values[name]]
            fitting = [value for value in others if not is_refused(values | {name: value})]
            if fitting:
                yield name, fitting[0]


def words(settings: Mapping[str, Any]) -> list[str]:
    spelled = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in settings.items()
    }
    return [f"--set={name}={value}" for name, value in spelled.items()]


def make(path: Path, *settings: str, framework: str) -> None:
    """Make a project, and commit it."""
    call = ["new", path.name, "--framework", framework, "--defaults", *settings]
    succeeds(run(*call, cwd=path.parent, **PERSON))


def update(path: Path, *settings: str) -> None:
    """Bring a project to other settings."""
    succeeds(run("update", *settings, cwd=path, **PERSON))


def succeeds(done: Done) -> None:
    assert done.returncode == 0, f"{done.words} ended with {done.returncode}:\n{done.stderr}"


def edit(project: Path) -> None:
    """A product begins: its own files, lines in files of the template, and one file less."""
    (project / "shop.py").write_text('"""What is sold."""\n')
    for name in ("README.md", ".gitignore"):
        with (project / name).open("a") as file:
            file.write("\n# Ours\n")
    # Not at its end, which is another one where there are no pages or no database.
    security = project / "SECURITY.md"
    security.write_text(security.read_text().replace("\n", "\n\n# Ours\n", 1))
    (project / ".editorconfig").unlink()
    commit(project, "ours")


def first_changes() -> list[dict[str, Any]]:
    """For each row, the changes that no row of the same framework before it makes or takes back."""
    seen = set[tuple[Any, str, frozenset[str]]]()
    found = []
    for row in COVERING:
        made = {
            name: (row["framework"], name, frozenset({str(row.get(name)), str(value)}))
            for name, value in alternatives(row)
        }
        changes = {name: value for name, value in alternatives(row) if made[name] not in seen}
        seen |= set(made.values())
        found.append(changes)
    return found


@pytest.mark.parametrize(
    ("row", "changes"),
    [
        pytest.param(row, changes, id=label(row))
        for row, changes in zip(COVERING, first_changes(), strict=True)
    ],
)
def test_every_option_goes_there_and_back(row: Answers, changes: Answers, tmp_path: Path) -> None:
    play(row, changes, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("row", PAIRWISE, ids=label)
def test_every_option_goes_there_and_back_from_everywhere(row: Answers, tmp_path: Path) -> None:
    play(row, dict(alternatives(row)), tmp_path)


def play(row: Answers, changes: Answers, folder: Path) -> None:
    """Make the project of a row, edit it, and make each change and take it back."""
    path = folder / PLAIN["project_name"]
    chosen = {name: row[name] for name in OPTIONS.settable if name in row}
    make(path, *words(chosen), framework=str(row["framework"]))
    values = yaml.safe_load((path / ".copier-answers.yml").read_text())
    edit(path)
    before = git("rev-parse", "HEAD", cwd=path)
    secrets = (path / ".env").read_bytes()
    for name, value in changes.items():
        for step in (value, values[name]):
            update(path, *words({name: step}))
            commit(path, f"{name}={step}")
            if step == value:
                changed = git("diff", "--name-only", before, "HEAD", cwd=path).split()
                assert ".copier-answers.yml" in changed, name
                assert "shop.py" not in changed
                assert not (path / ".editorconfig").exists()
        left = git("diff", before, "HEAD", "--", ".", KEPT, cwd=path)
        assert left == "", f"{name} went to {value} and back, and left:\n{left}"
    assert (path / ".env").read_bytes() == secrets


PRODUCTS: Mapping[str, Mapping[str, str]] = {
    "django": {
        "stock/__init__.py": "",
        "stock/models.py": "from django.db import models\n\n\nclass Item(models.Model):\n"
        "    name = models.CharField(max_length=80)\n",
        "stock/urls.py": "from django.urls import path\n"
        "from django.views.generic import TemplateView\n\n"
        'urlpatterns = [path("", TemplateView.as_view(template_name="stock/about.html"))]\n',
        "templates/stock/about.html": '{% extends "base.html" %}\n',
    },
    "flask": {
        "app/stock/__init__.py": "from flask import Blueprint, render_template\n\n"
        'blueprint = Blueprint("stock", __name__, template_folder="templates")\n\n\n'
        '@blueprint.get("/about/")\ndef about():\n'
        '    return render_template("stock/about.html")\n',
        "app/stock/models.py": "from sqlalchemy.orm import Mapped, mapped_column\n\n"
        "from app.database import Base\n\n\nclass Item(Base):\n"
        '    __tablename__ = "item"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n',
        "app/stock/templates/stock/about.html": '{% extends "base.html" %}\n',
    },
}
"""A page of a product's own, with its template and its model."""

LINES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "django": {
        "config/urls.py": ('    path("media/', '    path("about/", include("stock.urls")),\n'),
        "config/settings/base.py": ('    "notes",\n', '    "stock",\n'),
        "templates/base.html": ("    </footer>\n", "      Since 1999.\n"),
    },
    "flask": {
        "app/__init__.py": ("    security,\n", "    stock,\n"),
        "app/templates/base.html": ("    </footer>\n", "      Since 1999.\n"),
    },
}
"""Where the template's own files name it: a line, before one of the template's."""


@pytest.mark.parametrize("framework", OPTIONS.frameworks)
def test_pages_of_a_product_go_to_each_front_end_and_back(framework: str, tmp_path: Path) -> None:
    """The API comes along, for nobody had refused it, and what the product wrote stays."""
    path = tmp_path / PLAIN["project_name"]
    # Without accounts Flask's base page goes with the pages that it was for.
    make(path, f"--set=accounts={str(framework == 'flask').lower()}", framework=framework)
    for name, text in PRODUCTS[framework].items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    for name, (before, line) in LINES[framework].items():
        text = (path / name).read_text()
        (path / name).write_text(text.replace(before, line + before, 1))
    commit(path, "ours")
    first = git("rev-parse", "HEAD", cwd=path)

    def recorded() -> tuple[str, bool]:
        values = yaml.safe_load((path / ".copier-answers.yml").read_text())
        return values["frontend"], values["api"]

    refused = run("update", "--set=frontend=react", "--set=api=false", cwd=path)
    assert refused.returncode == 2
    assert refused.stderr == f"stackgen: `frontend` cannot be `react`. {NEEDS_API}\n"
    assert git("status", "--porcelain", cwd=path) == ""

    for frontend in (*clients(), "htmx"):
        update(path, f"--set=frontend={frontend}")
        assert recorded() == (frontend, True)
        assert (path / "frontend/package.json").is_file()
        for name in PRODUCTS[framework]:
            assert (path / name).read_text() == PRODUCTS[framework][name]
        for name, (before, line) in LINES[framework].items():
            assert line + before in (path / name).read_text()
        commit(path, frontend)

    update(path, "--set=frontend=templates")
    assert recorded() == ("templates", True), "other programs may use the API by now"
    commit(path, "back")
    update(path, "--set=api=false")
    commit(path, "without the API")
    assert git("diff", first, "HEAD", "--", ".", KEPT, cwd=path) == ""


def clients() -> list[str]:
    """The front ends that are made in the browser."""
    values = OPTIONS.resolve({"framework": OPTIONS.default_framework}).values
    words = OPTIONS.by_id["frontend"].allowed
    return [word for word in words if OPTIONS.variables({**values, "frontend": word})["client"]]


NEEDS_API = "The front end needs the API: set `api` to true, or `frontend` to templates."
NEEDS_DATABASE = (
    "The front end works on what the API stores: set `database` to sqlite, or `frontend` to"
    " templates."
)
STORED = (
    "The pages with htmx show what is stored: set `database` to sqlite, or `frontend` to templates."
)


@pytest.mark.parametrize(
    ("frontend", "setting", "reason"),
    [
        *((client, "api=false", NEEDS_API) for client in clients()),
        *((client, "database=none", NEEDS_DATABASE) for client in clients()),
        ("htmx", "database=none", STORED),
    ],
)
def test_a_new_front_end_needs_what_it_works_on(
    frontend: str, setting: str, reason: str, tmp_path: Path
) -> None:
    call = ["new", "shop", "--framework=flask", f"--set=frontend={frontend}", f"--set={setting}"]
    done = run(*call, "--defaults", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        f"stackgen: `frontend` cannot be `{frontend}`. {reason}\n",
    )
    assert list(tmp_path.iterdir()) == []
